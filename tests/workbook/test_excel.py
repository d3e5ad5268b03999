import datetime as dt
import io
import re
import shutil
import subprocess
import time
import tracemalloc
import zipfile

import openpyxl
import polars as pl
import pytest
from python_calamine import CalamineWorkbook

from customer_insight.workbook import excel
from customer_insight.workbook.excel import write_workbook
from customer_insight.workbook.section import HIDDEN

from .made_report import COLUMNS, HOSTILE, made_customers, made_report

SHEETS = ["Read me", "Numbers", "1 found", "4 segments", "Customers", "Glossary"]


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    path = tmp_path_factory.mktemp("report") / "report.xlsx"
    write_workbook(made_report(), made_customers(), COLUMNS, path)
    return path


@pytest.fixture(scope="module")
def book(path):
    """Return the workbook as openpyxl reads it, from bytes: no file stays open."""
    return openpyxl.load_workbook(io.BytesIO(path.read_bytes()))


def rows(book, sheet):
    return [[cell.value for cell in row] for row in book[sheet].iter_rows(min_row=3)]


def parts(path):
    with zipfile.ZipFile(path) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def written(tmp_path, report=None, customers=None, name="other.xlsx"):
    customers = made_customers() if customers is None else customers
    write_workbook(report or made_report(), customers, COLUMNS, tmp_path / name)
    return tmp_path / name


def test_the_sheets_are_named_for_what_they_hold(book, path):
    assert book.sheetnames == SHEETS == CalamineWorkbook.from_path(path).sheet_names


def test_money_shares_days_and_dates_are_typed_and_formatted(book):
    cells = {row[1].value: row for row in book["Numbers"].iter_rows(min_row=3)}
    sales, top = cells["Sales"], cells["Share of the top 10 %"]
    total = int(made_customers()["amount"].sum())
    assert (sales[2].value, sales[2].number_format) == (total / 100, "#,##0.00")
    assert sales[3].value == "CNY"
    assert (top[2].value, top[2].number_format, top[4].value) == (0.375, "0.0%", 0.31)
    assert (cells["Customers"][2].value, cells["Customers"][2].data_type) == (60, "n")
    assert sales[8].value == dt.datetime(2024, 5, 31)
    assert sales[8].number_format == "yyyy-mm-dd"


def test_every_number_stands_with_its_interval_kind_definition_and_note(book):
    found = rows(book, "Numbers")
    assert len(found) == 5
    assert found[3][:10] == [
        "4. Who are they?",
        "Next sales",
        123.45,
        "CNY",
        110.0,
        130.005,
        "90 %",
        "forecast",
        dt.datetime(2024, 5, 31),
        "Forecast.",
    ]
    assert (found[4][2], found[4][6]) == (None, None)
    assert (found[4][7], found[4][10]) == ("assumed", "-")


def test_what_is_hidden_is_a_text_and_what_is_not_there_an_empty_cell(book):
    table = made_report().sections[1].tables[0]
    for shown, row in zip(rows(book, "4 segments"), table.rows, strict=True):
        if row[1] is HIDDEN:
            assert shown[1:] == ["hidden", None, None, None]
        else:
            assert shown == [row[0], row[1], row[2] / 100, pytest.approx(row[3], rel=1e-15), 12.5]
    assert any(row[1] is HIDDEN for row in table.rows)


def test_customers_are_sorted_by_money_and_equal_the_table_to_the_cent(book, path):
    expected = made_customers().sort("amount", "customer", descending=[True, False])
    sheet = CalamineWorkbook.from_path(path).get_sheet_by_name("Customers").to_python()
    headings = ["Customer", "Segment", "Sales (CNY)", "Returned (CNY)"]
    assert sheet[1][:4] == headings
    assert [row[0] for row in sheet[2:]] == expected["customer"].to_list()
    assert [round(row[2] * 100) for row in sheet[2:]] == expected["amount"].to_list()
    assert rows(book, "Customers")[0][4:6] == list(expected.row(0)[4:6])


