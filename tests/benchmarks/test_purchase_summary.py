"""How fast and how large the purchase summary is, beside lifetimes and beside SQL by hand."""

import datetime as dt
import statistics
import subprocess
import sys
import time
import warnings

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from customer_insight.features import purchase_summary

# Two threads beside a peer with one: both cores have to be free.
pytestmark = [pytest.mark.evidence, pytest.mark.alone]

ROWS, CHUNK, CUSTOMERS = 11_000_000, 1_000_000, 1_500_000
FIRST_DAY, DAYS, AS_OF = 9_000, 1_000, 9_900
EPOCH = dt.date(1970, 1, 1)

BY_HAND = """
with days as (
    select customer_id, day, sum(amount)::bigint as amount
    from read_parquet('{path}')
    where day <= {as_of}
    group by customer_id, day
    having sum(amount) > 0 or min(amount) >= 0
), histories as (
    select customer_id, count(*) as purchases, min(day) as first_day, max(day) as last_day,
        sum(amount)::bigint as total, arg_min(amount, day) as first_amount
    from days
    group by customer_id
)
select customer_id, purchases - 1 as repeat_purchases,
    last_day - first_day as days_first_to_last, {as_of} - first_day as days_observed,
    first_amount, total - first_amount as repeat_amount
from histories
"""

# The high-water mark of the process itself: ru_maxrss would begin at what its parent held.
MEMORY = """
import sys
{work}
with open("/proc/self/status") as status:
    print(next(line.split()[1] for line in status if line.startswith("VmHWM")))
"""
OURS = """
import duckdb
from customer_insight.features import purchase_summary
with duckdb.connect(config={{"threads": 2}}) as connection:
    connection.execute("set enable_progress_bar = false")
    table = connection.read_parquet({path!r})
    purchase_summary(table, as_of={as_of}, unit="day").write_parquet({path!r} + ".summary")
"""
HAND = """
import duckdb
with duckdb.connect(config={{"threads": 2}}) as connection:
    connection.execute("set enable_progress_bar = false")
    connection.sql('''{query}''').write_parquet({path!r} + ".summary")
"""


@pytest.fixture(scope="module")
def purchases(tmp_path_factory):
    """Return the path of 11 million seeded purchases in the contract's columns."""
    path = tmp_path_factory.mktemp("purchases") / "purchases.parquet"
    ids = pa.array([f"C{number:08d}" for number in range(CUSTOMERS)])
    rng = np.random.default_rng(20240229)
    with pq.ParquetWriter(path, _chunk(ids, rng, 0, 1).schema, compression="zstd") as writer:
        for start in range(0, ROWS, CHUNK):
            writer.write_table(_chunk(ids, rng, start, CHUNK))
    yield path
    path.unlink()


def _chunk(ids, rng, start, size):
    # A square puts more purchases on some customers than on others, as in life.
    who = (rng.random(size) ** 2 * CUSTOMERS).astype(np.int64)
    return pa.table(
        {
            "customer_id": ids.take(pa.array(who)),
            "order_id": pa.array(np.arange(start, start + size)).cast(pa.string()),
            "day": FIRST_DAY + rng.integers(0, DAYS, size),
            "amount": rng.integers(0, 20_000, size),
        }
    )


def _timed(work):
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


def _interleaved(works, repeats):
    """Return seconds a repeat of each work, taken in turns so that a noisy moment hits them all."""
    seconds = {name: [] for name in works}
    for _ in range(repeats):
        for name, work in works.items():
            seconds[name].append(_timed(work)[0])
    return seconds


def _ratio(seconds, name, other):
    """Return the median of the ratios of neighbouring runs."""
    pairs = zip(seconds[name], seconds[other], strict=True)
    return statistics.median(a / b for a, b in pairs)


def _peak_gigabytes(work):
    script = MEMORY.format(work=work)
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return int(done.stdout) * 1024 / 1e9


def _ours(connection, path):
    return purchase_summary(connection.read_parquet(str(path)), as_of=AS_OF, unit="day").df()


