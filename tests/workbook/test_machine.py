import dataclasses
import json
import os
import re

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from customer_insight.workbook.machine import EarlierReportError, read_earlier, write_tables
from customer_insight.workbook.section import HIDDEN, MONEY, TEXT, Column, Table

from .made_report import COLUMNS, HOSTILE, made_customers, made_report


@pytest.fixture
def folder(tmp_path):
    write_tables(made_report(), made_customers(), COLUMNS, tmp_path / "report")
    return tmp_path / "report"


def files(folder):
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def with_table(table):
    report = made_report()
    trust = dataclasses.replace(report.sections[0], tables=(table,))
    return dataclasses.replace(report, sections=(trust, report.sections[1]))


def test_one_file_for_customers_for_numbers_and_for_each_table(folder):
    assert sorted(files(folder)) == [
        "report.json",
        "tables/customers.parquet",
        "tables/found.parquet",
        "tables/quantities.parquet",
        "tables/segments.parquet",
    ]


def test_equal_reports_give_equal_bytes_whatever_the_order_of_the_customers(folder, tmp_path):
    shuffled = made_customers().sample(fraction=1, shuffle=True, seed=1)
    write_tables(made_report(), shuffled, COLUMNS, tmp_path / "again")
    assert files(tmp_path / "again") == files(folder)


def test_only_the_run_date_differs_between_two_runs(folder, tmp_path):
    later = made_report(run_date="2024-06-04")
    write_tables(later, made_customers(), COLUMNS, tmp_path / "later")
    old, new = files(folder), files(tmp_path / "later")
    assert [name for name in old if old[name] != new[name]] == ["report.json"]
    assert new["report.json"] == old["report.json"].replace(b"2024-06-03", b"2024-06-04")


def test_customers_come_back_typed_and_sorted_with_money_whole(folder):
    stored = pl.read_parquet(folder / "tables" / "customers.parquet")
    assert stored.equals(made_customers().sort("customer"))
    assert stored.schema["amount"] == pl.Int64


def test_money_that_stands_as_whole_floats_is_stored_whole(tmp_path):
    floats = made_customers().with_columns(pl.col("amount").cast(pl.Float64))
    write_tables(made_report(), floats, COLUMNS, tmp_path)
    stored = pl.read_parquet(tmp_path / "tables" / "customers.parquet")
    assert stored["amount"].to_list() == made_customers().sort("customer")["amount"].to_list()
    assert stored.schema["amount"] == pl.Int64


def test_what_is_hidden_is_null_and_a_column_says_so(folder):
    stored = pl.read_parquet(folder / "tables" / "segments.parquet")
    table = made_report().sections[1].tables[0]
    shown = [(row[0], None if row[1] is HIDDEN else row[1], *row[2:]) for row in table.rows]
    names = ["segment", "customers", "sales", "share", "recency"]
    assert stored.select(names).rows() == shown
    assert stored["customers_hidden"].to_list() == [row[1] is HIDDEN for row in table.rows]
    assert [name for name in stored.columns if name.endswith("_hidden")] == ["customers_hidden"]
    types = [stored.schema[name] for name in names]
    assert types == [pl.String, pl.Int64, pl.Int64, pl.Float64, pl.Float64]


def test_texts_from_data_are_stored_as_they_are(folder):
    assert pl.read_parquet(folder / "tables" / "found.parquet")["what"][0] == HOSTILE


def test_every_number_is_stored_with_its_unit_and_interval(folder):
    stored = pl.read_parquet(folder / "tables" / "quantities.parquet")
    assert stored["code"].to_list() == ["sales", "customers", "top", "next", "margin"]
    assert stored["section"].to_list() == ["trust"] * 2 + ["segments"] * 3
    row = stored.row(3, named=True)
    assert (row["value"], row["low"], row["high"]) == (12345.0, 11000.0, 13000.5)
    assert (row["unit"], row["kind"], row["interval"]) == ("money", "forecast", "90 %")


