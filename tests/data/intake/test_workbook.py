import datetime as dt
import io
import zipfile

import openpyxl
import pytest

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
