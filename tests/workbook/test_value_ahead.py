"""What customers will bring: judged on a year held back, discounted, adding up to the cent."""

import dataclasses

import numpy as np
import polars as pl
import pytest

from customer_insight import clv
from customer_insight.workbook import forecast, value_ahead
from customer_insight.workbook.assumed import Assumed
from customer_insight.workbook.forecast import MODEL, RULE, Outlook, look_ahead, same_rate
from customer_insight.workbook.value_ahead import better_of_year, look_further


@pytest.fixture(scope="module")
def prospect(costed_facts):
    return look_further(costed_facts, Outlook((), None, ""))


def test_the_year_is_judged_on_52_weeks_that_nobody_saw(costed_facts, prospect):
    window = prospect.year.window
    assert (window.as_of, window.weeks) == (costed_facts.as_of - 364, 52)
    known = window.customers
    model = clv.BGNBD().fit(known)
    spend = clv.GammaGamma().fit(known).expected_spend(known)
    foretold = (model.expected_purchases(known, horizon="52 weeks") * spend).sum()
    assert prospect.year.predicted_sales[MODEL] == pytest.approx(
        foretold / known["later_amount"].sum()
    )
    assert prospect.value.by == MODEL
    assert prospect.value.miss == pytest.approx(abs(prospect.year.predicted_sales[MODEL] - 1))


def test_segments_and_customers_add_up_to_the_cent(costed_facts, prospect):
    value = prospect.value
    by_customer = value.customers.join(
        costed_facts.customers.select("customer_id", "segment"), on="customer_id", validate="1:1"
    )
    sums = by_customer.group_by("segment").agg(pl.col("to_come").sum()).sort("segment")
    assert sums.equals(value.segments.select("segment", "to_come"))
    assert value.total == value.segments["to_come"].sum() == value.customers["to_come"].sum()
    assert value.customers.height == costed_facts.n
    ends = value.segments
    assert (ends["low"] <= ends["to_come"]).all()
    assert (ends["high"] >= ends["to_come"]).all()
    assert (ends["low"] >= 0).all()
    assert value.low < value.total < value.high


def test_the_value_is_the_discounted_margin_of_each_segment(costed_facts, prospect):
    summary = costed_facts.summary.sort("customer_id")
    spend = clv.GammaGamma().fit(summary).expected_spend(summary)
    sales = (
        clv.BGNBD()
        .fit(summary)
        .discounted_value(summary, spend, horizon="52 weeks", discount_per_year=0.1)
    )
    champions = costed_facts.customers.filter(pl.col("segment") == "champions")
    at = summary["customer_id"].is_in(champions["customer_id"].implode()).to_numpy()
    kept = (champions["amount"] + champions["returned"] - champions["cost"]).sum()
    expected = sales[at].sum() * kept / champions["amount"].sum()
    found = prospect.value.segments.filter(segment="champions")["to_come"].item()
    assert found == pytest.approx(expected, abs=champions.height)


@pytest.mark.evidence
def test_a_higher_discount_and_a_stated_margin_make_less(qinghe_facts, prospect):
    values = [
        look_further(
            dataclasses.replace(qinghe_facts, assumed=Assumed.of(**given, decimals=2)),
            Outlook((), None, ""),
        ).value.total
        for given in ({"discount": 0.0}, {"discount": 0.3}, {"discount": 0.0, "margin": 0.5})
    ]
    assert values[0] > values[1] > values[0] / 1.3
    assert values[2] == pytest.approx(values[0] / 2, rel=1e-6)


def test_a_short_history_has_no_value_of_a_year(qinghe_facts):
    found = look_further(dataclasses.replace(qinghe_facts, year=None), Outlook((), None, ""))
    assert found.value is None
    assert "it needs 104 weeks" in found.refusal
    assert "Nor of 13 weeks (section 8)" in found.refusal


