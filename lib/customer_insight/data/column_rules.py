"""The catalogue's rules on single columns, as a pandera schema."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from customer_insight.data.catalog import Column, DataSet
from customer_insight.data.errors import DataSetError

if TYPE_CHECKING:
    import pandas as pd
    import pandera.pandas as pa

_DTYPES = {
    "text": "str",
    "integer": "int64",
    "number": "float64",
    "boolean": "bool",
    "date": "datetime64[us]",
    "timestamp": "datetime64[us]",
}


def column_schema(entry: DataSet) -> "pa.DataFrameSchema":
    """Return the pandera schema of a data set.

    Parameters
    ----------
    entry : DataSet
        The catalogue's entry.

    Returns
    -------
    pandera.pandas.DataFrameSchema
        Exactly the catalogue's columns in its order, each with its type, whether values may be
        missing, the values listed and the bounds.
    """
    pandera = _pandera()
    columns = {column.name: _column(pandera, column) for column in entry.columns}
    return pandera.DataFrameSchema(columns, name=entry.name, strict=True, ordered=True)


def check_columns(frame: "pd.DataFrame", entry: DataSet) -> None:
    """Refuse a table with a value that its column cannot have.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `customer_insight.data.load` gives it.
    entry : DataSet
        The catalogue's entry.

    Raises
    ------
    DataSetError
        If a column breaks a rule. The message has column, rule and the number of rows, no values.
    """
    schema = column_schema(entry)
    pandera = _pandera()
    try:
        with _quiet():
            schema.validate(frame, lazy=True)
    except pandera.errors.SchemaErrors as error:
        broken = error.failure_cases.groupby(["column", "check"], sort=True, dropna=False).size()
        listed = [
            f"column {column!r}, rule {rule}: {rows:,} rows"
            for (column, rule), rows in broken.items()
        ]
        raise DataSetError(
            f"{entry.name} is not the published table. Rules of its columns are broken: "
            f"{'; '.join(listed[:10])}."
        ) from None


def _column(pandera: "pa", column: Column) -> "pa.Column":
    checks = []
    if column.values:
        checks.append(pandera.Check.isin(column.values))
    if column.low is not None:
        checks.append(pandera.Check.ge(column.low))
    if column.high is not None:
        checks.append(pandera.Check.le(column.high))
    return pandera.Column(_DTYPES[column.type], checks, nullable=column.optional)


def _pandera() -> "pa":
    with _quiet():
        import pandera.pandas as pandera
    return pandera


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep quiet: where PySpark is installed pandera imports it, and it warns about pandas 3."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
