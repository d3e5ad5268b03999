import dataclasses

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from customer_insight.clv.acquire_or_retain import AcquireOrRetain, ResponseCurve

FIRM = AcquireOrRetain(
    acquisition=ResponseCurve.from_answers(spend=500, rate=0.2, ceiling=0.4),
    retention=ResponseCurve.from_answers(spend=1000, rate=0.5, ceiling=0.7),
    margin=5000,
    discount_per_year=0.15,
    prospects=10_000,
    customers=2_000,
)


def test_two_answers_fix_the_curve():
    curve = ResponseCurve.from_answers(spend=500, rate=0.2, ceiling=0.4)
    assert curve.k == pytest.approx(np.log(2) / 500)
    np.testing.assert_allclose(curve.rate([0, 500, 1000, 1e9]), [0, 0.2, 0.3, 0.4])
    step = 1e-3
    rise = (curve.rate(700 + step) - curve.rate(700 - step)) / (2 * step)
    assert curve.slope(700) == pytest.approx(float(rise), rel=1e-6)


@pytest.mark.parametrize(
    ("spend", "rate", "ceiling"),
    [
        (500, 0.4, 0.4),  # at the ceiling: any large k
        (500, 0.398, 0.4),
        (500, 0.5, 0.4),
        (0, 0.2, 0.4),  # no spend: any k
        (500, 0.0, 0.4),
        (500, 0.2, 1.4),
        (500, 20, 40),
        (float("nan"), 0.2, 0.4),
    ],
)
def test_answers_that_do_not_fix_the_curve_are_refused(spend, rate, ceiling):
    with pytest.raises(ValueError, match="which fix no steepness"):
        ResponseCurve.from_answers(spend=spend, rate=rate, ceiling=ceiling)


def test_value_is_the_sum_over_the_years_of_the_paper():
    """Blattberg and Deighton: ``a m - A + a (m - R / r) (r' / (1 - r'))``, ``r' = r / (1 + d)``."""
    A, R, m, d = 600.0, 1200.0, 5000.0, 0.15
    a, r = FIRM.acquisition.rate(A), FIRM.retention.rate(R)
    discounted = r / (1 + d)
    paper = a * m - A + a * (m - R / r) * discounted / (1 - discounted)
    years = np.arange(1, 400)
    flows = np.sum((r**years * m - r ** (years - 1) * R) / (1 + d) ** years)
    assert FIRM.current_value(R) == pytest.approx(flows)
    newcomers = FIRM.equity(A, R) - FIRM.customers * FIRM.current_value(R)
    assert newcomers == pytest.approx(FIRM.prospects * paper)


def test_at_the_best_spend_both_marginal_costs_equal_the_newcomers_value():
    """The optimality conditions that Pfeifer (2005) shows of the model."""
    acquisition, retention = FIRM.best_spend()
    value = FIRM.newcomer_value(retention)
    assert 1 / FIRM.acquisition.slope(acquisition) == pytest.approx(value, rel=1e-8)
    assert 1 / FIRM.retention.slope(retention) == pytest.approx(value, rel=1e-8)
    grid = np.linspace(0, 6000, 601)
    assert FIRM.equity(grid[:, None], grid).max() <= FIRM.equity(acquisition, retention)


def test_who_costs_more_than_the_first_one_brings_is_not_courted():
    dear = ResponseCurve(0.4, 1e-6)
    assert dataclasses.replace(FIRM, acquisition=dear, retention=dear).best_spend() == (0.0, 0.0)


def test_the_budget_of_the_best_spend_is_split_as_the_best_spend_is():
    acquisition, retention = FIRM.best_spend()
    budget = FIRM.prospects * acquisition + FIRM.customers * retention
    found = FIRM.best_split(budget)
    assert found.acquisition == pytest.approx(acquisition, rel=1e-5)
    assert found.retention == pytest.approx(retention, rel=1e-5)


rates = st.tuples(st.floats(0.05, 0.9), st.floats(0.1, 0.95))


@settings(max_examples=50, deadline=None)
@given(rates, rates, st.floats(10, 1e6), st.floats(0.02, 0.5), st.floats(1e3, 1e8))
def test_no_fixed_split_is_better_and_the_flat_range_holds_the_best(new, old, margin, rate, budget):
    firm = AcquireOrRetain(
        acquisition=ResponseCurve.from_answers(spend=500, rate=new[0] * new[1], ceiling=new[1]),
        retention=ResponseCurve.from_answers(spend=800, rate=old[0] * old[1], ceiling=old[1]),
        margin=margin,
        discount_per_year=rate,
        prospects=5000,
        customers=3000,
    )
    shares = np.linspace(0, 1, 500)
    every = firm.equity(shares * budget / 5000, (1 - shares) * budget / 3000)
    assume(every.max() > 0)
    found = firm.best_split(budget)
    assert found.equity >= every.max() - 1e-6 * abs(every.max())
    spent = found.acquisition * 5000 + found.retention * 3000
    assert spent == pytest.approx(budget)
    (low, high), (lower, higher) = found.within[0.01], found.within[0.05]
    assert lower <= low <= found.acquisition_share <= high <= higher
    inside = (shares > low) & (shares < high)
    assert np.all(every[inside] >= 0.99 * found.equity - 1e-6 * found.equity)


def test_at_the_ends_of_the_flat_range_just_that_much_is_lost():
    found = FIRM.best_split(8_000_000)
    for loss, ends in found.within.items():
        for share in ends:
            equity = FIRM.equity(share * 8e6 / 10_000, (1 - share) * 8e6 / 2_000)
            assert equity == pytest.approx((1 - loss) * found.equity)
    one, five = (np.ptp(found.within[loss]) for loss in (0.01, 0.05))
    # near its best the equity falls as the square of the distance
    assert five / one == pytest.approx(np.sqrt(5), rel=0.1)


def test_a_budget_that_costs_more_than_it_brings_is_refused():
    with pytest.raises(ValueError, match="no split of the budget has an equity above 0"):
        FIRM.best_split(1e12)
    for budget in (0, -5, float("inf"), "8"):
        with pytest.raises(ValueError, match="must be money above 0"):
            FIRM.best_split(budget)


@pytest.mark.parametrize("wrong", [{"margin": 0}, {"prospects": -1}, {"customers": float("nan")}])
def test_a_firm_without_margin_or_heads_is_refused(wrong):
    (name,) = wrong
    with pytest.raises(ValueError, match=f"{name} is .*, and must be above 0"):
        dataclasses.replace(FIRM, **wrong)


def test_for_ever_needs_a_discount_and_a_curve_a_steepness():
    with pytest.raises(ValueError, match="for ever and without a discount"):
        dataclasses.replace(FIRM, discount_per_year=0.0)
    with pytest.raises(ValueError, match="the ceiling must lie above 0 and up to 1"):
        ResponseCurve(1.2, 0.1)
