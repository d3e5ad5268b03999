import datetime as dt
from collections import Counter

import narwhals as nw
import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from customer_insight.data import transactions
from customer_insight.data.days import DAY_LIMIT
from customer_insight.data.money import AMOUNT_LIMIT
from customer_insight.features import SEGMENTS, SegmentRule, purchase_summary, rfm, rfm_groups

from .purchases import contract, days_by_hand, generated, rows_of_purchases

ANYONE = {
    n: (SegmentRule("anyone", "Anyone", "所有客户", r=(1, n), f=(1, n)),) for n in range(2, 11)
}


def by_hand(rows, as_of, groups=5):
    """Return customers and scores, counted customer by customer without any engine."""
    measured = [
        (who, as_of - max(totals), len(totals), sum(totals.values()))
        for who, totals in sorted(days_by_hand(rows, as_of).items())
    ]
    higher_is_better = [[-recency, count, money] for _, recency, count, money in measured]
    scores = []
    for values in zip(*higher_is_better, strict=True):
        lower, below = {}, 0
        for value, customers in sorted(Counter(values).items()):
            lower[value] = below
            below += customers
        scores.append([lower[value] * groups // len(values) + 1 for value in values])
    return [(*row, *three) for row, three in zip(measured, zip(*scores, strict=True), strict=True)]


def scored(engine, table, as_of, groups=5):
    options = {} if groups == 5 else {"groups": groups, "segments": ANYONE[groups]}
    out = rfm(engine.frame(table), as_of=as_of, **options)
    return [tuple(row.values())[:-1] for row in engine.rows(out)]


def customers_of(counts, *, day=1, amount=100):
    """Return rows in which the n-th customer buys on so many days."""
    return [
        (f"c{number:03}", day + later, amount)
        for number, count in enumerate(counts)
        for later in range(count)
    ]


@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(rows=rows_of_purchases, as_of=st.integers(-6, 13), groups=st.integers(2, 10))
def test_any_table_gives_what_counting_by_hand_gives(local_engine, rows, as_of, groups):
    found = scored(local_engine, contract(rows), as_of, groups)
    assert found == by_hand(rows, as_of, groups)


def test_two_hundred_generated_tables_in_one_give_what_counting_by_hand_gives(engine):
    rows = [(f"{seed}/{who}", *rest) for seed in range(200) for who, *rest in generated(seed)]
    expected = by_hand(rows, 100)
    assert len(expected) > 1000
    assert scored(engine, contract(rows), 100) == expected


def test_every_customer_of_cdnow_is_the_same_on_every_engine(engine, cdnow):
    table = transactions(engine.frame(cdnow), customer="customer", day="date", amount="dollars")
    out = engine.rows(rfm(table, as_of=dt.date(1997, 9, 30)))
    cents = [round(dollars * 100) for dollars in cdnow["dollars"].to_pylist()]
    days = [(day - dt.date(1970, 1, 1)).days for day in cdnow["date"].to_pylist()]
    rows = list(zip(cdnow["customer"].to_pylist(), days, cents, strict=True))
    assert [tuple(row.values())[:-1] for row in out] == by_hand(rows, 10134)
    named = {cell: rule.segment for rule in SEGMENTS for cell in rule.cells()}
    assert all(row["segment"] == named[row["r"], row["f"]] for row in out)


def test_cdnow_gives_the_published_counts(cdnow):
    # Fader, Hardie and Lee (2005): 2,357 customers, of whom 1,411 bought once up to 1997-09-30.
    table = transactions(pl.from_arrow(cdnow), customer="customer", day="date", amount="dollars")
    out = rfm(table, as_of=dt.date(1997, 9, 30))
    assert out.height == 2357
    assert out["amount"].sum() == 17_311_555
    once = out.filter(pl.col("purchase_days") == 1)
    assert once.height == 1411
    # 1,411 of 2,357 are 59.9 %: one score for all of them, none for the next two in five places.
    assert once["f"].unique().to_list() == [1]
    assert sorted(out["f"].unique()) == [1, 3, 4, 5]
    summary = purchase_summary(table, as_of=dt.date(1997, 9, 30), unit="day")
    both = out.join(summary, on="customer_id", validate="1:1")
    assert both.height == summary.height
    assert (both["purchase_days"] == both["repeat_purchases"] + 1).all()
    assert (both["recency_days"] == both["days_observed"] - both["days_first_to_last"]).all()
    assert (both["amount"] == both["first_amount"] + both["repeat_amount"]).all()


def test_an_example_worked_by_hand(engine):
    rows = [
        ("ann", 10, 500),
        ("ann", 20, 500),
        ("ann", 20, 300),  # the same day: one purchase day
        ("ben", 20, 900),
        ("ben", 21, -900),  # a return on its own: neither a purchase nor taken off
        ("cem", 5, 900),
        ("cem", 6, 100),
        ("cem", 7, 200),
        ("dan", 30, 0),
        ("eve", 31, 100),  # after as_of
    ]
    # Lower in recency: cem 0, ann 1, ben 1, dan 3; of 4, times 5: 0, 1, 1, 3, plus 1.
    # In frequency ben and dan 0, ann 2, cem 3; in money dan 0, ben 1, cem 2, ann 3.
    assert engine.rows(rfm(engine.frame(contract(rows)), as_of=30)) == [
        dict(
            zip(
                (
                    "customer_id",
                    "recency_days",
                    "purchase_days",
                    "amount",
                    "r",
                    "f",
                    "m",
                    "segment",
                ),
                row,
                strict=True,
            )
        )
        for row in (
            ("ann", 10, 2, 1300, 2, 3, 4, "at_risk"),
            ("ben", 10, 1, 900, 2, 1, 2, "hibernating"),
            ("cem", 23, 3, 1200, 1, 4, 3, "at_risk"),
            ("dan", 0, 1, 0, 4, 1, 1, "promising"),
        )
    ]


def test_whole_numbers_text_and_the_same_kind_of_table(engine):
    out = rfm(engine.frame(contract([("a", 1, 5), ("b", 8, 7)])), as_of=15)
    assert isinstance(out, engine.kind())
    numbers = ["recency_days", "purchase_days", "amount", "r", "f", "m"]
    assert engine.columns(out) == {
        "customer_id": nw.String(),
        **dict.fromkeys(numbers, nw.Int64()),
        "segment": nw.String(),
    }


def test_sixty_of_a_hundred_with_one_purchase_have_one_score(engine):
    # By ntile, or by rank in row order, they would have three.
    found = scored(engine, contract(customers_of([1] * 60 + [2] * 25 + [3] * 15)), 10)
    assert Counter((count, f) for _, _, count, _, _, f, _ in found) == {
        (1, 1): 60,
        (2, 4): 25,
        (3, 5): 15,
    }


@pytest.mark.parametrize("groups", range(2, 11))
def test_customers_who_all_differ_make_groups_of_equal_size(local_engine, groups):
    found = scored(local_engine, contract(customers_of(range(1, 2 * groups + 1))), 99, groups)
    assert Counter(row[5] for row in found) == dict.fromkeys(range(1, groups + 1), 2)


def test_customers_who_are_all_equal_make_one_group(local_engine):
    found = scored(local_engine, contract(customers_of([2, 2, 2])), 9)
    assert [row[1:] for row in found] == [(7, 2, 200, 1, 1, 1)] * 3


@pytest.mark.parametrize("size", [5, 35, 145])
def test_a_share_on_the_border_belongs_above_at_any_number_of_customers(local_engine, size):
    fewer = size // 5
    found = scored(local_engine, contract(customers_of([1] * fewer + [2] * (size - fewer))), 9)
    assert [row[5] for row in found] == [1] * fewer + [2] * (size - fewer)
    found = scored(local_engine, contract(customers_of([1] * fewer + [2] * size)), 9)
    assert {row[5] for row in found} == {1}


def test_amounts_beyond_what_a_float_tells_apart_have_scores_of_their_own(engine):
    most = AMOUNT_LIMIT - 1
    rows = [("a", day, most) for day in range(9000)] + [("b", day, most) for day in range(9000)]
    rows.append(("a", 9000, 1))
    found = scored(engine, contract(rows), 9001, groups=2)
    assert found[0][3] - found[1][3] == 1
    assert float(found[0][3]) == float(found[1][3])
    assert [row[6] for row in found] == [2, 1]


def test_the_outermost_days_are_counted(local_engine):
    rows = [("a", -DAY_LIMIT, 1), ("b", DAY_LIMIT - 1, 1)]
    found = scored(local_engine, contract(rows), DAY_LIMIT - 1)
    assert [row[1] for row in found] == [2 * DAY_LIMIT - 1, 0]


def test_before_every_purchase_the_table_is_empty_and_has_its_columns(engine):
    out = rfm(engine.frame(contract([("a", 10, 100)])), as_of=9)
    assert engine.rows(out) == []
    assert list(engine.columns(out)) == [
        *("customer_id", "recency_days", "purchase_days", "amount", "r", "f", "m", "segment"),
    ]


@pytest.mark.parametrize("seed", range(3))
def test_what_comes_after_as_of_changes_nothing(local_engine, seed):
    rows = generated(seed)
    known = [row for row in rows if row[1] <= 100]
    assert len(known) < len(rows)
    assert scored(local_engine, contract(rows), 100) == scored(local_engine, contract(known), 100)


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_rows_changes_nothing(local_engine, seed):
    rows = generated(seed)
    shuffled = [rows[place] for place in np.random.default_rng(seed).permutation(len(rows))]
    assert shuffled != rows
    assert scored(local_engine, contract(rows), 100) == scored(
        local_engine, contract(shuffled), 100
    )


def test_the_input_is_not_changed(local_engine):
    frame = local_engine.frame(contract(generated(1)))
    before = local_engine.rows(frame)
    rfm(frame, as_of=100)
    assert local_engine.rows(frame) == before


def with_segments(found):
    named = {cell: rule.segment for rule in SEGMENTS for cell in rule.cells()}
    return [(*row, named[row[4], row[5]]) for row in found]


def test_cut_points_keep_the_scores_of_customers_who_did_nothing(engine):
    rows = [(f"{seed}/{who}", *rest) for seed in range(40) for who, *rest in generated(seed)]
    known = [row for row in rows if row[1] <= 100]
    # Everyone of the first twenty draws goes on, and many who had bought nothing begin.
    later = [row for row in rows if row[1] > 100 and int(row[0].split("/")[0]) < 20]
    later += [(f"new {number}", 101 + number % 9, 100 + number) for number in range(200)]
    frame = engine.frame(contract(known + later))
    before, after = (
        {row["customer_id"]: row for row in engine.rows(rfm(frame, as_of=as_of, **options))}
        for as_of, options in (
            (100, {}),
            (110, {"cut_points": rfm_groups(rfm(frame, as_of=100))}),
        )
    )
    idle = {row[0] for row in known} & before.keys() - {row[0] for row in later}
    assert len(idle) > 150
    for who in idle:
        for column in ("f", "m", "purchase_days", "amount"):
            assert before[who][column] == after[who][column]
        assert after[who]["r"] <= before[who]["r"]
    ranked = {row["customer_id"]: row for row in engine.rows(rfm(frame, as_of=110))}
    assert any(ranked[who]["f"] != before[who]["f"] for who in idle)
    assert any(ranked[who]["m"] != before[who]["m"] for who in idle)


def test_cut_points_of_the_table_itself_give_its_own_scores(engine):
    frame = engine.frame(contract(generated(3, size=300)))
    scores = rfm(frame, as_of=100)
    again = rfm(frame, as_of=100, cut_points=rfm_groups(scores))
    assert engine.columns(again) == engine.columns(scores)
    assert engine.rows(again) == engine.rows(scores)


def test_cut_points_worked_by_hand_on_every_engine(engine):
    # Of two customers the scores are 1 and 3: 9 and 1 days ago, 1 and 3 days, 100 and 500.
    first = [("a", 1, 100), ("b", 1, 100), ("b", 2, 100), ("b", 9, 300)]
    cut_points = rfm_groups(rfm(engine.frame(contract(first)), as_of=10))
    later = [
        *(("a", day, 50) for day in (1, 2)),  # 2 days: half-way, the lower
        *(("b", day, 100) for day in (3, 4, 5)),  # 5 days ago and 300: half-way, the lower
        *(("c", day, 80) for day in (2, 3, 4, 5, 6, 7)),  # more often than anybody then
        ("d", 10, 301),  # just above the middle of 100 and 500
        ("e", -50, 0),  # longer away and less than anybody then
    ]
    out = rfm(engine.frame(contract(later)), as_of=10, cut_points=cut_points)
    assert engine.columns(out) == engine.columns(rfm(engine.frame(contract(later)), as_of=10))
    assert [tuple(row.values()) for row in engine.rows(out)] == with_segments(
        [
            ("a", 8, 2, 100, 1, 1, 1),
            ("b", 5, 3, 300, 1, 3, 1),
            ("c", 3, 6, 480, 3, 3, 3),
            ("d", 0, 1, 301, 3, 1, 3),
            ("e", 60, 1, 0, 1, 1, 1),
        ]
    )


@pytest.mark.parametrize("made_by", ["polars", "duckdb"])
def test_cut_points_may_come_from_another_engine(local_engine, made_by):
    import duckdb

    table = contract(generated(5, size=200))
    with duckdb.connect() as connection:
        frame = pl.from_arrow(table) if made_by == "polars" else connection.from_arrow(table)
        cut_points = rfm_groups(rfm(frame, as_of=95))
        frame = local_engine.frame(table)
        found = rfm(frame, as_of=105, cut_points=cut_points)
    own = rfm(frame, as_of=105, cut_points=rfm_groups(rfm(frame, as_of=95)))
    assert local_engine.rows(found) == local_engine.rows(own)


def test_cut_points_of_one_group_give_everyone_its_score(local_engine):
    alike = rfm(local_engine.frame(contract([("a", 1, 100), ("b", 1, 100)])), as_of=9)
    frame = local_engine.frame(contract(customers_of([1, 5, 9])))
    out = rfm(frame, as_of=9, cut_points=rfm_groups(alike))
    assert [(row["r"], row["f"], row["m"]) for row in local_engine.rows(out)] == [(1, 1, 1)] * 3
    assert local_engine.columns(out)["f"] == nw.Int64()


def test_cut_points_of_more_groups_are_refused():
    frame = pl.from_arrow(contract(customers_of(range(1, 11))))
    tenths = rfm_groups(rfm(frame, as_of=99, groups=10, segments=ANYONE[10]))
    with pytest.raises(ValueError, match=r"score of recency_days twice, .* not from 1 to 5\."):
        rfm(frame, as_of=99, cut_points=tenths)


@pytest.mark.parametrize("groups", [1, 11, 0, -5, 5.0, "5", True, None])
def test_other_numbers_of_groups_are_refused(groups):
    frame = pl.from_arrow(contract([("a", 1, 1)]))
    with pytest.raises(ValueError, match=r"groups is .* a whole number from 2 to 10\. One .*5 is"):
        rfm(frame, as_of=1, groups=groups)


def test_the_standard_segments_are_refused_for_other_groups():
    frame = pl.from_arrow(contract([("a", 1, 1)]))
    with pytest.raises(ValueError, match="written for groups=5"):
        rfm(frame, as_of=1, groups=4)


def test_a_raw_table_is_refused_with_the_way_to_make_the_contract():
    raw = pl.DataFrame({"customer_id": [42], "date": [dt.date(2024, 1, 1)], "amount": [2.5]})
    with pytest.raises(ValueError, match=r"(?s)4 problems.*\"day\": is not in.*data\.transactions"):
        rfm(raw, as_of=10)


def test_as_of_is_always_asked_for_by_name():
    frame = pl.from_arrow(contract([("a", 1, 1)]))
    with pytest.raises(TypeError, match="'as_of'"):
        rfm(frame)
    with pytest.raises(TypeError, match="positional"):
        rfm(frame, 10)
    with pytest.raises(ValueError, match="as_of is a str"):
        rfm(frame, as_of="1997-09-30")
