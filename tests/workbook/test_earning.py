"""What section 9 says, held to a count of the same orders by other means."""

import dataclasses
import re

import numpy as np
import polars as pl
import pytest
from tests.workbook.orders import few_orders, qinghe_costed_orders, write_orders

from customer_insight import stats
from customer_insight.workbook.assumed import Assumed
from customer_insight.workbook.forecast import MODEL, RULE
from customer_insight.workbook.section import HIDDEN
from customer_insight.workbook.sections import earning, segments
from customer_insight.workbook.value_ahead import Prospect, Value

from .conftest import gather_facts

NOTHING = Prospect(None, None, "No value of a year: too short.")


def quantity(section, code):
    return next(one for one in section.quantities if one.code == code)


def found_table(section, code):
    return next(one for one in section.tables if one.code == code)


def rows(section, code):
    """Return the rows of a table by segment, each by key."""
    found = found_table(section, code)
    keys = [column.key for column in found.columns]
    return {row[0]: dict(zip(keys, row, strict=True)) for row in found.rows}


def words(section):
    """Return all that the section says, but for what it says it is not."""
    said = [section.answer, section.limits, section.refusal]
    for one in section.quantities:
        said += [one.name, one.definition, one.note]
    for one in section.tables:
        said += [one.caption, *(f"{c.name} {c.definition}" for c in one.columns)]
    for one in section.decisions:
        said += [one.do, one.why, one.because]
    return " ".join(said)


@pytest.fixture(scope="module")
def margins():
    """Return the margin of each customer who bought, counted from the lines."""
    lines = qinghe_costed_orders()
    sold = lines.filter(pl.col("amount") > 0).group_by("customer").agg(cost=pl.col("cost").sum())
    return (
        lines.group_by("customer")
        .agg(net=pl.col("amount").sum())
        .join(sold, on="customer")
        .select(customer_id="customer", net="net", margin=pl.col("net") - pl.col("cost"))
    )


def made_value(facts, each=1_000, judged=True, by=MODEL):
    """Return a value of so much a customer."""
    customers = facts.customers.select("customer_id", to_come=pl.lit(each, pl.Int64))
    sizes = facts.customers.group_by("segment").agg(n=pl.len().cast(pl.Int64))
    of_segments = sizes.select(
        "segment",
        to_come=pl.col("n") * each,
        low=pl.col("n") * each * 0.9,
        high=pl.col("n") * each * 1.1,
    )
    total = each * facts.n
    return Value(by, 52, customers, of_segments, 0.9 * total, 1.1 * total, judged, 0.05)


def test_margins_are_those_of_a_count_by_hand(costed_facts, margins):
    section = earning.make(costed_facts, NOTHING)
    total = margins["margin"].sum()
    assert quantity(section, "margin_of_customers").value == total
    assert quantity(section, "margin_share").value == pytest.approx(total / margins["net"].sum())
    assert quantity(section, "customers_below_zero").value == (margins["margin"] < 0).sum()
    known = costed_facts.customers.join(margins, on="customer_id")
    champions = known.filter(segment="champions")["margin"].to_numpy()
    assert rows(section, "earned")["Champions"]["earned"] == champions.sum()
    row = rows(section, "earned_each")["Champions"]
    mean = stats.mean_interval(champions)
    assert [row["mean"], row["mean_low"], row["mean_high"]] == [
        round(end) for end in (mean.estimate, mean.low, mean.high)
    ]
    assert row["median"] == round(float(np.median(champions)))
    assert row["without_top"] == round(np.sort(champions)[:-1].mean())
    parts = found_table(section, "earned")
    assert sum(row[3] for row in parts.rows) == total


def test_counts_below_zero_cannot_be_worked_out(costed_facts, margins):
    known = costed_facts.customers.join(margins, on="customer_id")
    below = known.group_by("segment").agg(n=(pl.col("margin") < 0).sum())
    shown = rows(earning.make(costed_facts, NOTHING), "earned_each")
    by_name = {segments._NAMES[name]: n for name, n in below.rows()}
    assert any(0 < n < 10 for n in by_name.values())
    for name, row in shown.items():
        if 0 < by_name[name] < 10:
            assert row["below"] is HIDDEN
        elif row["below"] is not HIDDEN:
            assert row["below"] == by_name[name]
    assert sum(row["below"] is HIDDEN for row in shown.values()) != 1


def test_a_hidden_segment_shows_nothing_but_its_name(costed_facts):
    champions = costed_facts.customers.filter(segment="champions")["customer_id"][4:]
    few = costed_facts.customers.filter(~pl.col("customer_id").is_in(champions.implode()))
    facts = dataclasses.replace(costed_facts, customers=few)
    section = earning.make(facts, Prospect(None, made_value(facts), ""))
    names = {segments._NAMES[name] for name in segments.hidden_segments(facts)}
    assert "Champions" in names
    for code in ("earned", "earned_each", "to_come", "to_come_of_one"):
        for name, row in rows(section, code).items():
            values = list(row.values())[2:]
            hidden = all(value is None or value is HIDDEN for value in values)
            assert hidden == (name in names)
    assert not any(name in one.do for one in section.decisions for name in names)


def test_the_cost_of_returned_goods_is_left_open_and_told(costed_facts):
    back = qinghe_costed_orders().filter(pl.col("amount") < 0)
    found = quantity(earning.make(costed_facts, NOTHING), "returned_goods_cost")
    bought = costed_facts.customers["customer_id"]
    assert found.value == back.filter(pl.col("customer").is_in(bought.implode()))["cost"].sum()


