"""Sheets and cells of the workbook: typed, formatted, and never more than a text or a number."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from customer_insight.show.escape import shorten, visible
from customer_insight.workbook.section import HIDDEN, MONEY, SHARE, TEXT
from customer_insight.workbook.wording import Wording

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

DATE = "date"  # a unit of the workbook alone
_A4, _LONGEST_TEXT = 9, 16_000  # Excel holds 32,767 halves of signs
_BEGINS_FORMULA = ("=", "+", "-", "@", "\t", "\n")


@dataclass(frozen=True)
class Sheet:
    """A sheet with a caption, headings and rows of values, each with its unit.

    Attributes
    ----------
    name : str
        At most 31 signs.
    caption : str
    headings : tuple of str
    widths : tuple of int
        Of the columns, in signs.
    height : int
        How many rows there are.
    rows : iterable of iterables of (value, unit)
        Read once, from top to bottom.
    """

    name: str
    caption: str
    headings: tuple[str, ...]
    widths: tuple[int, ...]
    height: int
    rows: Iterable[Iterable[tuple[Any, str]]]


def excel_text(value: object) -> str:
    r"""Return a text that fits a cell, in which every sign can be seen.

    Examples
    --------
    >>> excel_text("Tea\x00")
    'Tea⟨U+0000⟩'
    """
    return shorten(visible(value), _LONGEST_TEXT)


class SheetWriter:
    """Writes sheets into a workbook.

    Parameters
    ----------
    book : xlsxwriter.Workbook
        In constant memory: rows are written once, from top to bottom.
    say : Wording
        The report's currency and digits.
    """

    def __init__(self, book: "Workbook", say: Wording) -> None:
        self.book, self.say = book, say
        digits = f".{'0' * say.decimals}" if say.decimals else ""
        numbers = {MONEY: f"#,##0{digits}", SHARE: "0.0%", DATE: "yyyy-mm-dd"}
        numbers |= {"whole": "#,##0", "parts": "#,##0.00"}
        self._numbers = {name: self._format(num_format=kind) for name, kind in numbers.items()}
        self._text = self._format(text_wrap=True)
        # still a text after somebody has edited the cell
        self._guarded = self._format(text_wrap=True, quote_prefix=True)
        self._hidden = self._format(align="right")
        self._bold = self._format(bold=True)
        self._heading = self._format(bold=True, text_wrap=True, bottom=1)

    def table(self, sheet: Sheet) -> None:
        """Write a table: caption, headings that stay in sight and can be filtered, rows."""
        page, last = self._page(sheet.name), len(sheet.headings) - 1
        for place, width in enumerate(sheet.widths):
            page.set_column(place, place, width)
        page.write_string(0, 0, excel_text(sheet.caption), self._bold)
        for place, heading in enumerate(sheet.headings):
            page.write_string(1, place, excel_text(heading), self._heading)
        for at, row in enumerate(sheet.rows, start=2):
            for place, (value, unit) in enumerate(row):
                self._write(page, at, place, value, unit)
        page.freeze_panes(2, 0)
        page.autofilter(1, 0, 1 + sheet.height, last)
        page.repeat_rows(0, 1)
        page.set_landscape()

    def pairs(self, name: str, title: str, rows: Iterable[tuple[str, object]]) -> None:
        """Write a title and lines of a name and what is to be said of it."""
        page = self._page(name)
        page.set_column(0, 0, 28)
        page.set_column(1, 1, 100)
        page.write_string(0, 0, excel_text(title), self._bold)
        for at, (word, said) in enumerate(rows, start=2):
            page.write_string(at, 0, excel_text(word), self._bold)
            self._write(page, at, 1, said, TEXT)
        page.set_landscape()

    def _page(self, name: str) -> "Worksheet":
        page = self.book.add_worksheet(name)
        page.set_paper(_A4)
        page.fit_to_pages(1, 0)
        page.set_footer("&L&A&R&P / &N")
        return page

    def _format(self, **properties: Any) -> "Format":
        return self.book.add_format({"valign": "top"} | properties)

    def _write(self, page: "Worksheet", row: int, place: int, value: Any, unit: str) -> None:
        if value is None:
            return
        if value is HIDDEN:
            page.write_string(row, place, self.say.value(value, unit), self._hidden)
        elif unit == TEXT:
            words = excel_text(value)
            kind = self._guarded if words.startswith(_BEGINS_FORMULA) else self._text
            page.write_string(row, place, words, kind)
        elif unit == DATE:
            page.write_datetime(row, place, value, self._numbers[DATE])
        elif unit == MONEY:
            page.write_number(row, place, self.say.major(value), self._numbers[MONEY])
        elif unit == SHARE:
            page.write_number(row, place, value, self._numbers[SHARE])
        else:
            kind = "parts" if isinstance(value, float) and value % 1 else "whole"
            page.write_number(row, place, value, self._numbers[kind])
