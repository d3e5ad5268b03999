import pytest

from customer_insight.clv import period_inputs


@pytest.mark.parametrize("value", [-0.1, 1.1, float("nan"), True, "0.5", None])
def test_a_share_is_one_number_from_0_to_1(value):
    with pytest.raises(ValueError, match=r"retention is .*, and must be one share from 0 to 1"):
        period_inputs.share(value, "retention")


def test_shares_are_counted_and_placed_where_they_are_none():
    with pytest.raises(
        ValueError, match=r"repurchase: 2 of 3 values are no shares.* positions 0, 2"
    ):
        period_inputs.shares([30, 0.2, -0.1], "repurchase")
    with pytest.raises(ValueError, match="repurchase has 0 values"):
        period_inputs.shares([], "repurchase")


@pytest.mark.parametrize("rate", [-0.01, 10, float("nan"), "0.1"])
def test_a_discount_out_of_range_is_refused(rate):
    with pytest.raises(ValueError, match=r"0\.20 for 20 % a period"):
        period_inputs.discount_rate(rate)


def test_amounts_are_one_a_time_or_one_for_all():
    with pytest.raises(ValueError, match="margin has 2 values, and 3 are needed"):
        period_inputs.amounts([1, 2], 3, "margin")
    with pytest.raises(ValueError, match="one finite amount of money"):
        period_inputs.amounts(float("inf"), 3, "margin")


@pytest.mark.parametrize("periods", [-1, 1.0, True, 10_001])
def test_periods_are_whole(periods):
    with pytest.raises(ValueError, match="whole number from 0 to 10,000"):
        period_inputs.whole_periods(periods)


def test_the_first_margin_has_no_default():
    with pytest.raises(ValueError, match="'now' or 'after one period'"):
        period_inputs.first_period("later")


def test_for_ever_must_end():
    period_inputs.finite_for_ever(0.999, 0.0)
    with pytest.raises(ValueError, match="no finite sum for ever"):
        period_inputs.finite_for_ever(1.0, 0.0)
