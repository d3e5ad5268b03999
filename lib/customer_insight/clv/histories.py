"""Purchase histories: reading them from a summary, refusing bad ones, finding the distinct ones."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from customer_insight.clv.summary_columns import eager_table, numbers
from customer_insight.data.time_units import DAYS_PER_UNIT

Array = NDArray[np.float64]
Codes = NDArray[np.int64]

MOST_PURCHASES = 1_000_000  # tables are as long as the largest count: 8 MB each
_WHOLE_DAY = 1e-5  # how far from whole days a time may be and still be days divided by 7
_LARGEST_TABLE = 2**24
_BLOCK = 2**14  # rows worked on at once: a dozen such columns stay in a processor's cache


def blocks(rows: int, size: int = _BLOCK, *, start: int = 0) -> Iterator[slice]:
    """Cut rows into blocks that stay in the processor's cache.

    Examples
    --------
    >>> list(blocks(5, size=3))
    [slice(0, 3, None), slice(3, 5, None)]
    """
    return (slice(low, min(low + size, rows)) for low in range(start, rows, size))


@dataclass(frozen=True)
class DistinctHistories:
    """Histories without repetition, ordered by count, observed time and time of the last purchase.

    Attributes
    ----------
    x, t_x, T : ndarray of float
        Repeat purchases, time from first to last purchase, time observed.
    customers : ndarray of float
        How many customers have this history.
    """

    x: Array
    t_x: Array
    T: Array
    customers: Array

    @property
    def total(self) -> float:
        """Number of customers."""
        return float(self.customers.sum())

    def every(self, step: int) -> "DistinctHistories":
        """Return the histories of every ``step``-th customer in this order."""
        last = np.cumsum(self.customers)
        taken = np.searchsorted(last, np.arange(float(step), last[-1] + 0.5, step))
        row, customers = np.unique(taken, return_counts=True)
        return DistinctHistories(self.x[row], self.t_x[row], self.T[row], customers.astype(float))


class Pairs(NamedTuple):
    """Distinct pairs of count and time observed, ordered by count.

    Attributes
    ----------
    x, T : ndarray
        One a pair.
    cell : ndarray of int
        The cell of each pair in a table of ``cells`` cells.
    place : ndarray of int
        The cell of each customer.
    """

    x: Codes
    T: Array
    cell: Codes
    cells: int
    place: Codes

    def table(self, values: Array) -> Array:
        """Spread values, one a pair (along the first axis), over the cells."""
        table = np.zeros((self.cells, *values.shape[1:]))
        table[self.cell] = values
        return table


@dataclass(frozen=True)
class Histories:
    """One purchase history a customer, checked.

    Attributes
    ----------
    x : ndarray of int
        Repeat purchases.
    t_x, T : ndarray of float
        Time from first to last purchase, and time observed, in ``unit``.
    unit : {"day", "week"}
    """

    x: Codes
    t_x: Array
    T: Array
    unit: str

    def __len__(self) -> int:
        return len(self.x)

    @cached_property
    def _observed(self) -> tuple[Array, Codes]:
        return _levels(self.T, self.unit)

    def distinct(self) -> DistinctHistories:
        """Return the distinct histories and how many customers have each."""
        observed, observed_code = self._observed
        last, last_code = _levels(self.t_x, self.unit)
        wide, wider = (len(levels).bit_length() for levels in (last, observed))
        if int(self.x.max()).bit_length() + wide + wider > 62:
            raise ValueError(
                "the summary has more distinct times than whole days could give. Round its times "
                "to whole days."
            )
        key = self.x << wider
        key |= observed_code
        key <<= wide
        key |= last_code
        key.sort()
        first = np.flatnonzero(np.concatenate(([True], key[1:] != key[:-1])))
        customers = np.diff(first, append=len(key)).astype(float)
        key = key[first]
        last_code, key = key & ((1 << wide) - 1), key >> wide
        observed_code, x = key & ((1 << wider) - 1), key >> wider
        return DistinctHistories(
            x.astype(float), last[last_code], observed[observed_code], customers
        )

    def count_and_observed(self) -> Pairs:
        """Return the distinct pairs of count and time observed, and which one each customer has.

        What a living customer will buy depends on these two only.
        """
        observed, code = self._observed
        wide = len(observed)
        place = self.x * wide
        place += code
        cells = (int(self.x.max()) + 1) * wide
        if cells <= _LARGEST_TABLE:
            pair = cell = np.flatnonzero(np.bincount(place, minlength=cells))
        else:
            pair, place = np.unique(place, return_inverse=True)
            cells = len(pair)
            cell = np.arange(cells)
        x, code = np.divmod(pair, wide)
        return Pairs(x, observed[code], cell, cells, place)


def _levels(times: Array, unit: str) -> tuple[Array, Codes]:
    """Return a table of times and each row's place in it; whole days are their own places."""
    days_per_unit = DAYS_PER_UNIT[unit]
    last_day = int(np.rint(times.max() * days_per_unit))
    if last_day < max(4 * len(times), 2**16):
        code = np.empty(len(times), dtype=np.int64)
        for rows in blocks(len(times)):
            days = times[rows] * days_per_unit
            whole = np.rint(days)
            if np.max(np.abs(days - whole)) > _WHOLE_DAY:
                break
            code[rows] = whole
        else:
            return np.arange(last_day + 1) / days_per_unit, code
    levels, code = np.unique(times, return_inverse=True)
    return levels, code


