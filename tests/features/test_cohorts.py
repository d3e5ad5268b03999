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
from customer_insight.features import cohorts, holdout_purchases

from .purchases import contract, days_by_hand

MONTHS = {"month": 1, "quarter": 3}


def day(text):
    """Return the day number of a date written as "2024-02-29"."""
    return (dt.date.fromisoformat(text) - EPOCH).days


def number(of_day, period):
    date = EPOCH + dt.timedelta(of_day)
    return (12 * date.year + date.month - 1) // MONTHS[period]


def text(of_period, period):
    year, place = divmod(of_period, 12 // MONTHS[period])
    return f"{year}-{place + 1:02}" if period == "month" else f"{year}-Q{place + 1}"


def by_hand(rows, as_of, period):
    """Return the cohorts, counted customer by customer without any engine."""
    bought = defaultdict(lambda: defaultdict(int))
    for who, totals in days_by_hand(rows, as_of).items():
        for when, amount in totals.items():
            bought[who][number(when, period)] += amount
    members = defaultdict(list)
    for totals in bought.values():
        members[min(totals)].append(totals)
    last, over = number(as_of, period), number(as_of + 1, period)
    found = []
    for first, of_cohort in members.items():
        for now in range(first, last + 1):
            active = [totals[now] for totals in of_cohort if now in totals]
            cell = (len(of_cohort), len(active), sum(active), now < over)
            found.append((text(first, period), now - first, *cell))
    return sorted(found)


def triangle(engine, table, as_of, period="month"):
    out = cohorts(engine.frame(table), as_of=as_of, period=period)
    return sorted(tuple(row.values()) for row in engine.rows(out))


def generated(seed, size=80):
    """Return a small table over two years, with ties, returns and days after day 400."""
    rng = np.random.default_rng(seed)
    amounts = rng.choice([-500, -100, 0, 100, 250, 500], size)
    customers = rng.choice(["00042", "42", "NA", "清禾", "é", "e\u0301"], size)
    days = rng.integers(-200, 500, size)
    return list(zip(customers.tolist(), days.tolist(), amounts.tolist(), strict=True))


rows_of_purchases = st.lists(
    st.tuples(
        st.sampled_from(["00042", "42", "NA", "清禾", "é"]),
        st.integers(-200, 300),
        st.sampled_from([-300, 0, 100, 100, 200]),
    ),
    max_size=30,
)


@settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    rows=rows_of_purchases,
    as_of=st.integers(-250, 330),
    period=st.sampled_from(["month", "quarter"]),
)
def test_any_table_gives_what_counting_by_hand_gives(local_engine, rows, as_of, period):
    found = triangle(local_engine, contract(rows), as_of, period)
    assert found == by_hand(rows, as_of, period)


@pytest.mark.parametrize("period", ["month", "quarter"])
def test_a_hundred_generated_tables_in_one_give_what_counting_by_hand_gives(engine, period):
    rows = [(f"{seed}/{who}", *rest) for seed in range(100) for who, *rest in generated(seed)]
    expected = by_hand(rows, 400, period)
    assert len(expected) >= 35
    assert triangle(engine, contract(rows), 400, period) == expected


def test_an_example_worked_by_hand(engine):
    rows = [
        ("ann", day("2023-12-31"), 500),
        ("ann", day("2024-01-01"), 300),  # age 1 on the next day
        ("ann", day("2024-01-02"), 200),  # active once a month, however often
        ("ben", day("2023-11-30"), -100),  # a return does not begin a customer
        ("ben", day("2023-12-01"), 100),
        ("cem", day("2024-02-29"), 900),
        ("cem", day("2024-02-29"), -100),  # back on the same day: taken off
        ("ann", day("2024-03-15"), 50),
        ("ben", day("2024-03-16"), 70),  # after as_of
        ("dan", day("2024-03-16"), 10),
    ]
    assert triangle(engine, contract(rows), day("2024-03-15")) == [
        ("2023-12", 0, 2, 2, 600, True),
        ("2023-12", 1, 2, 1, 500, True),
        ("2023-12", 2, 2, 0, 0, True),
        ("2023-12", 3, 2, 1, 50, False),
        ("2024-02", 0, 1, 1, 800, True),
        ("2024-02", 1, 1, 0, 0, False),
    ]
    assert triangle(engine, contract(rows), day("2024-03-15"), "quarter") == [
        ("2023-Q4", 0, 2, 2, 600, True),
        ("2023-Q4", 1, 2, 1, 550, False),
        ("2024-Q1", 0, 1, 1, 800, False),
    ]


@pytest.mark.parametrize(
    ("period", "as_of", "over"),
    [
        ("month", "2024-02-28", False),
        ("month", "2024-02-29", True),
        ("month", "2023-02-28", True),
        ("month", "2023-12-31", True),
        ("quarter", "2024-02-29", False),
        ("quarter", "2024-03-30", False),
        ("quarter", "2024-03-31", True),
    ],
)
def test_a_period_is_over_on_its_last_day(local_engine, period, as_of, over):
    table = contract([("a", day(as_of), 100)])
    assert [row[-1] for row in triangle(local_engine, table, day(as_of), period)] == [over]


