"""Public files, written out as shops' programs write them, come to what their publishers say."""

import io
import zipfile
from dataclasses import dataclass
from xml.sax.saxutils import escape

import duckdb
import polars as pl
import pytest

from customer_insight.data import read_transactions


@dataclass(frozen=True)
class Retail:
    """A year of Online Retail: its columns' names, and what is known of it."""

    file: str
    order: str
    price: str
    customer: str
    rows: int
    customers: int
    invoices: int
    cancelled: int


FIRST_YEAR = Retail(
    "online_retail_ii_2009_2010", "Invoice", "Price", "Customer ID", 525_461, 4_383, 28_816, 4_592
)
SECOND_YEAR = Retail(
    "online_retail_2010_2011", "InvoiceNo", "UnitPrice", "CustomerID", 541_909, 4_372, 25_900, 3_836
)


@dataclass(frozen=True)
class Dialect:
    """How a program writes a file: ``day`` for strftime, ``id_`` SQL of an id that was a number."""

    delimiter: str
    encoding: str
    day: str
    decimal: str = "."
    id_: str = "CAST({} AS BIGINT)"
    stated: str = ""

    @property
    def options(self):
        return {"encoding": self.stated} if self.stated else {}


DIALECTS = {
    "comma, UTF-8, US dates": Dialect(",", "utf-8", "%m/%d/%Y %H:%M"),
    "semicolon, cp1252, day first": Dialect(";", "cp1252", "%d.%m.%Y", ",", stated="cp1252"),
    "semicolon, gb18030, day first": Dialect(";", "gb18030", "%d.%m.%Y", ",", stated="gb18030"),
    "tab, UTF-16, ids with .0": Dialect("\t", "utf-16", "%Y-%m-%d %H:%M:%S", id_="{}"),
}


def written(path, query, dialect):
    """Write a query's texts as a file in the dialect."""
    utf8 = path.with_suffix(".utf8")
    duckdb.sql(query).write_csv(str(utf8), sep=dialect.delimiter, header=True)
    with (
        utf8.open(encoding="utf-8", newline="") as text,
        path.open("w", encoding=dialect.encoding, newline="") as out,
    ):
        while chunk := text.read(4_000_000):
            out.write(chunk)
    utf8.unlink()
    return path


def workbook(path, query, kinds):
    """Write a query as a minimal .xlsx; ``kinds`` has a letter a column: text, number, moment."""
    relation = duckdb.sql(query)
    parts = {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": RELATIONS.format("officeDocument", "xl/workbook.xml"),
        "xl/workbook.xml": BOOK,
        "xl/_rels/workbook.xml.rels": BOOK_RELATIONS,
        "xl/styles.xml": STYLES,
    }
    cells = {
        "t": '<c t="inlineStr"><is><t xml:space="preserve">{}</t></is></c>',
        "n": "<c><v>{}</v></c>",
        "m": '<c s="1"><v>{}</v></c>',
    }

    def row(values, kinds):
        filled = (
            "<c/>" if value is None else cells[kind].format(escape(str(value)))
            for value, kind in zip(values, kinds, strict=True)
        )
        return f"<row>{''.join(filled)}</row>"

    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
        with archive.open("xl/worksheets/sheet1.xml", "w") as raw:
            sheet = io.TextIOWrapper(raw, encoding="utf-8")
            sheet.write(f'<?xml version="1.0"?><worksheet xmlns="{MAIN}"><sheetData>')
            sheet.write(row(relation.columns, "t" * len(kinds)))
            for values in relation.fetchall():
                sheet.write(row(values, kinds))
            sheet.write("</sheetData></worksheet>")
            sheet.flush()
    return path


MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
TYPES = (
    f'<Types xmlns="{PACKAGE}/content-types">'
    '<Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{KIND}.sheet.main+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{KIND}.styles+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{KIND}.worksheet+xml"/></Types>'
)
RELATION = f'<Relationship Id="{{}}" Type="{OFFICE}/{{}}" Target="{{}}"/>'
RELATIONS = f'<Relationships xmlns="{PACKAGE}/relationships">{RELATION}</Relationships>'.replace(
    '"{}" Type', '"r1" Type'
)
BOOK_RELATIONS = (
    f'<Relationships xmlns="{PACKAGE}/relationships">'
    + RELATION.format("r1", "worksheet", "worksheets/sheet1.xml")
    + RELATION.format("r2", "styles", "styles.xml")
    + "</Relationships>"
)
BOOK = (
    f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">'
    '<sheets><sheet name="Orders" sheetId="1" r:id="r1"/></sheets></workbook>'
)
STYLES = (
    f'<styleSheet xmlns="{MAIN}"><cellXfs count="2"><xf numFmtId="0"/>'
    '<xf numFmtId="22" applyNumberFormat="1"/></cellXfs></styleSheet>'
)


def retail_query(year, folder, *, day, decimal, id_):
    """Return the SQL of a year's texts; ``day`` and ``decimal`` are SQL, too."""
    return f"""SELECT {year.order}, StockCode, Description, Quantity, {day} AS InvoiceDate,
        {decimal} AS {year.price}, {id_.format(f'"{year.customer}"')} AS "{year.customer}", Country
        FROM '{folder}/{year.file}.parquet'"""


