"""What each of the three models of buying and leaving says of the purchases to come."""

import numpy as np
import pytest

from customer_insight.clv import BGNBD, MBGNBD, ParetoNBD

MODELS = [BGNBD, MBGNBD, ParetoNBD]
CUSTOMERS = [(0, 0, 39), (2, 30.43, 38.86), (9, 38, 39), (40, 60, 104)]

pytestmark = pytest.mark.parametrize("kind", MODELS)


def test_counts_sum_to_one_and_their_mean_is_the_expectation(kind, truth, one):
    model, summary = truth(kind), one(*CUSTOMERS)
    counts = model.conditional_count_distribution(summary, horizon="26 weeks", most=600)
    np.testing.assert_allclose(counts.sum(axis=1), 1, rtol=1e-12)
    np.testing.assert_allclose(
        counts @ np.arange(601), model.expected_purchases(summary, horizon="26 weeks"), rtol=1e-11
    )
    new = model.purchase_count_distribution("26 weeks", most=1000)
    assert new.sum() == pytest.approx(1, abs=1e-12)
    assert new @ np.arange(1001) == pytest.approx(
        model.expected_purchases_of_new("26 weeks"), rel=1e-11
    )


def test_the_counts_expected_of_cdnow_are_about_those_seen(kind, cdnow_weeks):
    model = kind().fit(cdnow_weeks)
    wanted = np.bincount(cdnow_weeks["repeat_purchases"].to_numpy(), minlength=8)[:7]
    found = model.expected_customers_by_count(cdnow_weeks, most=6)
    np.testing.assert_allclose(found, wanted, atol=50)


def test_questions_before_fitting_and_in_another_unit_are_refused(kind, truth, cdnow_days):
    with pytest.raises(ValueError, match=f"this {kind.__name__} is not fitted yet"):
        kind().expected_purchases(cdnow_days, horizon="1 day")
    with pytest.raises(ValueError, match="in days, and the model was fitted in weeks"):
        truth(kind).probability_alive(cdnow_days)


@pytest.mark.parametrize("horizon", [52, "12 months"])
def test_a_horizon_without_a_fixed_unit_is_refused(kind, truth, cdnow_weeks, horizon):
    with pytest.raises(ValueError, match="'52 weeks' or '365 days'"):
        truth(kind).expected_purchases(cdnow_weeks, horizon=horizon)


@pytest.mark.parametrize("most", [-1, 1.5, True, 1001])
def test_a_count_out_of_range_is_refused(kind, truth, most):
    with pytest.raises(ValueError, match="must be a whole number from 0 to 1,000"):
        truth(kind).purchase_count_distribution("1 week", most=most)
