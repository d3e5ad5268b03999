"""The report as an Excel workbook: typed cells, no formula, no link, no macro."""

import datetime as dt
import io
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from customer_insight.data.files import write_whole
from customer_insight.workbook.excel_cells import DATE, Sheet, SheetWriter, excel_text
from customer_insight.workbook.excel_glossary import glossary
from customer_insight.workbook.parquet_bytes import check_columns
from customer_insight.workbook.section import HIDDEN, MONEY, TEXT, Column, Quantity, Report, Table
from customer_insight.workbook.wording import Wording

if TYPE_CHECKING:
    import polars as pl

MOST_CUSTOMERS, TOP_CUSTOMERS = 100_000, 50_000
READ_ME, NUMBERS, CUSTOMERS, GLOSSARY = "Read me", "Numbers", "Customers", "Glossary"
_LONGEST_NAME, _NARROW, _WIDE = 31, 14, 60
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_OF_NUMBERS = (
    ("Section", 28),
    ("Number", 32),
    ("Value", 16),
    ("Unit", 12),
    ("Low", 16),
    ("High", 16),
    ("Interval", 12),
    ("Kind", 12),
    ("As of", 12),
    ("Definition", _WIDE),
    ("Note", _WIDE),
)

_HOW_TO_READ = (
    "Every number stands on the sheet Numbers, with how it is counted. Low and high are the ends "
    "of its interval. Observed was seen in the file, forecast comes from a model, assumed was put "
    "in by somebody."
)
_HOW_HIDDEN = (
    "A count too small to be shown, or a larger one that would give such a count away. An empty "
    "cell has no value."
)


def write_workbook(
    report: Report, customers: "pl.DataFrame", columns: Sequence[Column], path: Path
) -> None:
    """Write the report as an .xlsx file: its numbers, its tables and its customers, typed.

    Sheets are "Read me", "Numbers", one for each table, "Customers" and "Glossary". Money stands in
    major units, shares as per cent, both as numbers with a format; what is hidden is the text
    "hidden", and what is not there an empty cell. Every text is a text, whatever it begins with.
    Equal reports give equal bytes; the file's date is the report's run date.

    Parameters
    ----------
    report : Report
    customers : polars.DataFrame
        One row a customer, with the columns ``customer`` and ``amount``. At most 100,000 are
        written, largest amount first; of more, the top 50,000.
    columns : sequence of Column
        Describes the columns of ``customers``, in their order.
    path : pathlib.Path
        The file; written whole or not at all.

    Raises
    ------
    ValueError
        If ``columns`` are not those of ``customers``.
    """
    import xlsxwriter

    check_columns(customers, columns)
    say = Wording(report.currency, report.decimals)
    tables = _named_tables(report)
    sheets = [
        _numbers(report, say),
        *[_table(name, table, say) for name, table in tables.items()],
        _customers(customers, columns, say),
        _glossary({name: table.columns for name, table in tables.items()} | {CUSTOMERS: columns}),
    ]
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, _OPTIONS) as book:
        made = dt.datetime.fromisoformat(report.run_date)
        book.set_properties({"title": excel_text(report.title), "created": made})
        writer = SheetWriter(book, say)
        writer.pairs(READ_ME, report.title, _read_me(report, sheets, say))
        for sheet in sheets:
            writer.table(sheet)
    write_whole(path, buffer.getvalue())


def _named_tables(report: Report) -> dict[str, Table]:
    """Return the tables by the names of their sheets, which differ in more than capitals."""
    named: dict[str, Table] = {}
    for section in report.sections:
        for table in section.tables:
            name = f"{section.number} {table.code}"[:_LONGEST_NAME]
            turn = 2
            while name.lower() in map(str.lower, named):
                end = f" {turn}"
                name, turn = name[: _LONGEST_NAME - len(end)] + end, turn + 1
            named[name] = table
    return named


def _numbers(report: Report, say: Wording) -> Sheet:
    as_of = dt.date.fromisoformat(report.as_of)
    rows = [
        _number(f"{section.number}. {section.question}", quantity, as_of, say)
        for section in report.sections
        for quantity in section.quantities
    ]
    headings, widths = zip(*_OF_NUMBERS, strict=True)
    return Sheet(NUMBERS, "Every number that can be quoted", headings, widths, len(rows), rows)


