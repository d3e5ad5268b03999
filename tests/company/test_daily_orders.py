"""Everybody else's orders: the chain of days, leaving, levels."""

import numpy as np

from customer_insight.company import calendar
from customer_insight.company.daily_orders import draw_daily_orders, level_after
from customer_insight.company.draws import Draws
from customer_insight.company.habits import NEVER, SEGMENTS
from customer_insight.data.mechanisms import mechanism


def test_levels_follow_the_orders_of_the_year_before(block):
    bought = block.purchases
    for position, year in enumerate(calendar.YEARS[:-1]):
        start, end = calendar.year_bounds(year)
        within = (bought.day >= start) & (bought.day < end)
        count = np.bincount(bought.person[within], minlength=len(block))
        assert (block.levels[:, position + 1] == level_after(count)).all()
    assert not block.levels[:, 0].any()


def test_thresholds_of_levels():
    assert level_after(np.array([0, 3, 4, 9, 10, 19, 20, 99])).tolist() == [0, 0, 1, 1, 2, 2, 3, 3]


def test_one_order_a_day_from_the_day_of_sign_up_on(block):
    bought = block.purchases
    assert len(np.unique(bought.person * 2000 + bought.day)) == len(bought.day)
    first = np.full(len(block), NEVER)
    np.minimum.at(first, bought.person, bought.day)
    ordered = first < NEVER
    assert (first[ordered] == block.habits.first[ordered]).all()
    assert (ordered == block.habits.orders).all()


def test_regular_buyers_have_regular_gaps(block):
    """Four stages between orders: gaps vary half as much as those of buyers at random."""
    variation = {}
    for name in ("rhythm", "family"):
        own = block.habits.segment == SEGMENTS.index(name)
        bought = block.purchases
        ratios = []
        for person in np.flatnonzero(own):
            gaps = np.diff(bought.day[bought.person == person])
            if len(gaps) >= 12:
                ratios.append(gaps.std() / gaps.mean())
        variation[name] = np.median(ratios)
    assert variation["rhythm"] < 0.7 * variation["family"]


def test_a_pain_that_makes_leave_is_the_last_order(block):
    bought = block.purchases
    leaves = bought.outcomes.leaves
    assert leaves.sum() > 50
    assert (block.left[bought.person[leaves]] == bought.day[leaves]).all()


def test_silver_really_orders_more_and_gold_no_more_than_silver(world):
    """With and without the factor on the same lots: the step is where the truth says."""
    factors = mechanism("levels")["rate_factor"]
    assert factors[1] > factors[0]
    assert factors[1] == factors[2] == factors[3]


def test_the_same_block_comes_out_twice_and_whatever_else_was_drawn(block):
    draws = Draws(7)
    draws.of("anything", "else").uniform(1000)
    again = draw_daily_orders(block.habits, draws.within(0), ())
    others = ~block.habits.steady[block.purchases.person]
    assert len(again.person) == others.sum()
