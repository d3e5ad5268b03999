"""Open a stranger's parquet file as a view of texts."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from customer_insight.data.closed_query import literal, quoted
from customer_insight.data.intake.findings import WARNING, Finding, IntakeError, refuse
from customer_insight.data.intake.layout import MOST_COLUMNS

if TYPE_CHECKING:
    import duckdb

_MOST_ROWS_A_BYTE, _SMALL = 100, 100_000
_LONGEST = 1_000_000  # bytes of a value, as of a line of text


def open_parquet(
    connection: "duckdb.DuckDBPyConnection", path: Path, link: Path
) -> tuple[tuple[str, ...], tuple[Finding, ...]]:
    """Make the view ``source`` over a parquet file: every plain column as text.

    Parameters
    ----------
    connection : duckdb.DuckDBPyConnection
        From `closed_folder`, with the file among those that it may read.
    path, link : pathlib.Path
        The file, and where a link to it may stand.

    Returns
    -------
    names : tuple of str
        Of the view's columns, ``c0``, ``c1`` ... there.
    findings : tuple of Finding

    Raises
    ------
    IntakeError
        If it is damaged, empty, has too many columns, more rows than its size can hold, or a value
        of more than a million bytes.
    """
    import duckdb

    link.symlink_to(path.resolve())
    read = f"read_parquet({literal(str(link))})"
    try:
        described = connection.execute(f"DESCRIBE SELECT * FROM {read}").fetchall()  # noqa: S608
        rows = connection.execute(f"SELECT count(*) FROM {read}").fetchone()[0]  # noqa: S608
    except duckdb.Error as error:
        raise damaged_parquet(path.name, error) from None
    if len(described) > MOST_COLUMNS:
        raise refuse(
            "too-many-columns",
            path.name,
            f"it has {len(described):,} columns; at most {MOST_COLUMNS:,} are read.",
            "a table of orders has dozens.",
            "write the columns that are needed.",
        )
    if rows > _MOST_ROWS_A_BYTE * max(path.stat().st_size, _SMALL):
        raise refuse(
            "too-many-rows",
            path.name,
            f"it says that it has {rows:,} rows, far more than its size can hold.",
            "files like that are made to fill a machine's memory or disk.",
            "write it again from the tables that it came from.",
        )
    if not rows:
        raise refuse(
            "no-rows",
            path.name,
            "it has no row.",
            "a filter that kept nothing looks like this.",
            "check where it was written.",
        )
    texts = [_as_text(name, kind) for name, kind, *_ in described]
    plain = [(name, text) for (name, *_), text in zip(described, texts, strict=True) if text]
    columns = ", ".join(f"{text} AS c{i}" for i, (_, text) in enumerate(plain))
    try:
        long = _has_long_value(connection, str(link), dict(plain))
    except duckdb.Error as error:
        raise damaged_parquet(path.name, error) from None
    if long:
        raise refuse(
            "value-too-long",
            path.name,
            f"a value in it has more than {_LONGEST:,} bytes.",
            "an id, a day or a product has dozens; a damaged file or one made to fill a machine's "
            "memory looks like this.",
            "write it again without the column that holds such texts.",
        )
    connection.execute(f"CREATE VIEW source AS SELECT {columns} FROM {read}")  # noqa: S608
    nested = [name for (name, *_), text in zip(described, texts, strict=True) if text is None]
    found = (_nested(path.name, nested),) if nested else ()
    return tuple(name for name, _ in plain), found


def _has_long_value(
    connection: "duckdb.DuckDBPyConnection", link: str, texts: Mapping[str, str]
) -> bool:
    """Return whether a value is too long: by what the file says of its columns' sizes, or by look.

    A value that stands once in a dictionary may stand in every row, so sizes alone do not tell.
    """
    sizes = connection.execute(
        f"""SELECT path_in_schema, bool_or(total_uncompressed_size > {_LONGEST} * num_values)
        FROM parquet_metadata({literal(link)})
        WHERE type = 'BYTE_ARRAY' AND total_uncompressed_size > {_LONGEST}
        GROUP BY path_in_schema"""  # noqa: S608 - of our own making
    ).fetchall()
    if any(surely and name in texts for name, surely in sizes):
        return True
    looks = [f"coalesce(max(strlen({texts[name]})), 0)" for name, _ in sizes if name in texts]
    if not looks:
        return False
    query = f"SELECT greatest({', '.join(looks)}) FROM read_parquet({literal(link)})"  # noqa: S608
    return connection.execute(query).fetchone()[0] > _LONGEST


def _nested(shown: str, names: Sequence[str]) -> Finding:
    listed = ", ".join(f'"{name[:40]}"' for name in names[:8])
    return Finding(
        "columns-nested",
        WARNING,
        shown,
        f"columns that hold lists, records or bytes were not read: {listed}.",
        "such a value has no one text; a column of ids kept as bytes would be missed.",
        "write them as text if they are needed.",
    )


def _as_text(name: str, kind: str) -> str | None:
    column = quoted(name)
    if kind in ("FLOAT", "DOUBLE"):
        # whole numbers that stand as floats because a neighbour was missing: no ".0" is part of it
        whole = f"{column} = trunc({column}) AND abs({column}) < 9007199254740992"
        return (
            f"CASE WHEN isnan({column}) THEN NULL WHEN {whole} "
            f"THEN {column}::BIGINT::VARCHAR ELSE {column}::VARCHAR END"
        )
    if kind == "BLOB" or kind.endswith("]") or kind.startswith(("STRUCT", "MAP", "UNION")):
        return None
    return f"{column}::VARCHAR"


def damaged_parquet(shown: str, error: Exception) -> IntakeError:
    """Return the refusal of a parquet file that cannot be read, without the engine's words."""
    return refuse(
        "parquet-damaged",
        shown,
        f"it begins like parquet and cannot be read ({type(error).__name__}).",
        "it is cut short or altered; what could still be read would be a part without saying so.",
        "copy or write it again.",
    )
