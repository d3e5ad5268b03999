"""Reading columns of numbers from a summary of any eager kind, or saying what is wrong with it."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def eager_table(summary: Any) -> Any:
    """Return a frame whose columns can be read at once, or say what was given instead."""
    import narwhals as nw

    table = nw.from_native(summary, pass_through=True)
    if isinstance(table, nw.LazyFrame):
        raise ValueError(
            "the summary is lazy: its rows have no order yet, so results could not be matched to "
            "customers. Collect it first, for instance with .pl() or .collect()."
        )
    if not isinstance(table, nw.DataFrame):
        raise ValueError(
            f"the summary is a {type(summary).__name__}, and must be a pandas or Polars frame such "
            "as features.purchase_summary gives."
        )
    if len(table) == 0:
        raise ValueError("the summary has no rows: there is no customer to look at.")
    return table


def numbers(table: Any, column: str) -> Array:
    """Return a column as finite numbers, or count what is not one."""
    if column not in table.columns:
        raise ValueError(
            f"the summary has no column {column!r}; it has {', '.join(map(repr, table.columns))}. "
            "Make it with features.purchase_summary."
        )
    series = table[column]
    if not series.dtype.is_numeric():
        raise ValueError(f"the column {column!r} holds {series.dtype}, and must hold numbers.")
    values = series.to_numpy()
    if values.dtype == np.int64:
        return values
    values = values.astype(np.float64, copy=False)
    # one missing value makes the sum missing, at a third of the cost of looking at each
    if not np.isfinite(values.sum()) and (missing := np.count_nonzero(~np.isfinite(values))):
        raise ValueError(
            f"the column {column!r} is missing or infinite in {missing:,} of {len(table):,} rows. "
            "Drop those customers, and report how many they were."
        )
    return values