def test_every_cohort_of_cdnow_is_the_same_on_every_engine(engine, cdnow):
    table = transactions(engine.frame(cdnow), customer="customer", day="date", amount="dollars")
    out = engine.rows(cohorts(table, as_of=dt.date(1998, 6, 30), period="month"))
    cents = [round(dollars * 100) for dollars in cdnow["dollars"].to_pylist()]
    days = [(date - EPOCH).days for date in cdnow["date"].to_pylist()]
    rows = list(zip(cdnow["customer"].to_pylist(), days, cents, strict=True))
    found = sorted(tuple(row.values()) for row in out)
    assert found == by_hand(rows, day("1998-06-30"), "month")


def test_cdnow_gives_the_published_counts(cdnow):
    # Fader, Hardie and Lee (2005): 2,357 customers who began in the first quarter of 1997; money up
    # to 1997-09-30 and in the 39 weeks after it as recomputed in their calibration and hold-out.
    table = transactions(pl.from_arrow(cdnow), customer="customer", day="date", amount="dollars")
    quarters = cohorts(table, as_of=dt.date(1998, 6, 30), period="quarter").sort("age")
    assert quarters["cohort"].unique().to_list() == ["1997-Q1"]
    assert quarters["customers"].to_list() == [2357] * 6
    assert quarters["complete"].all()
    assert quarters["amount"][:3].sum() == 17_311_555
    assert quarters["amount"][3:].sum() == 7_097_639
    stop = dt.date(1997, 12, 31)
    later = holdout_purchases(table, as_of=stop, horizon="90 days")
    assert quarters["active"][4] == (later["later_purchases"] > 0).sum()
    months = cohorts(table, as_of=dt.date(1998, 6, 29), period="month")
    assert sorted(months["cohort"].unique()) == ["1997-01", "1997-02", "1997-03"]
    assert months.filter(age=0)["customers"].sum() == 2357
    assert months.filter(~pl.col("complete")).select("cohort", "age").sort("cohort").rows() == [
        ("1997-01", 17),
        ("1997-02", 16),
        ("1997-03", 15),
    ]


def test_whole_numbers_text_and_the_same_kind_of_table(engine):
    out = cohorts(engine.frame(contract([("a", 1, 5), ("b", 40, 7)])), as_of=100, period="month")
    assert isinstance(out, engine.kind())
    assert engine.columns(out) == {
        "cohort": nw.String(),
        **dict.fromkeys(["age", "customers", "active", "amount"], nw.Int64()),
        "complete": nw.Boolean(),
    }


def test_before_every_purchase_the_table_is_empty_and_has_its_columns(engine):
    out = cohorts(engine.frame(contract([("a", 10, 100)])), as_of=9, period="month")
    assert engine.rows(out) == []
    assert list(engine.columns(out)) == [
        *("cohort", "age", "customers", "active", "amount", "complete"),
    ]


def test_a_file_of_returns_has_no_cohort(local_engine):
    assert triangle(local_engine, contract([("a", 1, -100), ("b", 2, -5)]), 100) == []


def test_days_at_both_ends_of_the_contract_have_their_months(local_engine):
    rows = [("first", -DAY_LIMIT, 1), ("last", DAY_LIMIT - 1, 1)]
    found = triangle(local_engine, contract(rows[:1]), 31 - DAY_LIMIT)
    assert found[0] == ("1611-02", 0, 1, 1, 1, True)
    found = triangle(local_engine, contract(rows[1:]), DAY_LIMIT - 1)
    assert found == [("2328-11", 0, 1, 1, 1, False)]


@pytest.mark.parametrize("seed", range(3))
def test_what_comes_after_as_of_changes_nothing(local_engine, seed):
    rows = generated(seed)
    known = [row for row in rows if row[1] <= 400]
    assert len(known) < len(rows)
    found = triangle(local_engine, contract(rows), 400)
    assert found == triangle(local_engine, contract(known), 400)


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_rows_changes_nothing(local_engine, seed):
    rows = generated(seed)
    shuffled = [rows[place] for place in np.random.default_rng(seed).permutation(len(rows))]
    assert shuffled != rows
    found = triangle(local_engine, contract(rows), 400)
    assert found == triangle(local_engine, contract(shuffled), 400)


def test_other_periods_are_refused_with_the_choices():
    frame = pl.from_arrow(contract([("a", 1, 1)]))
    with pytest.raises(ValueError, match="period is 'week', and must be one of 'month', 'quarter'"):
        cohorts(frame, as_of=1, period="week")


def test_as_of_and_period_are_always_asked_for_by_name():
    frame = pl.from_arrow(contract([("a", 1, 1)]))
    with pytest.raises(TypeError, match="'as_of' and 'period'"):
        cohorts(frame)
    with pytest.raises(TypeError, match="positional"):
        cohorts(frame, 10, "month")
    with pytest.raises(ValueError, match="as_of is a str"):
        cohorts(frame, as_of="1997-09-30", period="month")


def test_a_raw_table_is_refused_with_the_way_to_make_the_contract():
    raw = pl.DataFrame({"customer_id": [42], "date": [dt.date(2024, 1, 1)], "amount": [2.5]})
    with pytest.raises(ValueError, match=r"(?s)4 problems.*\"day\": is not in.*data\.transactions"):
        cohorts(raw, as_of=10, period="month")