def test_a_currency_without_digits_and_one_that_is_not_stated(tmp_path):
    yen = openpyxl.load_workbook(written(tmp_path, made_report(currency="JPY", decimals=0)))
    total = int(made_customers()["amount"].sum())
    cell = yen["Numbers"]["C3"]
    assert (cell.value, cell.number_format) == (total, "#,##0")
    none = openpyxl.load_workbook(written(tmp_path, made_report(currency="")))
    assert none["Numbers"]["D3"].value == "currency not stated"
    assert "The currency is not stated" in none["Read me"]["B5"].value


def test_texts_that_begin_like_formulas_stay_texts_even_when_edited(book, path):
    cells = [row[0] for row in book["1 found"].iter_rows(min_row=3)]
    assert [cell.value for cell in cells[:4]] == [HOSTILE, "+1", "-1", "@a"]
    assert all(cell.data_type in {"s", "inlineStr"} for cell in cells)
    assert all(cell.quotePrefix for cell in cells[:4])
    assert not cells[4].quotePrefix


def test_signs_that_are_not_seen_are_shown_and_none_is_taken_for_an_escape(path):
    sheet = CalamineWorkbook.from_path(path).get_sheet_by_name("1 found").to_python()
    assert sheet[6][0] == "a⟨U+0000⟩b⟨U+202E⟩c"
    assert sheet[7][0] == "_x0041_"  # Excel reads it as A where it is not written with care


def test_there_is_no_formula_link_macro_or_other_file_inside(path):
    content = parts(path)
    sheets = [name for name in content if name.startswith("xl/worksheets/")]
    assert len(sheets) == len(SHEETS)
    for name in sheets:
        assert not re.search(rb"<f[ >/]|<hyperlink|<drawing|<oleObject|<legacy", content[name])
    for name in content:
        assert not re.search("vba|external|connection|custom|media|calcChain", name, re.IGNORECASE)
        assert b'TargetMode="External"' not in content[name]


def test_headings_stay_in_sight_can_be_filtered_and_are_printed_on_each_page(book):
    for name in SHEETS[1:]:
        sheet = book[name]
        assert sheet.freeze_panes == "A3"
        assert sheet.auto_filter.ref.startswith("A2:")
        assert sheet.auto_filter.ref.endswith(str(sheet.max_row))
        assert sheet.print_title_rows == "$1:$2"
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.column_dimensions["A"].width >= 14


def test_the_first_sheet_says_what_the_others_hold_and_what_was_not_said(book):
    said = {row[0].value: row[1].value for row in book["Read me"].iter_rows(min_row=3, max_col=2)}
    assert book["Read me"]["A1"].value == "Customer report: orders.csv"
    assert said["As of"].startswith("2024-05-31")
    assert said["Made on"] == "2024-06-03"
    assert said["Sheet 4 segments"] == "The segments, largest sales first"
    assert {f"Sheet {name}" for name in SHEETS[1:]} <= set(said)
    assert said["Not said in section 4"].startswith("No forecast")


def test_the_glossary_has_terms_in_both_languages_and_every_column(book):
    found = rows(book, "Glossary")
    assert ["hold-out", "留出样本"] in [row[:2] for row in found]
    where = {(row[0], row[2]): row[3] for row in found}
    assert where["Days", "How long."] == "1 found"
    assert where["Segment", "Code of the rule."] == "4 segments, Customers"
    assert {column.name for column in COLUMNS} <= {row[0] for row in found}


def test_names_of_sheets_fit_and_differ(tmp_path):
    report = made_report()
    codes = [f"a_very_long_code_of_a_table_number_{n}" for n in range(3)]
    table = report.sections[1].tables[0]
    copies = [type(table)(code, table.caption, table.columns, table.rows) for code in codes]
    who = type(report.sections[1])(4, "who", "Who?", "They.", tables=tuple(copies))
    found = openpyxl.load_workbook(written(tmp_path, made_report(sections=(who,)))).sheetnames
    assert found[2:5] == [
        "4 a_very_long_code_of_a_table_n",
        "4 a_very_long_code_of_a_table 2",
        "4 a_very_long_code_of_a_table 3",
    ]


