import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from customer_insight.clv.cohort_value import lost_for_good
from customer_insight.clv.recency_chain import recency_values
from customer_insight.clv.retention_value import (
    margin_multiple,
    s_shaped_margin,
    value_of_flow,
    value_of_sales,
)

CASE_1 = {
    "retention": 0.75,
    "discount_per_period": 0.2,
    "compounding": "per period",
    "first_margin": "now",
    "promotion_cost": 50,
    "promotion_at": "middle",
}
FLOW = {"retention": 0.75, "discount_per_period": 0.2, "compounding": "per period"}

rates = st.floats(0.01, 0.99)
discounts = st.floats(0.0, 2.0)


def test_gupta_and_lehmann_2003_give_2_667_margins_or_3_667_with_one_now():
    assert round(margin_multiple(0.8, 0.1, first_margin="after one period"), 3) == 2.667
    assert round(margin_multiple(0.8, 0.1, first_margin="now"), 3) == 3.667


def test_berger_and_nasr_1998_case_1_is_568_78():
    assert round(value_of_sales(260, sales=10, **CASE_1), 2) == 568.78


def test_the_promotion_counts_by_where_in_the_interval_it_is_paid():
    values = [
        value_of_sales(260, sales=10, **{**CASE_1, "promotion_at": at})
        for at in ("start", "middle", "end")
    ]
    # paid half a year later, the cost of 120.61 is less by the root of 1.2
    without = value_of_sales(260, sales=10, **{**CASE_1, "promotion_cost": 0})
    costs = without - np.array(values)
    assert round(costs[1], 2) == 120.61
    np.testing.assert_allclose(costs[:2] / costs[1:], math.sqrt(1.2))


@given(rates, discounts, st.integers(0, 40), st.sampled_from(["now", "after one period"]))
@settings(max_examples=60, deadline=None)
def test_one_multiple_stands_behind_sales_cohorts_and_chain(retention, discount, periods, first):
    """A customer who buys in each period until lost is a cohort, and a chain of one recency."""
    multiple = margin_multiple(retention, discount, first_margin=first, periods=periods)
    sold = value_of_sales(
        10.0,
        retention=retention,
        discount_per_period=discount,
        compounding="per period",
        sales=periods,
        first_margin=first,
    )
    assert sold == pytest.approx(10 * multiple, rel=1e-12)
    if first == "now":
        cohort = lost_for_good(
            1,
            [retention] * max(periods, 1),
            margin_per_period=1,
            discount_per_period=discount,
            first_margin=first,
        )
        assert cohort["cumulative"].iloc[periods] == pytest.approx(multiple, rel=1e-12)
        chain = recency_values(
            [retention],
            margin_per_purchase=1,
            contact_cost=0,
            discount_per_period=discount,
            periods=periods,
        )
        assert chain[0] == pytest.approx(multiple, rel=1e-12)


@given(rates, discounts)
@settings(max_examples=60, deadline=None)
def test_a_long_horizon_is_for_ever_and_one_margin_lies_between_the_timings(retention, discount):
    now, later = (
        margin_multiple(retention, discount, first_margin=first)
        for first in ("now", "after one period")
    )
    assert now - later == pytest.approx(1.0, rel=1e-9)
    long = margin_multiple(retention, discount, first_margin="now", periods=10_000)
    assert long == pytest.approx(now, rel=1e-9)


def test_case_2_with_other_intervals_is_case_1_in_their_own_unit_of_time():
    case = {**CASE_1, "sales": 6}
    for periods_between in (0.5, 3.0):
        own = 1.2**periods_between - 1
        assert value_of_sales(90, periods_between=periods_between, **case) == pytest.approx(
            value_of_sales(90, **{**case, "discount_per_period": own}), rel=1e-12
        )


