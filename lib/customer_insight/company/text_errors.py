"""The list of errors planted in complaints and reviews."""

from dataclasses import dataclass

import polars as pl


@dataclass(frozen=True)
class Planted:
    """In which table and column an error of one kind stands."""

    table: str
    column: str
    kind: str


def planted(where: Planted, keys: pl.Series, true_values: pl.Series) -> pl.DataFrame:
    """Return rows of the list of planted errors.

    Parameters
    ----------
    where : Planted
        Table, column and kind.
    keys : polars.Series of String
        The ids of the rows with the error.
    true_values : polars.Series of String
        What would stand there without it.

    Returns
    -------
    polars.DataFrame
        ``table_name``, ``row_key``, ``column_name``, ``kind``, ``true_value``.

    Examples
    --------
    >>> where = Planted("reviews", "stars", "scale_reversed")
    >>> planted(where, pl.Series(["RV0000000007"]), pl.Series(["5"])).row(0)
    ('reviews', 'RV0000000007', 'stars', 'scale_reversed', '5')
    """
    return pl.select(
        table_name=pl.repeat(where.table, len(keys)),
        row_key=keys.cast(pl.String),
        column_name=pl.repeat(where.column, len(keys)),
        kind=pl.repeat(where.kind, len(keys)),
        true_value=true_values.cast(pl.String),
    )
