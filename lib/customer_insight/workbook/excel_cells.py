"""Sheets and cells of the workbook: typed, formatted, and never more than a text or a number."""

from collections.abc import Iterable, Sequence
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
_PAIR_WIDTHS = (28, 100)
_LINE_HEIGHT = 15  # points, of a line in the workbook's usual font
_MOST_LINES = 25  # Excel shows no row that is higher than 409 points
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
        heading = {"bold": True, "text_wrap": True, "bottom": 1}
        self._heading = self._format(**heading)
        self._right_heading = self._format(**heading, align="right")

    def table(self, sheet: Sheet) -> None:
        """Write a table: caption, headings that stay in sight and can be filtered, rows."""
        page, last = self._page(sheet.name), len(sheet.headings) - 1
        for place, width in enumerate(sheet.widths):
            page.set_column(place, place, width)
        page.write_string(0, 0, excel_text(sheet.caption), self._bold)
        for at, row in enumerate(map(list, sheet.rows), start=2):
            if at == 2:
                self._headings(page, sheet, [unit for _, unit in row])
            texts = [str(value) if unit == TEXT and value else "" for value, unit in row]
            _make_room(page, at, texts, sheet.widths)
            for place, (value, unit) in enumerate(row):
                self._write(page, at, place, value, unit)
        if not sheet.height:
            self._headings(page, sheet, [TEXT] * len(sheet.headings))
        page.freeze_panes(2, 0)
        page.autofilter(1, 0, 1 + sheet.height, last)
        page.repeat_rows(0, 1)
        page.set_landscape()

    def _headings(self, page: "Worksheet", sheet: Sheet, units: list[str]) -> None:
        """Write the headings, each on the side of its values."""
        _make_room(page, 1, sheet.headings, sheet.widths)
        for place, (heading, unit) in enumerate(zip(sheet.headings, units, strict=True)):
            side = self._heading if unit == TEXT else self._right_heading
            page.write_string(1, place, excel_text(heading), side)

    def pairs(self, name: str, title: str, rows: Iterable[tuple[str, object]]) -> None:
        """Write a title and lines of a name and what is to be said of it."""
        page = self._page(name)
        for place, width in enumerate(_PAIR_WIDTHS):
            page.set_column(place, place, width)
        page.write_string(0, 0, excel_text(title), self._bold)
        for at, (word, said) in enumerate(rows, start=2):
            _make_room(page, at, (word, str(said or "")), _PAIR_WIDTHS)
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
            money = _signless_nothing(self.say.major(value), self.say.decimals)
            page.write_number(row, place, money, self._numbers[MONEY])
        elif unit == SHARE:
            page.write_number(row, place, _signless_nothing(value, 3), self._numbers[SHARE])
        else:
            kind = "parts" if isinstance(value, float) and value % 1 else "whole"
            page.write_number(row, place, value, self._numbers[kind])


def _signless_nothing(value: float, digits: int) -> float:
    """Return a number, or 0 for one below it that would show as -0.00."""
    return 0.0 if value < 0 and round(value, digits) == 0 else value


def _make_room(page: "Worksheet", row: int, texts: Sequence[str], widths: Sequence[int]) -> None:
    """Give a row the height of its longest text: not every program does so by itself."""
    lines = max(
        sum(1 + max(0, len(line) - 1) // width for line in text.split("\n"))
        for text, width in zip(texts, widths, strict=True)
    )
    if lines > 1:
        page.set_row(row, _LINE_HEIGHT * min(lines, _MOST_LINES))
