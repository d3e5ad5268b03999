import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from customer_insight.stats.concentration import gini, lorenz, top_share, weighted_gini
from customer_insight.stats.resampling import bootstrap_interval

amounts = st.lists(st.integers(0, 9), min_size=1, max_size=20).filter(any)


def test_gini_of_the_incomes_in_the_manual_of_r_package_ineq():
    incomes = [541, 1463, 2445, 3438, 4437, 5401, 6392, 8304, 11904, 22261]
    assert gini(incomes) == pytest.approx(0.4620911, abs=5e-8)


def test_gini_with_ties_in_the_manual_of_r_package_phylotools():
    assert gini([1, 3, 2, 1, 1, 1, 4]) == pytest.approx(0.3076923, abs=5e-8)


@pytest.mark.parametrize(
    ("values", "by_hand"),
    [([1, 2, 3, 4, 5], 4 / 15), ([0, 0, 0, 1], 3 / 4), ([2, 2, 2], 0.0), ([7], 0.0)],
)
def test_gini_by_hand(values, by_hand):
    assert gini(values) == pytest.approx(by_hand, abs=1e-15)


def test_gini_of_equal_values_is_exactly_zero():
    assert gini([0.1] * 7) == 0.0


@given(amounts)
def test_gini_is_the_mean_difference_and_twice_the_area_of_the_lorenz_curve(values):
    column = np.array(values, float)
    pairs = np.abs(column[:, None] - column).sum() / (2 * column.size**2 * column.mean())
    curve = lorenz(values)
    area = np.trapezoid(curve.share_of_total, curve.share_of_customers)
    assert gini(values) == pytest.approx(pairs, abs=1e-12)
    assert gini(values) == pytest.approx(1 - 2 * area, abs=1e-12)


def test_lorenz_by_hand():
    curve = lorenz([4, 0, 1, 1, 0, 4])
    assert curve.share_of_customers.tolist() == pytest.approx([0, 1 / 3, 2 / 3, 1])
    assert curve.share_of_total.tolist() == pytest.approx([0, 0, 0.2, 1])


@pytest.mark.parametrize(
    ("top", "by_hand"), [(0.25, 0.6), (0.5, 0.9), (0.125, 0.3), (0.375, 0.75), (0.75, 1.0)]
)
def test_top_share_by_hand_with_a_fraction_of_the_border_customer(top, by_hand):
    assert top_share([0, 1, 3, 6], top=top) == pytest.approx(by_hand)


def test_top_share_of_equals_is_what_they_are():
    for n in (1, 3, 7, 30, 1001):
        assert top_share([0.3] * n) == 0.1


@given(amounts, st.randoms(use_true_random=False))
def test_row_order_changes_no_byte(values, random):
    shuffled = random.sample(values, len(values))
    assert gini(values) == gini(shuffled)
    assert top_share(values) == top_share(shuffled)
    assert lorenz(values).equals(lorenz(shuffled))


@pytest.mark.parametrize("measure", [gini, lorenz, top_share])
@pytest.mark.parametrize(
    ("values", "message"),
    [
        ([0, 0, 0], "all 3 values are 0, so there is no total to share out"),
        ([1, -1], "1 of 2 values are negative, at positions 1 .*take returns out"),
        ([1, np.nan], "1 of 2 values are missing"),
        ([], "at least 1 are needed"),
    ],
)
def test_what_has_no_concentration_is_refused(measure, values, message):
    with pytest.raises(ValueError, match=message):
        measure(values)


def test_per_cent_is_refused():
    with pytest.raises(ValueError, match="top is 10, and must be a share"):
        top_share([1, 2], top=10)


def test_gini_has_a_bootstrap_interval():
    values = np.random.default_rng(1).exponential(size=300)
    interval = bootstrap_interval(values, statistic=weighted_gini, seed=1)
    assert interval.estimate == gini(values)
    assert interval.low < 0.5 < interval.high
