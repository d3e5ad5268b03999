"""How long the company takes to draw, and how that grows with the number of customers."""

import json
import subprocess
import sys

import pytest

# The high-water mark of the process itself: ru_maxrss would begin at what its parent held.
SIZES = (10_000, 100_000, 1_000_000)
BUILD = (
    "import json, pathlib, sys, time; "
    "from customer_insight.company import build_company; "
    "start = time.perf_counter(); "
    "built = build_company(pathlib.Path(sys.argv[1]), people=int(sys.argv[2]), seed=1); "
    "status = pathlib.Path('/proc/self/status').read_text().splitlines(); "
    "peak = next(line.split()[1] for line in status if line.startswith('VmHWM')); "
    "print(json.dumps({'seconds': time.perf_counter() - start, 'processor': time.process_time(), "
    "'peak': 1024 * int(peak), 'rows': sum(t['rows'] for t in built.tables.values())}))"
)


@pytest.mark.evidence
def test_a_hundred_times_the_customers_take_a_hundred_times_as_long_in_little_more_memory(tmp_path):
    runs = {}
    for people in SIZES:
        folder = tmp_path / str(people)
        done = subprocess.run(
            [sys.executable, "-c", BUILD, str(folder), str(people)],
            capture_output=True,
            text=True,
            check=True,
        )
        runs[people] = json.loads(done.stdout)
        size = sum(file.stat().st_size for file in folder.rglob("*.parquet"))
        run = runs[people]
        print(
            f"{people:>9,} people: {run['seconds']:6.1f} s, {run['processor']:6.1f} s of processor,"
            f" peak {run['peak'] / 1e9:.2f} GB, {run['rows']:>11,} rows, {size / 1e6:6.1f} MB"
        )
        for file in folder.rglob("*.parquet"):
            file.unlink()
    small, large = runs[SIZES[1]], runs[SIZES[2]]
    assert large["processor"] < 13 * small["processor"]
    assert large["peak"] < 2 * small["peak"]
    assert large["peak"] < 4e9
