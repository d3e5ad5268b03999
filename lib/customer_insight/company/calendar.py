"""The company's calendar: its days, and how much busier than usual each of them is."""

import datetime as dt
import functools

import numpy as np

from customer_insight.data.mechanisms import mechanism

EPOCH = dt.date(1970, 1, 1)
FIRST_DAY = (dt.date(2022, 1, 1) - EPOCH).days
LAST_DAY = (dt.date(2024, 12, 31) - EPOCH).days
HORIZON_DAY = (dt.date(2025, 12, 31) - EPOCH).days
DAYS = LAST_DAY - FIRST_DAY + 1
YEARS = (2022, 2023, 2024, 2025)


def year_bounds(year: int) -> tuple[int, int]:
    """Return the first day of a year, and of the next one, counted from the company's first day."""
    return (
        (dt.date(year, 1, 1) - EPOCH).days - FIRST_DAY,
        (dt.date(year + 1, 1, 1) - EPOCH).days - FIRST_DAY,
    )


@functools.cache
def dates() -> tuple[dt.date, ...]:
    """Return every date from the company's first day to the end of the horizon."""
    return tuple(EPOCH + dt.timedelta(day) for day in range(FIRST_DAY, HORIZON_DAY + 1))


@functools.cache
def months() -> np.ndarray:
    """Return the month of each day: 0 is the company's first month, shape (days,)."""
    return np.array([12 * (date.year - 2022) + date.month - 1 for date in dates()])


def season_types() -> tuple[str, ...]:
    """Return the names of the seasons that a customer can follow."""
    return tuple(mechanism("season")["types"])


@functools.cache
def busyness() -> np.ndarray:
    """Return how busy each day is for each type of season, in thousandths of a usual day.

    Returns
    -------
    numpy.ndarray of int, shape (types, days)
        Month times weekday times festival windows, each in thousandths, cut to whole numbers.
    """
    return np.array([_season(facts) for facts in mechanism("season")["types"].values()])


@functools.cache
def crowded() -> np.ndarray:
    """Return for each day whether the carriers are crowded, shape (days,)."""
    windows = mechanism("season")["crowded"]
    festivals = mechanism("season")["festivals"]
    inside = np.zeros(len(dates()), dtype=bool)
    for window in windows:
        for start, end in spans(festivals[window["festival"]], window["from"], window["to"]):
            inside[start:end] = True
    return inside


def _season(facts: dict) -> list[int]:
    festivals = mechanism("season")["festivals"]
    factor = [
        facts["months"][date.month - 1] * facts["weekdays"][date.weekday()] for date in dates()
    ]
    for window in facts["windows"]:
        for start, end in spans(festivals[window["festival"]], window["from"], window["to"]):
            factor[start:end] = [value * window["factor"] // 1000 for value in factor[start:end]]
    return [value // 1000 for value in factor]


def spans(days: list[dt.date], first: int, last: int) -> list[tuple[int, int]]:
    """Return the days from `first` to `last` around each festival, within the calendar."""
    spans = []
    for day in days:
        at = (day - EPOCH).days - FIRST_DAY
        start, end = max(0, at + first), min(len(dates()), at + last + 1)
        if start < end:
            spans.append((start, end))
    return spans
