import datetime as dt

import narwhals as nw
import numpy as np
import pandas as pd
import polars as pl
import pytest

from customer_insight.data.days import FIRST_DAY, LAST_DAY, day_number, day_numbers, day_rules
from customer_insight.data.violations import find_violations

EPOCH = dt.date(1970, 1, 1)


@pytest.mark.parametrize(
    ("as_of", "number"),
    [
        (dt.date(1970, 1, 1), 0),
        (dt.date(1969, 12, 31), -1),
        (dt.date(2000, 3, 1), 11017),
        (dt.datetime(1970, 1, 2, 23, 59), 1),
        (pd.Timestamp("1997-09-30"), 10134),
        (10134, 10134),
        (np.int64(-3), -3),
    ],
)
def test_a_date_or_a_whole_number_is_a_day(as_of, number):
    assert day_number(as_of) == number


@pytest.mark.parametrize(
    ("as_of", "kind"),
    [("1997-09-30", "str"), (True, "bool"), (10.0, "float"), (None, "NoneType"), (pd.NaT, "NaT")],
)
def test_anything_else_is_refused_with_what_to_pass(as_of, kind):
    with pytest.raises(ValueError, match=rf"as_of is a {kind}.*must be a date.*never guessed"):
        day_number(as_of)


def test_an_error_calls_the_day_by_its_name():
    for day in (None, 2**17, dt.datetime(2024, 1, 1, tzinfo=dt.UTC)):
        with pytest.raises(ValueError, match=r"^until (is|has)"):
            day_number(day, name="until")


def test_a_moment_with_a_zone_is_refused():
    with pytest.raises(ValueError, match=r"time zone.*pass its \.date\(\)"):
        day_number(dt.datetime(2024, 1, 1, tzinfo=dt.UTC))


@pytest.mark.parametrize("as_of", [19970930, 2**17, -(2**17) - 1])
def test_yyyymmdd_is_not_taken_for_days(as_of):
    with pytest.raises(ValueError, match=r"outside 1611-\d\d-\d\d to 2328-\d\d-\d\d.*YYYYMMDD"):
        day_number(as_of)


def test_every_day_of_the_range_has_the_number_the_standard_library_gives_it():
    numbers = range(FIRST_DAY.toordinal(), LAST_DAY.toordinal() + 1)
    dates = [dt.date.fromordinal(number) for number in numbers]
    frame = nw.from_native(pl.DataFrame({"d": dates})).select(n=day_numbers("d"))
    assert frame["n"].to_list() == [number - EPOCH.toordinal() for number in numbers]


def test_the_range_ends_where_the_limit_says():
    days = [FIRST_DAY, FIRST_DAY - dt.timedelta(1), LAST_DAY, LAST_DAY + dt.timedelta(1), None]
    frame = nw.from_native(pl.DataFrame({"d": days}))
    _, found = find_violations(frame, day_rules("d"))
    assert [(v.rule, v.positions) for v in found] == [
        ("day-missing", (4,)),
        ("day-out-of-range", (1, 3)),
    ]
