"""Sessions of the web log: a visit with the link, the device and the browser it came from."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from customer_insight.company import calendar
from customer_insight.company.acquisition import CHANNELS, count_sign_ups
from customer_insight.company.draws import Draws, row_edges
from customer_insight.company.people_block import PeopleBlock
from customer_insight.company.web_visits import (
    BROWSE,
    DAY_SECONDS,
    ORDER,
    PURPOSES,
    Visits,
    draw_strangers,
    draw_visits,
)
from customer_insight.data.mechanisms import mechanism

SOURCES = ("direct", "search", "marketplace", "social_ads", "referral", "newsletter")
DEVICES = ("app", "phone", "computer")
APP, PHONE, COMPUTER = range(3)
_STRANGER = -1


@dataclass(frozen=True)
class Sessions:
    """Visits with all that the log knows of them, arrays of shape (sessions,).

    Attributes
    ----------
    visits : Visits
        Who, when and why; ``person`` is -1 for those who never sign up.
    source, device, server : numpy.ndarray of int
        Places in `SOURCES`, `DEVICES` and among the servers.
    logged_in : numpy.ndarray of bool
        Whether the shop knows the customer.
    visitor : numpy.ndarray of int
        The same for visits from one browser, from 0.
    """

    visits: Visits
    source: np.ndarray
    device: np.ndarray
    server: np.ndarray
    logged_in: np.ndarray
    visitor: np.ndarray

    def __len__(self) -> int:
        return len(self.visits)


def draw_sessions(block: PeopleBlock, customers: pl.DataFrame, draws: Draws) -> Sessions:
    """Return the sessions of a block that the log keeps.

    Parameters
    ----------
    block : PeopleBlock
        People and what they bought.
    customers : polars.DataFrame
        The table ``customers`` of the same people.
    draws : Draws
        Of the company.

    Returns
    -------
    Sessions
        In no particular order.
    """
    facts, own = mechanism("web_sessions"), draws.within(block.number)
    channels = customers["acquisition_channel"].replace_strict(
        CHANNELS, np.arange(len(CHANNELS)), return_dtype=pl.Int64
    )
    known = draw_visits(block, draws)
    second, link = draw_strangers(count_sign_ups(block, channels.to_numpy()), own)
    visits = _with_strangers(known, second)
    device = _devices(visits.person, customers, own)
    source = _sources(block, known, device[: len(known)], customers, own)
    strangers = np.array([SOURCES.index(name) for name in facts["web_channels"]])[link]
    return Sessions(
        visits,
        np.append(source, strangers),
        device,
        own.of("web_events", "server").whole(0, facts["servers"], len(visits)),
        _logged_in(block, visits, device, own),
        _visitors(visits.person, device, own),
    )


def _with_strangers(known: Visits, second: np.ndarray) -> Visits:
    nobody = np.full(len(second), _STRANGER)
    return Visits(
        np.append(known.person, nobody),
        np.append(known.second, second),
        np.append(known.purpose, np.full(len(second), BROWSE)),
        np.append(known.order, nobody),
    )


def _sources(
    block: PeopleBlock, visits: Visits, device: np.ndarray, customers: pl.DataFrame, own: Draws
) -> np.ndarray:
    """Return where each customer's visit came from; a first order came from its channel."""
    facts = mechanism("web_sessions")
    weights = [[facts["came_from"][name].get(source, 0) for source in SOURCES] for name in PURPOSES]
    drawn = own.of("web_events", "came_from").pick_by_row(row_edges(weights), visits.purpose)
    letter = customers["newsletter"].to_numpy()[visits.person]
    newsletter = drawn == SOURCES.index("newsletter")
    source = np.where((newsletter & ~letter) | ((device == APP) & ~newsletter), 0, drawn)
    links = {name: SOURCES.index(name) if name in facts["web_channels"] else 0 for name in CHANNELS}
    won_by = customers["acquisition_channel"].replace_strict(links, return_dtype=pl.Int64)
    first_day = block.habits.first[visits.person]
    first = (visits.purpose == ORDER) & (block.purchases.day[visits.order] == first_day)
    return np.where(first, won_by.to_numpy()[visits.person], source)


def _devices(person: np.ndarray, customers: pl.DataFrame, own: Draws) -> np.ndarray:
    """Return the device; strangers' are those of young people without the app."""
    age = calendar.YEARS[-2] - customers["born_on"].dt.year().to_numpy()
    band = np.searchsorted((35, 55), age, side="right")
    group = np.where(customers["app_user"].to_numpy(), 0, 1 + band)
    edges = row_edges(list(mechanism("web_sessions")["device"].values()))
    row = np.where(person == _STRANGER, 1, group[person])
    return own.of("web_events", "device").pick_by_row(edges, row)


def _logged_in(block: PeopleBlock, visits: Visits, device: np.ndarray, own: Draws) -> np.ndarray:
    share = mechanism("web_sessions")["logged_in"]
    does = own.of("web_events", "logged_in").chance(share, size=len(visits))
    known = visits.second // DAY_SECONDS >= block.habits.first[visits.person]
    wants = does | (visits.purpose != BROWSE) | (device == APP)
    return (visits.person != _STRANGER) & known & wants


def _visitors(person: np.ndarray, device: np.ndarray, own: Draws) -> np.ndarray:
    """Return the number of each visit's browser, in random order."""
    share = mechanism("web_sessions")["cookie_lost"]
    lost = own.of("web_events", "cookie").chance(share, size=len(person)) & (device != APP)
    new = -1 - np.arange(len(person))
    key = np.where((person == _STRANGER) | lost, new, person * len(DEVICES) + device)
    number = np.unique(key, return_inverse=True)[1]
    return own.of("web_events", "visitor").order(len(number))[number]
