"""How a text file is laid out: its delimiter, its header, what stands above the header."""

import csv
import itertools
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from customer_insight.data.intake.date_forms import form_of
from customer_insight.data.intake.findings import IntakeError, refuse
from customer_insight.data.intake.numbers import POINT, bare, fits_number
from customer_insight.data.intake.roles import SURE_HEADER

DELIMITERS = (",", ";", "\t", "|")
NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
MOST_COLUMNS = 2_000
_SAMPLE, _SAMPLE_SIZE = 400, 4_000_000
_DEEPEST_HEADER = 30
_VALUE = re.compile(r"[\s(+\-−]*[¥$€£￥]?[\d０-９][\d０-９.,/:\-\s年月日TZ%()+]*[元]?")


@dataclass(frozen=True)
class Layout:
    """Delimiter, column names as they stand, lines to skip (header included), lines above it."""

    delimiter: str
    names: tuple[str, ...]
    skip: int
    above: int


def find_layout(
    path: Path,
    shown: str,
    *,
    delimiter: str | None = None,
    names: Sequence[str] | None = None,
    knows: Callable[[Sequence[str]], int],
) -> Layout:
    """Return how a clean text file is laid out.

    The delimiter is the one under which the rows agree in their number of fields; among several it
    is the one whose header has the most names that are known. Nothing is taken for a header that
    holds dates or numbers.

    Parameters
    ----------
    path : pathlib.Path
        UTF-8 text.
    shown : str
        The file's name in messages.
    delimiter : str, optional
        As stated by the user.
    names : sequence of str, optional
        The columns of a file without a header.
    knows : callable
        Takes column names, returns how many of them are known.

    Returns
    -------
    Layout

    Raises
    ------
    IntakeError
        If no delimiter fits, there is no header, or there are no rows under it.
    """
    if delimiter is not None and delimiter not in DELIMITERS:
        raise refuse(
            "delimiter-unknown",
            shown,
            "the delimiter asked for is none that is read.",
            "a wrong delimiter makes one column of all.",
            'pass one of ",", ";", "\\t" and "|".',
        )
    with path.open(encoding="utf-8", newline="") as stream:
        lines = _first_lines(stream)
    tried = [delimiter] if delimiter else DELIMITERS
    readings = {d: _rows(lines, d) for d in tried}
    likely = {d: _agreement(rows) for d, rows in readings.items()}
    best = max(
        likely,
        key=lambda d: (max(map(knows, readings[d][:_DEEPEST_HEADER]), default=0), *likely[d]),
    )
    rows, (_, width) = readings[best], likely[best]
    if _in_single_quotes(rows):
        raise _single_quotes(shown)
    if width < 2 and names is None:
        raise refuse(
            "delimiter-none",
            shown,
            "no delimiter (comma, semicolon, tab, bar) divides its lines into columns.",
            "customer, date and amount are at least three columns.",
            "export it as CSV, or pass the delimiter.",
        )
    if width > MOST_COLUMNS:
        raise refuse(
            "too-many-columns",
            shown,
            f"it has {width:,} columns; at most {MOST_COLUMNS:,} are read.",
            "a table of orders has dozens; another kind of file looks like this.",
            "export the columns that are needed.",
        )
    if names is not None:
        return Layout(best, tuple(names), 0, 0)
    where = _header_row(rows, width, knows)
    if where is None:
        raise _no_header(shown, width)
    header = [name.strip() for name in rows[where]]
    under = [row for row in rows[where + 1 :] if any(cell.strip() for cell in row)]
    _check_widths(shown, header, under, show_names=knows(header) >= SURE_HEADER)
    return Layout(best, tuple(header), _line_of(lines, best, where), where)


def _first_lines(stream: Iterable[str]) -> list[str]:
    """Return the first lines, four hundred or four million letters of them."""
    lines, size = [], 0
    for line in itertools.islice(stream, _SAMPLE):
        lines.append(line)
        size += len(line)
        if size > _SAMPLE_SIZE:
            break
    return lines