def read_histories(summary: Any, *, unit: str | None = None) -> Histories:
    """Read the purchase histories from a summary, or say what is wrong with it.

    Parameters
    ----------
    summary : pandas or Polars frame
        As ``features.purchase_summary`` gives it, one row a customer: ``repeat_purchases``, and
        ``weeks_first_to_last`` and ``weeks_observed``, or the same two in days.
    unit : {"day", "week"}, optional
        The unit that a model was fitted in; the summary must have the same.

    Returns
    -------
    Histories

    Raises
    ------
    ValueError
        If columns are missing or stand in two units or in another unit than the model, the frame
        is lazy or empty, or a history is impossible. The message counts the rows.

    Examples
    --------
    >>> import polars
    >>> summary = polars.DataFrame({
    ...     "repeat_purchases": [2, 0], "weeks_first_to_last": [30.0, 0.0],
    ...     "weeks_observed": [39.0, 38.0],
    ... })
    >>> read_histories(summary).unit
    'week'
    >>> read_histories(summary, unit="day")
    Traceback (most recent call last):
    ...
    ValueError: the summary is in weeks, and the model was fitted in days. Weeks read as days ...
    """
    table = eager_table(summary)
    found = _unit_of(table.columns)
    if unit is not None and unit != found:
        raise ValueError(
            f"the summary is in {found}s, and the model was fitted in {unit}s. Weeks read as days "
            "would make every rate seven times wrong. Make the summary with "
            f'purchase_summary(..., unit="{unit}"), or fit the model in {found}s.'
        )
    x = numbers(table, "repeat_purchases")
    t_x = numbers(table, f"{found}s_first_to_last").astype(float, copy=False)
    T = numbers(table, f"{found}s_observed").astype(float, copy=False)
    if not _is_possible(x, t_x, T):
        raise _impossible(x, t_x, T, found)
    return Histories(x.astype(np.int64, copy=False), t_x, T, found)


def _unit_of(columns: list[str]) -> str:
    found = [
        unit
        for unit in DAYS_PER_UNIT
        if f"{unit}s_first_to_last" in columns and f"{unit}s_observed" in columns
    ]
    if len(found) != 1:
        has = "both in days and in weeks" if found else "neither in days nor in weeks"
        raise ValueError(
            f"the summary has its times {has}; it has the columns "
            f"{', '.join(map(repr, columns))}. Wanted are weeks_first_to_last and weeks_observed, "
            "or days_first_to_last and days_observed, as features.purchase_summary gives them."
        )
    return found[0]


def _impossible(x: Array, t_x: Array, T: Array, unit: str) -> ValueError:
    """Return the error that counts each kind of impossible history."""
    faults = [
        (x < 0, "have a negative count. Counts of repeat purchases start at 0."),
        (x > MOST_PURCHASES, f"have more than {MOST_PURCHASES:,} purchases. That is no customer."),
        (x != np.rint(x), "have a fraction of a purchase. Count purchase days, not averages."),
        (t_x < 0, "were last seen before their first purchase. Times run from that one on."),
        # days / 7 may differ in the last digit between the two columns
        (t_x > T * (1.0 + 1e-9), "last bought after the end of observation: as_of is too early."),
        ((x == 0) & (t_x > 0), "never came back and yet have a later purchase."),
        ((x > 0) & (t_x <= 0), "came back at the time of their first purchase: count days."),
    ]
    lines = [f"{count:,} {text}" for bad, text in faults if (count := np.count_nonzero(bad))]
    return ValueError(
        f"the summary (in {unit}s) holds impossible histories, of {len(x):,} customers: "
        f"{' '.join(lines)}"
    )


def _is_possible(x: Array, t_x: Array, T: Array) -> bool:
    whole = x.dtype == np.int64 or bool(np.all(x == np.rint(x)))
    if not whole or x.min() < 0 or x.max() > MOST_PURCHASES or t_x.min() < 0:
        return False
    return not any(
        np.any(t_x[rows] > T[rows] * (1.0 + 1e-9)) or np.any((x[rows] > 0) != (t_x[rows] > 0))
        for rows in blocks(len(x))
    )
