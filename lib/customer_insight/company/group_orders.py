"""When organisations order, until they leave: by weekday, occasion and a rate of their own."""

import functools
from dataclasses import dataclass

import numpy as np

from customer_insight.company import calendar
from customer_insight.company.arithmetic import power
from customer_insight.company.contacts import ROLES, Contacts
from customer_insight.company.credit import Credit
from customer_insight.company.draws import Draws
from customer_insight.company.habits import NEVER
from customer_insight.company.organisations import (
    KINDS,
    Organisations,
    by_band,
    by_kind,
    weekday_factor,
)
from customer_insight.company.pains import promised_days
from customer_insight.data.mechanisms import mechanism

OCCASIONS = ("usual", "heat", "trip", "festival", "closed")
REASONS = ("own", "decider_changed", "failed")


@dataclass(frozen=True)
class Demand:
    """How often organisations order and when they leave, arrays of shape (organisations,).

    ``rate`` orders a year on usual days; ``leaving`` the chance on a day to leave for reasons of
    one's own; ``left`` the last day as a customer, `NEVER` if not within the data; ``reason`` of
    leaving, a place in `REASONS`.
    """

    rate: np.ndarray
    leaving: np.ndarray
    left: np.ndarray
    reason: np.ndarray


@dataclass(frozen=True)
class GroupOrders:
    """Orders of a block in the order of time, arrays of shape (orders,).

    ``organisation`` is a place within the block, ``day`` counts from the company's first,
    ``minute`` from midnight, ``contact`` is the number of the contact who ordered, ``sales``
    whether through a salesperson; ``promised`` and ``delivered`` are days.
    """

    organisation: np.ndarray
    day: np.ndarray
    minute: np.ndarray
    contact: np.ndarray
    sales: np.ndarray
    promised: np.ndarray
    delivered: np.ndarray


@functools.cache
def occasions() -> np.ndarray:
    """Return the occasion of each day of the calendar, a place in `OCCASIONS`, shape (days,)."""
    facts, festivals = mechanism("group_orders"), mechanism("season")["festivals"]
    heat = np.array([date.month in facts["heat_months"] for date in calendar.dates()])
    occasion = np.where(heat, OCCASIONS.index("heat"), OCCASIONS.index("usual"))
    for window in facts["windows"]:
        days = festivals[window["festival"]]
        for start, end in calendar.spans(days, window["from"], window["to"]):
            occasion[start:end] = OCCASIONS.index(window["occasion"])
    return occasion


def draw_demand(
    organisations: Organisations, contacts: Contacts, credit: Credit, draws: Draws
) -> Demand:
    """Return how often each organisation orders and when it leaves.

    Parameters
    ----------
    organisations, contacts, credit : Organisations, Contacts, Credit
        Of the block: who leaves may do so because the decider changed, or because it failed.
    draws : Draws
        Of the block.

    Returns
    -------
    Demand
    """
    facts, size, kind = mechanism("group_orders"), len(organisations), organisations.kind
    shape = np.full(size, facts["rate_shape"])
    drawn = draws.of("group_orders", "rate").gamma(shape) / shape
    mean = by_kind(facts["orders_per_year"])[kind]
    rate = drawn * mean * power(organisations.relative_size, facts["rate_by_size"])
    shape = np.full(size, facts["leaving_shape"])
    own = draws.of("group_orders", "leaving").gamma(shape) / shape
    leaving = np.clip(own * by_kind(facts["leaves_per_year"])[kind] / 365, 1e-9, 0.5)
    stay = draws.of("group_orders", "stay").geometric(leaving)
    ends = np.stack(
        [
            organisations.since + np.minimum(stay, NEVER),
            _decider_leaves(contacts, draws),
            credit.failed,
        ]
    )
    last = ends.min(axis=0)
    return Demand(rate, leaving, np.where(last < calendar.DAYS, last, NEVER), ends.argmin(axis=0))


