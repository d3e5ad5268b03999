"""Orders of steady buyers: exactly BG/NBD in time."""

import numpy as np

from customer_insight.company import calendar
from customer_insight.company.draws import Draws
from customer_insight.company.habits import NEVER, Habits


def draw_steady_orders(habits: Habits, draws: Draws) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the orders of steady buyers, and when they left.

    The first order comes at an instant of the day of sign-up; then exponential gaps at the buyer's
    rate, and after each repeat purchase a coin whether they leave. Of what falls on the day of the
    purchase before, nothing is seen: no purchase and no coin.

    Parameters
    ----------
    habits : Habits
        Of the block; other segments are passed over.
    draws : Draws
        Of the block.

    Returns
    -------
    person, day : numpy.ndarray of int, shape (orders,)
        Sorted by person, then day, to the end of the company's three years.
    left : numpy.ndarray of int, shape (people,)
        Day of the purchase after which a buyer left, `NEVER` if not within the three years.
    """
    gaps, coins = (
        draws.of("orders", "steady_gaps"),
        draws.of("orders", "steady_coins"),
    )
    who = np.flatnonzero(habits.steady)
    now = habits.first[who] + draws.of("orders", "steady_first").uniform(len(who))
    left = np.full(len(habits), NEVER)
    persons, days = [who], [habits.first[who]]
    last = habits.first[who]
    while len(who):
        now = now + gaps.exponential(len(who)) / (habits.rate[who] / 365)
        tossed = coins.chance(habits.leaves_after[who])
        within = now < calendar.DAYS
        who, now, last, tossed = who[within], now[within], last[within], tossed[within]
        day = now.astype(np.int64)
        new = day > last
        persons.append(who[new])
        days.append(day[new])
        gone = new & tossed
        left[who[gone]] = day[gone]
        who, now, last = who[~gone], now[~gone], day[~gone]
    person, day = np.concatenate(persons), np.concatenate(days)
    order = np.argsort(person * calendar.DAYS + day, kind="stable")
    return person[order], day[order], left
