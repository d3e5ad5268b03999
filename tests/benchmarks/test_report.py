"""How long a report takes, what memory it needs, and that its page does not grow with the file."""

import json
import subprocess
import sys

import duckdb
import pytest

pytestmark = pytest.mark.evidence

SIZES = (100_000, 1_000_000)

# Two lines an order, customers who begin, buy for a while and leave: hashes are the same on every
# machine and whatever the number of threads.
LINES = """
COPY (
    WITH orders AS (
        SELECT line, line // 2 AS number,
            floor(pow(hash(line // 2) % 1000003 / 1000003.0, 2) * {customers})::BIGINT AS customer
        FROM range({rows}) AS lines(line)
    ), lives AS (
        SELECT *, hash(customer + 17) % 700 AS began,
            20 + pow((hash(customer + 29) % 1000) / 1000.0, 2) * 1000 AS length
        FROM orders
    ), days AS (
        SELECT *, (began + hash(number + 1000000007) % length::BIGINT)::INT AS later FROM lives
    )
    SELECT 'C' || lpad(customer::VARCHAR, 8, '0') AS customer, number::VARCHAR AS "order",
        DATE '2021-01-01' + later AS date,
        ((hash(line + 3000000019) % 20000)::BIGINT - 1000) / 100 AS amount
    FROM days WHERE later < 1000
) TO '{path}' (HEADER)
"""

# The high-water mark of the process itself: ru_maxrss would begin at what its parent held.
ALONE = """
import json, sys, time
from pathlib import Path
from customer_insight.workbook.build import Options, build_report
laps, start = {}, time.perf_counter()
def lap(name, done, of):
    laps[name] = time.perf_counter() - start - sum(laps.values())
file, out = map(Path, sys.argv[1:])
build_report(file, out, Options(currency="EUR", key=out.with_name("test.key")), progress=lap)
with open("/proc/self/status") as status:
    peak = 1024 * int(next(line.split()[1] for line in status if line.startswith("VmHWM")))
print(json.dumps({"laps": laps, "processor": time.process_time(), "peak": peak}))
"""


def test_memory_and_page_keep_their_budgets_and_time_grows_with_the_lines(tmp_path):
    found = {}
    for rows in SIZES:
        path, out = tmp_path / f"{rows}.csv", tmp_path / f"out-{rows}"
        duckdb.sql(LINES.format(rows=rows, customers=rows // 8, path=path))
        command = [sys.executable, "-c", ALONE, str(path), str(out)]
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        found[rows] = json.loads(done.stdout) | {"page": (out / "report.html").stat().st_size}
    for rows, one in found.items():
        slow = sorted(one["laps"], key=one["laps"].get, reverse=True)[:5]
        print(
            f"\n{rows:,} lines: {sum(one['laps'].values()):.0f} s, processor "
            f"{one['processor']:.0f} s, {one['peak'] / 1e9:.2f} GB, "
            f"page {one['page'] / 1e3:.0f} kB; longest: "
            + ", ".join(f"{name} {one['laps'][name]:.1f} s" for name in slow)
        )
    small, large = found.values()
    assert large["peak"] < 1.5e9
    assert max(small["page"], large["page"]) < 1.5e6
    assert large["page"] < 1.25 * small["page"]
    assert large["processor"] < 1.6 * 10 * small["processor"]