def daily_chance(organisations: Organisations, demand: Demand, days: slice) -> np.ndarray:
    """Return the chance of an order on each day while an organisation is a customer.

    Parameters
    ----------
    organisations, demand : Organisations, Demand
        Of the block.
    days : slice
        Of the calendar, counted from the company's first day.

    Returns
    -------
    numpy.ndarray of float, shape (organisations, days)
        Rate, weekday and occasion multiplied, at most `most_a_day`.
    """
    facts = mechanism("group_orders")
    factor = np.array([[facts["occasions"][kind][name] for name in OCCASIONS] for kind in KINDS])
    busy = factor[:, occasions()[days]] * weekday_factor()[days]
    usual = demand.rate / 365 / 1_000_000
    return np.minimum(usual[:, None] * busy[organisations.kind], facts["most_a_day"])


def draw_group_orders(
    organisations: Organisations,
    contacts: Contacts,
    demand: Demand,
    draws: Draws,
    *,
    tier: np.ndarray,
) -> GroupOrders:
    """Return all orders of a block within the company's three years.

    Parameters
    ----------
    organisations, contacts, demand : Organisations, Contacts, Demand
        Of the block.
    draws : Draws
        Of the block.
    tier : numpy.ndarray of int, shape (organisations,)
        Tier of the city, 0 to 3.

    Returns
    -------
    GroupOrders
        Sorted by day, minute and organisation.
    """
    day = np.arange(calendar.DAYS)
    chance = daily_chance(organisations, demand, slice(0, calendar.DAYS))
    customer = (day >= organisations.since[:, None]) & (day <= demand.left[:, None])
    lot = draws.of("group_orders", "days").chance(chance)
    who, when = np.nonzero(lot & customer)
    hours = mechanism("group_orders")["hours"]
    minute = 60 * draws.of("group_orders", "hour").pick(hours, len(who))
    minute = minute + draws.of("group_orders", "minute").whole(0, 60, len(who))
    order = np.lexsort((who, minute, when))
    who, when, minute = who[order], when[order], minute[order]
    promised, delivered = _delivery(tier[who], when, draws)
    return GroupOrders(
        organisation=who,
        day=when,
        minute=minute,
        contact=_placed_by(contacts, who, when, draws),
        sales=_through_sales(organisations.band, who, draws),
        promised=promised,
        delivered=delivered,
    )


def _decider_leaves(contacts: Contacts, draws: Draws) -> np.ndarray:
    """Return the first day on which a new decider brought another supplier."""
    changes = contacts.starts[:, ROLES.index("decider"), 1:]
    chance = mechanism("contacts")["decider_change_leaves"]
    goes = draws.of("group_orders", "decider_leaves").chance(chance, changes.shape)
    return np.where(goes, changes, NEVER).min(axis=1)


def _placed_by(contacts: Contacts, who: np.ndarray, when: np.ndarray, draws: Draws) -> np.ndarray:
    weights = mechanism("group_orders")["placed_by"]
    role = draws.of("group_orders", "placed_by").pick(list(weights.values()), len(who))
    return contacts.holder(who, np.array([ROLES.index(name) for name in weights])[role], when)


def _through_sales(band: np.ndarray, who: np.ndarray, draws: Draws) -> np.ndarray:
    shape = by_band(mechanism("group_orders")["sales_share"]).astype(float)[band]
    share = draws.of("group_orders", "sales_share").beta(shape[:, 0], shape[:, 1])
    return draws.of("group_orders", "channel").chance(share[who])


def _delivery(tier: np.ndarray, when: np.ndarray, draws: Draws) -> tuple[np.ndarray, np.ndarray]:
    facts = mechanism("group_orders")
    promised = when + promised_days(tier) + facts["packing_days"]
    crowded = calendar.crowded()[when]
    late = draws.of("group_orders", "late").chance(
        np.where(crowded, facts["late"]["crowded"], facts["late"]["usual"])
    )
    more = draws.of("group_orders", "days_late").geometric(
        np.full(len(when), 1 - facts["days_late_more"])
    )
    return promised, promised + np.where(late, 1 + more, 0)
