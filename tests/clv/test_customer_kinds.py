import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from customer_insight.clv.customer_kinds import (
    KINDS,
    Bound,
    KindRule,
    customer_kinds,
    kind_overlap,
    kind_profits,
)

from . import qinghe_books as qinghe

COLUMNS = ("orders", "service_minutes_per_order", "returns_per_order", "discount_share")
RULES = (
    KindRule("demanding", "苛刻的", (Bound("minutes", low=4),)),
    KindRule("calm", "平静的", (Bound("minutes", high=1), Bound("orders", low=2))),
    KindRule("demanding", "苛刻的", (Bound("orders", low=9),)),
)


def behaviour(*rows):
    return pl.DataFrame(rows, schema=["minutes", "orders"], orient="row")


def test_the_first_rule_that_applies_names_the_kind():
    rows = behaviour((4.0, 2), (3.9, 2), (0.9, 2), (1.0, 9), (0.0, 9), (0.0, 1))
    assert list(customer_kinds(rows, rules=RULES)) == [
        "demanding",
        "other",
        "calm",
        "demanding",
        "calm",
        "other",
    ]


def test_kinds_are_ordered_as_the_rules_with_the_rest_last():
    assert list(customer_kinds(behaviour((1.0, 1)), rules=RULES).categories) == [
        "demanding",
        "calm",
        "other",
    ]


def test_overlap_counts_whom_an_earlier_rule_took():
    table = kind_overlap(behaviour((4.0, 9), (0.0, 9), (2.0, 9), (2.0, 1)), rules=RULES)
    assert table["applies"].tolist() == [1, 1, 3]
    assert table["taken"].tolist() == [1, 1, 1]
    assert table["rule"].tolist() == ["minutes >= 4", "minutes < 1 and orders >= 2", "orders >= 9"]


def test_the_four_kinds_of_the_source_are_all_named():
    assert list(dict.fromkeys((rule.kind, rule.zh) for rule in KINDS)) == [
        ("demanding", "苛刻的"),
        ("hesitant", "犹豫不决的"),
        ("thrifty", "节俭的"),
        ("worldly_wise", "久经世故的"),
    ]


@settings(deadline=None, max_examples=30)
@given(st.lists(st.tuples(*[st.floats(0, 20)] * len(COLUMNS)), min_size=1, max_size=20))
def test_everybody_has_exactly_one_kind_and_the_rules_add_up(rows):
    table = pl.DataFrame(rows, schema=COLUMNS, orient="row")
    kinds = customer_kinds(table)
    assert len(kinds) == len(rows)
    assert not kinds.isna().any()
    assert kind_overlap(table)["taken"].sum() == (kinds != "other").sum()


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        ([], "rules is empty"),
        ([KindRule("a", "甲", ())], "rule for 'a' has no bound"),
        ([KindRule("a", "甲", (Bound("orders", 2, 2),))], "low is not below its high"),
        ([KindRule("other", "其余", (Bound("orders", 2),))], "'other' is who no rule names"),
    ],
)
def test_rules_that_name_nobody_or_everybody_are_refused(rules, message):
    with pytest.raises(ValueError, match=message):
        customer_kinds(behaviour((1.0, 1)), rules=rules)


def test_gaps_in_behaviour_are_refused():
    with pytest.raises(ValueError, match="behaviour: minutes is missing or infinite in 1 of 2"):
        customer_kinds(behaviour((1.0, 1), (None, 2)), rules=RULES)


def test_profits_by_hand():
    kinds = pd.Categorical(["a"] * 10 + ["b"], categories=["a", "b", "none"])
    table = kind_profits(kinds, [*range(-10, 90, 10), 5], [2] * 10 + [1]).set_index("kind")
    assert table.index.tolist() == ["a", "b"]
    assert table.loc["a", "profit_per_customer"] == 35
    reach = 2.262157 * np.std(np.arange(0, 100, 10), ddof=1) / 10**0.5
    assert table.loc["a", "low"] == pytest.approx(35 - reach)
    assert table.loc["a", "high"] == pytest.approx(35 + reach)
    assert table.loc["a", "service_share"] == pytest.approx(20 / 370)
    assert table.loc["a", "share_costing"] == 0.1
    assert table.loc["b", ["profit", "service_cost", "customers"]].tolist() == [5, 1, 1]
    assert table.loc["b", ["low", "high"]].isna().all()


@pytest.mark.parametrize(
    ("profit", "cost", "message"),
    [
        ([1], [0, 0], "2 customers, profit 1 and service_cost 2"),
        ([1, 2], [0, -1], "service_cost is negative for 1 of 2 customers"),
        ([1, np.nan], [0, 0], "profit: 1 of 2 values are missing"),
    ],
)
def test_profits_that_stand_beside_nobody_are_refused(profit, cost, message):
    with pytest.raises(ValueError, match=message):
        kind_profits(pd.Categorical(["a", "a"]), profit, cost)


@pytest.fixture(scope="module")
def habits():
    first, last = qinghe.PERIOD
    per_order = {
        "service_minutes_per_order": qinghe.table("service_contacts")
        .group_by("customer_id")
        .agg(used=pl.col("minutes").sum()),
        "returns_per_order": qinghe.returned(first, last)
        .group_by("customer_id")
        .agg(used=pl.len().cast(pl.Int64)),
    }
    gross = pl.col("amount") + pl.col("discount")
    table = (
        qinghe.lines(first, last)
        .group_by("customer_id")
        .agg(
            orders=pl.col("order_id").n_unique().cast(pl.Int64),
            discount_share=pl.col("discount").sum() / gross.sum(),
        )
        .sort("customer_id")
    )
    for column, used in per_order.items():
        table = table.join(used, on="customer_id", how="left", maintain_order="left").with_columns(
            (pl.col("used").fill_null(0) / pl.col("orders")).alias(column)
        )
        table = table.drop("used")
    return table


@pytest.mark.evidence
def test_the_demanding_of_qinghe_are_those_and_cost_three_times_their_share(habits):
    kinds = customer_kinds(habits)
    truth = qinghe.table("truth_demandingness")
    known = habits.join(truth, on="customer_id", maintain_order="left")["demandingness"].to_numpy()
    demanding = kinds == "demanding"
    assert known[demanding].mean() > 3 * known[~demanding].mean()
    books = pl.from_pandas(qinghe.profit().statement)
    own = habits.join(books, on="customer_id", maintain_order="left")
    table = kind_profits(kinds, own["profit"].to_numpy(), -own["service"].to_numpy())
    table = table.set_index("kind")
    service, customers = table["service_cost"], table["customers"]
    assert service["demanding"] / service.sum() > 3 * customers["demanding"] / customers.sum()
    assert table["service_share"]["demanding"] == pytest.approx(0.14, abs=0.02)
    assert table["low"]["worldly_wise"] > table["high"]["demanding"]
    assert table["profit"].sum() == own["profit"].sum()


@pytest.mark.evidence
def test_a_call_after_the_only_order_says_less_of_a_customer(habits):
    """The limit in the notes: the ratio of few orders is mostly chance."""
    truth = qinghe.table("truth_demandingness")
    known = habits.join(truth, on="customer_id", maintain_order="left")
    called = known.filter(pl.Series(customer_kinds(habits) == "demanding"))
    few, many = (
        called.filter(inside)["demandingness"].mean()
        for inside in (pl.col("orders") <= 2, pl.col("orders") >= 6)
    )
    assert many > 1.3 * few
