"""What people ask of the service: each contact with its order, its hour and its weight."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from customer_insight.company import calendar
from customer_insight.company.baskets import Goods
from customer_insight.company.draws import Draws, row_edges
from customer_insight.company.feelings import Feelings
from customer_insight.company.pains import KINDS, promised_days
from customer_insight.company.people_block import PEOPLE, PeopleBlock
from customer_insight.company.service import CHANNELS, REASONS
from customer_insight.company.service_clock import DAY, HOUR, within
from customer_insight.data.mechanisms import mechanism

PRIORITIES = ("low", "normal", "high")
_ADVICE, _DEFECT = REASONS.index("advice"), 1 + KINDS.index("function")
_WIDE = 1 << 12  # more than the days of the calendar


@dataclass(frozen=True)
class Requests:
    """Requests of a block in the order in which they were opened, arrays of shape (requests,).

    Attributes
    ----------
    person, order : int
        Place within the block, and among its orders.
    opened : int
        Seconds from the company's first midnight.
    subject, channel : int
        Place in ``service.REASONS`` and ``service.CHANNELS``.
    minutes : int
        Agent's time at the first contact.
    priority, level : int
        Place in `PRIORITIES`; loyalty level of the year.
    batch : bool
        Whether it is about the bad batch; these are not among the service contacts.
    """

    person: np.ndarray
    order: np.ndarray
    opened: np.ndarray
    subject: np.ndarray
    channel: np.ndarray
    minutes: np.ndarray
    priority: np.ndarray
    level: np.ndarray
    batch: np.ndarray

    def __len__(self) -> int:
        return len(self.person)


@dataclass(frozen=True)
class Askers:
    """Who made requests, arrays of shape (requests,).

    Attributes
    ----------
    tier : int
        Of the customer's city, 0 to 3.
    mood : float
        After the order, in standard deviations of temper.
    cares : float
        How much the company matters to them, 0 to 1.
    """

    tier: np.ndarray
    mood: np.ndarray
    cares: np.ndarray


def draw_requests(
    block: PeopleBlock, contacts: pl.DataFrame, goods: Goods, draws: Draws
) -> Requests:
    """Return the requests of a block of people.

    Parameters
    ----------
    block : PeopleBlock
        People and what they bought.
    contacts : polars.DataFrame
        The table ``service_contacts`` of the block.
    goods : Goods
        The articles.
    draws : Draws
        Of the company.

    Returns
    -------
    Requests
    """
    own = draws.within(block.number)
    person = contacts["customer_id"].str.slice(1).cast(pl.Int64).to_numpy() - block.number * PEOPLE
    day = contacts["day"].cast(pl.Int32).cast(pl.Int64).to_numpy() - calendar.FIRST_DAY
    subject = _places(contacts["reason"], REASONS)
    order = _orders(block, person, day, subject)
    batch = _batch_orders(block, goods, own)
    batch_day = delivery_day(block)[batch] + own.of("tickets", "batch_days").geometric(
        np.full(len(batch), 0.5)
    )
    batch, batch_day = (part[batch_day < calendar.DAYS] for part in (batch, batch_day))
    order = np.concatenate([order, batch])
    day = np.concatenate([day, batch_day])
    subject = np.concatenate([subject, np.full(len(batch), _DEFECT)])
    channel = _places(contacts["channel"], CHANNELS)
    channel = np.concatenate([channel, _batch_channels(len(batch), own)])
    more = own.of("tickets", "batch_minutes").poisson(
        np.full(len(batch), float(mechanism("service_outbreaks")["bad_batch"]["minutes"]))
    )
    opened = _opened(block, order, day, subject=subject, channel=channel, draws=own)
    sort = np.lexsort((order, opened))
    whose = block.purchases.person[order]
    year = calendar.months()[day] // 12
    columns = {
        "person": whose,
        "order": order,
        "opened": opened,
        "subject": subject,
        "channel": channel,
        "minutes": np.concatenate([contacts["minutes"].to_numpy(), 1 + more]),
        "priority": _priorities(block, order, subject),
        "level": block.levels[whose, year],
        "batch": np.arange(len(order)) >= len(person),
    }
    return Requests(**{name: values[sort] for name, values in columns.items()})


def asking_people(block: PeopleBlock, feelings: Feelings, requests: Requests) -> Askers:
    """Return which people made the requests of a block."""
    return Askers(
        tier=block.habits.tier[requests.person],
        mood=feelings.mood[requests.order],
        cares=feelings.care[requests.person],
    )


def delivery_day(block: PeopleBlock) -> np.ndarray:
    """Return the day on which each order was in the customer's hands, shape (orders,)."""
    bought = block.purchases
    took = promised_days(block.habits.tier[bought.person]) + bought.outcomes.days_late
    return bought.day + np.where(bought.outcomes.web, took, 0)


