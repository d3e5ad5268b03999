"""Which records of a text were lost: of another width than the header, or swallowed by a quote."""

import csv
import itertools
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from customer_insight.data.closed_query import literal
from customer_insight.data.intake.findings import REFUSED, WARNING, Finding, IntakeError, share
from customer_insight.data.intake.places import Places, find_places

if TYPE_CHECKING:
    import duckdb

_TOO_MANY = 20  # one lost line in so many is no accident
_COUNTED = 2_000  # so many lost lines are counted to the end of the file
_START = 4_000_000
_FEW = 5
_FEWEST_DIGITS = 5  # of a record, which has a day and an amount
_MARK = "a quotation mark that is opened and not closed swallows all lines up to the next one"


def check_start(
    text: Path, *, shown: str, delimiter: str, width: int, lines: int, skip: int
) -> None:
    """Refuse a text in whose first four million letters too many lines are lost already.

    The engine takes far longer for a record that it must reject than for one that it reads.

    Parameters
    ----------
    text, shown, delimiter, width, lines, skip
        As for `check_records`.

    Raises
    ------
    IntakeError
        If more than 2,000 lines and one line in twenty of the whole file have more or fewer
        fields than the header.
    """
    most = max(_COUNTED, (lines - skip + 1) // _TOO_MANY)
    bad, places = 0, []
    with text.open(encoding="utf-8", newline="") as stream:
        start = _up_to(itertools.islice(stream, skip, None), _START)
        records = (fields for fields in csv.reader(start, delimiter=delimiter) if fields)
        try:
            for place, fields in enumerate(records, 1):
                if len(fields) != width:
                    bad += 1
                    places += [place] * (bad <= _FEW)
                    if bad > most + 1:  # the last one may have been cut off
                        raise IntakeError([_uneven_start(shown, most, lines - skip, places)])
        except csv.Error:  # a field too long for this reader is left to the engine
            return


def _up_to(lines: Iterable[str], size: int) -> Iterator[str]:
    for line in lines:
        yield line
        size -= len(line)
        if size < 0:
            return


def check_records(
    connection: "duckdb.DuckDBPyConnection",
    rows: int,
    *,
    shown: str,
    text: Path | None,
    delimiter: str,
    width: int,
    lines: int,
    skip: int,
) -> tuple[list[Finding], Places]:
    """Return what is wrong with the records of the view ``source``, once it was read to its end.

    Parameters
    ----------
    connection : duckdb.DuckDBPyConnection
        With the views ``source`` and ``raw`` and the engine's list of rejected records.
    rows : int
        Records that were read.
    shown : str
        The file's name in messages.
    text : pathlib.Path or None
        The text that was read; None where it is of our own making.
    delimiter : str
    width : int
        Columns of the header.
    lines, skip : int
        Lines of the text, and those up to the header.

    Returns
    -------
    findings : list of Finding
    places : Places
        Where the records stand in the file.

    Raises
    ------
    IntakeError
        If more than one line in twenty is lost.
    """
    rejected = connection.execute(
        "SELECT line - ?, min(line_byte_position), "
        "coalesce(bool_or(error_type IN ('UNQUOTED VALUE', 'LINE SIZE OVER MAXIMUM')), false) "
        "FROM reject_errors GROUP BY line ORDER BY line",
        [skip],
    ).fetchall()
    listed = count = len(rejected)
    quotes = any(quote for *_, quote in rejected)
    inside = swallowed = 0
    if text is not None and lines - skip > rows + count:
        inside, swallowed = _line_ends(connection, delimiter, width)
        count += max(0, lines - skip - rows - count - inside - _blank_lines(text, skip))
    found, places = [], Places()
    if count and text is not None:
        places = find_places(
            [(number, at) for number, at, _ in rejected],
            text,
            skip=skip,
            unexplained=lines - skip - rows - listed - inside,
            all_told=count == listed,
        )
    if count:
        found.append(_uneven(shown, count, rows, places.lost[:_FEW], quotes=quotes))
    if swallowed:
        found.append(_swallowed(shown, swallowed, rows + swallowed))
    if any(finding.level == REFUSED for finding in found):
        raise IntakeError(found)
    return found, places


def _line_ends(
    connection: "duckdb.DuckDBPyConnection", delimiter: str, width: int
) -> tuple[int, int]:
    """Return the line ends inside fields, and those in fields that look like whole records."""
    columns = [f"c{i}" for i in range(width)]
    inside = [f"length({c}) - length(replace({c}, chr(10), ''))" for c in columns]
    marks = [f"length({c}) - length(replace({c}, {literal(delimiter)}, ''))" for c in columns]
    digits = [f"length(regexp_replace({c}, '[^0-9]', '', 'g'))" for c in columns]
    whole = [
        f"CASE WHEN {marks[i]} >= {max(1, width - 1)} * ({inside[i]}) "
        f"AND {digits[i]} >= {_FEWEST_DIGITS} * ({inside[i]}) THEN {inside[i]} ELSE 0 END"
        for i in range(width)
    ]
    sums = (" + ".join(f"coalesce({part}, 0)" for part in parts) for parts in (inside, whole))
    has_line_end = " OR ".join(f"contains({c}, chr(10))" for c in columns)
    query = (
        f"SELECT {', '.join(f'sum({s})::BIGINT' for s in sums)} FROM source WHERE {has_line_end}"  # noqa: S608
    )
    return tuple(value or 0 for value in connection.execute(query).fetchone())


def _blank_lines(text: Path, skip: int) -> int:
    with text.open("rb") as stream:
        return sum(number >= skip and not line.strip() for number, line in enumerate(stream))


def _uneven(shown: str, count: int, rows: int, places: Sequence[int], *, quotes: bool) -> Finding:
    mark = ", or a quotation mark that does not fit" if quotes else ""
    return Finding(
        "records-uneven",
        REFUSED if count * _TOO_MANY > rows + count else WARNING,
        shown,
        f"{share(count, rows + count)} lines have more or fewer fields than the header{mark}; "
        "they were set aside.",
        f"a delimiter or line end inside a value shifts all values after it, and {_MARK}."
        if quotes
        else "a delimiter or line end inside a value shifts all values after it.",
        "put such values in quotation marks, or export with another delimiter.",
        rows=count,
        places=tuple(places),
    )


def _uneven_start(shown: str, most: int, lines: int, places: Sequence[int]) -> Finding:
    return Finding(
        "records-uneven",
        REFUSED,
        shown,
        f"more than {share(most, lines)} lines have more or fewer fields than the header; reading "
        "stopped there.",
        "a delimiter or line end inside a value shifts all values after it.",
        "put such values in quotation marks, or export with another delimiter.",
        rows=most + 1,
        places=tuple(places),
    )


def _swallowed(shown: str, lines: int, total: int) -> Finding:
    return Finding(
        "lines-swallowed",
        REFUSED if lines * _TOO_MANY > total else WARNING,
        shown,
        f"{share(lines, total)} lines stand inside a field between quotation marks and have as "
        "many delimiters and digits as whole records; they were not read as orders.",
        f"{_MARK}, and those orders would be missing.",
        "look for a quotation mark at the start of a value that does not end with one.",
        rows=lines,
    )
