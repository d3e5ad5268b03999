"""Open a stranger's file, of whatever kind, as a view of texts: one row a record."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from customer_insight.data.closed_query import literal, quoted
from customer_insight.data.intake.encoding import LONGEST_LINE, clean_text
from customer_insight.data.intake.file_kind import file_kind
from customer_insight.data.intake.findings import (
    NOTE,
    WARNING,
    Finding,
    IntakeError,
    refuse,
)
from customer_insight.data.intake.layout import NAMES, find_layout
from customer_insight.data.intake.parquet_file import damaged_parquet, open_parquet
from customer_insight.data.intake.places import Places
from customer_insight.data.intake.records import check_records, check_start
from customer_insight.data.intake.shapes import cleaned
from customer_insight.data.intake.workbook import read_workbook

if TYPE_CHECKING:
    import duckdb

VIEW = "source"
_MOST_REJECTS = 2_000  # kept with their text; the others are told by the number of lines
LINK = "input"  # a name of our own: the engine reads *, ? and [ in a name as a pattern
# How a copy is kept in the folder: the few thousand days of a business are read once each; a
# dictionary of ids takes longer to make than it saves.
KEPT_AS = "(FORMAT parquet, COMPRESSION lz4, DICTIONARY_SIZE_LIMIT 4000)"
CLEANED = ("date", "amount", "quantity", "unit_price", "cost")


@dataclass(frozen=True)
class Source:
    """A file as a view ``source`` with text columns ``c0``, ``c1`` ... in the file's order.

    ``names`` are the columns' names as they stand in the file, ``kind``, ``encoding`` and
    ``delimiter`` how it was read, ``sheet`` which sheet, ``skip`` the lines above
    its first record, ``above`` the records there, ``lines`` all of a text; ``findings`` what was
    noticed.
    """

    path: Path
    names: tuple[str, ...]
    kind: str
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    skip: int = 0
    above: int = 0
    lines: int = 0
    findings: tuple[Finding, ...] = ()


def open_source(
    connection: "duckdb.DuckDBPyConnection",
    path: Path,
    folder: Path,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    sheet: str | None = None,
    names: Sequence[str] | None = None,
    knows: Callable[[Sequence[str]], int],
    show_values: bool = False,
) -> Source:
    """Make the view ``source`` over a file.

    Parameters
    ----------
    connection : duckdb.DuckDBPyConnection
        From `closed_folder`, with the file among those that it may read.
    path, folder : pathlib.Path
        The file, and where copies may be written.
    encoding, delimiter, sheet, names : optional
        As stated by the user.
    knows : callable
        Takes column names, returns how many of them are known.
    show_values : bool, default False
        Whether messages may show what may be no header.

    Returns
    -------
    Source

    Raises
    ------
    IntakeError
        As its parts say: kind, encoding, layout, workbook, or rows of other widths.
    """
    kind = file_kind(path)
    if kind == "parquet":
        found, findings = open_parquet(connection, path, folder / LINK)
        return Source(path, found, "parquet", findings=findings)
    options = {"delimiter": delimiter, "names": names, "knows": knows}
    if kind == "zip":
        book = read_workbook(path, folder, sheet=sheet)
        opened = _open_text(connection, book.path, path.name, **options | {"delimiter": ","})
        return replace(
            opened,
            path=path,
            kind="xlsx",
            delimiter="",
            sheet=book.sheet,
            findings=(*_under_header(book.findings, opened.above), *opened.findings),
        )
    clean = clean_text(
        path,
        folder,
        encoding=encoding,
        knows=lambda line: max(knows(line.split(d)) for d in NAMES),
        show_values=show_values,
    )
    link = folder / LINK
    link.symlink_to(clean.path.resolve())
    opened = _open_text(connection, link, path.name, **options)
    findings = (_doubtful(path.name, clean.encoding),) if clean.doubtful else ()
    return replace(
        opened,
        path=path,
        encoding=clean.encoding,
        lines=clean.lines,
        findings=(*findings, *opened.findings),
    )


def _under_header(findings: Sequence[Finding], above: int) -> list[Finding]:
    return [
        replace(found, places=tuple(row - above for row in found.places if row > above))
        for found in findings
    ]


def _doubtful(shown: str, encoding: str) -> Finding:
    return Finding(
        "encoding-doubtful",
        WARNING,
        shown,
        f"it was read as {encoding}, as stated, and its bytes are UTF-8 as well.",
        "text that is UTF-8 by chance is rare: names and ids may have become other names and ids.",
        "leave out encoding=..., unless a name that you know reads right.",
    )


def _open_text(
    connection: "duckdb.DuckDBPyConnection", path: Path, shown: str, **options: object
) -> Source:
    layout = find_layout(path, shown, **options)
    findings = []
    if layout.above:
        lines = f"{layout.above} line{'s' * (layout.above != 1)}"
        findings.append(
            Finding("lines-above-header", NOTE, shown, f"{lines} above the header were skipped.")
        )
    columns = ", ".join(f"'c{i}': 'VARCHAR'" for i in range(len(layout.names)))
    query = (
        f"read_csv({literal(str(path))}, auto_detect=false, header=false, skip={layout.skip}, "
        f"delim={literal(layout.delimiter)}, columns={{{columns}}}, quote='\"', escape='\"', "
        "strict_mode=true, null_padding=false, compression='none', ignore_errors=true, "
        f"store_rejects=true, rejects_limit={_MOST_REJECTS}, max_line_size={LONGEST_LINE + 1000})"
    )
    connection.execute(f"CREATE VIEW {VIEW} AS SELECT * FROM {query}")  # noqa: S608
    return Source(
        path,
        layout.names,
        "text",
        delimiter=layout.delimiter,
        skip=layout.skip,
        above=layout.above + (layout.skip > 0),
        findings=tuple(findings),
    )


def stage(
    connection: "duckdb.DuckDBPyConnection",
    source: Source,
    columns: Mapping[str, int],
    folder: Path,
) -> tuple[int, list[Finding], Places]:
    """Copy the columns that are used into the view ``raw``, all as text, and tell bad records.

    The file is read once here, whatever its size; all that follows reads the copy.

    Parameters
    ----------
    connection, source, folder
        As for `open_source`.
    columns : mapping of str to int
        Role to position.

    Returns
    -------
    rows : int
        Of ``raw``, which has a text column for each role (dates and numbers cleaned),
        ``fingerprint`` (a hash of the whole record), ``first`` (its first field) and ``number``
        (from 1, in the file's order).
    findings : list of Finding
        Records that do not fit the header.
    places : Places
        Where the rows of ``raw`` stand in the file.

    Raises
    ------
    IntakeError
        If more than one line in twenty is lost, or the file cannot be read to its end.
    """
    import duckdb

    about = {
        "shown": source.path.name,
        "delimiter": source.delimiter,
        "width": len(source.names),
        "lines": source.lines,
        "skip": source.skip,
    }
    text = folder / LINK if source.lines else None
    if text is not None:
        check_start(text, **about)
    copy = literal(str(folder / "raw.parquet"))
    every = ", ".join(f"c{i}" for i in range(len(source.names)))
    texts = {role: cleaned(f"c{i}") if role in CLEANED else f"c{i}" for role, i in columns.items()}
    roles = ", ".join(f"{text} AS {quoted(role)}" for role, text in texts.items())
    same = next((role for role, i in columns.items() if i == 0 and role not in CLEANED), "")
    first = "" if same else "c0 AS first, "
    copied = f"SELECT {roles}, {first}hash({every}) AS fingerprint FROM {VIEW}"  # noqa: S608
    try:
        connection.execute(f"COPY ({copied}) TO {copy} {KEPT_AS}")
    except duckdb.Error as error:
        if source.kind == "parquet":
            raise damaged_parquet(source.path.name, error) from None
        raise unreadable_text(source.path.name, error) from None
    numbered = f"read_parquet({copy}, file_row_number=true)"
    every = "* EXCLUDE (file_row_number), file_row_number + 1 AS number"
    every += f", {quoted(same)} AS first" if same else ""
    connection.execute(f"CREATE VIEW raw AS SELECT {every} FROM {numbered}")  # noqa: S608
    rows = connection.execute("SELECT count(*) FROM raw").fetchone()[0]
    if source.kind == "parquet":
        return rows, [], Places()
    return rows, *check_records(connection, rows, text=text, **about)


def unreadable_text(shown: str, error: Exception) -> IntakeError:
    """Return the refusal of a text that cannot be read to its end, without the engine's words."""
    return refuse(
        "text-unreadable",
        shown,
        f"its records cannot be told apart ({type(error).__name__}).",
        "a quotation mark that is opened and not closed swallows all that follows.",
        "export it again, with values in quotation marks where they hold the delimiter.",
    )
