"""One line of a ledger of value: where its money comes from, and which days it is of."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from customer_insight.data.days import day_number
from customer_insight.stats.inputs import finite_numbers

KINDS = ("explicit", "implicit")


@dataclass(frozen=True)
class ValueLine:
    """One line of the ledger: money of one stream in one span of time.

    Attributes
    ----------
    name : str
        Column of the ledger.
    stream : str
        Where the value comes from, such as "own_purchases", "referral", "information". The days of
        one stream may be in one line only.
    kind : {"explicit", "implicit"}
        Whether it is, or will be, booked on the customer's own account.
    first_day, last_day : datetime.date or int
        Span, both days included; ``last_day`` None if it has no end.
    values : array-like, shape (n,)
        Of each customer, minor units. Up to the day of valuation booked amounts, whole; after it
        expected ones, worth of that day.
    """

    name: str
    stream: str
    kind: str
    first_day: dt.date | int
    last_day: dt.date | int | None
    values: ArrayLike


def described(
    line: ValueLine, values: NDArray, borders: tuple[int, int, int], rate: float
) -> dict[str, Any]:
    """Return what a ledger says of a line: its part, its term, its days and its total.

    Parameters
    ----------
    line : ValueLine
    values : ndarray, shape (n,)
        Of the line, as `line_values` returns them.
    borders : tuple of int
        First day of the current period, day of valuation, and last day of the near term.
    rate : float
        Discount a year of what is to come.

    Returns
    -------
    dict

    Raises
    ------
    ValueError
        If the kind is unknown, the line crosses a border, or it is implicit and past.

    Examples
    --------
    >>> line = ValueLine("next", "own_purchases", "explicit", 20, 30, [4.5])
    >>> found = described(line, np.array([4.5]), (5, 10, 40), 0.1)
    >>> found["part"], found["term"], found["total"]
    ('potential', 'near', 4.5)
    """
    first, last = _span(line)
    part, term = _place(line.name, first, last, borders)
    if line.kind not in KINDS:
        raise ValueError(f"line {line.name!r}: kind is {line.kind!r}, and must be one of {KINDS}.")
    if term == "past" and line.kind == "implicit":
        raise ValueError(
            f"line {line.name!r} is implicit and past: it was booked on somebody else's account "
            "or on none, so that the ledger could not add up to the accounts. Show it beside them."
        )
    return {
        "line": line.name,
        "stream": line.stream,
        "kind": line.kind,
        "part": part,
        "term": term,
        "first_day": first,
        "last_day": last,
        "discount_per_year": 0.0 if term == "past" else rate,
        # sorted, so that no digit hangs on the order of the rows
        "total": float(np.sort(values).sum()),
    }


def line_values(line: ValueLine, customers: int, as_of: int) -> NDArray:
    """Return the values of a line, whole where they are booked, or say what is wrong with them.

    Parameters
    ----------
    line : ValueLine
    customers : int
        How many values are wanted.
    as_of : int
        Day of valuation, days since 1970-01-01.

    Returns
    -------
    ndarray, shape (n,)
        Int64 if the line ends by ``as_of``, float otherwise.

    Raises
    ------
    ValueError
        If values are missing, too few or too many, or a booked one is no whole number.

    Examples
    --------
    >>> line_values(ValueLine("now", "own_purchases", "explicit", 5, 10, [4.0]), 1, 10)
    array([4])
    """
    values = finite_numbers(line.values, f"line {line.name!r}")
    if values.shape != (customers,):
        raise ValueError(
            f"line {line.name!r} has {values.size:,} values for {customers:,} customers: they must "
            "stand row by row beside the ids."
        )
    if _span(line)[1] > as_of:
        return values
    if broken := int(np.count_nonzero(values != np.rint(values))):
        raise ValueError(
            f"line {line.name!r} is booked, and {broken:,} of {customers:,} values are fractions "
            "of a minor unit. Take it from customer_profit, which shares out whole units."
        )
    return values.astype(np.int64)


def _place(name: str, first: int, last: float, borders: tuple[int, int, int]) -> tuple[str, str]:
    """Return part and term of a span, which must lie within one of four."""
    start, day, near = borders
    spans = (
        (-np.inf, start - 1, ("historical", "past")),
        (start, day, ("current", "past")),
        (day + 1, near, ("potential", "near")),
        (near + 1, np.inf, ("potential", "long")),
    )
    for low, high, place in spans:
        if low <= first and last <= high:
            return place
    raise ValueError(
        f"line {name!r} crosses a border between historical, current, near and long term. Split "
        "it there, so that each line says one thing."
    )


def _span(line: ValueLine) -> tuple[int, float]:
    first = day_number(line.first_day, name=f"first_day of line {line.name!r}")
    if line.last_day is None:
        return first, np.inf
    last = day_number(line.last_day, name=f"last_day of line {line.name!r}")
    if last < first:
        raise ValueError(f"line {line.name!r} ends before it begins.")
    return first, last