def retail_truth(year, folder):
    """Return purchases and returns as SQL over the published table has them."""
    frame = duckdb.sql(
        f"""SELECT CAST("{year.customer}" AS BIGINT)::VARCHAR AS customer_id,
            {year.order} AS order_id, CAST(InvoiceDate AS DATE) - DATE '1970-01-01' AS day,
            CAST(round(Quantity * CAST({year.price} AS DECIMAL(12, 6)) * 100) AS BIGINT) AS amount,
            Quantity AS quantity
        FROM (SELECT *, row_number() OVER () AS n FROM '{folder}/{year.file}.parquet')
        WHERE "{year.customer}" IS NOT NULL ORDER BY n"""
    ).pl()
    returned = (pl.col("quantity") < 0) | (pl.col("amount") < 0)
    returned |= pl.col("order_id").str.contains("^[Cc][0-9]{4,}$")
    return frame.filter(~returned), frame.filter(returned)


def check_retail(intake, year, folder):
    """Hold what was read to the published table, row by row, and to the published counts."""
    for came, wanted in zip(
        (intake.transactions, intake.returns), retail_truth(year, folder), strict=True
    ):
        assert came.select(wanted.columns).equals(wanted)
    facts, every = intake.report.facts, intake.report.ledger[0]
    assert every.rows == year.rows
    assert facts["customers"] + facts["only_returns"] == year.customers
    assert intake.net["customer_id"].n_unique() == year.customers
    cancelled, invoices = duckdb.sql(
        f"""SELECT count(DISTINCT {year.order}) FILTER ({year.order} LIKE 'C%'),
        count(DISTINCT {year.order}) FROM '{folder}/{year.file}.parquet'"""
    ).fetchall()[0]
    assert (cancelled, invoices) == (year.cancelled, year.invoices)
    if year is SECOND_YEAR:
        check_second_year(intake)


def check_second_year(intake):
    """Published: net 9,747,747.93; cleaned 4,338 customers, 18,532 invoices, 8,911,407.90."""
    lines = {line.what: line for line in intake.report.ledger}
    assert lines["records in the file"].amount == pytest.approx(974_774_793, abs=100)
    assert lines["rows without a customer"].rows == 135_080
    cleaned = intake.transactions.filter(pl.col("amount") > 0)
    assert cleaned["customer_id"].n_unique() == 4_338
    assert cleaned["order_id"].n_unique() == 18_532
    assert cleaned["amount"].sum() == pytest.approx(891_140_790, abs=100)
    free = {f.code: f.rows for f in intake.report.findings}["amount-zero"]
    assert len(intake.transactions) - free == len(cleaned)


@pytest.mark.evidence
@pytest.mark.parametrize("name", DIALECTS)
@pytest.mark.parametrize("year", [FIRST_YEAR, SECOND_YEAR], ids=lambda year: year.file)
def test_a_year_of_online_retail_as_text(real_folder, tmp_path, year, name):
    dialect = DIALECTS[name]
    query = retail_query(
        year,
        real_folder,
        day=f"strftime(CAST(InvoiceDate AS TIMESTAMP), '{dialect.day}')",
        decimal=f"replace({year.price}::VARCHAR, '.', '{dialect.decimal}')",
        id_=dialect.id_,
    )
    path = written(tmp_path / "orders.csv", query, dialect)
    check_retail(read_transactions(path, **dialect.options), year, real_folder)


@pytest.mark.evidence
def test_a_year_of_online_retail_as_a_workbook(real_folder, tmp_path):
    serial = "epoch(CAST(InvoiceDate AS TIMESTAMP)) / 86400 + 25569"
    price = SECOND_YEAR.price
    query = retail_query(SECOND_YEAR, real_folder, day=serial, decimal=price, id_="{}")
    path = workbook(tmp_path / "orders.xlsx", query, "tttnmnnt")
    check_retail(read_transactions(path), SECOND_YEAR, real_folder)


CDNOW = """SELECT customer_id AS customer,
    strftime(strptime(date, '%Y%m%d'), '{day}') AS date, number_of_cds AS quantity,
    replace(printf('%.2f', dollar_value), '.', '{decimal}') AS amount
    FROM '{folder}/cdnow_master.parquet'"""


@pytest.mark.parametrize("name", DIALECTS)
def test_cdnow_as_text(real_folder, tmp_path, name):
    dialect = DIALECTS[name]
    query = CDNOW.format(day=dialect.day, decimal=dialect.decimal, folder=real_folder)
    path = written(tmp_path / "orders.csv", query, dialect)
    check_cdnow(read_transactions(path, **dialect.options))


def test_cdnow_as_a_workbook(real_folder, tmp_path):
    query = f"""SELECT customer_id AS customer, strptime(date, '%Y%m%d')::DATE - DATE '1899-12-30'
        AS date, number_of_cds AS quantity, dollar_value AS amount
        FROM '{real_folder}/cdnow_master.parquet'"""
    check_cdnow(read_transactions(workbook(tmp_path / "orders.xlsx", query, "tmnn")))


def check_cdnow(intake):
    """Published: 69,659 orders of 23,570 customers for $2,500,315.63, some on one day."""
    assert len(intake.transactions) == 69_659
    assert intake.report.facts["customers"] == 23_570
    assert intake.transactions["customer_id"].str.len_chars().unique().to_list() == [5]
    assert intake.transactions["amount"].sum() == 250_031_563
    repeated = {finding.code: finding.rows for finding in intake.report.warnings}["rows-repeated"]
    assert repeated == 255
