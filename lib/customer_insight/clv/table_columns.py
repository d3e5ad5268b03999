"""Reading the columns of a table of customers or invoices, or saying what is wrong with them."""

from collections.abc import Sequence
from typing import Any

import narwhals as nw
import numpy as np
from numpy.typing import NDArray

# From 2**53 on a float no longer holds every whole number, so money would lose minor units.
LARGEST = 2**53


def table_with(frame: Any, name: str, columns: Sequence[str], *, empty: bool = False) -> Any:
    """Return an eager table that has certain columns, or say what is missing.

    Parameters
    ----------
    frame : pandas or Polars frame
        One row an item.
    name : str
        What the table is called in an error message.
    columns : sequence of str
        Wanted; others may stand beside them.
    empty : bool, default False
        Whether a table without rows will do.

    Returns
    -------
    narwhals.DataFrame

    Raises
    ------
    ValueError
        If it is lazy, no table, lacks a column, or has no rows.

    Examples
    --------
    >>> import polars
    >>> len(table_with(polars.DataFrame({"value": [1, 2]}), "values", ["value"]))
    2
    """
    table = nw.from_native(frame, pass_through=True)
    if not isinstance(table, nw.DataFrame):
        raise ValueError(
            f"{name} is a {type(frame).__name__}, and must be a pandas or Polars frame with the "
            f"columns {', '.join(columns)}. Collect a lazy one first."
        )
    if missing := [column for column in columns if column not in table.columns]:
        raise ValueError(
            f"{name} has no column {', '.join(missing)}; it has {', '.join(table.columns)}. "
            "Rename or compute what is missing."
        )
    if not len(table) and not empty:
        raise ValueError(f"{name} has no rows: there is nothing to look at.")
    return table


def check_present(table: Any, column: str, name: str) -> None:
    """Refuse a column in which something is missing.

    Raises
    ------
    ValueError
        With the number of rows.
    """
    missing = int(table[column].is_null().sum())
    if missing:
        raise ValueError(
            f"{name}: {column} is missing in {missing:,} of {len(table):,} rows. Those rows belong "
            "to nobody; drop them, and report how many they were."
        )


def check_ids(table: Any, column: str, name: str) -> None:
    """Refuse a column of ids in which one is missing or stands twice.

    Raises
    ------
    ValueError
        With the number of rows, never an id.
    """
    check_present(table, column, name)
    twice = len(table) - table[column].n_unique()
    if twice:
        raise ValueError(
            f"{name}: {column} stands more than once in {twice:,} of {len(table):,} rows, so that "
            "value would be counted twice. Keep one row each."
        )


def real_numbers(table: Any, column: str, name: str) -> NDArray[np.float64]:
    """Return a column as finite floats.

    Raises
    ------
    ValueError
        If it holds something else; the message counts the rows.

    Examples
    --------
    >>> import polars
    >>> real_numbers(nw.from_native(polars.DataFrame({"share": [0.5]})), "share", "rules")
    array([0.5])
    """
    series = table[column]
    if not series.dtype.is_numeric():
        raise ValueError(f"{name}: {column} holds {series.dtype}, and must hold numbers.")
    numbers = series.cast(nw.Float64).to_numpy()
    bad = int(np.count_nonzero(~np.isfinite(numbers)))
    if bad:
        raise ValueError(
            f"{name}: {column} is missing or infinite in {bad:,} of {len(table):,} rows. Drop "
            "those rows, or fill them with a number that you can defend."
        )
    return numbers


def minor_units(table: Any, column: str, name: str, *, low: int | None = None) -> NDArray[np.int64]:
    """Return a column of money as whole minor units (cents, fen).

    Raises
    ------
    ValueError
        If a value is missing, a fraction, beyond 2**53 or under ``low``.

    Examples
    --------
    >>> import polars
    >>> minor_units(nw.from_native(polars.DataFrame({"value": [0.5]})), "value", "values")
    Traceback (most recent call last):
    ...
    ValueError: values: value holds fractions of minor units in 1 of 1 rows. Money is whole here...
    """
    numbers = real_numbers(table, column, name)
    faults = [
        (numbers != np.rint(numbers), "holds fractions of minor units"),
        (np.abs(numbers) >= LARGEST, "is beyond 2**53"),
        (numbers < (-np.inf if low is None else low), f"is under {low}"),
    ]
    for wrong, what in faults:
        if bad := int(np.count_nonzero(wrong)):
            raise ValueError(
                f"{name}: {column} {what} in {bad:,} of {len(table):,} rows. Money is whole here, "
                "in cents or fen, so that sums are exact; settle it first."
            )
    return numbers.astype(np.int64)


def with_numbers(table: Any, **columns: NDArray) -> Any:
    """Return a table with columns of numbers put beside its own, row by row.

    Parameters
    ----------
    table : narwhals.DataFrame
        Its columns come first.
    **columns : ndarray, shape (n,)
        By name. Whole numbers become Int64, others Float64.

    Returns
    -------
    narwhals.DataFrame

    Examples
    --------
    >>> import polars
    >>> with_numbers(nw.from_native(polars.DataFrame({"id": ["a"]})), value=np.array([1])).rows()
    [('a', 1)]
    """
    made = {
        name: nw.new_series(
            name,
            values,
            nw.Int64 if values.dtype.kind in "iu" else nw.Float64,
            backend=table.implementation,
        )
        for name, values in columns.items()
    }
    return table.with_columns(**made)
