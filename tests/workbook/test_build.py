"""The report as a whole: four outputs that agree, byte-equal, all or nothing, resumed, compared."""

import datetime as dt
import hashlib
import json
import re

import polars as pl
import pytest
import python_calamine
from tests.workbook.orders import (
    few_orders,
    qinghe_costed_orders,
    qinghe_orders,
    write_orders,
)

from customer_insight.data.intake import IntakeError
from customer_insight.workbook import build
from customer_insight.workbook.build import Options, build_report
from customer_insight.workbook.machine import read_earlier
from customer_insight.workbook.section import HIDDEN, Section

RUN = dt.date(2026, 1, 5)
FILES = ["report.html", "report.ipynb", "report.json", "report.xlsx", "tables"]


def options(folder, **more):
    return Options(currency="CNY", key=folder / "test.key", run_date=RUN, **more)


def digests(folder):
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def customers_sheet(path):
    """Return the rows of the sheet of customers, its heading first."""
    rows = (
        python_calamine.CalamineWorkbook.from_path(path).get_sheet_by_name("Customers").to_python()
    )
    start = next(at for at, row in enumerate(rows) if str(row[0]).startswith("Customer"))
    return rows[start:]


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """Return a folder with Qinghe's orders in it, with costs, and a report of them."""
    folder = tmp_path_factory.mktemp("report")
    write_orders(folder / "orders.csv", qinghe_costed_orders())
    build_report(folder / "orders.csv", folder / "out", options(folder))
    return folder


@pytest.fixture
def without_notebook(monkeypatch):
    """Leave the notebook out, whose kernel takes longer than all the rest."""
    monkeypatch.setattr(build, "write_notebook", lambda report, folder: None)


def test_the_folder_holds_four_outputs_and_nothing_is_left_beside_it(place):
    assert sorted(path.name for path in (place / "out").iterdir()) == FILES
    assert sorted(path.name for path in place.iterdir()) == ["orders.csv", "out", "test.key"]


def test_money_agrees_to_the_cent_in_every_output(place):
    orders = qinghe_orders()
    sales = orders.filter(pl.col("amount") > 0)["amount"].sum()
    earlier = read_earlier(place / "out")
    assert earlier.quantities["sales"].value == sales
    assert earlier.customers["amount"].sum() == sales
    assert earlier.tables["segments"]["sales"].sum() == sales
    assert earlier.tables["months"]["amount"].sum() == sales
    assert earlier.tables["ledger"].filter(pl.col("line") == "purchases")["amount"].item() == sales
    page = (place / "out" / "report.html").read_text()
    shown = f"{sales // 100:,}.{sales % 100:02}"
    assert f"CNY {shown}" in page
    listed = customers_sheet(place / "out" / "report.xlsx")
    at = next(at for at, name in enumerate(listed[0]) if str(name).startswith("Sales"))
    assert sum(round(100 * row[at]) for row in listed[1:]) == sales
    notebook = json.loads((place / "out" / "report.ipynb").read_text())
    assert shown in json.dumps(notebook)


def test_margin_and_value_agree_to_the_cent_in_every_output(place):
    lines = qinghe_costed_orders()
    bought = lines.filter(pl.col("amount") > 0)
    known = lines.filter(pl.col("customer").is_in(bought["customer"].unique().implode()))
    margin = known["amount"].sum() - bought["cost"].sum()
    earlier = read_earlier(place / "out")
    value = earlier.quantities["margin_next_52_weeks_at_10_percent"].value
    assert earlier.quantities["margin_of_customers"].value == margin
    page = (place / "out" / "report.html").read_text()
    notebook = (place / "out" / "report.ipynb").read_text()
    listed = customers_sheet(place / "out" / "report.xlsx")
    sheets = python_calamine.CalamineWorkbook.from_path(place / "out" / "report.xlsx")
    for total, column, table, key in (
        (margin, "margin", "earned", "earned"),
        (value, "to_come", "to_come", "to_come"),
    ):
        shown = f"{total // 100:,}.{total % 100:02}"
        assert earlier.customers[column].sum() == total
        assert earlier.tables[table][key].sum() == total
        assert f"CNY {shown}" in page
        assert shown in notebook
        heading = {"margin": "Margin so far", "to_come": "Margin, next 52 weeks"}[column]
        at = next(at for at, name in enumerate(listed[0]) if str(name).startswith(heading))
        assert sum(round(100 * row[at]) for row in listed[1:]) == total
        sheet = sheets.get_sheet_by_name(f"9 {table}").to_python()
        heading = {"earned": "Margin", "to_come": "To come"}[table]
        at = next(at for at, name in enumerate(sheet[1]) if str(name).startswith(heading))
        assert sum(round(100 * row[at]) for row in sheet[2:]) == total


def test_the_sheets_of_cut_points_hold_numbers(place):
    book = python_calamine.CalamineWorkbook.from_path(place / "out" / "report.xlsx")
    money = book.get_sheet_by_name("4 cuts_money").to_python()
    assert all(isinstance(one, float) for row in money[2:] for one in row[1:3])