def test_case_3_takes_a_margin_for_each_sale():
    margins = s_shaped_margin(np.arange(4), start=80, growth=20, bend=2, further=100)
    np.testing.assert_allclose(margins, [80, 100, 160, 160 + 100 * (1 - math.exp(-1))])
    by_hand = sum(m * (0.75 / 1.2) ** t for t, m in enumerate(margins))
    found = value_of_sales(margins, sales=3, first_margin="now", **FLOW)
    assert found == pytest.approx(by_hand)
    with pytest.raises(ValueError, match="margin_per_sale has 4 values, and 3 are needed"):
        value_of_sales(margins, sales=3, first_margin="after one period", **FLOW)


def test_compounding_without_a_break_discounts_more_at_the_same_rate():
    continuous = {**CASE_1, "compounding": "continuous"}
    as_effective = {**CASE_1, "discount_per_period": math.expm1(0.2)}
    found = value_of_sales(260, sales=10, **continuous)
    assert found == pytest.approx(value_of_sales(260, sales=10, **as_effective))
    assert found < value_of_sales(260, sales=10, **CASE_1)


def test_case_4_is_the_limit_of_ever_more_frequent_sales():
    flow = value_of_flow(260, periods=10, **FLOW)
    often = value_of_sales(
        260 / 1000,
        sales=10_000,
        periods_between=1 / 1000,
        first_margin="after one period",
        **{**FLOW, "retention": 0.75 ** (1 / 1000)},
    )
    assert often == pytest.approx(flow, rel=1e-3)


def test_a_flow_that_changes_is_integrated():
    leaving = -math.log(0.75 / 1.2)
    closed = 10 * (1 - math.exp(-10 * leaving) * (1 + 10 * leaving)) / leaving**2
    assert value_of_flow(lambda t: 10 * t, periods=10, **FLOW) == pytest.approx(closed, rel=1e-9)
    assert value_of_flow(lambda t: 7.0, periods=2.5, **FLOW) == pytest.approx(
        value_of_flow(7, periods=2.5, **FLOW), rel=1e-9
    )


def test_a_flow_may_jump():
    stay = {"retention": 1.0, "discount_per_period": 0.0, "compounding": "continuous"}
    assert value_of_flow(lambda t: 3.0 * (t > 0.3), periods=1, **stay) == pytest.approx(2.1)


def test_a_flow_for_ever():
    assert value_of_flow(260, periods=math.inf, **FLOW) == pytest.approx(260 / -math.log(0.625))
    stay = {"retention": 1.0, "discount_per_period": 0.0, "compounding": "continuous"}
    assert value_of_flow(5, periods=4, **stay) == 20
    with pytest.raises(ValueError, match="no finite sum for ever"):
        value_of_flow(5, periods=math.inf, **stay)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"compounding": "yearly"}, "compounding is 'yearly', and must be 'per period'"),
        ({"promotion_at": None}, "promotion_at is None, and must be 'start', 'middle' or 'end'"),
        ({"periods_between": 0}, "periods_between is 0"),
        ({"retention": 75}, "write 0.75 for 75 %"),
        ({"sales": 1.5}, "sales is 1.5, and must be a whole number"),
        ({"first_margin": "soon"}, "'now' or 'after one period'"),
    ],
)
def test_sales_out_of_range_are_refused(change, message):
    with pytest.raises(ValueError, match=message):
        value_of_sales(260, **{"sales": 10, **CASE_1, **change})


def test_flows_out_of_range_are_refused():
    with pytest.raises(ValueError, match="must be above 0"):
        value_of_flow(5, periods=0, **FLOW)
    with pytest.raises(ValueError, match="need a finite horizon"):
        value_of_flow(lambda t: t, periods=math.inf, **FLOW)
    for margin_at in (lambda t: math.nan, lambda t: 1 / t, lambda t: math.sin(1e5 * t)):
        with pytest.raises(ValueError, match="is not finite somewhere, or changes too fast"):
            value_of_flow(margin_at, periods=1, **FLOW)
    with pytest.raises(ValueError, match="0 or more"):
        s_shaped_margin([-1], start=1, growth=1, bend=1, further=1)
    with pytest.raises(ValueError, match="no finite sum"):
        margin_multiple(1.0, 0.0, first_margin="now")
