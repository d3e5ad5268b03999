import datetime as dt
from collections import defaultdict

import narwhals as nw
import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from customer_insight.data import transactions
from customer_insight.data.days import DAY_LIMIT, EPOCH
from customer_insight.data.money import AMOUNT_LIMIT
from customer_insight.features import cohorts, sales_by_period

from .purchases import IDS, contract, days_by_hand

COLUMNS = [
    *("period", "first_day", "days", "days_seen", "customers"),
    *("new_customers", "orders", "amount", "new_amount"),
]


def day(text):
    """Return the day number of a date written as "2024-02-29"."""
    return (dt.date.fromisoformat(text) - EPOCH).days


def named(of_day, period):
    date = EPOCH + dt.timedelta(of_day)
    return f"{date:%Y-%m}" if period == "month" else f"{date.year}-Q{(date.month + 2) // 3}"


def by_hand(rows, orders, as_of, period):
    """Return the sales of each period, counted line by line without any engine."""
    bought = days_by_hand(rows, as_of)
    if not bought:
        return []
    began = min(min(totals) for totals in bought.values())
    lines = defaultdict(list)
    for order, (who, when, amount) in zip(orders, rows, strict=True):
        if when in bought.get(who, {}):
            lines[named(when, period), who, order].append(amount)
    of_period = defaultdict(list)
    for some_day in range(began - 100, as_of + 100):
        of_period[named(some_day, period)].append(some_day)
    found = []
    for name, days in sorted(of_period.items()):
        if days[-1] < began or days[0] > as_of:
            continue
        totals = {
            who: sum(amount for when, amount in of_who.items() if when in days)
            for who, of_who in bought.items()
            if set(days) & of_who.keys()
        }
        new = {who for who in totals if min(bought[who]) in days}
        counted = [
            amounts
            for (at, _, _), amounts in lines.items()
            if at == name and (sum(amounts) > 0 or (sum(amounts) == 0 and min(amounts) == 0))
        ]
        found.append(
            (
                name,
                days[0],
                len(days),
                sum(began <= some_day <= as_of for some_day in days),
                len(totals),
                len(new),
                len(counted),
                sum(totals.values()),
                sum(totals[who] for who in new),
            )
        )
    return found


def sales(engine, table, as_of, period="month"):
    out = sales_by_period(engine.frame(table), as_of=as_of, period=period)
    return [tuple(row.values()) for row in engine.rows(out)]


