import numpy as np
import pytest

from customer_insight.clv.risk_premium import equivalent_premium


def test_a_constant_loss_is_a_falling_premium_and_a_growing_one_a_constant():
    flows = np.full(10, 500.0)
    once = equivalent_premium(flows, 0.9 * flows, discount_per_year=0.08)
    # of one year: (1 + i) / 0.9 - (1 + i)
    assert once[0] == pytest.approx(1.08 / 0.9 - 1.08)
    assert np.all(np.diff(once) < 0)
    growing = flows * 0.95 ** np.arange(1, 11)
    always = equivalent_premium(flows, growing, discount_per_year=0.08)
    np.testing.assert_allclose(always, 1.08 / 0.95 - 1.08, rtol=1e-9)


def test_a_premium_fitted_at_one_year_is_wrong_at_five():
    flows = np.full(5, 1000.0)
    premium = equivalent_premium(flows, 0.9 * flows, discount_per_year=0.1)
    padded = np.sum(flows * (1.1 + premium[0]) ** -np.arange(1.0, 6.0))
    true = np.sum(0.9 * flows * 1.1 ** -np.arange(1.0, 6.0))
    assert padded / true == pytest.approx(0.837, abs=0.005)


def test_no_risk_is_no_premium():
    assert equivalent_premium([5.0, 5.0], [5.0, 5.0], discount_per_year=0.1).tolist() == [0.0, 0.0]


@pytest.mark.parametrize("certain", [[0.0, 90.0], [-5.0, 90.0], [101.0, 90.0], [90.0]])
def test_flows_that_no_rate_explains_are_refused(certain):
    with pytest.raises(ValueError, match="No discount rate makes a flow worth nothing"):
        equivalent_premium([100.0, 100.0], certain, discount_per_year=0.1)
