"""Answers on scales: from what somebody thinks to the box that they tick."""

import numpy as np
import polars as pl


def on_scale(exact: np.ndarray, low: int, high: int) -> np.ndarray:
    """Return the whole number of a scale that is nearest to what somebody thinks.

    Parameters
    ----------
    exact : numpy.ndarray of float
        Of any shape.
    low, high : int
        Ends of the scale.

    Returns
    -------
    numpy.ndarray of int
        Of the shape of `exact`.

    Examples
    --------
    >>> on_scale(np.array([0.2, 3.6, 7.0]), 1, 5).tolist()
    [1, 4, 5]
    """
    return np.clip(np.rint(exact), low, high).astype(np.int64)


def thousandths(values: np.ndarray) -> np.ndarray:
    """Return floats to three decimals, by whole numbers.

    Examples
    --------
    >>> float(thousandths(np.array([0.12345]))[0])
    0.123
    """
    return np.rint(values * 1000) / 1000


def long_table(ids: pl.Series, names: dict[str, pl.Series], **values: np.ndarray) -> pl.DataFrame:
    """Return answers of people to items as one row an answer.

    Parameters
    ----------
    ids : polars.Series, shape (people,)
        Of the invitations.
    names : dict of str to polars.Series, each of shape (items,)
        Columns that name the item.
    **values : numpy.ndarray, shape (people, items)
        Columns of answers.

    Returns
    -------
    polars.DataFrame
        Of people times items rows, person by person.

    Examples
    --------
    >>> ids, items = pl.Series(["Q1", "Q2"]), {"item": pl.Series(["a", "b"])}
    >>> long_table(ids, items, answer=np.array([[1, 2], [3, 4]])).rows()
    [('Q1', 'a', 1), ('Q1', 'b', 2), ('Q2', 'a', 3), ('Q2', 'b', 4)]
    """
    size = len(next(iter(names.values())))
    person = np.repeat(np.arange(len(ids)), size)
    item = np.tile(np.arange(size), len(ids))
    columns = {name: series.gather(item) for name, series in names.items()}
    answers = {name: array.ravel() for name, array in values.items()}
    return pl.DataFrame({"invitation_id": ids.gather(person), **columns, **answers})


def planted(table: str, ids: pl.Series, column: str, kind: str, true: list) -> pl.DataFrame:
    """Return errors planted in one column of a table, a row an error.

    Parameters
    ----------
    table : str
        In which they stand.
    ids : polars.Series, shape (errors,)
        Key of the row, or of the rows.
    column, kind : str
        Which column, and what went wrong.
    true : list, shape (errors,)
        The true value, None where there is none.

    Returns
    -------
    polars.DataFrame
        ``table_name``, ``row_key``, ``column_name``, ``kind``, ``true_value`` (as text).
    """
    return pl.DataFrame(
        {
            "table_name": [table] * len(ids),
            "row_key": ids,
            "column_name": [column] * len(ids),
            "kind": [kind] * len(ids),
            "true_value": [None if value is None else str(value) for value in true],
        },
        schema=dict.fromkeys(
            ("table_name", "row_key", "column_name", "kind", "true_value"), pl.String
        ),
    )
