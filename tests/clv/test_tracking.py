import numpy as np
import pytest

from customer_insight.clv import BGNBD, ParetoNBD
from customer_insight.clv.tracking import expected_cumulative_purchases

BG = BGNBD.from_parameters(unit="week", r=0.243, alpha=4.414, a=0.793, b=2.426)
PARETO = ParetoNBD.from_parameters(unit="week", r=0.553, alpha=10.578, s=0.606, beta=11.669)


def test_each_customer_enters_with_the_day_of_the_first_purchase():
    starts, days = [0, 0, 10, 40], [5, 30, 45]
    by_hand = [
        sum(BG.expected_purchases_of_new(f"{day - start} days") for start in starts if day > start)
        for day in days
    ]
    found = expected_cumulative_purchases(BG, starts, days)
    assert found == pytest.approx(by_hand, rel=1e-14)


@pytest.mark.parametrize("model", [BG, PARETO])
def test_it_is_the_mean_of_simulated_cohorts(model):
    starts = np.repeat(np.arange(0, 84, 7), 2000)
    observed = (280 - starts) / 7
    drawn = model.simulate(observed, seed=1)["repeat_purchases"]
    (expected,) = expected_cumulative_purchases(model, starts, [280])
    standard_error = drawn.std() * np.sqrt(len(drawn))
    assert abs(drawn.sum() - expected) < 4 * standard_error


def test_order_of_customers_does_not_matter_and_the_line_rises():
    starts = np.random.default_rng(3).integers(0, 60, 500)
    days = np.arange(0, 400, 20)
    found = expected_cumulative_purchases(BG, starts, days)
    assert found.tolist() == expected_cumulative_purchases(BG, np.sort(starts), days).tolist()
    assert np.all(np.diff(found) > 0)


@pytest.mark.parametrize("starts", [[], [1.5], [[1, 2]], ["3"]])
def test_days_that_are_not_whole_numbers_are_refused(starts):
    with pytest.raises(ValueError, match="first_days must be one column of whole days"):
        expected_cumulative_purchases(BG, starts, [10])
