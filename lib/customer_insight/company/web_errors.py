"""Errors planted in tables: rows of the table ``truth_errors``."""

import polars as pl


def error_rows(
    table: str, keys: pl.Series, column: str, kind: str, true_value: pl.Series
) -> pl.DataFrame:
    """Return rows of ``truth_errors``: errors of one kind in one column of a table.

    Parameters
    ----------
    table, column, kind : str
        Where the errors are, and what they are.
    keys, true_value : polars.Series of String, shape (errors,)
        The first column of the rows concerned, and what ought to stand there.

    Returns
    -------
    polars.DataFrame
        ``table_name``, ``row_key``, ``column_name``, ``kind``, ``true_value``.
    """
    return pl.DataFrame(
        {
            "table_name": pl.Series([table]).new_from_index(0, len(keys)),
            "row_key": keys,
            "column_name": pl.Series([column]).new_from_index(0, len(keys)),
            "kind": pl.Series([kind]).new_from_index(0, len(keys)),
            "true_value": true_value,
        }
    )
