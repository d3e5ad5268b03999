import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from customer_insight.clv import ShiftedBetaGeometric
from customer_insight.clv.constant_retention import RetentionGroups, constant_retention_error

# Fader and Hardie (2007): the "high end" and "regular" customers.
HIGH_END = ShiftedBetaGeometric.from_parameters(alpha=0.668, beta=3.806)
REGULAR = ShiftedBetaGeometric.from_parameters(alpha=0.704, beta=1.182)
CASE = {"margin_per_period": 100, "discount_per_period": 0.1, "first_margin": "now"}

two_groups = st.tuples(st.floats(0.01, 0.99), st.floats(0.05, 0.95), st.floats(0.05, 0.95))


def test_two_groups_by_hand():
    groups = RetentionGroups.checked([0.5, 0.5], [0.9, 0.5])
    found = constant_retention_error(groups, **CASE)
    assert found.average_retention == pytest.approx(0.7)
    assert found.value_by_average == pytest.approx(100 * 1.1 / 0.4)
    assert found.value_of_mixture == pytest.approx(100 * (1.1 / 0.2 + 1.1 / 0.6) / 2)
    assert found.relative_error == pytest.approx(-0.25)
    assert found.error == pytest.approx(275 - 366.6666667)


@given(two_groups, st.integers(0, 6), st.integers(0, 30) | st.none())
@settings(max_examples=80, deadline=None)
def test_one_rate_never_overvalues_those_on_whom_it_was_measured(groups, renewed, periods):
    share, one, other = groups
    base = RetentionGroups.checked([share, 1 - share], [one, other])
    found = constant_retention_error(base, periods=periods, renewed=renewed, **CASE)
    assert found.error <= 1e-9 * found.value_of_mixture
    assert (np.diff(base.retention_rate(8)) >= -1e-12).all()


def test_equal_groups_make_no_error():
    base = RetentionGroups.checked([0.3, 0.7], [0.8, 0.8])
    assert constant_retention_error(base, **CASE).error == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize("base", [HIGH_END, REGULAR])
def test_the_published_contracts_are_worth_more_than_their_average_says(base):
    new = constant_retention_error(base, **CASE)
    assert new.average_retention == base.retention_rate(1)[0]
    assert new.value_of_mixture == 100 * base.discounted_expected_lifetime(discount_per_year=0.1)
    assert new.relative_error < -0.15


def test_the_rate_of_old_customers_overvalues_new_ones():
    old = constant_retention_error(REGULAR, measured_after=5, **CASE)
    assert old.average_retention == pytest.approx(REGULAR.retention_rate(6)[5])
    assert old.renewed == 0
    assert old.measured_after == 5
    assert old.relative_error > 0.4


def test_after_renewals_the_mixture_is_that_of_the_residual_lifetime():
    residual = HIGH_END.discounted_expected_residual_lifetime([3], discount_per_year=0.1)[0]
    # right before the next renewal: who renews is then worth a contract that has renewed four times
    renewed = constant_retention_error(HIGH_END, renewed=4, **CASE)
    stays = HIGH_END.retention_rate(4)[3]
    assert renewed.value_of_mixture == pytest.approx(100 * residual / stays)


def test_a_horizon_sums_the_survivors():
    found = constant_retention_error(REGULAR, periods=12, **CASE)
    by_hand = (REGULAR.survival(12) / 1.1 ** np.arange(13)).sum()
    assert found.value_of_mixture == pytest.approx(100 * by_hand)
    later = constant_retention_error(
        REGULAR, periods=12, **{**CASE, "first_margin": "after one period"}
    )
    assert later.value_of_mixture == pytest.approx(100 * (by_hand - 1))
    assert found.value_by_average - later.value_by_average == pytest.approx(100)


def test_groups_stay_what_they_are_while_their_shares_move():
    groups = RetentionGroups.checked([0.5, 0.5], [0.9, 0.5]).after(2)
    np.testing.assert_allclose(groups.shares, [0.81 / 1.06, 0.25 / 1.06])
    assert groups.retention.tolist() == [0.9, 0.5]


def test_what_is_no_base_is_refused():
    with pytest.raises(ValueError, match=r"2 group_shares adding up to 0\.9 and 2 retention rates"):
        RetentionGroups.checked([0.5, 0.4], [0.9, 0.5])
    with pytest.raises(ValueError, match="each group needs one of both"):
        RetentionGroups.checked([0.5, 0.5], [0.9])
    gone = RetentionGroups.checked([1.0], [0.0])
    with pytest.raises(ValueError, match="nobody is left of these groups after 1 renewals"):
        constant_retention_error(gone, renewed=1, **CASE)
    with pytest.raises(ValueError, match="everybody has left"):
        gone.retention_rate(2)
    with pytest.raises(ValueError, match="value of the mixture is not above 0"):
        constant_retention_error(gone, **{**CASE, "first_margin": "after one period"})
    with pytest.raises(ValueError, match="base is a float, and must be a ShiftedBetaGeometric"):
        constant_retention_error(0.8, **CASE)
    with pytest.raises(ValueError, match="measured_after is -1"):
        constant_retention_error(HIGH_END, measured_after=-1, **CASE)
