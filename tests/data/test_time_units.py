import pytest

from customer_insight.data.time_units import DAYS_PER_UNIT, check_unit, horizon_days


@pytest.mark.parametrize(("unit", "days"), DAYS_PER_UNIT.items())
def test_a_unit_has_its_days(unit, days):
    assert check_unit(unit) == days


@pytest.mark.parametrize("unit", ["month", "year", "weeks", "", None, 7])
def test_another_unit_is_refused_with_the_choices(unit):
    with pytest.raises(ValueError, match=r"must be one of 'day', 'week'.*Months and years"):
        check_unit(unit)


@pytest.mark.parametrize(
    ("horizon", "days"), [("52 weeks", 364), ("1 week", 7), ("365 days", 365), (" 2  weeks ", 14)]
)
def test_a_horizon_is_counted_in_days(horizon, days):
    assert horizon_days(horizon) == days


@pytest.mark.parametrize(
    "horizon", [52, "52", "12 months", "1 year", "0 weeks", "-1 weeks", "1.5 weeks", None]
)
def test_a_horizon_without_a_fixed_unit_is_refused(horizon):
    with pytest.raises(ValueError, match=r"'52 weeks' or '365 days'"):
        horizon_days(horizon)
