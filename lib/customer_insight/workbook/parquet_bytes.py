"""Tables of the report as parquet: typed, with their units, and read back with care."""

import io
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from customer_insight.workbook.section import (
    HIDDEN,
    MONEY,
    NUMBER,
    SHARE,
    TEXT,
    Column,
    Report,
    Table,
)

if TYPE_CHECKING:
    import polars as pl
    import pyarrow as pa

METADATA = b"customer_insight"  # key under which a file's metadata hold its columns' units
_HIDDEN = "_hidden"
_MOST_ROWS_A_BYTE, _SMALL = 100, 100_000


class UnreadableError(ValueError):
    """A file of a report is missing, or is not as it was written."""


def table_parquet(table: Table, report: Report) -> bytes:
    """Return a table of the report as parquet.

    Money is Int64 minor units, shares and plain numbers are Float64, texts are text; what is
    counted is Int64 where every value is an int, else Float64. None and HIDDEN are null, and where
    something is hidden a Boolean column ``KEY_hidden`` says which.

    Parameters
    ----------
    table : Table
    report : Report
        Gives ``as_of``, currency and decimals for the file's metadata.

    Returns
    -------
    bytes

    Raises
    ------
    ValueError
        If money is not whole, or two columns have one key.
    """
    import pyarrow as pa

    arrays = {}
    for at, column in enumerate(table.columns):
        cells = [row[at] for row in table.rows]
        hidden = [cell is HIDDEN for cell in cells]
        values = [None if cell is HIDDEN else cell for cell in cells]
        arrays[column.key] = _array(values, column, table.code)
        if any(hidden):
            arrays[column.key + _HIDDEN] = pa.array(hidden, pa.bool_())
    if len(arrays) != len(table.columns) + sum(key.endswith(_HIDDEN) for key in arrays):
        raise ValueError(
            f"two columns of the table {table.code} have the same key, or one ends in {_HIDDEN}, "
            "which says what is hidden: one would take the other's place. Give each its own."
        )
    return _parquet(pa.table(arrays), table.columns, report)


def customers_parquet(
    customers: "pl.DataFrame", columns: Sequence[Column], report: Report
) -> bytes:
    """Return the customers as parquet, sorted by ``customer``.

    Parameters
    ----------
    customers : polars.DataFrame
        One row a customer; money whole, be it as Int64 or as floats.
    columns : sequence of Column
        Describes its columns, in their order.
    report : Report
        Gives ``as_of``, currency and decimals for the file's metadata.

    Returns
    -------
    bytes

    Raises
    ------
    ValueError
        If ``columns`` are not those of ``customers``, a customer is missing or stands twice, or
        money is not whole.
    """
    import polars as pl
    import polars.selectors as cs

    check_columns(customers, columns)
    check_customers(customers)
    money = [column.key for column in columns if column.unit == MONEY]
    for key in money:
        _check_whole(int((customers[key] % 1 != 0).sum()), key, "customers")
    table = customers.with_columns(
        cs.integer().cast(pl.Int64), cs.float().cast(pl.Float64)
    ).with_columns(pl.col(money).cast(pl.Int64))
    return _parquet(_with_plain_texts(table.sort("customer").to_arrow()), columns, report)


def check_columns(customers: "pl.DataFrame", columns: Sequence[Column]) -> None:
    """Refuse descriptions of columns that are not those of the customers, in their order.

    Raises
    ------
    ValueError
    """
    described = [column.key for column in columns]
    if customers.columns != described:
        raise ValueError(
            f"the customers have the columns {customers.columns}, and {described} are described. A "
            "column without its unit cannot be read: describe each, in the order of the table."
        )


def check_customers(customers: "pl.DataFrame") -> None:
    """Refuse customers without a name of their own.

    Raises
    ------
    UnreadableError
    """
    names = customers["customer"]
    twice = len(names) - names.n_unique()
    if names.null_count() or twice:
        raise UnreadableError(
            f"{names.null_count():,} customers have no name and {twice:,} the name of another, so "
            "that they cannot be told apart: each needs one of its own"
        )


def read_parquet(folder: Path, code: str) -> "pl.DataFrame":
    """Return ``tables/CODE.parquet`` of a report's folder, if it is one that was written here.

    Parameters
    ----------
    folder : pathlib.Path
    code : str

    Returns
    -------
    polars.DataFrame

    Raises
    ------
    UnreadableError
        If it is missing, a link, damaged, or holds other kinds of columns or more rows than its
        size allows.
    """
    import polars as pl
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = folder / "tables" / f"{code}.parquet"
    if path.resolve() != folder.resolve() / "tables" / path.name or not path.is_file():
        raise UnreadableError(f"tables/{path.name} is missing, or is a link")
    try:
        with pq.ParquetFile(path) as opened:
            schema, rows = opened.schema_arrow, opened.metadata.num_rows
            if METADATA not in (schema.metadata or {}):
                raise UnreadableError(f"tables/{path.name} is not one of ours")
            if rows > _MOST_ROWS_A_BYTE * max(path.stat().st_size, _SMALL):
                raise UnreadableError(f"tables/{path.name} has more rows than its size can hold")
            if not set(schema.types) <= {pa.string(), pa.int64(), pa.float64(), pa.bool_()}:
                raise UnreadableError(f"tables/{path.name} has columns of another kind")
            return pl.from_arrow(opened.read())
    except (pa.ArrowException, OSError) as error:
        words = f"tables/{path.name} is damaged ({type(error).__name__})"
        raise UnreadableError(words) from None


def _array(values: list[Any], column: Column, code: str) -> "pa.Array":
    import pyarrow as pa

    known = [value for value in values if value is not None]
    if column.unit == TEXT:
        return pa.array([None if value is None else str(value) for value in values], pa.string())
    if column.unit == MONEY:
        _check_whole(sum(value % 1 != 0 for value in known), column.key, code)
        return pa.array([None if value is None else int(value) for value in values], pa.int64())
    parts = column.unit in (SHARE, NUMBER) or any(isinstance(value, float) for value in known)
    return pa.array(values, pa.float64() if parts else pa.int64())


def _check_whole(uneven: int, key: str, where: str) -> None:
    if uneven:
        raise ValueError(
            f"{uneven} values of {key} in {where} are parts of a minor unit. Page, workbook and "
            "parquet would round them each in its own way: round money where it is made."
        )


def _with_plain_texts(table: "pa.Table") -> "pa.Table":
    """Return a table whose texts are of the one kind that every reader of parquet knows."""
    import pyarrow as pa

    plain = {pa.large_string(): pa.string(), pa.string_view(): pa.string()}
    kinds = [(field.name, plain.get(field.type, field.type)) for field in table.schema]
    return table.cast(pa.schema(kinds))


def _parquet(table: "pa.Table", columns: Sequence[Column], report: Report) -> bytes:
    import pyarrow.parquet as pq

    about = {
        "as_of": report.as_of,
        "columns": {column.key: asdict(column) for column in columns},
        "currency": report.currency,
        "decimals": report.decimals,
    }
    metadata = {METADATA: json.dumps(about, ensure_ascii=False, sort_keys=True).encode()}
    buffer = io.BytesIO()
    pq.write_table(table.replace_schema_metadata(metadata), buffer, compression="zstd")
    return buffer.getvalue()