def test_without_costs_it_is_sales_and_nothing_is_called_margin(qinghe_facts):
    value = made_value(qinghe_facts)
    section = earning.make(qinghe_facts, Prospect(None, value, ""))
    assert "--margin" in section.refusal
    net = qinghe_facts.customers["amount"].sum() + qinghe_facts.customers["returned"].sum()
    assert quantity(section, "net_sales_of_customers").value == net
    assert {one.code for one in section.quantities} >= {"net_sales_next_52_weeks_at_10_percent"}
    assert not any("margin" in one.name.lower() for one in section.quantities)
    headings = [c.name for one in section.tables for c in one.columns]
    assert not any("margin" in heading.lower() for heading in headings)
    assert "your margin of CNY" in section.decisions[0].do


def test_a_stated_margin_is_called_assumed_and_shown_so(qinghe_facts):
    stated = dataclasses.replace(qinghe_facts, assumed=Assumed.of(margin=0.4, decimals=2))
    section = earning.make(stated, Prospect(None, made_value(stated), ""))
    assert section.refusal == ""
    total = quantity(section, "assumed_margin_of_customers")
    net = stated.customers["amount"].sum() + stated.customers["returned"].sum()
    assert total.value == round(0.4 * net)
    assert all(one.kind == "assumed" for one in section.quantities)
    assert all("assumed" in one.name for one in section.quantities if one.unit == "money")
    assert section.decisions[0].confidence == "low"


@pytest.mark.parametrize("name", ["qinghe_facts", "costed_facts"])
def test_profit_is_said_of_nothing(name, request):
    facts = request.getfixturevalue(name)
    section = earning.make(facts, Prospect(None, made_value(facts), ""))
    said = words(section)
    assert "not profit" in said or "nor profit" in said
    assert not re.search(r"(?<!not )(?<!nor )profit", said)


def test_the_value_names_currency_horizon_discount_and_day(costed_facts):
    section = earning.make(costed_facts, Prospect(None, made_value(costed_facts), ""))
    found = quantity(section, "margin_next_52_weeks_at_10_percent")
    for said in ("CNY", "52 weeks after 2024-12-31", "discounted at 10 % a year (assumed)"):
        assert said in found.definition
    assert (found.low, found.value, found.high) == tuple(
        round(part * 1_000 * costed_facts.n) for part in (0.9, 1, 1.1)
    )
    assert found.kind == "forecast"
    stated = dataclasses.replace(costed_facts, assumed=Assumed.of(discount=0.085, decimals=2))
    other = earning.make(stated, Prospect(None, made_value(stated), ""))
    assert "assumed" not in quantity(other, "margin_next_52_weeks_at_8_5_percent").definition
    assert quantity(other, "discount").note == ""


def test_the_value_stands_beside_what_was_brought(costed_facts):
    section = earning.make(costed_facts, Prospect(None, made_value(costed_facts), ""))
    ratio = quantity(section, "margin_next_52_weeks_at_10_percent_over_past").value
    total = quantity(section, "margin_of_customers").value
    assert ratio == pytest.approx(1_000 * costed_facts.n / total)
    assert f"{ratio:.2f} times what they brought in 157 weeks" in section.answer
    row = rows(section, "to_come")["Champions"]
    assert row["ratio"] == pytest.approx(row["to_come"] / row["earned"])
    one = rows(section, "to_come_of_one")["Champions"]
    assert (one["low"], one["to_come"], one["high"]) == (900, 1_000, 1_100)


def test_the_ceiling_is_what_one_customer_brings(costed_facts):
    value = made_value(costed_facts)
    money = pl.col("to_come", "low", "high")
    richer = value.segments.with_columns(
        pl.when(pl.col("segment") == "loyal").then(money * 3).otherwise(money)
    )
    value = dataclasses.replace(value, segments=richer)
    decision = earning.make(costed_facts, Prospect(None, value, "")).decisions[-1]
    loyal = costed_facts.customers.filter(segment="loyal")
    assert "never more than CNY 30.00 on a customer of 'Loyal customers'" in decision.do
    assert (decision.customers, decision.money) == (loyal.height, 3_000 * loyal.height)
    assert decision.confidence == "medium"
    for changed in ({"by": RULE}, {"judged": False}):
        other = dataclasses.replace(value, **changed)
        section = earning.make(costed_facts, Prospect(None, other, ""))
        assert section.decisions[-1].confidence == "low"
    lost = dataclasses.replace(
        value,
        segments=value.segments.select("segment", -money).rename({"low": "high", "high": "low"}),
    )
    said = [one.do for one in earning.make(costed_facts, Prospect(None, lost, "")).decisions]
    assert not any("never more" in one for one in said)


def test_customers_who_cost_money_are_looked_at_first_where_they_are_many(costed_facts, margins):
    below = margins.filter(pl.col("margin") < 0)
    assert below.height >= 100
    decision = earning.make(costed_facts, NOTHING).decisions[0]
    assert f"{below.height:,} customers whose margin is below zero" in decision.do
    assert (decision.customers, decision.money) == (below.height, -below["margin"].sum())
    cheap = costed_facts.customers.with_columns(cost=pl.col("cost") // 10)
    facts = dataclasses.replace(costed_facts, customers=cheap)
    assert earning.make(facts, NOTHING).decisions == ()


def test_few_customers_get_a_refusal(tmp_path):
    facts = gather_facts(write_orders(tmp_path / "orders.csv", few_orders(40)), tmp_path)
    section = earning.make(facts, NOTHING)
    assert "they need 100 customers" in section.refusal
    assert section.quantities == section.tables == section.decisions == ()


def test_the_figure_carries_its_message_and_stays_small(costed_facts):
    (chart,) = earning.make(costed_facts, Prospect(None, made_value(costed_facts), "")).charts
    assert len(chart.alt.split()) >= 6
    assert len(chart.svg) < 120_000
