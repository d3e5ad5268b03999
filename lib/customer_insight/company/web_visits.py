"""When people come to the web shop, and why: visits that lead to orders, and others."""

from dataclasses import dataclass

import numpy as np

from customer_insight.company import calendar
from customer_insight.company.acquisition import CHANNELS, MONTHS
from customer_insight.company.draws import Draws
from customer_insight.company.habits import NEVER, SEGMENTS
from customer_insight.company.pains import promised_days
from customer_insight.company.people_block import PeopleBlock
from customer_insight.data.mechanisms import mechanism
from customer_insight.data.mechanisms import mechanism as company_mechanism

PURPOSES = ("order", "browse", "help")
ORDER, BROWSE, HELP = range(3)
DAY_SECONDS = 86_400


@dataclass(frozen=True)
class Visits:
    """Visits of customers, arrays of shape (visits,).

    ``person`` is a place in the block; ``second`` when the visit began, of orders when the order
    was placed, since the company's first midnight; ``purpose`` a place in `PURPOSES`; ``order`` a
    place in the block's purchases, of visits for help that of the order that hurt, -1 for none.
    """

    person: np.ndarray
    second: np.ndarray
    purpose: np.ndarray
    order: np.ndarray

    def __len__(self) -> int:
        return len(self.person)

    def of(self, visits: np.ndarray) -> "Visits":
        """Return some of the visits, given by their places."""
        return Visits(**{name: values[visits] for name, values in vars(self).items()})


def log_start() -> int:
    """Return the first day of the log, counted from the company's first."""
    return (mechanism("web_sessions")["log_from"] - calendar.dates()[0]).days


def draw_visits(block: PeopleBlock, draws: Draws) -> Visits:
    """Return the visits of those customers whom the log keeps, in the time of the log.

    Parameters
    ----------
    block : PeopleBlock
        People and what they bought.
    draws : Draws
        Of the company.

    Returns
    -------
    Visits
        In no particular order.
    """
    own = draws.within(block.number)
    share = mechanism("web_sessions")["customers_kept"]
    kept = own.of("web_events", "kept").chance(share, size=len(block))
    parts = [draw(block, kept, own) for draw in (_orders, _looks, _idle, _late_looks, _help)]
    visits = Visits(*(np.concatenate(arrays) for arrays in zip(*parts, strict=True)))
    day = visits.second // DAY_SECONDS
    return visits.of(np.flatnonzero((day >= log_start()) & (day < calendar.DAYS)))


def draw_strangers(sign_ups: np.ndarray, own: Draws) -> tuple[np.ndarray, np.ndarray]:
    """Return the visits of those who never sign up.

    Parameters
    ----------
    sign_ups : numpy.ndarray of int, shape (months, channels)
        Of the block, as `acquisition.count_sign_ups` counts them.
    own : Draws
        Of the block.

    Returns
    -------
    second, channel : numpy.ndarray of int, shape (visits,)
        When, and a place among the ``web_channels`` of the mechanism.
    """
    facts, visits = mechanism("web_sessions"), company_mechanism("acquisition")["visits"]
    from_month = calendar.months()[log_start()]
    seconds, channels = [], []
    month_of = calendar.months()[: calendar.DAYS]
    start = np.searchsorted(month_of, np.arange(MONTHS), side="left")
    length = np.searchsorted(month_of, np.arange(MONTHS), side="right") - start
    for place, name in enumerate(facts["web_channels"]):
        mean = sign_ups[from_month:, CHANNELS.index(name)] * visits[name] * facts["others_kept"]
        count = _count(mean, name, own)
        month = np.repeat(np.arange(from_month, MONTHS), count)
        day = own.of("web_events", f"others_day_{name}").whole(0, length[month], len(month))
        seconds.append(_seconds(start[month] + day, f"others_{name}", own))
        channels.append(np.full(len(month), place))
    return np.concatenate(seconds), np.concatenate(channels)


