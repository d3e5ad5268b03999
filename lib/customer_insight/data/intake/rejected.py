"""Write the rows that were set aside to a file, harmless to whatever opens it."""

import csv
import io
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING

from customer_insight.data.files import write_whole
from customer_insight.data.intake.outcome import SET_ASIDE

if TYPE_CHECKING:
    from customer_insight.data.intake.reading import Reader


_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def write_rejected(reader: "Reader", target: Path) -> None:
    """Write the rows that were set aside, as text that no spreadsheet takes for a formula."""
    names = reader.source.names
    cells = ", ".join(f"c{i}" for i in range(len(names)))
    rows = reader.connection.execute(
        f"""SELECT r.number, r.status, {cells} FROM
        (SELECT *, row_number() OVER () AS number FROM source) s
        JOIN rows r USING (number) WHERE r.status NOT IN ('purchase', 'return', 'blank')
        ORDER BY r.number"""  # noqa: S608
    ).fetchall()
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["row", "reason", *map(harmless, names)])
    placed = ((reader.places.of(number), *rest) for number, *rest in rows)
    for place, status, *values in [*placed, *_uneven(reader)]:
        writer.writerow([place, SET_ASIDE[status], *map(harmless, values)])
    write_whole(target, out.getvalue().encode("utf-8-sig"))


def _uneven(reader: "Reader") -> list[tuple]:
    """Return the lines that do not fit the header, each as one field, None for an unknown place."""
    if reader.source.kind == "parquet":
        return []
    lines = reader.connection.execute(
        "SELECT any_value(csv_line) FROM reject_errors GROUP BY line ORDER BY line"
    ).fetchall()
    told = zip_longest(lines, reader.places.lost)
    return [(place, "uneven", line) for (line,), place in told]


def harmless(value: str | None) -> str:
    """Return a text before which a spreadsheet stops reading a formula.

    Examples
    --------
    >>> harmless("=1+1"), harmless("tea"), harmless(None)
    ("'=1+1", 'tea', '')
    """
    text = value or ""
    return "'" + text if text.startswith(_FORMULA) else text