def _places(names: pl.Series, known: tuple[str, ...]) -> np.ndarray:
    return names.replace_strict(known, range(len(known)), return_dtype=pl.Int64).to_numpy()


def _orders(
    block: PeopleBlock, person: np.ndarray, day: np.ndarray, subject: np.ndarray
) -> np.ndarray:
    """Return the newest order of that person that hurt so and had arrived; of the day for advice.

    Every contact has one, because contacts are drawn from orders.
    """
    bought, arrived = block.purchases, delivery_day(block)
    order = np.empty(len(person), dtype=np.int64)
    for place in range(len(REASONS)):
        advice = place == _ADVICE
        able = np.arange(len(arrived)) if advice else np.flatnonzero(_hurt(block, place))
        key = bought.person[able] * _WIDE + (bought.day if advice else arrived)[able]
        sort = np.argsort(key, kind="stable")
        asks = np.flatnonzero(subject == place)
        found = np.searchsorted(key[sort], person[asks] * _WIDE + day[asks], side="right") - 1
        order[asks] = able[sort][found]
    return order


def _hurt(block: PeopleBlock, reason: int) -> np.ndarray:
    return block.purchases.outcomes.hurts[:, reason - 1]


def _batch_orders(block: PeopleBlock, goods: Goods, draws: Draws) -> np.ndarray:
    """Return the orders with the bad batch whose customers come forward."""
    facts = mechanism("service_outbreaks")["bad_batch"]
    product = goods.products["product_id"].to_list().index(facts["product_id"])
    order = np.unique(block.lines.order[block.lines.product == product])
    order = order[within(block.purchases.day[order], facts)]
    return order[draws.of("tickets", "batch").chance(facts["chance"], size=len(order))]


def _batch_channels(size: int, draws: Draws) -> np.ndarray:
    weights = mechanism("service_outbreaks")["batch_channel"]
    return draws.of("tickets", "batch_channel").pick(weights, size)


def _opened(
    block: PeopleBlock,
    order: np.ndarray,
    day: np.ndarray,
    *,
    subject: np.ndarray,
    channel: np.ndarray,
    draws: Draws,
) -> np.ndarray:
    """Return the second of each request: by its channel's hours, and after an order of that day."""
    edges = row_edges([mechanism("service_requests")["hours"][name] for name in CHANNELS])
    hour = draws.of("tickets", "hour").pick_by_row(edges, channel)
    second = hour * HOUR + draws.of("tickets", "second").whole(0, HOUR, len(order))
    bought = block.purchases
    ordered = bought.minute[order] * 60
    closes = mechanism("service_answers")["closes"] * HOUR
    left = np.maximum(closes - ordered, 60)
    later = ordered + 1 + draws.of("tickets", "after_order").whole(0, left - 1, len(order))
    after = (bought.day[order] == day) & (subject != _ADVICE) & (second <= ordered)
    return day * DAY + np.where(after, later, second)


def _priorities(block: PeopleBlock, order: np.ndarray, subject: np.ndarray) -> np.ndarray:
    usual = np.array([mechanism("service_requests")["priority"][name] for name in REASONS])
    grave = block.purchases.outcomes.severity[order] == 3
    return np.minimum(usual[subject] + (grave & (subject != _ADVICE)), len(PRIORITIES) - 1)