def _orders(block: PeopleBlock, kept: np.ndarray, own: Draws) -> tuple[np.ndarray, ...]:
    bought = block.purchases
    at = np.flatnonzero(bought.outcomes.web & kept[bought.person])
    second = bought.day[at] * DAY_SECONDS + bought.minute[at] * 60
    second = second + own.of("web_events", "order_second").whole(0, 60, len(at))
    return bought.person[at], second, np.full(len(at), ORDER), at


def _looks(block: PeopleBlock, kept: np.ndarray, own: Draws) -> tuple[np.ndarray, ...]:
    """Return visits in the days before a web order."""
    facts, bought = mechanism("web_sessions"), block.purchases
    at = np.flatnonzero(bought.outcomes.web & kept[bought.person])
    mean = np.array([facts["looks_before"][name] for name in SEGMENTS])
    count = own.of("web_events", "looks").poisson(mean[block.habits.segment[bought.person[at]]])
    at = np.repeat(at, count)
    before = own.of("web_events", "look_days").geometric(np.full(len(at), facts["look_days"]))
    return _browsing(bought.person[at], bought.day[at] - 1 - before, "look", own)


def _idle(block: PeopleBlock, kept: np.ndarray, own: Draws) -> tuple[np.ndarray, ...]:
    """Return visits without a purpose, from sign-up to leaving, in the time of the log."""
    facts, habits = mechanism("web_sessions"), block.habits
    start = np.maximum(habits.first, log_start())
    days = np.maximum(np.minimum(block.left + 1, calendar.DAYS) - start, 0) * kept
    a_year = np.minimum(facts["idle_visits"] * habits.rate, facts["most_idle"])
    person = np.repeat(
        np.arange(len(block)), own.of("web_events", "idle").poisson(a_year * days / 365)
    )
    day = start[person] + own.of("web_events", "idle_day").whole(0, days[person], len(person))
    return _browsing(person, day, "idle", own)


def _late_looks(block: PeopleBlock, kept: np.ndarray, own: Draws) -> tuple[np.ndarray, ...]:
    """Return visits after leaving."""
    facts = mechanism("web_sessions")
    gone = kept & (block.left >= 0) & (block.left < NEVER)
    mean = np.where(gone, facts["visits_after_leaving"], 0.0)
    person = np.repeat(np.arange(len(block)), own.of("web_events", "after").poisson(mean))
    later = own.of("web_events", "after_days").geometric(
        np.full(len(person), facts["after_leaving_days"])
    )
    return _browsing(person, block.left[person] + 1 + later, "after", own)


def _help(block: PeopleBlock, kept: np.ndarray, own: Draws) -> tuple[np.ndarray, ...]:
    """Return visits to the help pages, from the day of delivery on."""
    facts, bought = mechanism("web_sessions"), block.purchases
    hurt = bought.outcomes.web & bought.outcomes.hurts.any(axis=1)
    asks = own.of("web_events", "asks").chance(facts["asks_for_help"], size=len(hurt))
    at = np.flatnonzero(hurt & asks & kept[bought.person])
    person = bought.person[at]
    arrived = promised_days(block.habits.tier[person]) + bought.outcomes.days_late[at]
    day = bought.day[at] + arrived + own.of("web_events", "help_days").whole(0, 3, len(at))
    return person, _seconds(day, "help", own), np.full(len(at), HELP), at


def _browsing(person: np.ndarray, day: np.ndarray, what: str, own: Draws) -> tuple[np.ndarray, ...]:
    size = len(person)
    return person, _seconds(day, what, own), np.full(size, BROWSE), np.full(size, -1)


def _seconds(day: np.ndarray, what: str, own: Draws) -> np.ndarray:
    hours = company_mechanism("clock")["web"]
    hour = own.of("web_events", f"{what}_hour").pick(hours, len(day))
    return (
        day * DAY_SECONDS
        + hour * 3600
        + own.of("web_events", f"{what}_second").whole(0, 3600, len(day))
    )


def _count(mean: np.ndarray, name: str, own: Draws) -> np.ndarray:
    """Return whole numbers with these means, each the one below or above."""
    below = np.floor(mean)
    more = own.of("web_events", f"others_{name}").chance(mean - below)
    return below.astype(np.int64) + more
