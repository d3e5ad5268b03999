"""Where the features of a report are computed: DuckDB in this process, or Spark."""

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from customer_insight.data.closed_folder import closed_folder
from customer_insight.data.closed_query import literal

if TYPE_CHECKING:
    import polars as pl

ENGINES = ("duckdb", "spark")


class Engine(Protocol):
    """Reads parquet into its own kind of table, and gives such a table back as Polars."""

    def read(self, path: Path) -> Any:
        """Return the table of a parquet file, lazy."""

    def collect(self, table: Any) -> "pl.DataFrame":
        """Return a lazy table with its rows sorted by all columns, first column first."""


@contextmanager
def open_engine(name: str, tables: Sequence[Path], scratch: Path) -> Iterator[Engine]:
    """Give an engine that reads some parquet files.

    Parameters
    ----------
    name : {"duckdb", "spark"}
    tables : sequence of pathlib.Path
        The files; DuckDB can reach nothing else.
    scratch : pathlib.Path
        Where the engine keeps what does not fit its memory.

    Yields
    ------
    Engine

    Raises
    ------
    ValueError
        If the engine is another one, or Spark is not there.
    """
    if name == "duckdb":
        with closed_folder(scratch, tables) as connection:
            yield _Duckdb(connection)
    elif name == "spark":
        with _spark_session(scratch) as session:
            yield _Spark(session)
    else:
        raise ValueError(f"engine is {name!r}; it must be one of {', '.join(ENGINES)}.")


class _Duckdb:
    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def read(self, path: Path) -> Any:
        return self._connection.sql(f"SELECT * FROM read_parquet({literal(str(path.resolve()))})")  # noqa: S608

    def collect(self, table: Any) -> "pl.DataFrame":
        import polars as pl

        return _sorted(pl.from_arrow(table.to_arrow_table()))


class _Spark:
    def __init__(self, session: Any) -> None:
        self._session = session

    def read(self, path: Path) -> Any:
        return self._session.read.parquet(str(path))

    def collect(self, table: Any) -> "pl.DataFrame":
        import polars as pl

        return _sorted(pl.from_arrow(table.toArrow()))


def _sorted(frame: "pl.DataFrame") -> "pl.DataFrame":
    return frame.sort(frame.columns)


@contextmanager
def _spark_session(scratch: Path) -> Iterator[Any]:
    """Give the session that runs already, or one of our own that ends with the block."""
    try:
        with warnings.catch_warnings():
            # it warns of pandas 3; what comes and goes here are parquet and Arrow
            warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas")
            from pyspark.sql import SparkSession
    except ImportError:
        raise ValueError(
            "engine is 'spark', and PySpark is not installed. Set the course up with "
            "`make environment SPARK=1`, or take the engine duckdb, which needs nothing more."
        ) from None
    running = SparkSession.getActiveSession()
    if running is not None:
        yield running
        return
    session = (
        SparkSession.builder.appName("course report")
        .master("local[*]")
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.log.level", "ERROR")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.shuffle.partitions", "8")  # of one machine
        .config("spark.local.dir", str(scratch))
        .config("spark.sql.warehouse.dir", str(scratch / "warehouse"))
        .getOrCreate()
    )
    try:
        yield session
    finally:
        session.stop()
