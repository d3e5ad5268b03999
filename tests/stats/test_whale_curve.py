import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from customer_insight.stats.whale_curve import whale_curve

profits = st.lists(st.integers(-(10**6), 10**6), min_size=1, max_size=30)


def test_curve_by_hand():
    found = whale_curve([-20, 60, 0, 40, -20])
    assert found.curve["share_of_customers"].tolist() == [0, 0.2, 0.4, 0.6, 1.0]
    assert found.curve["cumulative_profit"].tolist() == [0, 60, 100, 100, 60]
    assert found.curve["share_of_total"].tolist() == pytest.approx([0, 1, 100 / 60, 100 / 60, 1])
    assert (found.total, found.peak, found.loss) == (60, 100, 40)
    assert (found.share_profitable, found.share_costing) == (0.4, 0.4)
    assert found.peak_of_total == pytest.approx(5 / 3)


def test_the_largest_spread_in_kaplan_and_narayanan():
    # a fifth of customers makes 300 % of the profit, 70 % break even, a tenth loses 200 % of it
    found = whale_curve([15] * 20 + [0] * 70 + [-20] * 10)
    assert found.peak_of_total == 3.0
    assert (found.share_profitable, found.share_costing) == (0.2, 0.1)
    assert found.loss == 2 * found.total


@given(profits)
def test_the_curve_ends_at_the_total_and_nowhere_rises_above_the_peak(values):
    found = whale_curve(values)
    money = found.curve["cumulative_profit"].to_numpy()
    assert money[-1] == found.total == sum(values)
    assert money.max() == max(found.peak, 0) == found.total + found.loss
    assert found.share_costing + found.share_profitable <= 1


@given(profits, st.randoms(use_true_random=False))
def test_row_order_changes_no_byte(values, random):
    shuffled = random.sample(values, len(values))
    assert whale_curve(shuffled).curve.equals(whale_curve(values).curve)


def test_shares_of_a_loss_are_not_stated():
    found = whale_curve([10, -30])
    assert np.isnan(found.peak_of_total)
    assert found.curve["share_of_total"].isna().all()
    assert found.curve["cumulative_profit"].tolist() == [0, 10, -20]


@pytest.mark.parametrize(
    ("values", "message"),
    [([], "at least 1 are needed"), ([1, np.nan], "1 of 2 values are missing")],
)
def test_what_is_no_profit_is_refused(values, message):
    with pytest.raises(ValueError, match=message):
        whale_curve(values)
