"""How long a file of orders takes to read, how that grows, and what memory it takes."""

import json
import statistics
import subprocess
import sys

import duckdb
import pytest

pytestmark = pytest.mark.evidence

SIZES = (100_000, 1_000_000, 10_000_000)
REPEATS = {100_000: 3, 1_000_000: 3, 10_000_000: 1}
BESIDE_PANDAS = SIZES[:2]

# The high-water mark of the process itself: ru_maxrss would begin at what its parent held.
MEASURED = """
import json, sys, time
start = time.perf_counter()
{work}
seconds = time.perf_counter() - start
with open("/proc/self/status") as status:
    peak = 1024 * int(next(line.split()[1] for line in status if line.startswith("VmHWM")))
print(json.dumps({{"seconds": seconds, "processor": time.process_time(), "peak": peak,
    "rows": rows, "amount": amount, "customers": customers, "repeated": repeated}}))
"""
OURS = """
import datetime as dt
from customer_insight.data import read_transactions
intake = read_transactions(sys.argv[1], as_of=dt.date(2025, 1, 1))
rows, amount = len(intake.transactions), intake.transactions["amount"].sum()
assert intake.transactions["order_id"].cast(int).is_sorted(), "in the file's order"
customers = intake.report.facts["customers"]
repeated = next((f.rows for f in intake.report.findings if f.code == "rows-repeated"), 0)
"""
PANDAS = """
import numpy as np
import pandas as pd
frame = pd.read_csv(sys.argv[1], dtype=str, keep_default_na=False)
days = pd.to_datetime(frame["date"], format="%d/%m/%Y", errors="coerce")
amounts, pieces = (pd.to_numeric(frame[name], errors="coerce") for name in ("amount", "quantity"))
ids = frame["customer"].str.strip()
repeated = int(frame.duplicated().sum())
kept = days.notna() & np.isfinite(amounts) & (pieces > 0) & (ids != "")
cents = (amounts[kept] * 100).round().astype("int64")
rows, amount, customers = int(kept.sum()), int(cents.sum()), ids[kept].nunique()
"""


# Of row i of a file; a square puts more purchases on some customers than on others.
CUSTOMER = f"pow(hash(i, 1) % {2**20}, 2)::BIGINT // {2**20} * {{size}} // {2**23}"
CENTS = "hash(i, 3) % 20000"


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Return seeded files of orders by their number of rows: dates day first, an unused text."""
    folder = tmp_path_factory.mktemp("orders")
    paths = {size: folder / f"{size}.csv" for size in SIZES}
    for size, path in paths.items():
        duckdb.sql(
            f"""SELECT 'C' || lpad(({CUSTOMER.format(size=size)})::VARCHAR, 8, '0')
                AS customer, (100000 + i // 3)::VARCHAR AS "order",
                strftime(DATE '2021-01-01' + (hash(i, 2) % 1200)::INTEGER, '%d/%m/%Y') AS date,
                printf('%.2f', ({CENTS}) / 100) AS amount,
                'SKU' || hash(i, 4) % 5000 AS sku, 1 + hash(i, 5) % 6 AS quantity,
                'tea, described in some words' AS description
            FROM range({size}) t(i)"""
        ).write_csv(str(path), header=True)
    yield paths
    for path in paths.values():
        path.unlink()


def _run(work, path):
    done = subprocess.run(
        [sys.executable, "-c", MEASURED.format(work=work), str(path)],
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_ten_million_rows_fit_two_gigabytes_and_time_grows_with_the_rows(files):
    runs = {}
    for size, path in files.items():
        for _ in range(REPEATS[size]):
            works = {"ours": OURS} | ({"pandas": PANDAS} if size in BESIDE_PANDAS else {})
            for name, work in works.items():
                runs.setdefault((size, name), []).append(_run(work, path))
    medians = {
        key: {what: statistics.median(run[what] for run in each) for what in each[0]}
        for key, each in runs.items()
    }
    print("\nread_transactions beside pandas with the same checks; medians, taken in turns")
    for size in SIZES:
        for name in ("ours", "pandas") if size in BESIDE_PANDAS else ("ours",):
            one = medians[size, name]
            print(
                f"  {size:>12,} rows, {name:<8}{one['seconds']:8.2f} s, processor"
                f"{one['processor']:7.1f} s,{one['peak'] / 1e9:6.2f} GB"
            )
    for size in SIZES:
        truth = f"count(*), sum({CENTS}), count(DISTINCT {CUSTOMER.format(size=size)})"
        (expected,) = duckdb.sql(f"SELECT {truth} FROM range({size}) t(i)").fetchall()
        found = medians[size, "ours"]
        assert (found["rows"], found["amount"], found["customers"]) == expected
    for size in BESIDE_PANDAS:
        for what in ("rows", "amount", "customers", "repeated"):
            assert medians[size, "ours"][what] == medians[size, "pandas"][what]
    small, middle, large = (medians[size, "ours"] for size in SIZES)
    assert large["peak"] < 2e9
    assert large["processor"] < 1.6 * 10 * middle["processor"]
    assert middle["processor"] < 1.6 * 10 * small["processor"]
