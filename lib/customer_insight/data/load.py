"""Load a data set of the catalogue into pandas, Polars or DuckDB, and refuse an altered one."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from customer_insight.data.catalog import (
    COMPANY_FOLDER,
    COMPANY_VARIABLE,
    FETCHED_FOLDER,
    DataSet,
    company_folder,
    data_set,
)
from customer_insight.data.errors import DataSetError, DataSetMissingError

if TYPE_CHECKING:
    import duckdb
    import pandas as pd
    import polars as pl
    import pyarrow as pa

ENGINES = ("pandas", "polars", "duckdb")
FOLDER_VARIABLE = "CUSTOMER_INSIGHT_DATA"


@dataclass(frozen=True)
class Place:
    """A place where a data set is looked for."""

    what: str
    path: Path


def load(
    name: str,
    engine: Literal["pandas", "polars", "duckdb"] = "pandas",
    *,
    connection: "duckdb.DuckDBPyConnection | None" = None,
) -> "pd.DataFrame | pl.DataFrame | duckdb.DuckDBPyRelation":
    """Return a data set of the catalogue, checked against it.

    A table of the simulated company is read from ``datasets/company``, or from the folder that the
    environment variable CUSTOMER_INSIGHT_COMPANY names. A published one is looked
    for in the folder that the environment variable CUSTOMER_INSIGHT_DATA names, then among the
    fetched ones (``datasets/fetched``), then inside the installed packages; the first found is
    taken. Names, types, values and row order are the same wherever it came from. Content and the
    rules of the columns are checked every time.

    Parameters
    ----------
    name : str
        A name of the catalogue, ``datasets/README.md``.
    engine : {"pandas", "polars", "duckdb"}, default "pandas"
        Kind of table wanted.
    connection : duckdb.DuckDBPyConnection, optional
        For "duckdb": where the relation shall live. Without it, DuckDB's own default connection,
        so that two data sets can be joined and the relation cannot outlive its connection.

    Returns
    -------
    pandas.DataFrame, polars.DataFrame or duckdb.DuckDBPyRelation
        Columns as the catalogue states. Dates are ``datetime64[us]`` at midnight in pandas, which
        has no dates, and dates in the other two. The relation reads the table that was checked, in
        memory, not the file.

    Raises
    ------
    DataSetMissingError
        If it is nowhere. The message names the places and the command that gets it.
    DataSetError
        If there is no such name or engine, or the table is not the published one.

    Examples
    --------
    >>> load("cdnow_sample").shape
    (6919, 5)
    """
    entry = data_set(name)
    if engine not in ENGINES:
        raise DataSetError(
            f"engine is {engine!r}, and must be one of {', '.join(map(repr, ENGINES))}."
        )
    if connection is not None and engine != "duckdb":
        raise DataSetError(
            f"connection is for engine 'duckdb'; the engine asked for is {engine!r}."
        )
    table, frame = _checked(entry)
    return frame if engine == "pandas" else _as_engine(table, engine, connection)


def places(entry: DataSet) -> tuple[Place, ...]:
    """Return where a data set is looked for, in this order.

    Parameters
    ----------
    entry : DataSet
        The catalogue's entry.

    Returns
    -------
    tuple of Place
        Whether or not there is a file.
    """
    if entry.simulated:
        folder = company_folder()
        shipped = folder == COMPANY_FOLDER
        what = "the simulated company" if shipped else f"{COMPANY_VARIABLE}: {folder}"
        return (Place(what, folder / entry.simulated.path),)
    found = [Place("fetched", FETCHED_FOLDER / f"{entry.name}.parquet")]
    folder = os.environ.get(FOLDER_VARIABLE)
    if folder:
        given = Path(folder).expanduser() / f"{entry.name}.parquet"
        found.insert(0, Place(FOLDER_VARIABLE, given))
    bundled = _bundled_file(entry)
    if bundled is not None:
        found.append(Place(f"package {entry.bundled.package}", bundled))
    return tuple(found)


def _checked(entry: DataSet) -> "tuple[pa.Table, pd.DataFrame]":
    """Return a data set from the first place that has it, settled and checked, in two forms."""
    from customer_insight.data.read_file import read_file
    from customer_insight.data.settle import settle

    place = next((place for place in places(entry) if place.path.is_file()), None)
    if place is None:
        raise DataSetMissingError(_missing_message(entry))
    try:
        table = settle(read_file(place.path, entry), entry)
        return table, check_table(table, entry)
    except DataSetError as error:
        raise DataSetError(
            f"{error}\n  Found: {place.path} ({place.what}).\n{_remedy(entry)}"
        ) from None


def check_table(table: "pa.Table", entry: DataSet, *, slow: bool = False) -> "pd.DataFrame":
    """Refuse a settled table that is not the published one, and return it as pandas.

    Parameters
    ----------
    table : pyarrow.Table
        Settled by `customer_insight.data.settle.settle`.
    entry : DataSet
        The catalogue's entry.
    slow : bool, default False
        Run the slow checks too.

    Returns
    -------
    pandas.DataFrame
        The table, which had to be made for the rules of the columns.

    Raises
    ------
    DataSetError
        If a count, a total or a rule of a column differs.
    """
    from customer_insight.data.column_rules import check_columns
    from customer_insight.data.content import check_content

    check_content(table, entry, slow=slow)
    frame = to_pandas(table)
    check_columns(frame, entry)
    return frame


def to_pandas(table: "pa.Table") -> "pd.DataFrame":
    """Return a settled table as pandas, its dates as timestamps at midnight.

    Parameters
    ----------
    table : pyarrow.Table
        Settled by `customer_insight.data.settle.settle`.

    Returns
    -------
    pandas.DataFrame
    """
    import pyarrow as pa

    fields = [
        field.with_type(pa.timestamp("us")) if pa.types.is_date(field.type) else field
        for field in table.schema
    ]
    return table.cast(pa.schema(fields)).to_pandas()


def _as_engine(table: "pa.Table", engine: str, connection: Any) -> Any:
    if engine == "polars":
        import polars

        return polars.from_arrow(table)
    import duckdb

    return (duckdb.default_connection() if connection is None else connection).from_arrow(table)


def _bundled_file(entry: DataSet) -> Path | None:
    """Return the copy inside an installed package, which is not imported for it."""
    import importlib.resources
    import importlib.util

    spec = importlib.util.find_spec(entry.bundled.package) if entry.bundled else None
    if spec is None:
        return None
    package = importlib.util.module_from_spec(spec)
    return Path(str(importlib.resources.files(package).joinpath(entry.bundled.path)))


def _missing_message(entry: DataSet) -> str:
    looked = "\n".join(f"    {place.path} ({place.what})" for place in places(entry))
    unset = "" if os.environ.get(FOLDER_VARIABLE) else f"\n    ({FOLDER_VARIABLE} is not set)"
    return (
        f"The data set {entry.name} ({entry.title}) is not there. Looked in:\n{looked}{unset}\n"
        f"{_remedy(entry)}"
    )


def _remedy(entry: DataSet) -> str:
    """Return what to do, with the command that gets the data set."""
    if entry.simulated:
        return "  It is made here: course company build"
    command = f"course data fetch {entry.name}"
    if entry.by_hand:
        return f"  It is taken by hand: {entry.by_hand}\n  Then: {command} --from FILE"
    return f"  Get it: {command} (or, with a file of your own: {command} --from FILE)"
