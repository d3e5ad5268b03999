"""One block of people with all that they bought: what every table about people is made from."""

from dataclasses import dataclass

import numpy as np

from customer_insight.company import calendar
from customer_insight.company.baskets import Goods, Lines, draw_daily_baskets, draw_steady_baskets
from customer_insight.company.daily_orders import State, draw_daily_orders, level_after
from customer_insight.company.draws import Draws, row_edges
from customer_insight.company.habits import Habits, draw_habits
from customer_insight.company.pains import Outcomes, draw_outcomes
from customer_insight.company.places import Places
from customer_insight.company.steady_orders import draw_steady_orders
from customer_insight.data.mechanisms import mechanism

PEOPLE = 10_000
TRUTH_DAYS = tuple(
    (date - calendar.EPOCH).days - calendar.FIRST_DAY for date in mechanism("truth")["as_of"]
)


@dataclass(frozen=True)
class Purchases:
    """The orders of a block in the order of time, arrays of shape (orders,).

    ``person`` is a place within the block, ``day`` counts from the company's first, ``minute`` from
    midnight, ``shop`` is a place among the shops, or -1 on the web.
    """

    person: np.ndarray
    day: np.ndarray
    minute: np.ndarray
    shop: np.ndarray
    outcomes: Outcomes


@dataclass(frozen=True)
class PeopleBlock:
    """A block of people, numbered from 0, and their purchases.

    ``city`` is everybody's place among the cities; ``left`` the last day on which somebody was a
    customer (`habits.NEVER` if they still are, -1 if they never were); ``levels`` the loyalty level
    in each of the three years and the year after, shape (people, 4); ``states`` where all but
    steady buyers stood at the end of each of `TRUTH_DAYS`. ``lines.order`` is a place in
    ``purchases``.
    """

    number: int
    city: np.ndarray
    habits: Habits
    purchases: Purchases
    lines: Lines
    left: np.ndarray
    levels: np.ndarray
    states: dict[int, State]

    def __len__(self) -> int:
        return len(self.city)


def draw_people_block(
    number: int, size: int, places: Places, goods: Goods, draws: Draws
) -> PeopleBlock:
    """Return a block of people and all that they bought in the company's three years.

    Parameters
    ----------
    number : int
        Of the block; it names the streams.
    size : int
        People in it, at most `PEOPLE`.
    places : Places
        Cities and shops.
    goods : Goods
        What can be bought.
    draws : Draws
        Of the company.

    Returns
    -------
    PeopleBlock
    """
    draws = draws.within(number)
    city = draws.of("people", "city").pick(places.weight, size)
    habits = draw_habits(places.tier[city], places.shop_from[city], draws)
    daily = draw_daily_orders(habits, draws, TRUTH_DAYS)
    person, day, left = draw_steady_orders(habits, draws)
    outcomes = draw_outcomes(habits, person, day, draws)
    lines = _stacked_lines(
        draw_daily_baskets(habits, daily.person, daily.day, goods, draws),
        draw_steady_baskets(habits, person, day, goods, draws),
        len(daily.person),
    )
    person = np.concatenate([daily.person, person])
    day = np.concatenate([daily.day, day])
    outcomes = _stacked_outcomes(daily.outcomes, outcomes)
    minute = _minutes(outcomes.web, draws)
    shop = np.where(outcomes.web, -1, places.shop_at(city[person], day, draws))
    purchases = Purchases(person, day, minute, shop, outcomes)
    purchases, lines = _in_time(purchases, lines)
    return PeopleBlock(
        number=number,
        city=city,
        habits=habits,
        purchases=purchases,
        lines=lines,
        left=np.where(habits.steady, left, daily.left),
        levels=_levels(habits, daily.levels, purchases),
        states=daily.states,
    )


def _levels(habits: Habits, levels: np.ndarray, purchases: Purchases) -> np.ndarray:
    """Return everybody's level by year; steady buyers have levels, too."""
    levels = levels.copy()
    for position, year in enumerate(calendar.YEARS[:-1]):
        start, end = calendar.year_bounds(year)
        within = (purchases.day >= start) & (purchases.day < end)
        count = np.bincount(purchases.person[within], minlength=len(habits))
        levels[habits.steady, position + 1] = level_after(count)[habits.steady]
    return levels


def _stacked_lines(first: Lines, second: Lines, orders: int) -> Lines:
    stacked = {
        name: np.concatenate([values, vars(second)[name]]) for name, values in vars(first).items()
    }
    stacked["order"][len(first.order) :] += orders
    return Lines(**stacked)


def _stacked_outcomes(first: Outcomes, second: Outcomes) -> Outcomes:
    return Outcomes(
        **{
            name: np.concatenate([values, vars(second)[name]])
            for name, values in vars(first).items()
        }
    )


def _in_time(purchases: Purchases, lines: Lines) -> tuple[Purchases, Lines]:
    """Return orders sorted by day, minute and person, and their lines in the same order."""
    order = np.lexsort((purchases.person, purchases.minute, purchases.day))
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    moved = place[lines.order]
    sort = np.argsort(moved, kind="stable")
    columns = vars(lines) | {"order": moved}
    return (
        Purchases(
            purchases.person[order],
            purchases.day[order],
            purchases.minute[order],
            purchases.shop[order],
            Outcomes(**{name: values[order] for name, values in vars(purchases.outcomes).items()}),
        ),
        Lines(**{name: values[sort] for name, values in columns.items()}),
    )


def _minutes(web: np.ndarray, draws: Draws) -> np.ndarray:
    """Return a minute of the day: evenings on the web, opening hours in the shop."""
    edges = row_edges([mechanism("clock")["shop"], mechanism("clock")["web"]])
    hour = draws.of("orders", "hour").pick_by_row(edges, web.astype(np.int64))
    return 60 * hour + draws.of("orders", "minute").whole(0, 60, len(web))
