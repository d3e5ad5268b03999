import datetime as dt

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from customer_insight import data, features
from customer_insight.clv import BGNBD, GammaGamma
from customer_insight.clv.risk_adjusted import (
    conditional_value_at_risk,
    customer_value_risk,
    group_value_risk,
)

SPEND = GammaGamma.from_parameters(p=6.25, q=3.74, v=1544.0)
TERMS = {"horizon": "52 weeks", "discount_per_year": 0.1, "margin_rate": 0.4, "seed": 1}


def test_the_tail_by_hand_whole_and_broken():
    values = [400.0, 0.0, 100.0, 200.0]
    assert conditional_value_at_risk(values, tail=0.25) == 0.0
    assert conditional_value_at_risk(values, tail=0.5) == 50.0
    # one and a half of four outcomes: (0 + 0.5 * 100) / 1.5
    assert conditional_value_at_risk(values, tail=0.375) == pytest.approx(100 / 3)


def test_of_normal_outcomes_it_is_the_closed_form():
    """Mean - sd * pdf(z) / tail, with z the tail's quantile: -2.0627 standard deviations at 5 %."""
    drawn = np.random.default_rng(1).normal(10.0, 2.0, 400_000)
    assert conditional_value_at_risk(drawn, tail=0.05) == pytest.approx(10 - 2 * 2.0627, abs=0.03)


@settings(max_examples=50, deadline=None)
@given(st.data(), st.floats(0.01, 0.99))
def test_it_is_coherent(source, tail):
    n = source.draw(st.integers(1, 40))
    one, other = (
        np.array(source.draw(st.lists(st.floats(-1e6, 1e6), min_size=n, max_size=n)))
        for _ in range(2)
    )
    worst = conditional_value_at_risk(one, tail=tail)
    slack = 1e-6
    assert one.min() - slack <= worst <= one.mean() + slack
    together = conditional_value_at_risk(one + other, tail=tail)
    assert together >= worst + conditional_value_at_risk(other, tail=tail) - slack
    assert conditional_value_at_risk(3 * one + 7, tail=tail) == pytest.approx(
        3 * worst + 7, abs=1e-3
    )


def test_columns_are_customers():
    table = np.array([[1.0, 10.0], [3.0, 0.0]])
    assert conditional_value_at_risk(table, tail=0.5).tolist() == [1.0, 0.0]


@pytest.mark.parametrize(
    ("values", "tail", "message"),
    [
        ([], 0.05, "values has 0 outcomes"),
        ([1.0, np.nan], 0.05, "1 of them are missing or infinite"),
        ([1.0], 5, "tail is 5, and must be a share strictly between 0 and 1"),
    ],
)
def test_bad_outcomes_are_refused(values, tail, message):
    with pytest.raises(ValueError, match=message):
        conditional_value_at_risk(values, tail=tail)


@pytest.fixture(scope="module")
def summary(drawn):
    table = drawn(BGNBD, 300, 5)
    spent = np.rint(SPEND.simulate(table["repeat_purchases"], seed=6)).astype(np.int64)
    return table.with_columns(repeat_amount=pl.Series(spent))


def test_a_group_is_surer_than_its_customers(truth, summary):
    models = truth(BGNBD), SPEND
    single = customer_value_risk(models, summary, **TERMS, draws=400)
    group = group_value_risk(models, summary, **TERMS, draws=400)
    assert group.mean == pytest.approx(single["mean"].sum())
    assert single["conditional_value_at_risk"].sum() < 0.2 * group.mean
    assert 0.5 * group.mean < group.conditional_value_at_risk < group.quantiles[0] < group.mean
    assert (group.customers, group.draws, group.horizon) == (300, 400, "52 weeks")
    assert single["quantiles"].shape == (300, 3)
    assert np.all(np.diff(single["quantiles"], axis=1) >= 0)


def test_equal_customers_have_equal_numbers_in_any_order(truth, summary):
    twice = pl.concat([summary, summary.reverse()])
    found = customer_value_risk((truth(BGNBD), SPEND), twice, **TERMS, draws=200)
    for numbers in found.values():
        np.testing.assert_array_equal(numbers[:300], numbers[300:][::-1])


def test_too_few_draws_for_the_tail_are_refused(truth, summary):
    with pytest.raises(ValueError, match=r"at least 1000 for a tail of 0\.01"):
        group_value_risk((truth(BGNBD), SPEND), summary, **TERMS, tail=0.01, draws=999)


@pytest.fixture(scope="module")
def qinghe_2024():
    """Return a function of a segment: the distribution for 2024 as of 2023, and what came."""
    orders = data.load("company_orders", engine="polars").filter(side="person")
    lines = data.load("company_order_lines", engine="polars")
    amounts = lines.group_by("order_id").agg(pl.sum("amount"))
    day = pl.col("ordered_at").dt.date().cast(pl.Int32).cast(pl.Int64)
    bought = orders.join(amounts, on="order_id").with_columns(day=day)
    people = data.load("company_truth_people", engine="polars")
    future = data.load("company_truth_future", engine="polars")
    came = future.filter(as_of=dt.date(2023, 12, 31)).select("customer_id", "actual_amount")

    def forecast(segment):
        of_segment = bought.join(people.filter(segment=segment), on="customer_id", how="semi")
        table = of_segment.select("customer_id", "order_id", "day", "amount")
        summary = features.purchase_summary(table, as_of=dt.date(2023, 12, 31), unit="week")
        summary = summary.join(came, on="customer_id").sort("customer_id")
        models = BGNBD().fit(summary), GammaGamma().fit(summary)
        terms = {"horizon": "366 days", "discount_per_year": 0.0, "margin_rate": 1.0, "seed": 1}
        group = group_value_risk(models, summary, **terms)
        single = customer_value_risk(models, summary, **terms)
        return group, single, summary["actual_amount"].to_numpy()

    return forecast


@pytest.mark.evidence
def test_steady_customers_of_qinghe_come_as_forecast(qinghe_2024):
    group, single, came = qinghe_2024("steady")
    assert group.quantiles[0] < came.sum() < group.quantiles[2]
    beyond = np.mean(came > single["quantiles"][:, 2])
    assert abs(beyond - 0.05) < 4 * np.sqrt(0.05 * 0.95 / len(came))
    assert np.mean(came < single["quantiles"][:, 0]) <= 0.05


@pytest.mark.evidence
@pytest.mark.parametrize("segment", ["rhythm", "family"])
def test_where_the_model_is_wrong_the_distribution_of_chance_is_too_narrow(qinghe_2024, segment):
    group, single, came = qinghe_2024(segment)
    assert came.sum() > group.quantiles[2]
    beyond = np.mean(came > single["quantiles"][:, 2])
    assert abs(beyond - 0.05) < 4 * np.sqrt(0.05 * 0.95 / len(came))