def test_units_and_definitions_stand_in_the_files_metadata(folder):
    schema = pq.read_schema(folder / "tables" / "customers.parquet")
    about = json.loads(schema.metadata[b"customer_insight"])
    assert about["currency"] == "CNY"
    assert about["decimals"] == 2
    assert about["as_of"] == "2024-05-31"
    assert about["columns"]["amount"]["unit"] == "money"
    assert set(about["columns"]) == {column.key for column in COLUMNS}


def test_the_json_says_what_was_answered_refused_and_decided(folder):
    stored = json.loads((folder / "report.json").read_bytes())
    trust, who = stored["sections"]
    assert (stored["format"], stored["schema"]) == ("customer_insight report", 1)
    assert (stored["as_of"], stored["run_date"]) == ("2024-05-31", "2024-06-03")
    assert trust["decisions"][0]["do"] == "Go on."
    assert who["refusal"].startswith("No forecast")
    assert stored["quantities"][1]["value"] == 60
    assert who["tables"][0]["columns"][2]["unit"] == "money"
    assert "svg" not in json.dumps(stored)


def test_a_number_that_is_hidden_is_null(tmp_path):
    report = made_report()
    few = dataclasses.replace(report.sections[0].quantities[1], value=HIDDEN)
    trust = dataclasses.replace(report.sections[0], quantities=(few,))
    report = dataclasses.replace(report, sections=(trust,))
    write_tables(report, made_customers(), COLUMNS, tmp_path)
    assert json.loads((tmp_path / "report.json").read_bytes())["quantities"][0]["value"] is None
    assert pl.read_parquet(tmp_path / "tables" / "quantities.parquet")["value"].to_list() == [None]


MONEY_COLUMN, TEXT_COLUMN = Column("a", "A", MONEY, "."), Column("a", "A", TEXT, ".")
REFUSED = [
    (Table("halves", "-", (MONEY_COLUMN,), ((12.5,), (3,))), "1 values of a in halves are parts"),
    (Table("two", "-", (TEXT_COLUMN,) * 2, (("x", "y"),)), "two columns of the table two"),
    (Table("segments", "-", (TEXT_COLUMN,), ()), "'segments' is used twice"),
    (Table("customers", "-", (TEXT_COLUMN,), ()), "'customers' is used twice"),
    (Table("../up", "-", (TEXT_COLUMN,), ()), "no name for a file"),
]


