"""The company's calendar."""

import datetime as dt

import numpy as np

from customer_insight.company import calendar
from customer_insight.data.mechanisms import mechanism


def place(date):
    return (date - calendar.EPOCH).days - calendar.FIRST_DAY


def test_the_calendar_reaches_from_2022_to_the_end_of_the_year_after_the_data():
    assert calendar.dates()[0] == dt.date(2022, 1, 1)
    assert calendar.dates()[-1] == dt.date(2025, 12, 31)
    assert calendar.dates()[calendar.DAYS - 1] == dt.date(2024, 12, 31)
    assert calendar.months()[[0, 31, -1]].tolist() == [0, 1, 47]
    assert calendar.year_bounds(2024) == (730, 1096)


def test_level_season_has_no_season():
    level = calendar.busyness()[calendar.season_types().index("level")]
    assert (level == 1000).all()


def test_gift_days_come_before_spring_festival_on_its_moving_date():
    gift = calendar.busyness()[calendar.season_types().index("gift")]
    for festival in mechanism("season")["festivals"]["spring_festival"]:
        day = place(festival)
        before, after = gift[day - 10 : day - 3].mean(), gift[day : day + 8].mean()
        assert before > 8 * after


def test_a_sale_takes_from_the_days_around_it():
    deal = calendar.busyness()[calendar.season_types().index("deal")]
    day = place(dt.date(2023, 11, 11))
    assert deal[day] > 10 * deal[day - 10]
    assert deal[day + 5] < deal[day + 40]


def test_carriers_are_crowded_after_double_eleven_and_not_in_march():
    crowded = calendar.crowded()
    assert crowded[place(dt.date(2024, 11, 14))]
    assert not crowded[place(dt.date(2024, 3, 14))]
    assert 0.05 < np.mean(crowded) < 0.12
