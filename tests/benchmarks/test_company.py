"""How long the company takes to draw, and how that grows with the number of customers."""

import json
import subprocess
import sys

import pytest

# The high-water mark of the process itself: ru_maxrss would begin at what its parent held.
SIZES = (10_000, 100_000, 1_000_000)  # of the business alone
WHOLE = (10_000, 50_000)
BUILD = (
    "import json, pathlib, sys, time; "
    "from customer_insight.company import build_company; "
    "start = time.perf_counter(); "
    "built = build_company(pathlib.Path(sys.argv[1]), people=int(sys.argv[2]), seed=1, "
    "business_only=sys.argv[3] == 'business'); "
    "status = pathlib.Path('/proc/self/status').read_text().splitlines(); "
    "peak = next(line.split()[1] for line in status if line.startswith('VmHWM')); "
    "print(json.dumps({'seconds': time.perf_counter() - start, 'processor': time.process_time(), "
    "'peak': 1024 * int(peak), 'rows': sum(t['rows'] for t in built.tables.values())}))"
)


@pytest.mark.evidence
def test_a_hundred_times_the_customers_take_a_hundred_times_as_long_in_little_more_memory(tmp_path):
    _, small, large = (_build(tmp_path, people, "business") for people in SIZES)
    assert large["processor"] < 13 * small["processor"]
    assert large["peak"] < 2 * small["peak"]
    assert large["peak"] < 4e9


@pytest.mark.evidence
def test_with_voices_service_and_sales_it_grows_no_faster_than_its_customers(tmp_path):
    small, large = (_build(tmp_path, people, "whole") for people in WHOLE)
    assert large["processor"] < 6.5 * small["processor"]
    assert large["peak"] < 4e9


def _build(folder, people, part):
    target = folder / f"{part}_{people}"
    done = subprocess.run(
        [sys.executable, "-c", BUILD, str(target), str(people), part],
        capture_output=True,
        text=True,
        check=True,
    )
    run = json.loads(done.stdout)
    files = list(target.rglob("*.parquet"))
    size = sum(file.stat().st_size for file in files)
    print(
        f"{part} of {people:>9,} people: {run['seconds']:6.1f} s, {run['processor']:6.1f} s of "
        f"processor, peak {run['peak'] / 1e9:.2f} GB, {run['rows']:>11,} rows, {size / 1e6:6.1f} MB"
    )
    for file in files:
        file.unlink()
    return run
