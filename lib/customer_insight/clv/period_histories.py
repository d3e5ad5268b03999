"""Histories by period: how long customers stayed away between purchases, and since the last."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from customer_insight.clv.summary_columns import eager_table, numbers

Codes = NDArray[np.int64]


@dataclass(frozen=True)
class PeriodHistories:
    """Customers and periods with a purchase, by customer and from old to new.

    Attributes
    ----------
    customer : ndarray of int, shape (n,)
        Place of the customer of each row, from 0.
    ago : ndarray of int, shape (n,)
        How many periods ago the purchase was; 0 is the last period observed.
    gap : ndarray of int, shape (n,)
        Periods to the customer's next purchase, or to the last period observed if there is none.
    returned : ndarray of bool, shape (n,)
        Whether there is a next purchase.
    age : ndarray of int, shape (n,)
        How many periods before were bought in without a break.
    source : ndarray of int, shape (n,)
        Row of the table.
    """

    customer: Codes
    ago: Codes
    gap: Codes
    returned: NDArray[np.bool_]
    age: Codes
    source: Codes

    @property
    def customers(self) -> int:
        """Number of customers."""
        return int(self.customer[-1]) + 1

    @property
    def last(self) -> NDArray[np.bool_]:
        """Whether the row is the customer's last purchase."""
        return ~self.returned

    @property
    def first(self) -> NDArray[np.bool_]:
        """Whether the row is the customer's first purchase."""
        return np.append(True, self.last[:-1])

    def of(self, chosen: NDArray[np.bool_]) -> "PeriodHistories":
        """Return the histories of some customers, whole."""
        row = chosen[self.customer]
        customer = np.cumsum(chosen)[self.customer[row]] - 1
        kept = (self.ago, self.gap, self.returned, self.age, self.source)
        return PeriodHistories(customer, *(column[row] for column in kept))


def read_histories(purchases: Any) -> PeriodHistories:
    """Return the histories of a table of purchase periods, or say what is wrong with it.

    Parameters
    ----------
    purchases : pandas or Polars frame
        With ``customer_id`` and ``periods_ago`` (whole numbers from 0), one row a customer and
        period with a purchase, as ``purchase_periods`` gives it.

    Returns
    -------
    PeriodHistories

    Raises
    ------
    ValueError
        If the table is empty or lazy, lacks a column, has ids missing or rows twice, or periods
        that are not whole numbers from 0.

    Examples
    --------
    >>> import polars
    >>> table = polars.DataFrame({"customer_id": ["a", "a", "b"], "periods_ago": [2, 1, 0]})
    >>> histories = read_histories(table)
    >>> histories.gap.tolist(), histories.returned.tolist(), histories.age.tolist()
    ([1, 1, 0], [True, False, False], [0, 1, 0])
    """
    table = eager_table(purchases)
    ago = numbers(table, "periods_ago")
    if not np.all((ago >= 0) & (ago == np.rint(ago))):
        raise ValueError(
            "periods_ago must be whole numbers from 0, the last period observed, on. Make the "
            "table with purchase_periods."
        )
    customer = _codes(table)
    order = np.lexsort((-ago, customer))
    customer, ago = customer[order], ago[order].astype(np.int64)
    returned = np.append(customer[1:] == customer[:-1], False)
    gap = np.where(returned, ago - np.append(ago[1:], 0), ago)
    if twice := np.count_nonzero(returned & (gap == 0)):
        raise ValueError(
            f"{twice:,} rows repeat a customer and period: a customer buys in a period or does "
            "not. Make the table with purchase_periods, which adds orders up."
        )
    return PeriodHistories(customer, ago, gap, returned, _ages(returned & (gap == 1)), order)


def groups_of(purchases: Any, column: str, histories: PeriodHistories) -> tuple[Codes, list[Any]]:
    """Return the group of each customer, and the groups in rising order.

    Parameters
    ----------
    purchases : pandas or Polars frame
        The table that the histories were read from.
    column : str
        Its column of groups, the same in all rows of a customer.
    histories : PeriodHistories
        Read from the table.

    Returns
    -------
    codes : ndarray of int, shape (customers,)
    labels : list

    Raises
    ------
    ValueError
        If there is no such column, a group is missing, or a customer has several.
    """
    import pandas as pd

    table = eager_table(purchases)
    if column not in table.columns:
        raise ValueError(
            f"the table has no column {column!r}; it has {', '.join(map(repr, table.columns))}. "
            "Join the customers' groups to it first."
        )
    row_codes, labels = pd.factorize(_objects(table[column]), sort=True)
    codes = row_codes[histories.source]
    if missing := np.count_nonzero(codes < 0):
        raise ValueError(
            f"the column {column!r} is missing in {missing:,} of {len(codes):,} rows. Name those "
            "customers' group, such as 'unknown', or leave them out and report how many they were."
        )
    several = histories.returned & (codes != np.append(codes[1:], 0))
    if several.any():
        raise ValueError(
            f"{len(np.unique(histories.customer[several])):,} customers change their group in the "
            f"column {column!r}. Give each one group, the one known when they were won."
        )
    return codes[histories.last], labels.tolist()


def _codes(table: Any) -> Codes:
    import pandas as pd

    if "customer_id" not in table.columns:
        raise ValueError(
            "the table has no column 'customer_id'; it has "
            f"{', '.join(map(repr, table.columns))}. Make it with purchase_periods."
        )
    codes, _ = pd.factorize(_objects(table["customer_id"]))
    if missing := np.count_nonzero(codes < 0):
        raise ValueError(
            f"customer_id is missing in {missing:,} of {len(codes):,} rows. Leave those purchases "
            "out, and report how many they were."
        )
    return codes


def _objects(series: Any) -> ArrayLike:
    return np.asarray(series.to_numpy())


def _ages(goes_on: NDArray[np.bool_]) -> Codes:
    """Count, at each row, the rows before it that lead on to the next period without a break."""
    row = np.arange(len(goes_on))
    begins = np.append(True, ~goes_on[:-1])
    return row - np.maximum.accumulate(np.where(begins, row, 0))