@pytest.mark.parametrize(("table", "words"), REFUSED)
def test_a_table_that_cannot_be_stored_is_refused_before_anything_is_written(
    tmp_path, table, words
):
    with pytest.raises(ValueError, match=words):
        write_tables(with_table(table), made_customers(), COLUMNS, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_customers_that_are_not_as_described_are_refused(tmp_path):
    customers = made_customers()
    wrong = [
        (customers.drop("m"), r"'expected_purchases'\] are described"),
        (pl.concat([customers, customers[:2]]), "2 the name of another"),
        (customers.with_columns(amount=pl.col("amount") / 2), "of amount in customers are parts"),
    ]
    for frame, words in wrong:
        with pytest.raises(ValueError, match=words):
            write_tables(made_report(), frame, COLUMNS, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_an_earlier_report_comes_back_whole(folder):
    report, earlier = made_report(), read_earlier(folder)
    for name in ("title", "as_of", "run_date", "currency", "decimals", "identity"):
        assert getattr(earlier, name) == getattr(report, name)
    assert list(earlier.quantities.values()) == report.quantities()
    assert earlier.customers.equals(made_customers().sort("customer"))
    assert set(earlier.tables) == {"segments", "found"}
    assert earlier.tables["found"]["days"].to_list() == [3, 4, 5, 6, 7, None]


def edit(folder, change):
    path = folder / "report.json"
    stored = json.loads(path.read_bytes())
    change(stored)
    path.write_text(json.dumps(stored))


def bomb(folder):
    path = folder / "tables" / "customers.parquet"
    metadata = pq.read_schema(path).metadata
    table = pa.table({"customer": pa.nulls(10_000_001, pa.string())})
    pq.write_table(table.replace_schema_metadata(metadata), path)


def other_kind(folder):
    path = folder / "tables" / "customers.parquet"
    metadata = pq.read_schema(path).metadata
    table = pa.table({"customer": ["x"], "list": [[1, 2]]})
    pq.write_table(table.replace_schema_metadata(metadata), path)


def twice(folder):
    path = folder / "tables" / "customers.parquet"
    table = pq.read_table(path)
    pq.write_table(pa.concat_tables([table, table]), path)


def link(folder):
    path = folder / "tables" / "customers.parquet"
    path.rename(folder / "customers.parquet")
    path.symlink_to(folder / "customers.parquet")


def linked_json(folder):
    (folder / "report.json").rename(folder / "own.json")
    (folder / "report.json").symlink_to("own.json")


def pipe(folder):
    (folder / "tables" / "found.parquet").unlink()
    os.mkfifo(folder / "tables" / "found.parquet")


def foreign(folder):
    pl.DataFrame({"customer": ["SECRET"]}).write_parquet(folder / "tables" / "customers.parquet")


DAMAGES = {
    "no json": (lambda f: (f / "report.json").unlink(), "no report.json"),
    "a linked json": (linked_json, "it is a link"),
    "no object": (lambda f: (f / "report.json").write_text("[1]"), "not one of ours"),
    "no json text": (lambda f: (f / "report.json").write_text('{"SECRET": '), "damaged or altered"),
    "bytes": (lambda f: (f / "report.json").write_bytes(b"\xff\xfeSECRET"), "damaged or altered"),
    "deep": (lambda f: (f / "report.json").write_text("[" * 200_000), "damaged or altered"),
    "not a number": (lambda f: (f / "report.json").write_text('{"a": NaN}'), "what is no number"),
    "another version": (lambda f: edit(f, lambda s: s.update(schema=2)), "of another version"),
    "another format": (lambda f: edit(f, lambda s: s.update(format="x")), "not one of ours"),
    "a field less": (lambda f: edit(f, lambda s: s.pop("currency")), "damaged or altered"),
    "a day": (lambda f: edit(f, lambda s: s.update(as_of="SECRET")), "damaged or altered"),
    "a type": (lambda f: edit(f, lambda s: s.update(decimals="2")), "damaged or altered"),
    "a list": (lambda f: edit(f, lambda s: s.update(identity=["x"])), "damaged or altered"),
    "a unit": (
        lambda f: edit(f, lambda s: s["quantities"][0].update(unit="SECRET")),
        "damaged or altered",
    ),
    "too large a number": (
        lambda f: (f / "report.json").write_text(
            (f / "report.json").read_text().replace("0.375", "1e999")
        ),
        "what is no number",
    ),
    "a way out": (
        lambda f: edit(f, lambda s: s["sections"][0]["tables"][0].update(code="../../SECRET")),
        "damaged or altered",
    ),
    "a table less": (lambda f: (f / "tables" / "found.parquet").unlink(), "found.parquet is miss"),
    "a pipe": (pipe, "found.parquet is missing"),
    "a link": (link, "is a link"),
    "half a file": (
        lambda f: os.truncate(f / "tables" / "customers.parquet", 900),
        r"customers.parquet is damaged \(ArrowInvalid\)",
    ),
    "another's file": (foreign, "customers.parquet is not one of ours"),
    "rows without end": (bomb, "more rows than its size can hold"),
    "another kind": (other_kind, "columns of another kind"),
    "a customer twice": (twice, "60 the name of another"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_foreign_or_damaged_folder_is_refused_with_the_reason_and_nothing_of_it(folder, damage):
    change, words = DAMAGES[damage]
    change(folder)
    with pytest.raises(EarlierReportError, match=words) as refusal:
        read_earlier(folder)
    said = str(refusal.value)
    assert said.startswith("report holds no report that can be compared with: ")
    assert "make that report again from its file" in said
    assert "SECRET" not in said
    assert not re.search(r"c-[0-9a-f]{16}", said)
