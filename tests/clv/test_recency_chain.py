import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from customer_insight.clv.cohort_value import always_a_share
from customer_insight.clv.recency_chain import (
    long_run_values,
    recency_values,
    state_shares,
    transition_matrix,
)

PUBLISHED = [0.3, 0.2, 0.15, 0.05]
CASE = {"margin_per_purchase": 40, "contact_cost": 4, "discount_per_period": 0.2}

chances = st.lists(st.floats(0.0, 1.0), min_size=1, max_size=6)


@pytest.mark.parametrize(
    ("periods", "published"),
    [(4, [50.115, 4.220, 0.592, -1.980, 0]), (None, [52.320, 5.554, 1.251, -1.820, 0])],
)
def test_pfeifer_and_carraway_2000_values_by_recency(periods, published):
    found = recency_values(PUBLISHED, periods=periods, **CASE)
    assert found.round(3).tolist() == published


@given(chances, st.integers(0, 12))
@settings(max_examples=50, deadline=None)
def test_the_cohort_recursion_is_the_power_of_the_matrix(repurchase, periods):
    cohort = always_a_share(1000, repurchase, periods=periods, first_margin="now", **CASE)
    matrix = transition_matrix(repurchase)
    np.testing.assert_allclose(matrix.sum(axis=1), 1.0)
    for t in range(periods + 1):
        power = np.linalg.matrix_power(matrix, t)[0]
        assert cohort["buyers"][t] == pytest.approx(1000 * power[0], rel=1e-9, abs=1e-9)
        assert cohort["contacted"][t] == pytest.approx(1000 * power[:-1].sum(), rel=1e-9, abs=1e-9)
        np.testing.assert_allclose(state_shares(repurchase, periods=t)[-1], power, atol=1e-12)
    value = recency_values(repurchase, periods=periods, **CASE)[0]
    assert cohort["cumulative"].iloc[-1] == pytest.approx(1000 * value, rel=1e-9, abs=1e-6)


@given(chances)
@settings(max_examples=50, deadline=None)
def test_a_long_horizon_is_for_ever(repurchase):
    long, ever = (recency_values(repurchase, periods=n, **CASE) for n in (300, None))
    np.testing.assert_allclose(long, ever, atol=1e-9)


def test_over_no_period_only_the_present_counts():
    assert recency_values(PUBLISHED, periods=0, **CASE).tolist() == [36, -4, -4, -4, 0]


def test_who_always_comes_back_needs_a_discount():
    with pytest.raises(ValueError, match="no finite sum for ever"):
        recency_values([0.5, 1.0], periods=None, **{**CASE, "discount_per_period": 0.0})
    with_discount = long_run_values(transition_matrix([1.0]), np.array([1.0, 0.0]), 0.25)
    assert with_discount[0] == pytest.approx(5)


def test_arguments_out_of_range_are_refused():
    with pytest.raises(ValueError, match="repurchase: 1 of 2 values are no shares"):
        transition_matrix([0.3, 20])
    with pytest.raises(ValueError, match="margin_per_purchase is None"):
        recency_values(PUBLISHED, periods=1, **{**CASE, "margin_per_purchase": None})
    with pytest.raises(ValueError, match=r"periods is 2\.5"):
        state_shares(PUBLISHED, periods=2.5)