def test_the_customers_are_counted_as_pandas_counts_them(place):
    orders = qinghe_orders().filter(pl.col("amount") > 0)
    days = orders.group_by("customer").agg(pl.col("date").n_unique())
    earlier = read_earlier(place / "out")
    assert earlier.quantities["customers"].value == days.height
    once = (days["date"] == 1).mean()
    assert earlier.quantities["bought_once_share"].value == pytest.approx(once)
    segments = earlier.tables["segments"]["customers"].sum()
    assert segments == days.height


def test_no_id_of_the_file_is_in_any_output(place):
    ids = set(qinghe_orders()["customer"].unique())
    assert all(re.fullmatch(r"C\d{7}", one) for one in ids)
    for path in sorted((place / "out").rglob("*")):
        if path.is_file() and path.suffix != ".xlsx":
            found = re.findall(rb"\bC\d{7}\b", path.read_bytes())
            assert not {one.decode() for one in found} & ids, path.name
    listed = customers_sheet(place / "out" / "report.xlsx")
    assert all(re.fullmatch("c-[0-9a-f]{16}", row[0]) for row in listed[1:])


def test_two_runs_are_byte_equal(place, tmp_path):
    again = options(place)
    build_report(place / "orders.csv", tmp_path / "out", again)
    assert digests(tmp_path / "out") == digests(place / "out")


@pytest.mark.evidence
def test_the_run_date_is_all_that_another_day_changes(place, tmp_path):
    other = Options(currency="CNY", key=place / "test.key", run_date=dt.date(2026, 2, 6))
    build_report(place / "orders.csv", tmp_path / "out", other)
    new, old = digests(tmp_path / "out"), digests(place / "out")
    changed = {name for name in old if old[name] != new[name]}
    dated = {"report.xlsx", "tables/provenance.parquet"}
    assert changed == {"report.html", "report.json"} | dated
    for name in changed - dated:
        was, now = ((folder / name).read_bytes() for folder in (place / "out", tmp_path / "out"))
        assert now.replace(b"2026-02-06", b"2026-01-05") == was, name
    was, now = (
        read_earlier(folder).tables["provenance"] for folder in (place / "out", tmp_path / "out")
    )
    assert was.filter(was["meaning"] != now["meaning"])["term"].to_list() == ["run date"]


