"""SQL for the day that a text writes, one rule a column."""

import datetime as dt
import re
from collections.abc import Sequence

from customer_insight.data.closed_query import literal
from customer_insight.data.intake.date_forms import WORDS
from customer_insight.data.intake.shapes import Shape

FIRST_DAY, LAST_DAY = dt.date(1970, 1, 1), dt.date(2199, 12, 31)
CODES = {"d": "%d", "m": "%m", "y": "%Y"}
IN_WORDS = {
    "dmy": "day, month, year",
    "mdy": "month, day, year",
    "ymd": "year, month, day",
}
EIGHT = {
    "ymd": "^(?P<y>[0-9]{4})(?P<m>[0-9]{2})(?P<d>[0-9]{2})",
    "dmy": "^(?P<d>[0-9]{2})(?P<m>[0-9]{2})(?P<y>[0-9]{4})",
    "mdy": "^(?P<m>[0-9]{2})(?P<d>[0-9]{2})(?P<y>[0-9]{4})",
}
YEAR_FIRST = "^(?P<y>[0-9]{4})[-/.年](?P<m>[0-9]{1,2})[-/.月] ?(?P<d>[0-9]{1,2})"
SHORT_YEAR_FIRST = "^(?P<y>[0-9]{2})年(?P<m>[0-9]{1,2})月(?P<d>[0-9]{1,2})"
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]


def among(text: str, shapes: Sequence[Shape]) -> str:
    """Return the SQL that tells whether a text has one of the shapes."""
    listed = ", ".join(sorted({literal(shape.text) for shape in shapes}))
    return f"translate({text}, '012345678', '999999999') IN ({listed})"


def pattern_of(order: str, *, short_year: bool) -> str:
    """Return the regular expression, with named parts, of three numbers in an order.

    Examples
    --------
    >>> pattern_of("dmy", short_year=True)
    '^(?P<d>[0-9]{1,2})[-/. ] ?(?P<m>[0-9]{1,2})[-/. ] ?(?P<y>[0-9]{2})'
    """
    pieces = {
        "d": "(?P<d>[0-9]{1,2})",
        "m": "(?P<m>[0-9]{1,2})",
        "y": f"(?P<y>[0-9]{{{2 if short_year else 4}}})",
    }
    return "^" + "[-/. ] ?".join(pieces[letter] for letter in order)


def parts_of(text: str, pattern: str) -> tuple[str, list[str]]:
    """Return the SQL for a struct of a pattern's named parts, and their names."""
    plain, names = _plain(pattern)
    return f"regexp_extract({text}, {plain}, {names})", names


def _plain(pattern: str) -> tuple[str, list[str]]:
    """Return a pattern without the names of its parts, as an SQL literal, and the names."""
    return literal(re.sub(r"\?P<\w>", "", pattern)), re.findall(r"\?P<(\w)>", pattern)


def day_from_parts(text: str, pattern: str, pivot_year: int | None = None) -> str:
    """Return the SQL for the day whose year, month and day a pattern names y, m and d."""
    plain, names = _plain(pattern)
    part = {name: f"regexp_extract({text}, {plain}, {i})" for i, name in enumerate(names, 1)}
    year = part["y"]
    if pivot_year is not None:
        year = f"({pivot_year} + (TRY_CAST({year} AS INTEGER) - {pivot_year % 100} + 100) % 100)"
    return f"TRY_CAST(concat({year}, '-', {part['m']}, '-', {part['d']}) AS DATE)"


def day_from_word(text: str) -> str:
    """Return the SQL for the day in a text that names its month by a word."""
    low = f"lower({text})"
    word = f"left(regexp_extract({low}, {literal(WORDS.replace('?:', '', 1))}, 1), 3)"
    month = f"list_position({_MONTHS}, {word})"
    day = f"regexp_extract({low}, '(?:^|[^0-9])([0-9]{{1,2}})(?:[^0-9]|$)', 1)"
    year = f"regexp_extract({low}, '([0-9]{{4}})', 1)"
    return f"TRY_CAST(concat({year}, '-', {month}, '-', {day}) AS DATE)"


def day_as_stated(text: str, date_format: str, pivot_year: int | None, timezone: str | None) -> str:
    """Return the SQL for the day in a text of the format that the user states."""
    read = f"try_strptime({text}, {literal(date_format)})"
    if "%z" in date_format.lower():
        day = f"CAST(timezone({literal(timezone or 'UTC')}, {read}) AS DATE)"
    else:
        first = f"split_part({text}, ' ', 1)"
        day = f"CAST(coalesce({read}, try_strptime({first}, {literal(date_format)})) AS DATE)"
    if "%y" not in date_format or pivot_year is None:
        return day
    year = f"({pivot_year} + (year({day}) - {pivot_year} + 10000) % 100)"
    return f"TRY_CAST(concat({year}, '-', month({day}), '-', day({day})) AS DATE)"
