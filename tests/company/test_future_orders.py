"""The expected future is the mean of many futures."""

from dataclasses import replace

import numpy as np

from customer_insight.company import calendar
from customer_insight.company.daily_orders import draw_daily_orders
from customer_insight.company.draws import Draws
from customer_insight.company.future_orders import expected_daily_orders, expected_steady_orders
from customer_insight.company.habits import SEGMENTS, draw_habits
from customer_insight.company.steady_orders import draw_steady_orders

END = 729


def many(segment, draws, size=30_000, **numbers):
    """Return people who are all alike, signed up on the first day."""
    tier = np.full(size, 1)
    drawn = draw_habits(tier, np.full(size, 900), draws)
    alike = np.flatnonzero((drawn.segment == SEGMENTS.index(segment)) & drawn.orders)[0]
    same = drawn.of(np.full(size, alike))
    whole = {name: np.full(size, value) for name, value in numbers.items()}
    return replace(same, first=np.zeros(size, dtype=np.int64), **whole)


def test_random_and_regular_buyers():
    for segment, rate in (("bargain", 9.0), ("rhythm", 16.0)):
        habits = many(segment, Draws(1), rate=rate, leaving=0.0008)
        orders = draw_daily_orders(habits, Draws(2), (END,))
        state = orders.states[END]
        days = slice(END + 1, calendar.DAYS)
        spend = np.ones((len(habits), calendar.DAYS - END - 1))
        expected, amount = expected_daily_orders(habits, state, days, spend)
        came = np.bincount(orders.person[orders.day > END], minlength=len(habits))
        error = (came - expected).std() / np.sqrt(len(came))
        assert abs(came.mean() - expected.mean()) < 4 * error
        np.testing.assert_allclose(amount, expected)
        assert not expected[~state.alive].any()


def test_steady_buyers_by_the_published_formula():
    habits = many("steady", Draws(1), rate=9.0, leaves_after=0.2)
    person, day, left = draw_steady_orders(habits, Draws(3))
    alive = left > END
    expected = expected_steady_orders(habits, alive, calendar.DAYS - END - 1)
    came = np.bincount(person[day > END], minlength=len(habits))
    assert not came[~alive].any()
    error = (came - expected).std() / np.sqrt(len(came))
    # A second purchase on one day is not made: about 9 / 365 / 2 of them, and no coin for them.
    assert abs(came.mean() / expected.mean() - 1) < 4 * error / expected.mean() + 0.013
