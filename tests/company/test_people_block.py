"""A block of people and all that they bought."""

import numpy as np

from customer_insight.company import calendar
from customer_insight.company.daily_orders import level_after
from customer_insight.company.draws import Draws
from customer_insight.company.people_block import TRUTH_DAYS, draw_people_block


def test_orders_stand_in_the_order_of_time_and_lines_in_that_of_orders(block):
    bought = block.purchases
    assert (np.diff(bought.day * 1440 + bought.minute) >= 0).all()
    assert (np.diff(block.lines.order) >= 0).all()
    assert bought.minute.min() >= 0
    assert bought.minute.max() < 1440


def test_levels_follow_the_orders_of_the_year_before(block):
    bought = block.purchases
    for position, year in enumerate(calendar.YEARS[:-1]):
        start, end = calendar.year_bounds(year)
        within = (bought.day >= start) & (bought.day < end)
        count = np.bincount(bought.person[within], minlength=len(block))
        assert (block.levels[:, position + 1] == level_after(count)).all()
    assert not block.levels[:, 0].any()


def test_everybody_stands_somewhere_at_the_dates_of_the_truth(block):
    assert set(block.states) == set(TRUTH_DAYS)
    for day, state in block.states.items():
        assert not state.alive[block.habits.first > day].any()
        assert (state.stage < block.habits.stages).all()
    assert (block.states[1095].level == block.levels[:, 3])[~block.habits.steady].all()


def test_a_block_is_drawn_for_itself_whatever_else_was_drawn(world, block):
    goods, places = world
    draws = Draws(7)
    draw_people_block(1, 50, places, goods, draws)
    again = draw_people_block(0, len(block), places, goods, draws)
    assert (again.purchases.day == block.purchases.day).all()
    assert (again.lines.amount == block.lines.amount).all()
