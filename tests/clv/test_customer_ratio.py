import numpy as np
import pytest

from customer_insight.clv.customer_ratio import ratio_over_customers

OPTIONS = {"confidence": 0.95, "resamples": 1000, "seed": 1}


def test_it_is_the_ratio_of_the_totals_and_customers_are_drawn_whole():
    """With one invoice each, the interval is near the binomial one; with ten alike, as wide."""
    late = np.repeat([1, 0], [60, 140])
    found = ratio_over_customers(late, np.ones(200), "lateness", **OPTIONS)
    assert (found.estimate, found.n) == (0.3, 200)
    half = 1.96 * np.sqrt(0.3 * 0.7 / 200)
    assert found.low == pytest.approx(0.3 - half, abs=0.015)
    assert found.high == pytest.approx(0.3 + half, abs=0.015)
    ten = ratio_over_customers(10 * late, np.full(200, 10), "lateness", **OPTIONS)
    assert (ten.low, ten.high) == (found.low, found.high)


def test_row_order_does_not_matter():
    late, due = np.arange(30) % 4, np.arange(30) % 4 + np.arange(30) % 3 + 1
    one = ratio_over_customers(late, due, "lateness", **OPTIONS)
    assert ratio_over_customers(late[::-1], due[::-1], "lateness", **OPTIONS) == one


def test_a_ratio_without_variation_has_no_interval():
    with pytest.raises(ValueError, match="lateness is all or nothing over 12 customers"):
        ratio_over_customers(
            np.zeros(12), np.ones(12), "lateness", confidence=0.95, resamples=200, seed=1
        )