@pytest.mark.usefixtures("without_notebook")
def test_a_run_that_is_broken_off_leaves_the_old_report_and_goes_on(place, tmp_path, monkeypatch):
    file = write_orders(tmp_path / "orders.csv", few_orders(200))
    build_report(file, tmp_path / "out", options(tmp_path))
    before = digests(tmp_path / "out")
    write_orders(file, few_orders(210))

    def stop(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(build, "write_workbook", stop)
        with pytest.raises(KeyboardInterrupt):
            build_report(file, tmp_path / "out", options(tmp_path))
    assert digests(tmp_path / "out") == before
    left = sorted(path.name for path in tmp_path.iterdir())
    assert left == ["orders.csv", "out", "out.unfinished", "test.key"]
    with monkeypatch.context() as patch:
        patch.setattr(build.data, "read_transactions", stop)
        report = build_report(file, tmp_path / "out", options(tmp_path))
    assert report.section("trust").quantities[3].value == 210
    assert not (tmp_path / "out.unfinished").exists()


@pytest.mark.evidence
@pytest.mark.usefixtures("without_notebook")
def test_what_was_kept_of_another_file_is_not_used(tmp_path, monkeypatch):
    file = write_orders(tmp_path / "orders.csv", few_orders(150))

    def stop(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(build, "write_page", stop)
        with pytest.raises(KeyboardInterrupt):
            build_report(file, tmp_path / "out", options(tmp_path))
    write_orders(file, few_orders(160))
    report = build_report(file, tmp_path / "out", options(tmp_path))
    assert report.section("trust").quantities[3].value == 160


def test_a_folder_of_something_else_is_never_replaced(tmp_path):
    file = write_orders(tmp_path / "orders.csv", few_orders(120))
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "thesis.txt").write_text("years of work")
    with pytest.raises(ValueError, match="is no report"):
        build_report(file, tmp_path / "out", options(tmp_path))
    assert (tmp_path / "out" / "thesis.txt").read_text() == "years of work"


def test_a_refused_file_leaves_no_report(tmp_path):
    file = tmp_path / "orders.csv"
    file.write_text("customer,date,amount\na,01/02/2024,5\nb,02/03/2024,6\n")
    with pytest.raises(IntakeError, match="date-ambiguous"):
        build_report(file, tmp_path / "out", options(tmp_path))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["orders.csv", "test.key"]


@pytest.mark.usefixtures("without_notebook")
def test_thin_data_gets_refusals_and_no_guess(tmp_path):
    file = write_orders(tmp_path / "orders.csv", few_orders(40))
    report = build_report(file, tmp_path / "out", options(tmp_path))
    refused = {section.code for section in report.sections if section.refusal}
    assert {"concentration", "segments", "stability", "silence", "spending", "what_if"} <= refused
    assert report.section("verdict").decisions == ()
    page = (tmp_path / "out" / "report.html").read_text()
    assert "they need 100 customers" in page


@pytest.mark.usefixtures("without_notebook")
def test_a_return_after_the_last_purchase_counts_in_every_table(tmp_path):
    late = (
        few_orders(120)
        .tail(1)
        .with_columns(
            date=pl.lit("2024-12-20"), amount=-pl.col("amount"), quantity=-pl.col("quantity")
        )
    )
    file = write_orders(tmp_path / "orders.csv", pl.concat([few_orders(120), late]))
    counts = []
    report = build_report(
        file,
        tmp_path / "out",
        options(tmp_path),
        progress=lambda _, done, of: counts.append((done, of)),
    )
    earlier = read_earlier(tmp_path / "out")
    assert report.as_of == "2024-12-20"
    returned = earlier.quantities["returned"].value
    assert returned == late["amount"].sum() == earlier.customers["returned"].sum()
    assert returned == earlier.tables["months"]["returned"].sum()
    of = counts[-1][1]
    assert counts == [(done, of) for done in range(1, of + 1)]


@pytest.mark.usefixtures("without_notebook")
def test_one_customer_makes_a_report_too(tmp_path):
    file = tmp_path / "orders.csv"
    file.write_text("customer,date,amount\na,2024-02-13,5\n")
    report = build_report(file, tmp_path / "out", options(tmp_path))
    assert report.section("trust").quantities[3].value == 1


@pytest.mark.usefixtures("without_notebook")
def test_a_later_report_says_what_changed(place, tmp_path):
    cut = qinghe_orders().filter(pl.col("date") <= "2024-06-30")
    file = write_orders(tmp_path / "orders.csv", cut)
    build_report(file, tmp_path / "old", options(place))
    report = build_report(
        place / "orders.csv", tmp_path / "new", options(place, compare=tmp_path / "old")
    )
    section = report.section("changes")
    assert section.question == "What changed since the report of 2024-06-30?"
    assert not section.refusal
    moved = next(table for table in section.tables if table.code == "moved")
    names = [column.name for column in moved.columns]
    new = next(row for row in moved.rows if row[0] == "new since then")
    was = {row["customer"] for row in cut.filter(pl.col("amount") > 0).to_dicts()}
    now = set(qinghe_orders().filter(pl.col("amount") > 0)["customer"])
    counted = [value for value in new[1:] if value is not HIDDEN]
    hidden = len(new) - 1 - len(counted)
    # a cell hidden so that another cannot be worked out may be larger than nine
    assert sum(counted) + hidden <= len(now - was)
    assert "not in this file" not in names


@pytest.mark.usefixtures("without_notebook")
def test_a_report_of_before_this_section_can_be_compared_with(place, tmp_path, monkeypatch):
    file = write_orders(tmp_path / "orders.csv", few_orders(150))
    with monkeypatch.context() as patch:
        patch.setattr(
            build.earning, "make",
            lambda facts, prospect: Section(9, "earning", "What does it earn?", ""),
        )  # fmt: skip
        build_report(file, tmp_path / "old", options(place))
    assert "net_sales_of_customers" not in read_earlier(tmp_path / "old").quantities
    report = build_report(file, tmp_path / "new", options(place, compare=tmp_path / "old"))
    compared = {row[0] for row in report.section("changes").tables[0].rows}
    assert "Sales" in compared
    assert "Net sales, all customers" not in compared


@pytest.mark.evidence
@pytest.mark.usefixtures("without_notebook")
def test_another_key_moves_nobody(place, tmp_path):
    other = Options(currency="CNY", key=tmp_path / "other.key", run_date=RUN, compare=place / "out")
    report = build_report(place / "orders.csv", tmp_path / "out", other)
    section = report.section("changes")
    assert "different keys" in section.refusal
    assert [table.code for table in section.tables] == ["changed_numbers"]


@pytest.mark.usefixtures("without_notebook")
def test_plain_ids_are_written_where_asked_for(tmp_path):
    file = write_orders(tmp_path / "orders.csv", few_orders(120))
    build_report(file, tmp_path / "out", Options(ids="plain", run_date=RUN))
    assert "K0000" in read_earlier(tmp_path / "out").customers["customer"].to_list()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["orders.csv", "out"]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"engine": "cobol"}, "engine"),
        ({"ids": "names"}, "ids"),
        ({"margin": 30}, "0.3 is 30 %"),
        ({"contact_cost": 0}, "contact_cost"),
        ({"discount": 10}, "0.1 is 10 %"),
        ({"discount": -0.1}, "discount"),
    ],
)
def test_options_out_of_range_are_refused(wrong, said):
    with pytest.raises(ValueError, match=said):
        Options(**wrong)
