import datetime as dt
from collections import Counter
from itertools import pairwise

import narwhals as nw
import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from customer_insight.data import transactions
from customer_insight.data.days import DAY_LIMIT
from customer_insight.features import purchase_gaps, purchase_summary

from .purchases import contract, days_by_hand, generated, rows_of_purchases


def by_hand(rows, as_of):
    """Return the gaps, counted customer by customer without any engine."""
    returned, still_away = Counter(), Counter()
    for totals in days_by_hand(rows, as_of).values():
        returned.update(later - day for day, later in pairwise(sorted(totals)))
        still_away[as_of - max(totals)] += 1
    lengths = sorted(returned.keys() | still_away.keys())
    return [(length, returned[length], still_away[length]) for length in lengths]


def gaps(engine, table, as_of):
    out = purchase_gaps(engine.frame(table), as_of=as_of)
    return sorted(tuple(row.values()) for row in engine.rows(out))


@settings(
    max_examples=30,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(rows=rows_of_purchases, as_of=st.integers(-6, 13))
def test_any_table_gives_what_counting_by_hand_gives(local_engine, rows, as_of):
    assert gaps(local_engine, contract(rows), as_of) == by_hand(rows, as_of)


def test_two_hundred_generated_tables_in_one_give_what_counting_by_hand_gives(engine):
    rows = [(f"{seed}/{who}", *rest) for seed in range(200) for who, *rest in generated(seed)]
    expected = by_hand(rows, 100)
    assert sum(returned for _, returned, _ in expected) > 1000
    assert gaps(engine, contract(rows), 100) == expected


def test_an_example_worked_by_hand(engine):
    rows = [
        ("ann", 10, 500),
        ("ann", 17, 500),
        ("ann", 17, 300),  # the same day: one purchase day
        ("ann", 24, 100),
        ("ben", 10, 900),
        ("ben", 12, -900),  # a return does not end a gap
        ("ben", 17, 100),
        ("cem", 30, 100),  # bought on as_of: away for no day
        ("dan", 24, 0),
        ("dan", 31, 100),  # after as_of: still away then
    ]
    assert gaps(engine, contract(rows), 30) == [(0, 0, 1), (6, 0, 2), (7, 3, 0), (13, 0, 1)]


def test_gaps_are_told_apart_by_the_purchase_that_they_follow(engine):
    rows = [("ann", day, 100) for day in (10, 12, 15, 19)] + [("ben", 10, 100), ("cem", 12, 5)]
    rows += [("cem", 19, 5), ("cem", 19, 5)]
    out = purchase_gaps(engine.frame(contract(rows)), as_of=20, told_apart=3)
    assert engine.columns(out) == dict.fromkeys(
        ["after", "gap_days", "returned", "still_away"], nw.Int64()
    )
    assert sorted(tuple(row.values()) for row in engine.rows(out)) == [
        (1, 2, 1, 0),
        (1, 7, 1, 0),
        (1, 10, 0, 1),
        (2, 1, 0, 1),
        (2, 3, 1, 0),
        (3, 1, 0, 1),
        (3, 4, 1, 0),
    ]


@pytest.mark.parametrize("seed", range(3))
def test_told_apart_they_add_up_to_all_gaps(local_engine, seed):
    rows = generated(seed)
    out = purchase_gaps(local_engine.frame(contract(rows)), as_of=100, told_apart=4)
    sums = {}
    for row in local_engine.rows(out):
        both = sums.setdefault(row["gap_days"], [0, 0])
        both[0] += row["returned"]
        both[1] += row["still_away"]
    assert sorted((length, *both) for length, both in sums.items()) == by_hand(rows, 100)


@pytest.mark.parametrize("wrong", [0, 2.5, True, "3"])
def test_told_apart_is_a_whole_number(wrong):
    with pytest.raises(ValueError, match="told_apart is"):
        purchase_gaps(pl.from_arrow(contract([("a", 1, 1)])), as_of=10, told_apart=wrong)


def test_a_kaplan_meier_curve_from_the_gaps_worked_by_hand(local_engine):
    # Freireich and others (1963), as in Kaplan-Meier textbooks: weeks in remission of 21 patients
    # under 6-MP; a return is a relapse, still away is still in remission.
    ended = [6, 6, 6, 7, 10, 13, 16, 22, 23]
    open_ = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
    as_of = 100
    rows = [(f"o{n}", as_of - away, 1) for n, away in enumerate(open_)]
    rows += [(f"e{n}", as_of - 200 - away, 1) for n, away in enumerate(ended)]
    rows += [(f"e{n}", as_of - 200, 1) for n, _ in enumerate(ended)]
    found = [row for row in gaps(local_engine, contract(rows), as_of) if row[0] < 200]
    share, at_risk, curve = 1.0, 21, {}
    for length, returned, still_away in found:
        share *= 1 - returned / at_risk
        at_risk -= returned + still_away
        if returned:
            curve[length] = round(share, 3)
    assert curve == {6: 0.857, 7: 0.807, 10: 0.753, 13: 0.690, 16: 0.627, 22: 0.538, 23: 0.448}


def test_the_gaps_of_cdnow_add_up_to_the_published_counts(engine, cdnow):
    # Fader, Hardie and Lee (2005): 2,357 customers with 2,457 repeat purchases to 1997-09-30.
    table = transactions(engine.frame(cdnow), customer="customer", day="date", amount="dollars")
    out = engine.rows(purchase_gaps(table, as_of=dt.date(1997, 9, 30)))
    assert sum(row["returned"] for row in out) == 2457
    assert sum(row["still_away"] for row in out) == 2357
    days = [(day - dt.date(1970, 1, 1)).days for day in cdnow["date"].to_pylist()]
    cents = [round(dollars * 100) for dollars in cdnow["dollars"].to_pylist()]
    rows = list(zip(cdnow["customer"].to_pylist(), days, cents, strict=True))
    assert sorted(tuple(row.values()) for row in out) == by_hand(rows, 10134)


def test_the_lengths_add_up_to_the_days_observed(cdnow):
    table = transactions(pl.from_arrow(cdnow), customer="customer", day="date", amount="dollars")
    found = purchase_gaps(table, as_of=10134)
    summary = purchase_summary(table, as_of=10134, unit="day")
    length = pl.col("gap_days") * (pl.col("returned") + pl.col("still_away"))
    assert found.select(length.sum()).item() == summary["days_observed"].sum()


def test_whole_numbers_and_the_same_kind_of_table(engine):
    out = purchase_gaps(engine.frame(contract([("a", 1, 5), ("a", 8, 7)])), as_of=15)
    assert isinstance(out, engine.kind())
    assert engine.columns(out) == dict.fromkeys(["gap_days", "returned", "still_away"], nw.Int64())


def test_before_every_purchase_the_table_is_empty_and_has_its_columns(engine):
    out = purchase_gaps(engine.frame(contract([("a", 10, 100)])), as_of=9)
    assert engine.rows(out) == []
    assert list(engine.columns(out)) == ["gap_days", "returned", "still_away"]


def test_the_longest_gap_of_the_contract_is_exact(local_engine):
    rows = [("a", -DAY_LIMIT, 1), ("a", DAY_LIMIT - 1, 1)]
    assert gaps(local_engine, contract(rows), DAY_LIMIT - 1) == [
        (0, 0, 1),
        (2 * DAY_LIMIT - 1, 1, 0),
    ]


@pytest.mark.parametrize("seed", range(3))
def test_neither_row_order_nor_what_comes_after_as_of_changes_anything(local_engine, seed):
    rows = generated(seed)
    expected = gaps(local_engine, contract(rows), 100)
    shuffled = [rows[place] for place in np.random.default_rng(seed).permutation(len(rows))]
    known = [row for row in shuffled if row[1] <= 100]
    assert shuffled != rows
    assert len(known) < len(rows)
    assert gaps(local_engine, contract(shuffled), 100) == expected
    assert gaps(local_engine, contract(known), 100) == expected


def test_as_of_is_always_asked_for_by_name():
    frame = pl.from_arrow(contract([("a", 1, 1)]))
    with pytest.raises(TypeError, match="'as_of'"):
        purchase_gaps(frame)
    with pytest.raises(TypeError, match="positional"):
        purchase_gaps(frame, 10)
    with pytest.raises(ValueError, match="as_of is a str"):
        purchase_gaps(frame, as_of="1997-09-30")


def test_a_raw_table_is_refused_with_the_way_to_make_the_contract():
    raw = pl.DataFrame({"customer_id": [42], "date": [dt.date(2024, 1, 1)], "amount": [2.5]})
    with pytest.raises(ValueError, match=r"(?s)4 problems.*\"day\": is not in.*data\.transactions"):
        purchase_gaps(raw, as_of=10)
