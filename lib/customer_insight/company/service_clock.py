"""Times of the service: seconds from the company's first midnight, and the desk's working time."""

import datetime as dt

import numpy as np
import polars as pl

from customer_insight.company import calendar
from customer_insight.data.mechanisms import mechanism

DAY, HOUR = 86_400, 3_600
END = calendar.DAYS * DAY


def day_number(date: dt.date) -> int:
    """Return a date as a day counted from the company's first.

    Examples
    --------
    >>> day_number(dt.date(2022, 1, 11))
    10
    """
    return (date - calendar.EPOCH).days - calendar.FIRST_DAY


def within(day: np.ndarray, window: dict) -> np.ndarray:
    """Return whether days lie from ``begins`` to ``ends`` of a window, both included."""
    return (day >= day_number(window["begins"])) & (day <= day_number(window["ends"]))


def after_working(start: np.ndarray, seconds: np.ndarray) -> np.ndarray:
    """Return when so much working time of the desk has gone by.

    Parameters
    ----------
    start : numpy.ndarray of int, shape (n,)
        Seconds from the company's first midnight. Outside the desk's hours its time stands still.
    seconds : numpy.ndarray of int, shape (n,)
        Working time, not negative.

    Returns
    -------
    numpy.ndarray of int, shape (n,)
        Seconds from the company's first midnight, within the desk's hours.

    Examples
    --------
    The desk works from 8 to 22. Two hours from 21 o'clock end at 9 on the next day:

    >>> int(after_working(np.array([21 * HOUR]), np.array([2 * HOUR]))[0] / HOUR)
    33
    """
    facts = mechanism("service_answers")
    opens, long = facts["opens"] * HOUR, (facts["closes"] - facts["opens"]) * HOUR
    worked = start // DAY * long + np.clip(start % DAY - opens, 0, long) + seconds
    return worked // long * DAY + opens + worked % long


def timestamps(seconds: np.ndarray, known: np.ndarray | None = None) -> pl.Series:
    """Return seconds from the company's first midnight as timestamps, null where not known."""
    at = pl.Series("at", seconds + calendar.FIRST_DAY * DAY)
    series = (at * 1_000_000).cast(pl.Datetime("us"))
    if known is None:
        return series
    return pl.select(pl.when(pl.Series(known)).then(series)).to_series()
