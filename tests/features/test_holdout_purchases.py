import datetime as dt

import narwhals as nw
import pyarrow as pa
import pytest

from customer_insight.data import transactions
from customer_insight.features import holdout_purchases, purchase_summary

ORDERS = pa.table(
    {
        "customer_id": ["stays", "stays", "stays", "stays", "leaves", "new", "returns", "returns"],
        "order_id": list("abcdefgh"),
        "day": pa.array([10, 20, 20, 34, 20, 21, 15, 25], pa.int64()),
        "amount": pa.array([100, 200, 300, 400, 500, 600, 700, -700], pa.int64()),
    }
)


def later(engine, table=ORDERS, **options):
    out = holdout_purchases(engine.frame(table), **options)
    return [tuple(row.values()) for row in engine.rows(out)]


def test_every_known_customer_has_a_row_and_no_new_one(engine):
    assert later(engine, as_of=19, horizon="2 weeks") == [("returns", 0, 0), ("stays", 1, 500)]
    assert later(engine, as_of=20, horizon="2 weeks") == [
        ("leaves", 0, 0),
        ("returns", 0, 0),
        ("stays", 1, 400),
    ]


def test_the_horizon_ends_on_its_last_day(engine):
    assert later(engine, as_of=20, horizon="13 days")[-1] == ("stays", 0, 0)
    assert later(engine, as_of=20, horizon="14 days")[-1] == ("stays", 1, 400)


def test_whole_numbers_and_the_same_kind_of_table(engine):
    out = holdout_purchases(engine.frame(ORDERS), as_of=20, horizon="2 weeks")
    assert isinstance(out, engine.kind())
    assert engine.columns(out) == {
        "customer_id": nw.String(),
        "later_purchases": nw.Int64(),
        "later_amount": nw.Int64(),
    }


def test_the_customers_are_those_of_the_summary_and_the_totals_are_published(engine, cdnow):
    table = engine.frame(cdnow)
    contract = transactions(table, customer="customer", day="date", amount="dollars")
    stop = dt.date(1997, 9, 30)
    rows = engine.rows(holdout_purchases(contract, as_of=stop, horizon="273 days"))
    known = engine.rows(purchase_summary(contract, as_of=stop, unit="week"))
    assert [row["customer_id"] for row in rows] == [row["customer_id"] for row in known]
    assert sum(row["later_purchases"] for row in rows) == 1882
    assert sum(row["later_amount"] for row in rows) == 7_097_639


def test_a_horizon_beyond_the_last_day_of_the_table_is_refused(engine):
    with pytest.raises(
        ValueError, match=r"of 15 days .* ends 1 days after the last day in .* to 14 days.*observed"
    ):
        later(engine, as_of=20, horizon="15 days")
    with pytest.raises(ValueError, match=r"ends 15 days after .* high\. Set as_of 15 days earlier"):
        later(engine, as_of=35, horizon="2 weeks")


def test_the_horizon_may_go_on_where_the_table_is_said_to_be_complete(engine):
    longer = later(engine, as_of=20, horizon="15 days", observed_until=35)
    assert longer == later(engine, as_of=20, horizon="14 days")


def test_days_that_are_said_to_be_incomplete_are_not_counted(local_engine):
    with pytest.raises(ValueError, match="ends 4 days after observed_until"):
        later(local_engine, as_of=20, horizon="2 weeks", observed_until=dt.date(1970, 1, 31))


def test_a_table_without_rows_tells_of_no_day_unless_one_is_given(local_engine):
    options = {"table": ORDERS.slice(0, 0), "as_of": 20, "horizon": "1 day"}
    with pytest.raises(ValueError, match=r"no rows.*observed_until"):
        later(local_engine, **options)
    assert later(local_engine, observed_until=21, **options) == []


def test_what_observed_until_must_be_is_told_by_its_own_name(local_engine):
    with pytest.raises(ValueError, match="observed_until is a str, and must be a date"):
        later(local_engine, as_of=20, horizon="2 weeks", observed_until="1970-02-01")


@pytest.mark.parametrize("horizon", [39, "39", "9 months"])
def test_a_horizon_without_a_fixed_unit_is_refused(local_engine, horizon):
    with pytest.raises(ValueError, match="'52 weeks' or '365 days'"):
        later(local_engine, as_of=20, horizon=horizon)


def test_a_raw_table_is_refused_with_what_it_lacks(local_engine):
    with pytest.raises(ValueError, match="order_id"):
        later(local_engine, ORDERS.drop_columns(["order_id"]), as_of=20, horizon="2 weeks")
