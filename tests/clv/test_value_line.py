import datetime as dt

import numpy as np
import pytest

from customer_insight.clv.value_line import ValueLine, described, line_values

BORDERS = (100, 200, 300)


def line(first=210, last=250, kind="explicit", values=(1.5,)):
    return ValueLine("later", "own", kind, first, last, values)


@pytest.mark.parametrize(
    ("first", "last", "part", "term", "rate"),
    [
        (1, 99, "historical", "past", 0.0),
        (100, 200, "current", "past", 0.0),
        (201, 300, "potential", "near", 0.1),
        (301, 999, "potential", "long", 0.1),
        (301, None, "potential", "long", 0.1),
    ],
)
def test_days_decide_part_term_and_discount(first, last, part, term, rate):
    found = described(line(first, last), np.array([2.0, 3.0]), BORDERS, 0.1)
    assert (found["part"], found["term"], found["discount_per_year"]) == (part, term, rate)
    assert found["total"] == 5.0


def test_booked_values_are_whole_and_expected_ones_are_not():
    assert line_values(line(1, 99, values=[2.0]), 1, 200).dtype == np.int64
    assert line_values(line(), 1, 200).tolist() == [1.5]


def test_dates_are_days():
    found = described(line(dt.date(1970, 7, 21), dt.date(1970, 8, 1)), np.ones(1), BORDERS, 0.0)
    assert (found["first_day"], found["last_day"]) == (201, 212)
