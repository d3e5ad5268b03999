import datetime as dt

import pyarrow as pa
import pytest

from customer_insight.clv.purchase_periods import purchase_periods

# 2023-12-31 is day 19722.
LAST = dt.date(2023, 12, 31)
ORDERS = pa.table(
    {
        "customer_id": ["a", "a", "a", "b", "b", "c", "d"],
        "order_id": ["1", "2", "3", "4", "5", "6", "7"],
        "day": pa.array([19722, 19640, 19630, 19723, 19358, 19700, 19357], pa.int64()),
        "amount": pa.array([500, 300, 200, 900, 100, -400, 700], pa.int64()),
    }
)


@pytest.mark.parametrize(
    ("period", "wanted"),
    [
        # 19640 is 10 October, 19630 is 30 September, 19358 is New Year's Day, c only returns
        ("month", [("a", 0, 500), ("a", 2, 300), ("a", 3, 200), ("b", 11, 100), ("d", 12, 700)]),
        ("quarter", [("a", 0, 800), ("a", 1, 200), ("b", 3, 100), ("d", 4, 700)]),
        ("year", [("a", 0, 1000), ("b", 0, 100), ("d", 1, 700)]),
    ],
)
def test_purchases_fall_into_periods_counted_back(local_engine, period, wanted):
    table = purchase_periods(local_engine.frame(ORDERS), as_of=LAST, period=period)
    assert found(local_engine, table) == sorted(wanted, key=str)


def test_the_same_kind_of_table_comes_back(engine):
    table = purchase_periods(engine.frame(ORDERS), as_of=LAST, period="year")
    assert isinstance(table, engine.kind())
    assert found(engine, table) == [("a", 0, 1000), ("b", 0, 100), ("d", 1, 700)]


def found(engine, table):
    return sorted((tuple(row.values()) for row in engine.rows(table)), key=str)


def test_a_period_that_is_not_over_is_refused():
    with pytest.raises(ValueError, match="as_of is 2023-12-30, and must be the last day of a year"):
        purchase_periods(ORDERS, as_of=dt.date(2023, 12, 30), period="year")


def test_another_period_is_refused():
    with pytest.raises(ValueError, match=r"period is 'week', .* 'month', 'quarter', 'year'"):
        purchase_periods(ORDERS, as_of=LAST, period="week")