def _rows(lines: list[str], delimiter: str) -> list[list[str]]:
    """Return the sample's rows; a cut-off last row is left out."""
    rows = []
    try:
        rows.extend(csv.reader(lines, delimiter=delimiter, doublequote=True, strict=False))
    except csv.Error:
        return rows
    cut = len(lines) == _SAMPLE or sum(map(len, lines)) > _SAMPLE_SIZE
    return rows[:-1] if cut and len(rows) > 1 else rows


def _agreement(rows: list[list[str]]) -> tuple[float, int]:
    """Return the share of rows with the commonest number of fields above one, and that number."""
    widths = Counter(len(row) for row in rows if any(cell.strip() for cell in row))
    several = {width: count for width, count in widths.items() if width > 1}
    if not several:
        return 0.0, 1
    width = max(several, key=lambda w: (several[w], w))
    return several[width] / widths.total(), width


def _header_row(
    rows: list[list[str]], width: int, knows: Callable[[Sequence[str]], int]
) -> int | None:
    """Return the number of the row that holds the column names."""
    top = rows[:_DEEPEST_HEADER]
    known = [knows(row) for row in top]
    if known and max(known) >= 2:
        return known.index(max(known))
    for number, row in enumerate(top):
        filled = [cell for cell in row if cell.strip()]
        if len(filled) >= max(2, width - 1):
            return None if any(map(is_value, filled)) else number
    return None


def is_value(cell: str) -> bool:
    """Return whether a cell looks like a number or a date, which no column is called.

    Examples
    --------
    >>> [is_value(cell) for cell in ("2024-01-31", "12.50", "¥8", "date", "2024 sales")]
    [True, True, True, False, False]
    """
    text = unicodedata.normalize("NFKC", cell).strip()
    shape = re.sub("[0-9]", "9", text)
    written = form_of(shape) != "other" or fits_number(bare(shape)[0], POINT, zero=False)
    return bool(_VALUE.fullmatch(text)) or written


def _in_single_quotes(rows: Sequence[Sequence[str]]) -> bool:
    """Return whether every field stands between single quotation marks."""
    cells = [cell.strip() for row in rows for cell in row if cell.strip()]
    ends = sum(len(cell) > 1 and cell[0] == cell[-1] == "'" for cell in cells)
    return len(cells) > 1 and ends * 2 > len(cells)


def _line_of(lines: list[str], delimiter: str, where: int) -> int:
    """Return how many physical lines end with row number ``where``."""
    reader = csv.reader(lines, delimiter=delimiter)
    for _ in range(where + 1):
        next(reader)
    return reader.line_num


def _check_widths(
    shown: str, header: list[str], under: list[list[str]], *, show_names: bool
) -> None:
    if not under:
        raise refuse(
            "no-rows",
            shown,
            "there is a header and no row under it.",
            "an export whose filter kept nothing looks like this.",
            "check the export's filter.",
        )
    widths = Counter(map(len, under))
    usual = widths.most_common(1)[0][0]
    if usual == len(header) + 1:
        raise _shifted(shown, header if show_names else [], len(header))


def _single_quotes(shown: str) -> IntakeError:
    return refuse(
        "quotes-single",
        shown,
        "its fields stand between single quotation marks.",
        "the marks would become part of ids, and a delimiter inside them would shift columns.",
        'export it with double quotation marks, "like this".',
    )


def _shifted(shown: str, shown_names: list[str], named: int) -> IntakeError:
    listed = ", ".join(f'"{name[:40]}"' for name in shown_names[:8])
    return refuse(
        "columns-shifted",
        shown,
        f"the header names {named} columns{f' ({listed})' if listed else ''} and the rows have "
        f"{named + 1} fields.",
        "one reader takes the first field for a row number and shifts all columns, "
        "another drops the last: customers become dates.",
        "give the header its missing name, or take the delimiter off the end of the rows.",
    )


def _no_header(shown: str, width: int) -> IntakeError:
    return refuse(
        "no-header",
        shown,
        f"no line of column names stands above its {width} columns.",
        "the first order would be taken for names and lost, and columns would be guessed.",
        f'read_transactions("{shown}", names=["customer", "date", "amount", ...]), one name '
        "a column in the file's order.",
    )
