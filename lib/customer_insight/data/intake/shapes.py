"""The shapes in which a column writes its values: every digit a 9, counted over all rows."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from customer_insight.data.closed_query import literal

if TYPE_CHECKING:
    import duckdb

MOST_SHAPES = 4_000
FIRST_ZERO = "^[^0-9]*0[0-9.,]"
_WIDE = "０１２３４５６７８９．，－＋（）／：￥＄％　"
_NARROW = "0123456789.,-+()/:¥$% "
INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f"
BLANKS = "\u00a0\u3000\u2007\u202f\u2009\t\r\n"
MISSING = (
    "",
    "na",
    "n/a",
    "#n/a",
    "null",
    "(null)",
    "none",
    "nan",
    "nat",
    "<na>",
    "\\n",
    "-",
    "--",
    "?",
)


@dataclass(frozen=True)
class Shape:
    """A way of writing: ``text`` with 9 for every digit, how many rows, the first of them."""

    text: str
    rows: int
    zero: bool  # begins with the digit 0


def cleaned(column: str) -> str:
    """Return the SQL for a value as dates and numbers are read: narrow signs, plain blanks.

    Parameters
    ----------
    column : str
        An SQL expression of type text.

    Returns
    -------
    str
        NULL where nothing is written.
    """
    blanks = " " * len(BLANKS)
    source = _WIDE + "−﹣" + BLANKS + INVISIBLE
    target = _NARROW + "--" + blanks
    text = f"nullif(trim(translate({column}, {literal(source)}, {literal(target)})), '')"
    return plain_or(column, text)


def plain_or(column: str, otherwise: str) -> str:
    """Return the SQL that takes a text as it is where it has plain signs alone.

    Nearly all values have, and the general rule costs thirty times as much.
    """
    plain = f"regexp_full_match({column}, '[!-~]([ -~]*[!-~])?')"
    return f"CASE WHEN {plain} THEN {column} ELSE {otherwise} END"


def missing(text: str) -> str:
    """Return the SQL that tells whether a date or number is written as missing."""
    marks = ", ".join(map(literal, MISSING))
    return f"({text} IS NULL OR lower({text}) IN ({marks}))"


def count_shapes(connection: "duckdb.DuckDBPyConnection", text: str) -> list[Shape]:
    """Return the shapes of a column of the view ``raw``, commonest first, missing ones left out.

    Parameters
    ----------
    connection : duckdb.DuckDBPyConnection
    text : str
        SQL of the value.

    Returns
    -------
    list of Shape
        At most 4,000; a column of dates or amounts has a few dozen.
    """
    query = f"""
        SELECT translate(v, '012345678', '999999999') AS shape, sum(c)::BIGINT AS n,
               regexp_matches(v, {literal(FIRST_ZERO)}) AS zero
        FROM (SELECT {text} AS v, count(*) AS c FROM raw GROUP BY v)
        WHERE NOT {missing("v")}
        GROUP BY ALL ORDER BY n DESC, shape, zero LIMIT {MOST_SHAPES}
    """  # noqa: S608 - the names are our own
    return [Shape(shape[:200], n, zero) for shape, n, zero in connection.execute(query).fetchall()]
