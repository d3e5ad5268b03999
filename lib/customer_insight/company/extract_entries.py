"""Which people stand in which raw extract, since when, and what is true of them."""

import numpy as np
import polars as pl

from customer_insight.company import calendar
from customer_insight.company.draws import Draws, Stream
from customer_insight.company.extract_people import NOBODY
from customer_insight.company.people_block import PeopleBlock
from customer_insight.company.web_visits import DAY_SECONDS
from customer_insight.data.mechanisms import mechanism
from customer_insight.data.mechanisms import mechanism as company_mechanism

EXTRACTS = ("business", "survey", "web")
_YEAR = 365
_SPAN = calendar.DAYS + _YEAR + 1
_YUAN = 100


def table_of(extract: str) -> str:
    """Return the name of an extract's table."""
    return f"extract_{extract}"


def lots_of(extract: str, what: str, own: Draws) -> Stream:
    """Return the stream of one purpose of an extract."""
    return own.of(table_of(extract), what)


def entry_count(entries: pl.DataFrame) -> int:
    """Return how many entries there are, copies not counted."""
    return entries["sent_twice"].null_count()


def draw_entries(
    extract: str, people: pl.DataFrame, block: PeopleBlock, draws: Draws
) -> pl.DataFrame:
    """Return the rows of one extract with the facts of who is behind them.

    Parameters
    ----------
    extract : str
        One of `EXTRACTS`.
    people : polars.DataFrame
        As `extract_people.draw_people_behind` gives them.
    block : PeopleBlock
        The customers and what they bought.
    draws : Draws
        Of the company.

    Returns
    -------
    polars.DataFrame
        One row an entry in the order of time: the columns of `people` as they are at the end of
        the data, and ``person`` (place among `people`), ``second`` (since the company's first
        midnight), ``entered_again`` (the first entry of the same person) and ``sent_twice`` (the
        entry of which it is a copy), both null for other entries, ``entry`` (the same for an entry
        and its copy), ``age`` (on that day), ``year_spend`` (fen in the year
        before) and ``year_yuan``.
    """
    facts, own = mechanism("extracts"), draws.within(block.number)
    customer = people["customer"].to_numpy()
    share = np.where(customer == NOBODY, *facts["in_extract"][extract][::-1])
    first = np.flatnonzero(lots_of(extract, "stands", own).chance(share))
    again = lots_of(extract, "again", own).chance(facts["again"][extract], size=len(first))
    person = np.append(first, first[again])
    second = _seconds(extract, block, customer[person], own)
    person, second, entry = _with_copies(extract, person, second, own)
    place = np.arange(len(person))
    found, start = np.unique(person, return_index=True)
    earliest = start[np.searchsorted(found, person)]
    original = np.unique(entry, return_index=True)[1][entry]
    entries = people.select(pl.all().gather(person)).with_columns(
        person=pl.Series(person),
        second=pl.Series(second),
        entry=pl.Series(entry),
        sent_twice=_unless(original == place, original),
        entered_again=_unless((earliest == place) | (original != place), earliest),
    )
    day = second // DAY_SECONDS
    date = pl.Series((day + calendar.FIRST_DAY).astype("datetime64[D]")).cast(pl.Date)
    spend = _year_spend(block, customer[person], day)
    return entries.with_columns(
        age=_ages(date, entries["born_on"]),
        year_spend=pl.Series(spend),
        year_yuan=pl.Series(spend // _YUAN),
    )


def _seconds(extract: str, block: PeopleBlock, customer: np.ndarray, own: Draws) -> np.ndarray:
    """Return when each entry was made: in the extract's period, of business from sign-up on."""
    facts = mechanism("extracts")
    if extract == "business":
        start, end = block.habits.first[customer], calendar.DAYS
        hour = lots_of(extract, "hour", own).whole(*facts["office_hours"], len(customer))
    else:
        first, last = (_day_of(date) for date in facts["period"][extract])
        start, end = np.full(len(customer), first), last + 1
        hour = lots_of(extract, "hour", own).pick(company_mechanism("clock")["web"], len(customer))
    day = start + lots_of(extract, "day", own).whole(0, end - start, len(customer))
    rest = lots_of(extract, "second", own).whole(0, 3600, len(customer))
    return day * DAY_SECONDS + hour * 3600 + rest


def _with_copies(
    extract: str, person: np.ndarray, second: np.ndarray, own: Draws
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return entries in the order of time, web forms that were sent twice among them."""
    facts = mechanism("extracts")
    share = facts["sent_twice"] if extract == "web" else 0.0
    twice = np.flatnonzero(lots_of(extract, "twice", own).chance(share, size=len(person)))
    wait = lots_of(extract, "wait", own).whole(*facts["sent_again_seconds"], len(twice))
    entry = np.append(np.arange(len(person)), twice)
    both = np.minimum(np.append(second, second[twice] + wait), calendar.DAYS * DAY_SECONDS - 1)
    copy = np.arange(len(entry)) >= len(person)
    sort = np.lexsort((copy, entry, both))
    return person[entry][sort], both[sort], entry[sort]


def _year_spend(block: PeopleBlock, customer: np.ndarray, day: np.ndarray) -> np.ndarray:
    """Return what each customer spent in the year that ends with a day, in fen; others 0."""
    bought, lines = block.purchases, block.lines
    amount = np.bincount(lines.order, lines.amount, minlength=len(bought.person)).astype(np.int64)
    order = np.lexsort((bought.day, bought.person))
    keys = (bought.person * _SPAN + bought.day + _YEAR)[order]
    running = np.append(0, np.cumsum(amount[order]))
    until = running[np.searchsorted(keys, customer * _SPAN + day + _YEAR, side="right")]
    before = running[np.searchsorted(keys, customer * _SPAN + day, side="right")]
    return np.where(customer == NOBODY, 0, until - before)


def _ages(date: pl.Series, born_on: pl.Series) -> pl.Series:
    """Return ages in whole years on each date."""
    now, then = (
        day.dt.year().cast(pl.Int64) * 10_000 + day.dt.month().cast(pl.Int64) * 100 + day.dt.day()
        for day in (date, born_on)
    )
    return (now - then) // 10_000


def _day_of(date: object) -> int:
    return (date - calendar.dates()[0]).days


def _unless(missing: np.ndarray, values: np.ndarray) -> pl.Series:
    """Return the values, null where they are missing."""
    return pl.select(pl.when(pl.Series(~missing)).then(pl.Series(values))).to_series()