def _lifetimes(connection, path):
    """Return lifetimes' summary of the same file, and the seconds that reading it took."""
    query = "select customer_id, date '1970-01-01' + day::int as date, amount"
    reading, frame = _timed(lambda: connection.sql(f"{query} from read_parquet('{path}')").df())
    end = EPOCH + dt.timedelta(AS_OF)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the archived package predates pandas 3
        from lifetimes.utils import summary_data_from_transaction_data as summary

        return reading, summary(frame, "customer_id", "date", "amount", observation_period_end=end)


def test_it_is_five_times_faster_than_lifetimes_and_finds_the_same(purchases):
    # Both begin at the file and end at a pandas frame.
    with duckdb.connect(config={"threads": 2}) as connection:
        seconds, (reading, theirs) = _timed(lambda: _lifetimes(connection, purchases))
        runs = [_timed(lambda: _ours(connection, purchases)) for _ in range(3)]
    took, ours = statistics.median(took for took, _ in runs), runs[-1][1]
    ours, theirs = ours.sort_values("customer_id"), theirs.sort_index()
    assert ours["customer_id"].tolist() == theirs.index.tolist()
    columns = {
        "repeat_purchases": "frequency",
        "days_first_to_last": "recency",
        "days_observed": "T",
    }
    for mine, yours in columns.items():
        assert (ours[mine].to_numpy() == theirs[yours].to_numpy()).all()
    a_purchase = ours["repeat_amount"] / ours["repeat_purchases"].clip(lower=1)
    np.testing.assert_allclose(a_purchase, theirs["monetary_value"], rtol=1e-12)
    ratio = seconds / took
    print(f"\n{ROWS:,} purchases of {len(ours):,} customers")
    print(f"  purchase_summary  {took:7.2f} s, median of 3")
    print(f"  lifetimes         {seconds:7.2f} s, once, {reading:.2f} s of it for reading")
    print(f"  lifetimes takes {ratio:.1f} times as long")
    assert ratio >= 5


def test_it_is_level_with_sql_by_hand_in_time_and_memory(purchases):
    query = BY_HAND.format(path=purchases, as_of=AS_OF)
    with duckdb.connect(config={"threads": 2}) as connection:
        works = {
            "purchase_summary": lambda: _ours(connection, purchases),
            "SQL by hand": lambda: connection.sql(query).df(),
        }
        order = ["customer_id"]
        ours, hand = (work().sort_values(order, ignore_index=True) for work in works.values())
        assert ours.equals(hand[ours.columns].astype(ours.dtypes))
        seconds = _interleaved(works, 7)
    ratio = _ratio(seconds, "purchase_summary", "SQL by hand")
    path = str(purchases)
    peaks = {
        "purchase_summary": _peak_gigabytes(OURS.format(path=path, as_of=AS_OF)),
        "SQL by hand": _peak_gigabytes(HAND.format(path=path, query=query)),
    }
    print(f"\n{ROWS:,} purchases; medians of 7, taken in turns; peak of a process of its own")
    for name, runs in seconds.items():
        print(f"  {name:<18}{statistics.median(runs):7.2f} s{peaks[name]:7.2f} GB")
    print(f"  purchase_summary takes {ratio:.2f} times as long as SQL by hand")
    assert ratio <= 1.2
    assert peaks["purchase_summary"] < 1.5


def test_time_grows_no_faster_than_twice_the_rows(purchases):
    sizes = [10_000, 100_000, 1_000_000, ROWS]
    medians = {}
    with duckdb.connect(config={"threads": 2}) as connection:
        for size in sizes:
            path = purchases.with_name(f"first_{size}.parquet")
            connection.read_parquet(str(purchases)).limit(size).write_parquet(str(path))
            work = {"ours": lambda path=path: _ours(connection, path)}
            medians[size] = statistics.median(_interleaved(work, 5)["ours"])
            path.unlink()
    print("\npurchase_summary by rows; medians of 5")
    for size, seconds in medians.items():
        per_row = seconds / size * 1e6
        print(f"  {size:>12,} rows{seconds:8.3f} s{per_row:8.2f} microseconds a row")
    assert medians[ROWS] / medians[1_000_000] < 2 * ROWS / 1_000_000
    assert medians[1_000_000] / medians[10_000] < 2 * 100
