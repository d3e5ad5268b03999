import datetime as dt
import io
import zipfile

import openpyxl
import pytest

from customer_insight.data import read_transactions
from customer_insight.data.intake import IntakeError
from customer_insight.data.intake.workbook import read_workbook


@pytest.fixture
def sheet(tmp_path):
    """Give the CSV that a workbook's sheet becomes, and the codes of what was noticed."""

    def make(*rows, **stated):
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        book.active.title = "Orders"
        path = tmp_path / "orders.xlsx"
        book.save(path)
        found = read_workbook(path, tmp_path, **stated)
        return found.path.read_text(), [finding.code for finding in found.findings]

    return make


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        (42, "42"),
        (42.5, "42.5"),
        (-0.01, "-0.01"),
        (123456789012345, "123456789012345"),
        (dt.date(2024, 1, 31), "2024-01-31"),
        (dt.datetime(2024, 1, 31, 23, 59, 59), "2024-01-31 23:59:59"),
        (True, "True"),
        ("00042", "00042"),
        ('say "hi", twice', '"say ""hi"", twice"'),
        (None, ""),
    ],
)
def test_cells_are_written_unambiguously(sheet, cell, written):
    content, codes = sheet(["a", "b"], [cell, "x"])
    assert content.splitlines()[1] == f"{written},x"
    assert codes == ["sheet-read"]


def test_long_numbers_keep_what_excel_keeps_and_are_told(sheet):
    content, codes = sheet(["a", "b"], [73500091234567100, "x"], [10**15, "x"])
    assert content.splitlines()[1:] == ["73500091234567100,x", "1000000000000000,x"]
    assert codes == ["sheet-read", "number-rounded"]


def test_errors_that_stand_as_text_are_missing_and_told(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["a", "b"])
    book.active.append(["#REF!", "x"])
    book.active["A2"].data_type = "s"
    book.save(tmp_path / "orders.xlsx")
    found = read_workbook(tmp_path / "orders.xlsx", tmp_path)
    assert found.path.read_text() == "a,b\n,x\n"
    assert [finding.code for finding in found.findings] == ["sheet-read", "cell-errors"]


@pytest.mark.parametrize("above", [0, 3])
def test_cells_of_type_error_are_missing_and_told_with_their_rows(sheet, tmp_path, above):
    rows = [[None, None]] * above + [["a", "b"], [1, "#N/A"], ["x", "y"], ["#DIV/0!", "#REF!"]]
    content, codes = sheet(*rows)
    assert content.splitlines()[above:] == ["a,b", "1,", "x,y", ","]
    assert codes == ["sheet-read", "cell-errors"]
    found = read_workbook(tmp_path / "orders.xlsx", tmp_path).findings[1]
    assert found.what.startswith("3 cells hold an error")
    assert (found.rows, found.places) == (3, (above + 2, above + 4))


def test_rows_of_error_cells_are_counted_under_the_header(tmp_path):
    book = openpyxl.Workbook()
    for row in (
        ["Orders of May"],
        ["customer", "order", "date", "amount"],
        ["#N/A", 1, "2024-01-31", 1.5],
        ["QZX", 2, "2024-01-31", "#DIV/0!"],
        ["QZX", 3, "2024-01-31", 2.5],
    ):
        book.active.append(row)
    book.save(tmp_path / "orders.xlsx")
    stated = {"max_set_aside": 1, "as_of": dt.date(2025, 6, 30)}
    findings = read_transactions(tmp_path / "orders.xlsx", **stated).report.warnings
    places = {finding.code: finding.places for finding in findings}
    assert places == {"cell-errors": (1, 2), "number-unreadable": (2,), "customer-missing": (1,)}


def test_a_sheet_that_is_not_there_is_refused_with_those_that_are(sheet):
    with pytest.raises(IntakeError, match='no sheet of the name asked for; it has "Orders"'):
        sheet(["a"], ["b"], sheet="Order")


def test_another_archive_is_no_workbook(tmp_path):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("orders.csv", "a,b")
    (tmp_path / "orders.xlsx").write_bytes(out.getvalue())
    with pytest.raises(IntakeError, match="a zip archive and no Excel workbook"):
        read_workbook(tmp_path / "orders.xlsx", tmp_path)
