import datetime as dt

import narwhals as nw
import numpy as np
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from customer_insight.data.contract import transactions
from customer_insight.data.days import DAY_LIMIT
from customer_insight.data.money import AMOUNT_LIMIT
from customer_insight.features import purchase_summary

from .purchases import IDS, SCHEMA, contract, days_by_hand, generated, rows_of_purchases


def by_hand(rows, as_of):
    """Return the summary in days, computed customer by customer without any engine."""
    found = []
    for customer, totals in days_by_hand(rows, as_of).items():
        first, last = min(totals), max(totals)
        later = sum(totals.values()) - totals[first]
        found.append((customer, len(totals) - 1, last - first, as_of - first, totals[first], later))
    return sorted(found)


def summary(engine, table, as_of, unit="day"):
    out = purchase_summary(engine.frame(table), as_of=as_of, unit=unit)
    return [tuple(row.values()) for row in engine.rows(out)]


@settings(
    max_examples=80,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(rows=rows_of_purchases, as_of=st.integers(-6, 13))
def test_any_table_gives_what_counting_by_hand_gives(local_engine, rows, as_of):
    assert summary(local_engine, contract(rows), as_of) == by_hand(rows, as_of)


def test_two_hundred_generated_tables_in_one_give_what_counting_by_hand_gives(engine):
    rows = [(f"{seed}/{who}", *rest) for seed in range(200) for who, *rest in generated(seed)]
    expected = by_hand(rows, 100)
    assert len(expected) > 1000
    assert len(expected) < len({who for who, _, _ in rows})
    assert summary(engine, contract(rows), 100) == expected


def test_every_customer_of_cdnow_is_the_same_on_every_engine(engine, cdnow):
    table = transactions(engine.frame(cdnow), customer="customer", day="date", amount="dollars")
    out = engine.rows(purchase_summary(table, as_of=dt.date(1997, 9, 30), unit="day"))
    cents = [round(dollars * 100) for dollars in cdnow["dollars"].to_pylist()]
    days = [(day - dt.date(1970, 1, 1)).days for day in cdnow["date"].to_pylist()]
    rows = list(zip(cdnow["customer"].to_pylist(), days, cents, strict=True))
    assert [tuple(row.values()) for row in out] == by_hand(rows, 10134)


def test_cdnow_gives_the_published_counts(engine, cdnow):
    # Fader, Hardie and Lee (2005): 2,357 customers, 39 weeks of calibration to 1997-09-30.
    table = transactions(engine.frame(cdnow), customer="customer", day="date", amount="dollars")
    out = engine.rows(purchase_summary(table, as_of=dt.date(1997, 9, 30), unit="week"))
    assert len(out) == 2357
    assert sum(row["repeat_purchases"] for row in out) == 2457
    assert sum(row["repeat_purchases"] == 0 for row in out) == 1411
    assert sum(row["first_amount"] + row["repeat_amount"] for row in out) == 17_311_555
    customer_1 = out[0]
    assert customer_1["customer_id"] == "00004"
    assert customer_1["repeat_purchases"] == 2
    assert round(customer_1["weeks_first_to_last"], 2) == 30.43
    assert round(customer_1["weeks_observed"], 2) == 38.86


def test_cdnow_hold_out_has_the_published_purchases(cdnow):
    table = transactions(pl.from_arrow(cdnow), customer="customer", day="date", amount="dollars")
    early, late = (
        purchase_summary(table, as_of=day, unit="day").select(pl.col(pl.Int64).sum()).row(0)
        for day in (dt.date(1997, 9, 30), dt.date(1998, 6, 30))
    )
    assert late[0] - early[0] == 1882
    assert late[4] - early[4] == 7_097_639


def test_the_published_counts_of_cdnow_need_its_free_orders(cdnow):
    table = transactions(pl.from_arrow(cdnow), customer="customer", day="date", amount="dollars")
    paid = table.filter(pl.col("amount") > 0)
    out = purchase_summary(paid, as_of=dt.date(1997, 9, 30), unit="day")
    # Eight customers have one order, and it was free.
    assert out.height == 2357 - 8
    assert out.filter(repeat_purchases=0).height == 1411 - 8


@pytest.mark.parametrize("unit", ["day", "week"])
def test_columns_carry_their_unit_and_their_type_and_the_kind_of_table_stays(engine, unit):
    out = purchase_summary(engine.frame(contract([("a", 1, 5), ("a", 8, 7)])), as_of=15, unit=unit)
    assert isinstance(out, engine.kind())
    time = nw.Int64() if unit == "day" else nw.Float64()
    assert engine.columns(out) == {
        "customer_id": nw.String(),
        "repeat_purchases": nw.Int64(),
        f"{unit}s_first_to_last": time,
        f"{unit}s_observed": time,
        "first_amount": nw.Int64(),
        "repeat_amount": nw.Int64(),
    }
    assert engine.rows(out)[0][f"{unit}s_observed"] == (14 if unit == "day" else 2.0)


@pytest.mark.parametrize(
    ("amounts", "repeats", "money"),
    [
        ([300], 1, 300),
        ([0], 1, 0),  # a free order is an order
        ([300, -100], 1, 200),  # part of the day's goods came back
        ([300, -300], 0, 0),  # all of it came back: nothing was bought
        ([100, -300], 0, 0),  # more came back than was bought
        ([0, -100, 100], 0, 0),
        ([-300], 0, 0),  # a return on its own is neither a purchase nor taken off
        ([100, 100], 1, 200),  # two orders of one day, or one line twice: one purchase
    ],
)
def test_what_makes_a_day_a_purchase(local_engine, amounts, repeats, money):
    rows = [("a", 10, 1000), *(("a", 20, amount) for amount in amounts)]
    ((_, x, first_to_last, observed, first, later),) = summary(local_engine, contract(rows), 30)
    assert (x, first_to_last, observed, first, later) == (repeats, 10 * repeats, 20, 1000, money)


def test_a_return_before_the_first_purchase_does_not_begin_a_customer(local_engine):
    rows = [("a", 1, -100), ("a", 5, 900)]
    assert summary(local_engine, contract(rows), 10) == [("a", 0, 0, 5, 900, 0)]


def test_a_customer_who_only_returns_does_not_appear(local_engine):
    assert summary(local_engine, contract([("a", 1, -100), ("b", 1, 100)]), 1) == [
        ("b", 0, 0, 0, 100, 0)
    ]


def test_a_customer_who_begins_after_as_of_does_not_appear(engine):
    rows = [("early", 10, 100), ("early", 11, 1), ("late", 11, 100)]
    assert summary(engine, contract(rows), 10) == [("early", 0, 0, 0, 100, 0)]


def test_before_every_purchase_the_summary_is_empty_and_has_its_columns(engine):
    out = purchase_summary(engine.frame(contract([("a", 10, 100)])), as_of=9, unit="week")
    assert engine.rows(out) == []
    assert list(engine.columns(out))[2:4] == ["weeks_first_to_last", "weeks_observed"]


@pytest.mark.parametrize("seed", range(3))
def test_what_comes_after_as_of_changes_nothing(local_engine, seed):
    rows = generated(seed)
    known = [row for row in rows if row[1] <= 100]
    assert len(known) < len(rows)
    assert summary(local_engine, contract(rows), 100) == summary(local_engine, contract(known), 100)


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_rows_changes_nothing(local_engine, seed):
    rows = generated(seed)
    shuffled = [rows[place] for place in np.random.default_rng(seed).permutation(len(rows))]
    assert shuffled != rows
    assert summary(local_engine, contract(rows), 100) == summary(
        local_engine, contract(shuffled), 100
    )


def test_the_number_of_threads_changes_nothing():
    import duckdb

    rng = np.random.default_rng(7)
    size = 400_000
    columns = [
        rng.integers(0, 50_000, size).astype(str),
        np.arange(size).astype(str),
        rng.integers(0, 400, size),
        rng.integers(-2000, 20_000, size),
    ]
    table = pa.table([pa.array(column) for column in columns], schema=SCHEMA)
    found = []
    for threads in (1, 2):
        with duckdb.connect(config={"threads": threads}) as connection:
            out = purchase_summary(connection.from_arrow(table), as_of=300, unit="week")
            found.append(sorted(out.fetchall()))
    assert len(found[0]) > 49_000
    assert found[0] == found[1]


def test_the_largest_amounts_on_the_outermost_days_are_exact(engine):
    most, first, last = AMOUNT_LIMIT - 1, -DAY_LIMIT, DAY_LIMIT - 1
    rows = [("a", day, most) for day in (first, last) for _ in range(64)]
    assert summary(engine, contract(rows), last) == [
        ("a", 1, last - first, last - first, 64 * most, 64 * most)
    ]


def test_ids_that_only_look_alike_stay_apart(engine):
    rows = [(who, 1, 100) for who in IDS]
    assert {row[0] for row in summary(engine, contract(rows), 1)} == set(IDS)


def test_a_date_and_its_number_of_days_are_the_same_day():
    frame = pl.from_arrow(contract([("a", 10134, 100), ("a", 10135, 100)]))
    date, number = (
        purchase_summary(frame, as_of=day, unit="day").rows()
        for day in (dt.date(1997, 9, 30), 10134)
    )
    assert date == number == [("a", 0, 0, 0, 100, 0)]


def test_a_raw_table_is_refused_with_the_way_to_make_the_contract():
    raw = pl.DataFrame({"customer_id": [42], "date": [dt.date(2024, 1, 1)], "amount": [2.5]})
    with pytest.raises(ValueError, match=r"(?s)4 problems.*\"day\": is not in.*data\.transactions"):
        purchase_summary(raw, as_of=10, unit="week")


def test_months_and_text_dates_are_refused():
    frame = pl.from_arrow(contract([("a", 1, 1)]))
    with pytest.raises(ValueError, match="must be one of 'day', 'week'"):
        purchase_summary(frame, as_of=10, unit="month")
    with pytest.raises(ValueError, match="as_of is a str"):
        purchase_summary(frame, as_of="1997-09-30", unit="week")


def test_as_of_and_unit_are_always_asked_for_by_name():
    frame = pl.from_arrow(contract([("a", 1, 1)]))
    with pytest.raises(TypeError, match="'as_of' and 'unit'"):
        purchase_summary(frame)
    with pytest.raises(TypeError, match="positional"):
        purchase_summary(frame, 10, "week")