@pytest.mark.evidence
def test_a_short_history_falls_back_on_the_weeks_of_the_forecast(qinghe_facts, monkeypatch):
    monkeypatch.setattr(forecast, "WORST_TOTAL", 9.0)
    monkeypatch.setattr(value_ahead, "WORST_TOTAL", 9.0)
    outlook = look_ahead(qinghe_facts)
    short = dataclasses.replace(qinghe_facts, year=None)
    found = look_further(short, outlook)
    assert (found.value.weeks, found.value.by) == (13, outlook.forecast.by)
    assert found.year is None
    assert found.value.total < outlook.forecast.money
    assert "it needs 104 weeks" in found.refusal
    monkeypatch.setattr(value_ahead, "WORST_TOTAL", 0.0)
    refused = look_further(short, outlook)
    assert refused.value is None
    assert f"Nor of 13 weeks: the {forecast.called(outlook.forecast.by)} missed" in refused.refusal


def test_the_rule_promises_no_95_percent(qinghe_facts, monkeypatch):
    monkeypatch.setattr(value_ahead, "WORST_TOTAL", 9.0)
    monkeypatch.setattr(value_ahead, "better_of_year", lambda year: RULE)
    found = look_further(qinghe_facts, Outlook((), None, ""))
    value, miss = found.value, abs(found.year.predicted_sales[RULE] - 1)
    assert (value.by, value.judged, value.miss) == (RULE, False, pytest.approx(miss))
    assert value.high == pytest.approx(value.total * (1 + miss))
    spend = clv.GammaGamma().fit(qinghe_facts.summary).expected_spend(qinghe_facts.summary)
    sales = (same_rate(qinghe_facts.summary, 52) * spend).sum()
    # a year of weeks, each discounted from its end at 10 % a year
    factor = np.mean(1.1 ** (-7 * np.arange(1, 53) / 365.25))
    net = qinghe_facts.customers
    kept = (net["amount"] + net["returned"]).sum() / net["amount"].sum()
    assert value.total == pytest.approx(sales * factor * kept, rel=0.02)


def test_a_year_that_was_missed_by_more_than_a_third_is_refused(qinghe_facts, monkeypatch):
    monkeypatch.setattr(value_ahead, "better_of_year", lambda year: RULE)
    found = look_further(qinghe_facts, Outlook((), None, ""))
    assert found.value is None
    assert found.year is not None
    miss = abs(found.year.predicted_sales[RULE] - 1)
    assert f"by {100 * miss:.0f} %, more than 33 %" in found.refusal


@pytest.mark.parametrize(
    ("verdict", "sales", "better"),
    [
        ("better", {MODEL: 1.3, RULE: 1.0}, MODEL),
        ("worse", {MODEL: 1.0, RULE: 1.3}, RULE),
        ("refused", {RULE: 1.3}, RULE),
        ("not told apart", {MODEL: 0.9, RULE: 1.2}, MODEL),
        ("not told apart", {MODEL: 0.7, RULE: 1.2}, RULE),
        ("not told apart", {MODEL: 0.9, RULE: 0.9}, RULE),
    ],
)
def test_the_better_one_is_by_customers_and_else_by_the_total(
    prospect, monkeypatch, verdict, sales, better
):
    trial = dataclasses.replace(prospect.year, predicted_sales=sales)
    monkeypatch.setattr(type(trial), "verdict", lambda self, measure: verdict)
    assert better_of_year(trial) == better


@pytest.mark.evidence
def test_the_order_of_the_customers_changes_nothing(costed_facts, prospect):
    turned = dataclasses.replace(
        costed_facts,
        customers=costed_facts.customers.reverse(),
        summary=costed_facts.summary.reverse(),
    )
    found = look_further(turned, Outlook((), None, "")).value
    assert found.customers.equals(prospect.value.customers)
    assert found.segments.equals(prospect.value.segments)
    assert np.array_equal([found.low, found.high], [prospect.value.low, prospect.value.high])
