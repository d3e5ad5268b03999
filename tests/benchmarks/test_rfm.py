"""How fast and how large rfm, cohorts and purchase_gaps are on DuckDB, beside pandas by hand.

Seconds are of processor, both threads together.
"""

import statistics
import subprocess
import sys
import time
from itertools import pairwise

import duckdb
import numpy as np
import pandas as pd
import pytest

from customer_insight.features import cohorts, purchase_gaps, rfm

pytestmark = pytest.mark.evidence

SIZES = [100_000, 1_000_000, 10_000_000]
BESIDE_PANDAS = SIZES[:2]
FIRST_DAY, DAYS, AS_OF = 9_000, 1_000, 9_900

# Two lines an order, one customer for eight lines on average, some much oftener: a hash is the
# same on every machine and whatever the number of threads.
LINES = """
copy (
    select 'C' || lpad(floor(pow(hash(line // 2) % 1000003 / 1000003.0, 2) * {customers})
            ::bigint::varchar, 8, '0') as customer_id,
        (line // 2)::varchar as order_id,
        {first_day} + (hash(line // 2 + 1000000007) % {days})::bigint as day,
        (hash(line + 3000000019) % 20000)::bigint - 1000 as amount
    from range({rows}) as lines(line)
) to '{path}' (format parquet)
"""

# The high-water mark of the process itself: ru_maxrss would begin at what its parent held.
ALONE = """
import statistics
import time
import duckdb
from customer_insight.features import cohorts, purchase_gaps, rfm
seconds = []
with duckdb.connect(config={{"threads": 2}}) as connection:
    connection.execute("set enable_progress_bar = false")
    for _ in range({runs}):
        start = time.process_time()
        table = connection.read_parquet({path!r})
        {name}(table, **{options!r}).write_parquet({path!r} + ".out")
        seconds.append(time.process_time() - start)
with open("/proc/self/status") as status:
    peak = next(line.split()[1] for line in status if line.startswith("VmHWM"))
print(statistics.median(seconds), peak)
"""
OURS = {"rfm": rfm, "cohorts": cohorts, "purchase_gaps": purchase_gaps}
OPTIONS = {
    "rfm": {"as_of": AS_OF},
    "cohorts": {"as_of": AS_OF, "period": "month"},
    "purchase_gaps": {"as_of": AS_OF},
}
# For rfm all but the segment, which is read off two of its columns.
COLUMNS = {
    "rfm": ["customer_id", "recency_days", "purchase_days", "amount", "r", "f", "m"],
    "cohorts": ["cohort", "age", "customers", "active", "amount"],
    "purchase_gaps": ["gap_days", "returned", "still_away"],
}


def _days_by_pandas(lines):
    known = lines[lines["day"] <= AS_OF]
    days = known.groupby(["customer_id", "day"], as_index=False)["amount"].agg(["sum", "min"])
    return days[(days["sum"] > 0) | (days["min"] >= 0)].rename(columns={"sum": "amount"})


def _rfm_by_pandas(lines):
    out = (
        _days_by_pandas(lines)
        .groupby("customer_id", as_index=False)
        .agg(last=("day", "max"), purchase_days=("day", "size"), amount=("amount", "sum"))
    )
    for score, measure in (("r", "last"), ("f", "purchase_days"), ("m", "amount")):
        out[score] = (out[measure].rank(method="min").astype("int64") - 1) * 5 // len(out) + 1
    return out.assign(recency_days=AS_OF - out["last"])


def _cohorts_by_pandas(lines):
    days = _days_by_pandas(lines)
    dates = pd.to_datetime(days["day"], unit="D")
    days["month"] = 12 * dates.dt.year.astype("int64") + dates.dt.month - 1
    days["first"] = days.groupby("customer_id")["month"].transform("min")
    cells = days.groupby(["first", "month"]).agg(
        active=("customer_id", "nunique"), amount=("amount", "sum")
    )
    size = days.groupby("first")["customer_id"].nunique()
    last = 12 * 1997 + 1
    every = [(first, month) for first in size.index for month in range(first, last + 1)]
    out = cells.reindex(every, fill_value=0).reset_index()
    return out.assign(
        cohort=[f"{first // 12}-{first % 12 + 1:02}" for first in out["first"]],
        age=out["month"] - out["first"],
        customers=out["first"].map(size),
    )


