"""Decide by its content whether a table is the published one."""

from decimal import ROUND_HALF_EVEN, Decimal
from typing import TYPE_CHECKING

from customer_insight.data.catalog import Check, DataSet
from customer_insight.data.closed_query import closed_connection
from customer_insight.data.content_hash import content_hash
from customer_insight.data.errors import CatalogError, DataSetError

if TYPE_CHECKING:
    import pyarrow as pa


def check_content(table: "pa.Table", entry: DataSet, *, slow: bool = False) -> None:
    """Refuse a table whose counts and totals are not those of the published one.

    All checks run in one pass over the table. A checksum would only say that the file is another
    file; publishers pack the same table anew. Counts and totals say whether it is the same table.

    Parameters
    ----------
    table : pyarrow.Table
        Settled by `customer_insight.data.settle.settle`.
    entry : DataSet
        The catalogue's entry.
    slow : bool, default False
        Run the checks marked ``slow`` too, as `fetch` does.

    Raises
    ------
    DataSetError
        If anything differs. The message has each difference: what, found, published.
    CatalogError
        If a check is not valid SQL.
    """
    checks = [check for check in entry.checks if slow or not check.slow]
    found = _aggregates(table, entry, checks)
    differences = [
        f"{check.what}: {_shown(value, check)}, published {_shown(check.equals, check)}"
        for check, value in zip(checks, found, strict=True)
        if not _agrees(value, check)
    ]
    if entry.simulated and content_hash(table) != entry.simulated.content_sha256:
        differences.append("its content has another hash than the manifest states")
    if table.num_rows != entry.rows:
        differences.insert(0, f"rows: {table.num_rows:,}, published {entry.rows:,}")
    if differences:
        raise DataSetError(
            f"{entry.name} is not the published table. {len(differences)} of {len(checks) + 1} "
            f"checks differ: {'; '.join(differences)}. Numbers from it would not be those of "
            "the course."
        )


def _aggregates(table: "pa.Table", entry: DataSet, checks: list[Check]) -> tuple:
    import duckdb

    if not checks:
        return ()
    expressions = ", ".join(f"({check.sql})" for check in checks)
    with closed_connection(table) as connection:
        try:
            return connection.sql(f"SELECT {expressions} FROM data").fetchall()[0]  # noqa: S608
        except duckdb.Error as error:
            raise CatalogError(f"{entry.name}: a check of the catalogue fails: {error}") from error


def _agrees(found: object, check: Check) -> bool:
    return _rounded(found, check) == _rounded(check.equals, check)


def _rounded(value: object, check: Check) -> object:
    """Return a number as a Decimal of the check's places, anything else as it is."""
    if value is None or isinstance(value, str):
        return value
    number = Decimal(str(value))
    if not number.is_finite():
        return str(number)
    return number.quantize(Decimal(1).scaleb(-check.decimals), rounding=ROUND_HALF_EVEN)


def _shown(value: object, check: Check) -> str:
    rounded = _rounded(value, check)
    return f"{rounded:,}" if isinstance(rounded, Decimal) else str(rounded)
