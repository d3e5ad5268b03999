"""Orders of everybody else: a chain of days, with season, levels, pain and leaving."""

from dataclasses import dataclass

import numpy as np

from customer_insight.company import calendar
from customer_insight.company.draws import Draws
from customer_insight.company.habits import NEVER, Habits
from customer_insight.company.pains import Outcomes, draw_outcomes
from customer_insight.data.mechanisms import mechanism

MOST_A_DAY = 0.95


@dataclass(frozen=True)
class State:
    """Where everybody stands at the end of a day, arrays of shape (people,).

    ``alive``: signed up, ordering, and not gone. ``stage``: stages done since the last order.
    ``level``: loyalty level that holds on the day after.
    """

    alive: np.ndarray
    stage: np.ndarray
    level: np.ndarray

    def of(self, people: np.ndarray) -> "State":
        """Return where some of the people stand, given by their places."""
        return State(self.alive[people], self.stage[people], self.level[people])


@dataclass(frozen=True)
class Orders:
    """Orders of a block: ``person`` and ``day``, shape (orders,), and what became of them.

    ``left`` is the last day on which somebody was a customer, `NEVER` if they still are; ``levels``
    the level of everybody in each of the three years and the year after, shape (people, 4);
    ``states`` where everybody stood at the ends of the days asked for.
    """

    person: np.ndarray
    day: np.ndarray
    outcomes: Outcomes
    left: np.ndarray
    levels: np.ndarray
    states: dict[int, State]


def draw_daily_orders(habits: Habits, draws: Draws, ends: tuple[int, ...]) -> Orders:
    """Return the orders of all who are not steady buyers.

    On each day after the first order somebody passes a stage with probability rate x stages x
    busyness / 365 (at most 0.95) and orders when all stages are passed. On each day they leave
    with probability `leaving`, and after an order that hurts they may leave, too.

    Parameters
    ----------
    habits : Habits
        Of the block; steady buyers are passed over.
    draws : Draws
        Of the block.
    ends : tuple of int
        Days, counted from the company's first, at whose ends the state is wanted.

    Returns
    -------
    Orders
    """
    joins = habits.orders & ~habits.steady
    stay = draws.of("people", "stay").geometric(np.maximum(habits.leaving, 1e-12))
    left = np.where(joins, np.minimum(habits.first + stay, NEVER), -1)
    stage = np.zeros(len(habits), dtype=np.int64)
    levels = np.zeros((len(habits), len(calendar.YEARS)), dtype=np.int64)
    parts, states = [], {}
    for position, year in enumerate(calendar.YEARS[:-1]):
        bounds = calendar.year_bounds(year)
        orders, passed = _year(
            habits, left=left, stage=stage, level=levels[:, position], bounds=bounds, draws=draws
        )
        left = orders.left
        parts.append(orders)
        count = np.bincount(orders.person, minlength=len(habits))
        levels[:, position + 1] = level_after(count)
        for end in (end for end in ends if bounds[0] <= end < bounds[1]):
            level = levels[:, position + (end == bounds[1] - 1)]
            states[end] = State(
                (habits.first <= end) & (left > end), passed[:, end - bounds[0]], level
            )
        stage = passed[:, -1]
    return _joined(parts, levels, states)


def level_after(count: np.ndarray) -> np.ndarray:
    """Return the level that so many orders in a year give for the next one."""
    return np.searchsorted(mechanism("levels")["orders"], count, side="right") - 1


def pass_chance(habits: Habits, level: np.ndarray, days: slice) -> np.ndarray:
    """Return the chance to pass a stage on each day, shape (people, days)."""
    factor = np.array(mechanism("levels")["rate_factor"])[level]
    usual = habits.rate * habits.stages * factor / 365 / 1000
    return np.minimum(usual[:, None] * calendar.busyness()[habits.season, days], MOST_A_DAY)


def _year(
    habits: Habits,
    *,
    left: np.ndarray,
    stage: np.ndarray,
    level: np.ndarray,
    bounds: tuple[int, int],
    draws: Draws,
) -> tuple[Orders, np.ndarray]:
    """Return one year's orders and the stages at the end of each of its days."""
    start, end = bounds
    who = np.flatnonzero((left >= start) & (habits.first < end))
    some = habits.of(who)
    day = np.arange(start, end)
    after = (day > some.first[:, None]) & (day <= left[who][:, None])
    lot = draws.of("orders", "stages", start).uniform((len(habits), end - start))[who]
    passes = (lot < pass_chance(some, level[who], slice(start, end))) & after
    total = stage[who][:, None] + np.cumsum(passes, axis=1, dtype=np.int64)
    reached = total % some.stages[:, None]
    ordered = (passes & (reached == 0)) | (day == some.first[:, None])
    row, column = np.nonzero(ordered)
    person, when = who[row], column + start
    outcomes = draw_outcomes(habits, person, when, draws.within(start))
    gone = np.full(len(habits), NEVER)
    np.minimum.at(gone, person[outcomes.leaves], when[outcomes.leaves])
    left = np.minimum(left, gone)
    kept = when <= left[person]
    passed = np.zeros((len(habits), end - start), dtype=np.int64)
    passed[who] = reached
    return Orders(person[kept], when[kept], _where(outcomes, kept), left, None, None), passed


def _where(outcomes: Outcomes, kept: np.ndarray) -> Outcomes:
    return Outcomes(**{name: values[kept] for name, values in vars(outcomes).items()})


def _joined(parts: list[Orders], levels: np.ndarray, states: dict[int, State]) -> Orders:
    def stacked(name: str) -> np.ndarray:
        return np.concatenate([getattr(part.outcomes, name) for part in parts])

    outcomes = Outcomes(**{name: stacked(name) for name in vars(parts[0].outcomes)})
    person = np.concatenate([part.person for part in parts])
    day = np.concatenate([part.day for part in parts])
    return Orders(person, day, outcomes, parts[-1].left, levels, states)