def _number(section: str, number: Quantity, as_of: dt.date, say: Wording) -> list[tuple]:
    values = ((one, number.unit) for one in (number.low, number.high))
    unit = say.unit_name(MONEY) if number.unit == MONEY else number.unit
    return [
        (section, TEXT),
        (number.name, TEXT),
        (number.value, number.unit),
        (unit, TEXT),
        *values,
        (None if number.low is None else number.interval, TEXT),
        (number.kind, TEXT),
        (as_of, DATE),
        (number.definition, TEXT),
        (number.note or None, TEXT),
    ]


def _table(name: str, table: Table, say: Wording) -> Sheet:
    return Sheet(
        name,
        table.caption,
        _headings(table.columns, say),
        _widths(table.columns, table.rows),
        len(table.rows),
        list(_with_units(table.rows, table.columns)),
    )


def _customers(customers: "pl.DataFrame", columns: Sequence[Column], say: Wording) -> Sheet:
    shown = customers.sort("amount", "customer", descending=[True, False])
    caption = f"All {shown.height:,} customers, largest sales first"
    if shown.height > MOST_CUSTOMERS:
        caption = (
            f"The {TOP_CUSTOMERS:,} customers with the largest sales, of {shown.height:,}; "
            "tables/customers.parquet has all of them"
        )
        shown = shown.head(TOP_CUSTOMERS)
    return Sheet(
        CUSTOMERS,
        caption,
        _headings(columns, say),
        _widths(columns, shown.head(200).rows()),
        shown.height,
        _with_units(shown.iter_rows(), columns),
    )


def _glossary(described: dict[str, Sequence[Column]]) -> Sheet:
    where: dict[tuple[str, str], list[str]] = {}
    for name, columns in described.items():
        for column in columns:
            where.setdefault((column.name, column.definition), []).append(name)
    terms = [(term.en, term.zh, term.meaning, None) for term in glossary()]
    terms += [(word, None, meaning, ", ".join(at)) for (word, meaning), at in where.items()]
    rows = [[(word, TEXT) for word in term] for term in terms]
    return Sheet(
        GLOSSARY,
        "Terms in English and Chinese, then the columns of the sheets",
        ("Term", "中文", "What it means here", "Column of"),
        (36, 24, 80, 40),
        len(rows),
        rows,
    )


def _read_me(
    report: Report, sheets: Sequence[Sheet], say: Wording
) -> Iterator[tuple[str, str | None]]:
    money = f"{say.unit_name(MONEY)}, with {say.decimals} digits after the point"
    yield "As of", f"{report.as_of}, the last day that counts"
    yield "Made on", report.run_date
    yield "Money", money if say.currency else f"The currency is not stated; {money}"
    yield "How to read", _HOW_TO_READ
    yield say.value(HIDDEN, TEXT), _HOW_HIDDEN
    yield "Filter and sort", "Each table has its headings in the second row."
    for sheet in sheets:
        yield f"Sheet {sheet.name}", sheet.caption
    for section in report.sections:
        if section.refusal:
            yield f"Not said in section {section.number}", section.refusal


def _headings(columns: Sequence[Column], say: Wording) -> tuple[str, ...]:
    money = say.unit_name(MONEY)
    return tuple(
        f"{one.name} ({money})" if one.unit == MONEY and one.name != money else one.name
        for one in columns
    )


def _widths(columns: Sequence[Column], rows: Sequence[Sequence[Any]]) -> tuple[int, ...]:
    return tuple(
        min(_WIDE, max([_NARROW, *(len(str(row[at])) + 2 for row in rows)]))
        if column.unit == TEXT
        else _NARROW
        for at, column in enumerate(columns)
    )


def _with_units(
    rows: Iterable[Sequence[Any]], columns: Sequence[Column]
) -> Iterator[Iterable[tuple[Any, str]]]:
    units = [column.unit for column in columns]
    return (zip(row, units, strict=True) for row in rows)