def test_a_report_without_tables_numbers_or_customers_has_its_sheets(tmp_path):
    path = written(tmp_path, made_report(sections=()), made_customers()[:0])
    assert openpyxl.load_workbook(path).sheetnames == [
        "Read me",
        "Numbers",
        "Customers",
        "Glossary",
    ]


def test_equal_reports_give_equal_bytes_in_every_zone_and_order(path, tmp_path, monkeypatch):
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    time.tzset()
    try:
        shuffled = made_customers().sample(fraction=1, shuffle=True, seed=1)
        again = written(tmp_path, customers=shuffled)
    finally:
        monkeypatch.undo()
        time.tzset()
    assert again.read_bytes() == path.read_bytes()


def test_only_the_run_date_differs_between_two_runs(path, tmp_path):
    later = parts(written(tmp_path, made_report(run_date="2024-06-04")))
    old = parts(path)
    assert {name for name in old if old[name] != later[name]} == {
        "docProps/core.xml",
        "xl/worksheets/sheet1.xml",
    }
    for name, content in later.items():
        assert content.replace(b"2024-06-04", b"2024-06-03") == old[name]


def test_of_too_many_customers_the_top_are_written_and_that_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr(excel, "MOST_CUSTOMERS", 40)
    monkeypatch.setattr(excel, "TOP_CUSTOMERS", 20)
    book = openpyxl.load_workbook(written(tmp_path))
    top = made_customers().sort("amount", "customer", descending=[True, False]).head(20)
    assert [row[0] for row in rows(book, "Customers")] == top["customer"].to_list()
    said = {row[0].value: row[1].value for row in book["Read me"].iter_rows(max_col=2)}
    assert said["Sheet Customers"] == (
        "The 20 customers with the largest sales, of 60; tables/customers.parquet has all of them"
    )


def test_customers_that_are_not_as_described_are_refused_and_nothing_is_written(tmp_path):
    with pytest.raises(ValueError, match="are described"):
        write_workbook(made_report(), made_customers(), COLUMNS[1:], tmp_path / "a.xlsx")
    assert list(tmp_path.iterdir()) == []


def rows_of_customers(path):
    """Count them without keeping the workbook in memory."""
    return CalamineWorkbook.from_path(path).get_sheet_by_name("Customers").height - 2


@pytest.mark.evidence
def test_a_hundred_thousand_customers_take_some_seconds_of_one_processor(tmp_path):
    customers = made_customers(100_000)
    began = time.process_time()
    path = written(tmp_path, made_report(customers), customers)
    assert time.process_time() - began < 40
    assert rows_of_customers(path) == 100_000
    assert path.stat().st_size < 12e6


@pytest.mark.evidence
def test_of_more_customers_the_top_fifty_thousand_are_written_in_little_memory(tmp_path):
    customers = made_customers(120_000)
    report = made_report(customers)
    tracemalloc.start()
    try:
        path = written(tmp_path, report, customers)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 60e6
    assert rows_of_customers(path) == 50_000


@pytest.mark.evidence
def test_libreoffice_opens_it_and_shows_the_same_numbers(path, tmp_path):
    soffice = shutil.which("soffice") or shutil.which("libreoffice")
    if soffice is None:
        pytest.skip("LibreOffice is not installed: there is no soffice on PATH")
    filter_ = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1"
    home = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [soffice, home, "--headless", "--convert-to", filter_, "--outdir", str(tmp_path)]
    subprocess.run([*command, str(path)], check=True, capture_output=True, timeout=120)
    table = pl.read_csv(tmp_path / "report-Customers.csv", skip_rows=1)
    expected = made_customers().sort("amount", "customer", descending=[True, False])
    assert [round(one * 100) for one in table["Sales (CNY)"]] == expected["amount"].to_list()
