import datetime as dt
import zipfile

import openpyxl
import pytest

from customer_insight.data import archive
from customer_insight.data.catalog import catalog
from customer_insight.data.errors import DataSetError
from customer_insight.data.read_workbook import read_workbook

HEADER = ["extra", "id", "day", "at", "pieces", "price", "paid", "kind"]
ROWS = [
    ["x", 7.0, dt.datetime(2024, 2, 1), dt.datetime(2024, 2, 1, 9, 30), 1, 2.5, True, "new"],
    [None, "C8", dt.datetime(2024, 2, 2), None, 2, None, False, ""],
    ["x", 9, dt.datetime(2024, 2, 3), dt.datetime(2024, 2, 3, 23, 59), 3.0, 10.25, True, " old"],
]


@pytest.fixture
def book(tiny):
    return catalog()["tiny_book"]


@pytest.fixture
def write(tmp_path):
    def make(rows, header=HEADER, sheet="Orders"):
        workbook = openpyxl.Workbook()
        workbook.active.title = "Notes"
        for row in [header, *rows]:
            (
                workbook.create_sheet(sheet)
                if sheet not in workbook.sheetnames
                else workbook[sheet]
            ).append(row)
        path = tmp_path / "book.xlsx"
        workbook.save(path)
        return path

    return make


def test_cells_become_text_as_the_publisher_means_them(book, write):
    assert read_workbook(write(ROWS), book).to_pydict() == {
        "id": ["7", "C8", "9"],
        "day": ["01/02/2024", "02/02/2024", "03/02/2024"],
        "at": ["01/02/2024 09:30", None, "03/02/2024 23:59"],
        "pieces": ["1", "2", "3"],
        "price": ["2.5", None, "10.25"],
        "paid": ["True", "False", "True"],
        "kind": ["new", None, " old"],
    }


def test_empty_rows_do_not_count(book, write):
    assert read_workbook(write([*ROWS[:1], [None] * 8, *ROWS[1:]]), book).num_rows == 3


def test_a_book_without_the_sheet_is_refused(book, write):
    with pytest.raises(DataSetError, match="the workbook has no sheet 'Orders'"):
        read_workbook(write(ROWS, sheet="Other"), book)


def test_a_sheet_without_the_columns_is_refused(book, write):
    with pytest.raises(DataSetError, match="the first row of the sheet names none of its columns"):
        read_workbook(write(ROWS, header=list("abcdefgh")), book)


def test_a_sheet_longer_than_the_published_one_is_not_read_to_its_end(book, write):
    with pytest.raises(DataSetError, match="the sheet has more than the 3 rows published"):
        read_workbook(write(ROWS * 2), book)


def test_a_bomb_is_refused(book, write, monkeypatch):
    monkeypatch.setattr(archive, "LARGEST_UNPACKED", 1000)
    with pytest.raises(DataSetError, match="at most 1,000 files and 1,000 bytes are accepted"):
        read_workbook(write(ROWS), book)


@pytest.mark.parametrize("kept", [50, 3000])
def test_a_damaged_book_is_refused(book, write, kept):
    path = write(ROWS)
    path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(DataSetError, match="cannot be read as an Excel workbook"):
        read_workbook(path, book)


def test_another_archive_is_refused(book, tmp_path):
    path = tmp_path / "book.xlsx"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("xl/workbook.xml", "<x/>")
    with pytest.raises(DataSetError, match="cannot be read as an Excel workbook"):
        read_workbook(path, book)
