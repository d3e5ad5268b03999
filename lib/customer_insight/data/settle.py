"""Give a table the columns and types that the catalogue states, wherever its values came from."""

from typing import TYPE_CHECKING

from customer_insight.data.catalog import Column, DataSet
from customer_insight.data.closed_query import closed_connection, literal, quoted
from customer_insight.data.errors import DataSetError

if TYPE_CHECKING:
    import pyarrow as pa

_TO_TEXT = "TRY_CAST({} AS VARCHAR)"
_TO_WHOLE = (
    "CASE WHEN TRY_CAST({0} AS DOUBLE) = trunc(TRY_CAST({0} AS DOUBLE)) "
    "THEN TRY_CAST(TRY_CAST({0} AS DOUBLE) AS BIGINT) END"
)
_SIMPLE_CASTS = {
    "integer": "TRY_CAST({} AS BIGINT)",
    "number": "TRY_CAST({} AS DOUBLE)",
    "boolean": "TRY_CAST({} AS BOOLEAN)",
    "date": "TRY_CAST({} AS DATE)",
    "timestamp": "TRY_CAST({} AS TIMESTAMP)",
}


def settle(table: "pa.Table", entry: DataSet) -> "pa.Table":
    """Return the table with the catalogue's columns, in its order and of its types.

    The same values come out whether they went in as text (the publisher's file) or typed (a
    parquet file): identifiers become text without a decimal point, dates and timestamps are read by
    the catalogue's format, and the publisher's mark for a missing value becomes a missing value.

    Parameters
    ----------
    table : pyarrow.Table
        Any order of columns and rows.
    entry : DataSet
        The catalogue's entry.

    Returns
    -------
    pyarrow.Table
        text: string; integer: int64; number: float64; boolean: bool; date: date32; timestamp:
        timestamp[us] without a time zone. Rows keep their order.

    Raises
    ------
    DataSetError
        If a column is missing, unknown or stands twice, or a value cannot be read as its type.
        The message counts such values and does not show them.
    """
    _check_names(table.column_names, entry)
    kinds = {field.name: _kind(field.type) for field in table.schema}
    present = {c.name: _present(c, kinds[c.name], entry.missing_marks) for c in entry.columns}
    settled = {c.name: _settled(c, kinds[c.name], present[c.name]) for c in entry.columns}
    with closed_connection(table) as connection:
        counts = ", ".join(f"count({expression})" for expression in present.values())
        filled = connection.sql(f"SELECT {counts} FROM data").fetchall()[0]  # noqa: S608
        columns = ", ".join(f"{settled[name]} AS {quoted(name)}" for name in settled)
        query = f"SELECT {columns} FROM data"  # noqa: S608 - names are quoted
        result = connection.sql(query).to_arrow_table()
    _check_readable(result, entry, filled)
    return result


def _check_names(names: list[str], entry: DataSet) -> None:
    wanted = [column.name for column in entry.columns]
    problems = {
        "missing": [name for name in wanted if name not in names],
        "not in the catalogue": [name for name in names if name not in wanted],
        "there twice": sorted({name for name in names if names.count(name) > 1}),
    }
    found = [f"{what}: {_few(columns)}" for what, columns in problems.items() if columns]
    if found:
        raise DataSetError(
            f"The columns of {entry.name} are not those of the published table "
            f"({'; '.join(found)}). It has {len(wanted)}: {', '.join(map(repr, wanted))}."
        )


def _kind(arrow_type: "pa.DataType") -> str:
    """Return "text", "float" or "other"."""
    import pyarrow.types as is_a

    if is_a.is_string(arrow_type) or is_a.is_large_string(arrow_type):
        return "text"
    return "float" if is_a.is_floating(arrow_type) else "other"


def _present(column: Column, kind: str, marks: tuple[str, ...]) -> str:
    """Return the SQL for the value as it came, NULL where it is missing."""
    name = quoted(column.name)
    if kind == "float":
        return f"nullif({name}, 'NaN'::DOUBLE)"
    if kind == "text" and marks:
        return f"CASE WHEN {name} NOT IN ({', '.join(map(literal, marks))}) THEN {name} END"
    return name


def _settled(column: Column, kind: str, value: str) -> str:
    """Return the SQL for the value in its settled type, NULL where it cannot be read."""
    if column.type == "text":
        return _TO_TEXT.format(_TO_WHOLE.format(value) if kind == "float" else value)
    if column.type == "integer" and kind != "other":
        return _TO_WHOLE.format(value)
    if column.format and kind == "text":
        value = f"try_strptime({value}, {literal(column.format)})"
    return _SIMPLE_CASTS[column.type].format(value)


def _check_readable(result: "pa.Table", entry: DataSet, filled: tuple[int, ...]) -> None:
    """Compare how many values came with how many could be read."""
    problems = []
    for column, came in zip(entry.columns, filled, strict=True):
        unread = came - (result.num_rows - result[column.name].null_count)
        if unread:
            wanted = f"{column.type} written {column.format!r}" if column.format else column.type
            problems.append(f"{unread:,} of {came:,} values of {column.name!r} are no {wanted}")
    if problems:
        raise DataSetError(
            f"{entry.name} is not the published table: {'; '.join(problems[:10])}. A value that "
            "cannot be read would silently count as missing, so nothing was loaded."
        )


def _few(names: list[str]) -> str:
    shown = ", ".join(repr(name[:60]) for name in names[:5])
    return shown if len(names) <= 5 else f"{shown} and {len(names) - 5} more"
