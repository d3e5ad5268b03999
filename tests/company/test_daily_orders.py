"""Everybody else's orders: the chain of days, leaving, levels."""

import numpy as np

from customer_insight.company import calendar
from customer_insight.company.daily_orders import draw_daily_orders, level_after, pass_chance
from customer_insight.company.draws import Draws
from customer_insight.company.habits import NEVER, SEGMENTS


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


def test_silver_is_a_real_step_and_gold_and_diamond_are_none(block):
    """The chance to order on a day, for the same people on each level."""
    days = slice(400, 500)
    chance = [
        pass_chance(block.habits, np.full(len(block), level), days).mean() for level in range(4)
    ]
    assert chance[1] > 1.15 * chance[0]
    assert chance[1] == chance[2] == chance[3]


def test_gold_looks_as_if_it_made_people_order_more(block):
    """What a table by level shows: those who order much reach gold and go on ordering much."""
    bought = block.purchases
    start, end = calendar.year_bounds(2024)
    within = (bought.day >= start) & (bought.day < end)
    count = np.bincount(bought.person[within], minlength=len(block))
    own = ~block.habits.steady & (block.left >= start)
    means = [count[own & (block.levels[:, 2] == level)].mean() for level in range(4)]
    assert means[2] > 1.25 * means[1]
    assert means[3] > 1.25 * means[2]


def test_the_same_block_comes_out_twice_and_whatever_else_was_drawn(block):
    draws = Draws(7)
    draws.of("anything", "else").uniform(1000)
    again = draw_daily_orders(block.habits, draws.within(0), ())
    others = ~block.habits.steady[block.purchases.person]
    assert len(again.person) == others.sum()
