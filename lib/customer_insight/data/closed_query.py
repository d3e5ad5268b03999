"""SQL over one table, on a DuckDB connection that can see that table and nothing else."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

_CLOSED = {
    "enable_external_access": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "python_enable_replacements": "false",
    "lock_configuration": "true",
}


@contextmanager
def closed_connection(table: "pa.Table") -> Iterator["duckdb.DuckDBPyConnection"]:
    """Give a connection in which ``data`` is the table, closed again at the end.

    A table may come from a stranger's file. No query on this connection can reach files, the
    network, extensions or the variables of the program, and none can lift these limits.

    Parameters
    ----------
    table : pyarrow.Table
        Becomes the view ``data``.

    Yields
    ------
    duckdb.DuckDBPyConnection

    Examples
    --------
    >>> import pyarrow as pa
    >>> with closed_connection(pa.table({"x": [1, 2]})) as connection:
    ...     connection.sql("SELECT sum(x) FROM data").fetchall()
    [(3,)]
    """
    import duckdb

    connection = duckdb.connect(":memory:", config=_CLOSED)
    try:
        connection.register("data", table)
        yield connection
    finally:
        connection.close()


def quoted(name: str) -> str:
    """Return a column's name as SQL reads it, whatever is in it.

    Examples
    --------
    >>> print(quoted('the "net" price'))
    "the ""net"" price"
    """
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Return a text as an SQL literal, whatever is in it.

    Examples
    --------
    >>> print(literal("Can't tell"))
    'Can''t tell'
    """
    return "'" + text.replace("'", "''") + "'"