def generated(seed, size=80):
    """Return lines over two years and their orders: several days, several lines, returns."""
    rng = np.random.default_rng(seed)
    amounts = rng.choice([-500, -100, 0, 100, 250, 500], size).tolist()
    customers = rng.choice(IDS[:6], size).tolist()
    days = (rng.integers(-20, 50, size) * 10).tolist()
    orders = [f"o{number}" for number in rng.integers(0, size // 3, size)]
    return list(zip(customers, days, amounts, strict=True)), orders


lines_of_orders = st.lists(
    st.tuples(
        st.sampled_from(["00042", "42", "NA", "清禾"]),
        st.sampled_from([-200, -31, -1, 0, 30, 31, 32, 58, 59, 60, 200]),
        st.sampled_from([-300, 0, 100, 100, 200]),
        st.sampled_from(["1", "2", "null"]),
    ),
    max_size=30,
)


@pytest.mark.evidence
@settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    lines=lines_of_orders,
    as_of=st.integers(-230, 330),
    period=st.sampled_from(["month", "quarter"]),
)
def test_any_table_gives_what_counting_by_hand_gives(local_engine, lines, as_of, period):
    rows, orders = [line[:3] for line in lines], [line[3] for line in lines]
    found = sales(local_engine, contract(rows, orders), as_of, period)
    assert found == by_hand(rows, orders, as_of, period)


def test_a_hundred_generated_tables_in_one_give_what_counting_by_hand_gives(engine):
    rows, orders = [], []
    for seed in range(100):
        of_seed, its_orders = generated(seed)
        rows += [(f"{seed}/{who}", *rest) for who, *rest in of_seed]
        orders += its_orders
    expected = by_hand(rows, orders, 400, "month")
    assert len(expected) >= 20
    assert sales(engine, contract(rows, orders), 400) == expected


def test_an_example_worked_by_hand(engine):
    lines = [
        ("ann", "2023-11-30", -100, "0"),  # before the first purchase: November is not there
        ("ann", "2023-12-11", 500, "1"),
        ("ann", "2023-12-11", 200, "1"),  # two lines, one order
        ("ann", "2023-12-11", -50, "2"),  # a return by day of purchase: taken off, no order
        ("ben", "2023-12-31", 100, "1"),  # the same number for another customer: another order
        ("ben", "2023-12-31", 0, "3"),  # a free order is an order
        ("ann", "2024-02-01", 900, "4"),
        ("ann", "2024-02-02", 100, "4"),  # a later line of the order
        ("cem", "2024-02-02", 300, "5"),
        ("cem", "2024-02-03", 400, "6"),  # the first period's money counts as new, all of it
        ("ben", "2024-02-04", -100, "7"),  # a return on a day of its own: not seen
        ("ann", "2024-02-11", 70, "8"),  # after as_of
    ]
    rows = [(who, day(when), amount) for who, when, amount, _ in lines]
    table = contract(rows, [order for *_, order in lines])
    assert sales(engine, table, day("2024-02-10")) == [
        ("2023-12", day("2023-12-01"), 31, 21, 2, 2, 3, 750, 750),
        ("2024-01", day("2024-01-01"), 31, 31, 0, 0, 0, 0, 0),
        ("2024-02", day("2024-02-01"), 29, 10, 2, 1, 3, 1700, 700),
    ]
    assert sales(engine, table, day("2024-02-10"), "quarter") == [
        ("2023-Q4", day("2023-10-01"), 92, 21, 2, 2, 3, 750, 750),
        ("2024-Q1", day("2024-01-01"), 91, 41, 2, 1, 3, 1700, 700),
    ]


@pytest.mark.parametrize(
    ("first", "as_of", "seen"),
    [
        ("2024-02-01", "2024-02-29", 29),
        ("2024-02-02", "2024-02-29", 28),
        ("2024-02-01", "2024-02-28", 28),
        ("2024-02-10", "2024-02-10", 1),
    ],
)
def test_a_period_is_complete_from_its_first_day_to_its_last(local_engine, first, as_of, seen):
    ((*_, days, days_seen, _, _, _, _, _),) = sales(
        local_engine, contract([("a", day(first), 100)]), day(as_of)
    )
    assert (days, days_seen) == (29, seen)


def test_cdnow_gives_the_published_counts_and_those_of_its_cohorts(engine, cdnow):
    # Fader, Hardie and Lee (2005): 2,357 customers who began in the first quarter of 1997.
    table = transactions(engine.frame(cdnow), customer="customer", day="date", amount="dollars")
    out = engine.rows(sales_by_period(table, as_of=dt.date(1998, 6, 30), period="quarter"))
    assert [row["new_customers"] for row in out] == [2357, 0, 0, 0, 0, 0]
    assert sum(row["amount"] for row in out[:3]) == 17_311_555
    assert sum(row["amount"] for row in out[3:]) == 7_097_639
    assert all(row["days_seen"] == row["days"] for row in out)
    quarters = engine.rows(cohorts(table, as_of=dt.date(1998, 6, 30), period="quarter"))
    assert [(row["customers"], row["amount"]) for row in out] == [
        (row["active"], row["amount"]) for row in sorted(quarters, key=lambda row: row["age"])
    ]


def test_new_customers_and_their_money_are_those_of_cohorts_at_age_0(cdnow):
    table = transactions(pl.from_arrow(cdnow), customer="customer", day="date", amount="dollars")
    found = sales_by_period(table, as_of=10400, period="month").sort("period")
    begun = cohorts(table, as_of=10400, period="month").filter(age=0).sort("cohort")
    new = found.filter(pl.col("new_customers") > 0)
    assert new["period"].to_list() == begun["cohort"].to_list()
    assert new["new_customers"].to_list() == begun["customers"].to_list()
    assert new["new_amount"].to_list() == begun["amount"].to_list()
    # One order a customer and day, where no orders are named.
    days = table.filter(pl.col("day") <= 10400).select("customer_id", "day").unique()
    assert found["orders"].sum() == days.height


def test_whole_numbers_text_and_the_same_kind_of_table(engine):
    out = sales_by_period(
        engine.frame(contract([("a", 1, 5), ("b", 70, 7)])), as_of=100, period="month"
    )
    assert isinstance(out, engine.kind())
    types = {"period": nw.String(), **dict.fromkeys(COLUMNS[1:], nw.Int64())}
    assert engine.columns(out) == types
    assert list(engine.columns(out)) == COLUMNS


@pytest.mark.parametrize("rows", [[("a", 10, 100)], [("a", 1, -100), ("b", 2, -5)], []])
def test_without_a_purchase_the_table_is_empty_and_has_its_columns(engine, rows):
    out = sales_by_period(engine.frame(contract(rows)), as_of=9, period="month")
    assert engine.rows(out) == []
    assert list(engine.columns(out)) == COLUMNS


def test_the_largest_amounts_on_the_outermost_days_are_exact(local_engine):
    most, first, last = AMOUNT_LIMIT - 1, -DAY_LIMIT, DAY_LIMIT - 1
    rows = [("a", first, most)] * 9001 + [("b", last, most)] * 9001
    found = sales(local_engine, contract(rows), last, "quarter")
    assert len(found) == 4 * (2328 - 1611) + 4
    assert found[0] == ("1611-Q1", day("1611-01-01"), 90, 40, 1, 1, 9001, 9001 * most, 9001 * most)
    assert found[1][1:] == (day("1611-04-01"), 91, 91, 0, 0, 0, 0, 0)
    assert found[-1][4:] == (1, 1, 9001, 9001 * most, 9001 * most)
    assert sum(row[3] for row in found) == 2 * DAY_LIMIT


def test_neither_row_order_nor_what_comes_after_as_of_changes_anything(local_engine):
    rows, orders = generated(7, size=400)
    expected = sales(local_engine, contract(rows, orders), 400)
    places = np.random.default_rng(7).permutation(len(rows)).tolist()
    known = [place for place in places if rows[place][1] <= 400]
    assert len(known) < len(rows)
    for kept in (places, known):
        table = contract([rows[place] for place in kept], [orders[place] for place in kept])
        assert sales(local_engine, table, 400) == expected


def test_other_periods_are_refused_with_the_choices():
    frame = pl.from_arrow(contract([("a", 1, 1)]))
    with pytest.raises(ValueError, match="period is 'week', and must be one of 'month', 'quarter'"):
        sales_by_period(frame, as_of=1, period="week")


def test_as_of_and_period_are_always_asked_for_by_name():
    frame = pl.from_arrow(contract([("a", 1, 1)]))
    with pytest.raises(TypeError, match="'as_of' and 'period'"):
        sales_by_period(frame)
    with pytest.raises(TypeError, match="positional"):
        sales_by_period(frame, 10, "month")
    with pytest.raises(ValueError, match="as_of is a str"):
        sales_by_period(frame, as_of="1997-09-30", period="month")


def test_a_raw_table_is_refused_with_the_way_to_make_the_contract():
    raw = pl.DataFrame({"customer_id": [42], "date": [dt.date(2024, 1, 1)], "amount": [2.5]})
    with pytest.raises(ValueError, match=r"(?s)4 problems.*\"day\": is not in.*data\.transactions"):
        sales_by_period(raw, as_of=10, period="month")
