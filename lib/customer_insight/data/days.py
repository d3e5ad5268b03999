"""Days as whole numbers: how many days a date is after 1970-01-01."""

import datetime as dt
import operator

import narwhals as nw

from customer_insight.data.violations import Rule

EPOCH = dt.date(1970, 1, 1)
# 17 bits and a sign: a day and an amount then fit together into one 64-bit number.
DAY_LIMIT = 2**17
FIRST_DAY, LAST_DAY = (EPOCH + dt.timedelta(n) for n in (-DAY_LIMIT, DAY_LIMIT - 1))


def day_number(day: dt.date | int, *, name: str = "as_of") -> int:
    """Return the number of whole days from 1970-01-01 to a date.

    Parameters
    ----------
    day : datetime.date or int
        A date, a date and time without a zone (its day is taken as written), or a whole number of
        days since 1970-01-01.
    name : str, default "as_of"
        What the day is called in an error message.

    Returns
    -------
    int
        Days since 1970-01-01; negative before it.

    Raises
    ------
    ValueError
        If ``day`` is something else (a text, too: its reading order is not known here), has a
        time zone, or lies outside the years 1611 to 2328.

    Examples
    --------
    >>> day_number(dt.date(1970, 1, 2)), day_number(dt.date(1997, 9, 30)), day_number(10134)
    (1, 10134, 10134)
    """
    number = _whole_days(day, name)
    if not -DAY_LIMIT <= number < DAY_LIMIT:
        raise ValueError(
            f"{name} is day {number} since 1970-01-01, outside {FIRST_DAY} to {LAST_DAY}. "
            "A whole number is read as days since 1970-01-01, not as YYYYMMDD: "
            "pass a date, such as datetime.date(1997, 9, 30)."
        )
    return number


def _whole_days(day: dt.date | int, name: str) -> int:
    if isinstance(day, dt.datetime) and day.tzinfo is not None:
        raise ValueError(
            f"{name} has a time zone, so that its day depends on where one stands. "
            "Convert it to the business's own zone and pass its .date()."
        )
    # A missing date of pandas is a date, too, but differs from itself.
    if isinstance(day, dt.date) and day == day:  # noqa: PLR0124
        return day.toordinal() - EPOCH.toordinal()
    try:
        if isinstance(day, bool):
            raise TypeError
        return operator.index(day)
    except TypeError:
        raise ValueError(
            f"{name} is a {type(day).__name__}, and must be a date, such as "
            "datetime.date(1997, 9, 30), or whole days since 1970-01-01. It decides what is "
            "counted, so it is never guessed."
        ) from None


def day_numbers(column: str) -> nw.Expr:
    """Return the day numbers of a column of dates, or of dates and times without a zone.

    The day is the one written: the year's first day by the Gregorian rule of leap years, plus the
    day in the year. No engine's clock, zone or duration type takes part.

    Parameters
    ----------
    column : str

    Returns
    -------
    narwhals.Expr
        Whole days since 1970-01-01; cast it to Int64 once nothing is missing.
    """
    year = nw.col(column).dt.year()
    leap_days = (year - 1969) // 4 - (year - 1901) // 100 + (year - 1601) // 400
    return 365 * (year - 1970) + leap_days + nw.col(column).dt.ordinal_day() - 1


def day_rules(column: str) -> list[Rule]:
    """Return the rules for a column of dates: none missing, none outside the years 1611 to 2328."""
    number = day_numbers(column)
    return [
        Rule(
            "day-missing",
            column,
            nw.col(column).is_null(),
            "without a date",
            "a purchase without a day can neither be ordered nor held against a cut-off",
            "find the dates, or take these rows out and say how many they were",
        ),
        Rule(
            "day-out-of-range",
            column,
            (number < -DAY_LIMIT) | (number >= DAY_LIMIT),
            f"outside {FIRST_DAY} to {LAST_DAY}",
            "such dates stand for 'unknown' or are misread, and would stretch every history",
            "correct them, or take these rows out and say how many they were",
        ),
    ]