def _gaps_by_pandas(lines):
    days = _days_by_pandas(lines).sort_values(["customer_id", "day"])
    following = days.groupby("customer_id")["day"].shift(-1)
    gap = (following.fillna(AS_OF) - days["day"]).astype("int64").rename("gap_days")
    away = following.isna().groupby(gap).agg(["size", "sum"])
    return (
        away.assign(returned=away["size"] - away["sum"])
        .rename(columns={"sum": "still_away"})
        .reset_index()
    )


BY_PANDAS = {"rfm": _rfm_by_pandas, "cohorts": _cohorts_by_pandas, "purchase_gaps": _gaps_by_pandas}


@pytest.fixture(scope="module")
def paths(tmp_path_factory):
    """Return the paths of order lines of each size, a customer for eight of them."""
    folder = tmp_path_factory.mktemp("lines")
    found = {rows: folder / f"{rows}.parquet" for rows in SIZES}
    with duckdb.connect(config={"threads": 2}) as connection:
        for rows, path in found.items():
            options = {"rows": rows, "customers": rows // 8, "path": path}
            connection.execute(LINES.format(first_day=FIRST_DAY, days=DAYS, **options))
    yield found
    for path in found.values():
        path.unlink()


def _timed(work):
    start = time.process_time()
    result = work()
    return time.process_time() - start, result


def _ours(connection, path, name):
    return OURS[name](connection.read_parquet(str(path)), **OPTIONS[name]).df()


def _by_pandas(path, name):
    return BY_PANDAS[name](pd.read_parquet(path, columns=["customer_id", "day", "amount"]))


def _alone(path, name, runs):
    """Return the median run's seconds of processor and the peak in GB, in a process of its own."""
    script = ALONE.format(path=str(path), name=name, options=OPTIONS[name], runs=runs)
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    path.with_name(path.name + ".out").unlink()
    seconds, peak = done.stdout.split()
    return float(seconds), int(peak) * 1024 / 1e9


@pytest.mark.parametrize("rows", BESIDE_PANDAS)
def test_it_finds_what_pandas_by_hand_finds(paths, rows):
    # Both begin at the file and end at a pandas frame; taken in turns.
    lines = [f"\n{rows:,} order lines; medians of 3, taken in turns"]
    ratios = {}
    with duckdb.connect(config={"threads": 2}) as connection:
        for name, columns in COLUMNS.items():
            ours, theirs = zip(
                *(
                    (
                        _timed(lambda name=name: _ours(connection, paths[rows], name)),
                        _timed(lambda name=name: _by_pandas(paths[rows], name)),
                    )
                    for _ in range(3)
                ),
                strict=True,
            )
            order = columns[:2]
            found, expected = (
                runs[0][1][columns].sort_values(order, ignore_index=True) for runs in (ours, theirs)
            )
            assert len(found) > 100
            for column in columns:
                assert np.array_equal(found[column].to_numpy(), expected[column].to_numpy())
            ratios[name] = statistics.median(
                b / a for (a, _), (b, _) in zip(ours, theirs, strict=True)
            )
            seconds, by_hand = (
                statistics.median(took for took, _ in runs) for runs in (ours, theirs)
            )
            lines.append(
                f"  {name:<15}{seconds:7.3f} s   pandas by hand {by_hand:7.3f} s, "
                f"{ratios[name]:.1f} times as long"
            )
    print("\n".join(lines))


def test_time_and_memory_grow_no_faster_than_twice_the_rows(paths):
    measured = {
        (name, rows): _alone(path, name, runs=1 if rows == SIZES[-1] else 3)
        for name in OURS
        for rows, path in paths.items()
    }
    print("\nby order lines; medians of 3, one run at the largest; in a process of its own")
    for (name, rows), (seconds, peak) in measured.items():
        print(
            f"  {name:<15}{rows:>12,} lines{seconds:8.3f} s"
            f"{seconds / rows * 1e6:7.2f} microseconds a line{peak:7.2f} GB"
        )
    for name in OURS:
        for fewer, more in pairwise(SIZES):
            assert measured[name, more][0] / measured[name, fewer][0] < 2 * more / fewer
            assert measured[name, more][1] / measured[name, fewer][1] < 2 * more / fewer
        assert measured[name, SIZES[-1]][1] < 2.5
