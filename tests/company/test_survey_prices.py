"""Prices as people name them, and how they are ordered."""

import numpy as np

from customer_insight.company.survey_prices import LIMITS, listed, named_price
from customer_insight.data.mechanisms import mechanism


def test_prices_are_named_in_the_steps_of_their_size():
    exact = np.array([3.0, 1_974.0, 2_100.0, 19_700.0, 20_400.0, 250_000.0])
    assert named_price(exact).tolist() == [50, 1950, 2000, 19500, 20000, 250000]


def test_articles_are_of_three_sizes_of_price(world):
    goods, _ = world
    price = listed(goods)
    assert len(price) == len(mechanism("willingness")["products"])
    assert (price[1:] > 2 * price[:-1]).all()


def test_the_stated_limits_rise_and_enclose_the_willingness_to_pay():
    times = mechanism("willingness")["limits"]
    assert len(times) == len(LIMITS)
    assert times == sorted(times)
    assert times[2] < 1 < times[3]
