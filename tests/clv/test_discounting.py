import numpy as np
import pytest

from customer_insight.clv.discounting import (
    Schedule,
    check_discount,
    continuous_rate,
    weekly_schedule,
)


def test_a_year_of_weeks_and_its_last_short_week():
    schedule = weekly_schedule("365 days", 0.10, unit="week")
    assert len(schedule.ends) == 53
    assert schedule.ends[-1] == pytest.approx(365 / 7)
    assert schedule.factors[-1] == pytest.approx(1.1 ** (-365 / 365.25))


def test_days_and_weeks_are_the_same_schedule():
    days, weeks = (weekly_schedule("52 weeks", 0.1, unit=unit) for unit in ("day", "week"))
    np.testing.assert_allclose(days.ends, 7 * weeks.ends)
    assert days.factors.tolist() == weeks.factors.tolist()


def test_weights_sum_by_parts():
    schedule = Schedule(np.array([1.0, 2.0, 3.0]), np.array([0.9, 0.8, 0.7]))
    cumulative = np.array([5.0, 7.0, 8.0])
    by_step = np.diff(cumulative, prepend=0) @ schedule.factors
    assert schedule.weights @ cumulative == pytest.approx(by_step)


def test_the_continuous_rate_compounds_to_the_yearly_one():
    assert np.expm1(continuous_rate(0.15, unit="day") * 365.25) == pytest.approx(0.15)


@pytest.mark.parametrize("bad", [-0.1, 10, "ten", None, float("nan")])
def test_a_discount_that_is_none_is_refused(bad):
    with pytest.raises(ValueError, match=r"must be a rate such as 0\.10 for 10 % a year"):
        check_discount(bad)


def test_for_ever_needs_a_discount():
    with pytest.raises(ValueError, match="for ever and without a discount"):
        continuous_rate(0, unit="week")


@pytest.mark.parametrize(
    ("ends", "factors", "message"),
    [
        ([1, 2], [1.0], "equal length"),
        ([], [], "equal length"),
        ([2, 1], [1, 1], "rise from above 0"),
        ([0, 1], [1, 1], "rise from above 0"),
        ([1, np.inf], [1, 1], "finite"),
        ([1, 2], [1, 1.1], "between 0 and 1"),
    ],
)
def test_a_schedule_out_of_order_is_refused(ends, factors, message):
    with pytest.raises(ValueError, match=message):
        Schedule.checked(ends, factors)
