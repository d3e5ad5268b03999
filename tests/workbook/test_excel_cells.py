import datetime as dt
import io

import openpyxl
import pytest
import xlsxwriter

from customer_insight.workbook.excel_cells import DATE, Sheet, SheetWriter, excel_text
from customer_insight.workbook.section import DAYS, HIDDEN, MONEY, NUMBER, SHARE, TEXT
from customer_insight.workbook.wording import Wording


def cells(*values):
    """Return the cells of one row of such (value, unit) pairs, written and read back."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"constant_memory": True}) as book:
        names = ("a",) * len(values)
        sheet = Sheet("One", "Caption", names, (14,) * len(values), 1, [values])
        SheetWriter(book, Wording("KWD", 3)).table(sheet)
    (row,) = openpyxl.load_workbook(buffer)["One"].iter_rows(min_row=3)
    return row


@pytest.mark.parametrize(
    ("value", "unit", "shown", "number_format"),
    [
        (1234567, MONEY, 1234.567, "#,##0.000"),
        (-5, MONEY, -0.005, "#,##0.000"),
        (0.125, SHARE, 0.125, "0.0%"),
        (12, DAYS, 12, "#,##0"),
        (12.0, DAYS, 12, "#,##0"),
        (12.5, DAYS, 12.5, "#,##0.00"),
        (2.25, NUMBER, 2.25, "#,##0.00"),
    ],
)
def test_a_number_is_a_number_in_the_form_of_its_unit(value, unit, shown, number_format):
    (cell,) = cells((value, unit))
    assert (cell.value, cell.data_type, cell.number_format) == (shown, "n", number_format)


def test_none_is_empty_and_what_is_hidden_a_text():
    empty, hidden = cells((None, MONEY), (HIDDEN, DAYS))
    assert empty.value is None
    assert hidden.value == Wording("KWD", 3).value(HIDDEN, DAYS)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\n=1"])
def test_what_begins_like_a_formula_is_a_guarded_text(text):
    guarded, plain = cells((text, TEXT), ("1 = 1", TEXT))
    assert guarded.data_type != "f"
    assert guarded.quotePrefix
    assert not plain.quotePrefix


def test_a_date_is_no_text():
    (cell,) = cells((dt.date(2024, 5, 31), DATE))
    assert cell.is_date
    assert cell.value == dt.datetime(2024, 5, 31)


def test_a_text_too_long_for_a_cell_is_cut_and_says_so():
    longest = "𝄞" * 20_000  # two halves each: Excel holds 32,767
    (cell,) = cells((longest, TEXT))
    assert cell.value == excel_text(longest)
    assert cell.value.endswith("… (4,000 more characters)")
    assert len(cell.value.encode("utf-16-le")) // 2 <= 32_767
