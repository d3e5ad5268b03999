"""Reading tables of texts and whole minor units, or saying what is wrong with one."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import narwhals as nw

from customer_insight.clv.table_columns import check_present, table_with

if TYPE_CHECKING:
    import polars as pl


def money_table(
    frame: Any,
    name: str,
    *,
    text: Sequence[str] = (),
    optional_text: Sequence[str] = (),
    whole: Sequence[str] = (),
) -> "pl.DataFrame":
    """Return the columns asked for as a Polars frame, texts as text and whole numbers as Int64.

    Parameters
    ----------
    frame : pandas or Polars frame
        May have further columns; they are left out.
    name : str
        What the table is called in an error message.
    text, optional_text, whole : sequence of str
        Columns of text without a gap, of text with gaps, and of whole numbers without a gap.

    Returns
    -------
    polars.DataFrame

    Raises
    ------
    ValueError
        If it is no eager frame, or a column is missing, of another kind, or has gaps.

    Examples
    --------
    >>> import pandas
    >>> money_table(pandas.DataFrame({"amount": [1.5]}), "pools", whole=["amount"])
    Traceback (most recent call last):
    ...
    ValueError: pools: the column 'amount' holds Float64, and must hold whole numbers, ...
    """
    wanted = [*text, *optional_text, *whole]
    table = table_with(frame, name, wanted, empty=True)
    for column in (*text, *whole):
        check_present(table, column, name)
    _check_kinds(table, name, whole, [*text, *optional_text])
    kinds = {column: nw.Int64 if column in whole else nw.String for column in wanted}
    cast = table.select(nw.col(column).cast(kind) for column, kind in kinds.items())
    return cast.to_polars()


def _check_kinds(table: nw.DataFrame, name: str, whole: Sequence[str], text: Sequence[str]) -> None:
    for column in whole:
        if len(table) and not table[column].dtype.is_integer():
            raise ValueError(
                f"{name}: the column {column!r} holds {table[column].dtype}, and must hold whole "
                "numbers, money in minor units (cents, fen): fractions do not add up to the books."
            )
    for column in text:
        gap = int(table[column].is_null().sum()) == len(table)
        if not gap and table[column].dtype not in (nw.String, nw.Categorical, nw.Enum):
            raise ValueError(
                f"{name}: the column {column!r} holds {table[column].dtype}, and must hold text. A "
                "number loses leading zeros; read ids as text."
            )
