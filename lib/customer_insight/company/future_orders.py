"""What the future holds on average: exact expectations under the company's own mechanisms."""

import numpy as np

from customer_insight.company import calendar
from customer_insight.company.arithmetic import exp
from customer_insight.company.daily_orders import State, pass_chance
from customer_insight.company.habits import Habits
from customer_insight.company.pains import leave_chance


def expected_daily_orders(
    habits: Habits, state: State, days: slice, spend: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the expected orders and amount of all who are not steady buyers.

    The chain of days is followed exactly: a chance for each number of stages passed, moved on day
    by day with the chances that `draw_daily_orders` draws from.

    Parameters
    ----------
    habits : Habits
        Of the block.
    state : State
        At the end of the day before.
    days : slice
        Within one calendar year, because the level changes on 1 January.
    spend : numpy.ndarray of float, shape (people, days)
        Mean amount of an order on each day, fen.

    Returns
    -------
    orders, amount : numpy.ndarray of float, shape (people,)
        0 for steady buyers and for who is no customer.
    """
    orders, amount = np.zeros(len(habits)), np.zeros(len(habits))
    for stages in np.unique(habits.stages):
        who = np.flatnonzero(state.alive & ~habits.steady & (habits.stages == stages))
        own = _follow(habits.of(who), state.of(who), int(stages), days, spend[who])
        orders[who], amount[who] = own
    return orders, amount


def _follow(
    habits: Habits, state: State, stages: int, days: slice, spend: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return expected orders and amount of people who are customers and have so many stages."""
    chance = np.ascontiguousarray(pass_chance(habits, state.level, days).T)
    spend = np.ascontiguousarray(spend.T)
    returns = {
        (crowded, shop): 1 - leave_chance(habits, crowded=crowded, shop=shop)
        for crowded in (False, True)
        for shop in (False, True)
    }
    stays = 1 - habits.leaving
    at = [(state.stage == place).astype(float) for place in range(stages)]
    orders, amount = np.zeros(len(habits)), np.zeros(len(habits))
    for column, day in enumerate(range(days.start, days.stop)):
        moves = [share * chance[column] for share in at]
        orders += moves[-1]
        amount += moves[-1] * spend[column]
        crowded = bool(calendar.crowded()[day])
        back = np.where(day < habits.shop_from, returns[crowded, False], returns[crowded, True])
        arrives = [moves[-1] * back, *moves[:-1]]
        at = [(a - m + n) * stays for a, m, n in zip(at, moves, arrives, strict=True)]
    return orders, amount


def expected_steady_orders(habits: Habits, alive: np.ndarray, days: int) -> np.ndarray:
    """Return the expected orders of steady buyers in so many days.

    An active buyer with rate l and chance p of leaving makes ``(1 - exp(-l p t)) / p`` purchases.

    Parameters
    ----------
    habits : Habits
        Of the block.
    alive : numpy.ndarray of bool, shape (people,)
        Whether somebody is a customer at the start.
    days : int
        Length of the future.

    Returns
    -------
    numpy.ndarray of float, shape (people,)
        0 for who is no steady buyer, or gone.
    """
    goes = np.where(habits.steady, np.maximum(habits.leaves_after, 1e-9), 1.0)
    per_day = np.where(habits.steady, habits.rate, 0.0) / 365
    expected = (1 - exp(-np.minimum(per_day * goes * days, 700.0))) / goes
    return np.where(alive & habits.steady, expected, 0.0)
