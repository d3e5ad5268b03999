"""The report as one page: HTML that needs no network, no script and no other file."""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from customer_insight.data.files import write_whole
from customer_insight.show.escape import shorten, visible
from customer_insight.workbook.section import (
    CUSTOMERS,
    DAYS,
    HIDDEN,
    MONEY,
    TEXT,
    Column,
    Decision,
    Report,
    Section,
)
from customer_insight.workbook.wording import Wording

if TYPE_CHECKING:
    from jinja2 import Environment

_MOST = 300  # characters of one cell; nobody reads more in a table
_WIDE, _WIDEST = 6, 9  # columns from which a table is set smaller, and printed across


def write_page(report: Report, path: Path) -> None:
    """Write a report as one HTML page, whole or not at all.

    Parameters
    ----------
    report : Report
    path : pathlib.Path
        The page; one that is there is replaced.
    """
    write_whole(path, page_html(report).encode("utf-8"))


def page_html(report: Report) -> str:
    """Return a report as one HTML page.

    The verdict comes first, then the other sections in their order, then every number with its
    definition. Each number has an anchor, ``#number-`` and its code, so that it can be linked to.
    The page has no script, loads nothing, follows the reader's light or dark scheme and is laid
    out for A4 when printed. Equal reports give equal pages.

    Parameters
    ----------
    report : Report
        Its charts are from :func:`customer_insight.show.vector`; every other text is escaped.

    Returns
    -------
    str

    Examples
    --------
    >>> about = Section(1, "trust", "Can I trust this file?", "All 12 rows were used.")
    >>> report = Report("Qinghe", (about,), {}, "2024-12-31", "2025-01-06", "CNY", 2)
    >>> "<p>All 12 rows were used.</p>" in page_html(report)
    True
    """
    say = Wording(report.currency, report.decimals)
    verdict = next((section for section in report.sections if section.number == 0), None)
    return (
        _environment()
        .get_template("page.html.j2")
        .render(
            report=report,
            say=say,
            verdict=verdict,
            sections=[section for section in report.sections if section is not verdict],
            numbers=[(section, one) for section in report.sections for one in section.quantities],
            section_of=lambda decision: _section_of(decision, report),
            cell=lambda value, column: _cell(value, column, say),
            unit=say.unit_name,
            heading_unit=lambda column: _heading_unit(column, say),
            tells_provenance=any(
                table.code == "provenance" for one in report.sections for table in one.tables
            ),
        )
    )


@cache
def _environment() -> "Environment":
    """Return what fills the template: no text gets in but escaped and with all signs seen."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    environment = Environment(
        autoescape=True,
        finalize=lambda value: value if isinstance(value, Markup) else visible(value),
        keep_trailing_newline=True,
        loader=FileSystemLoader(Path(__file__).parent),
        lstrip_blocks=True,
        trim_blocks=True,
        undefined=StrictUndefined,
    )
    environment.filters["anchor"] = lambda code: quote(visible(code), safe="")
    environment.filters["width"] = _width
    environment.globals.update(CUSTOMERS=CUSTOMERS, MONEY=MONEY, TEXT=TEXT)
    return environment


def _section_of(decision: Decision, report: Report) -> Section | None:
    """Return the section whose finding a decision of the verdict rests on."""
    found = (one for one in report.sections if one.number and decision in one.decisions)
    return next(found, None)


def _cell(value: Any, column: Column, say: Wording) -> dict[str, str]:
    """Return a cell's words and how it is set."""
    kind = "words" if column.unit == TEXT else "figures"
    faint = " faint" if value is None or value is HIDDEN else ""
    words = shorten(visible(say.value(value, column.unit)), _MOST)
    return {"words": words, "kind": kind + faint}


def _heading_unit(column: Column, say: Wording) -> str:
    """Return the unit under a column's heading, where heading and cells do not tell it."""
    if column.unit == MONEY:
        return say.currency
    return DAYS if column.unit == DAYS and DAYS not in column.name.lower() else ""


def _width(columns: tuple[Column, ...]) -> str:
    """Return how wide a table of these columns is."""
    if len(columns) > _WIDEST:
        return "widest"
    return "wide" if len(columns) > _WIDE else "narrow"
