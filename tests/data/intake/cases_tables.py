"""Excel workbooks and parquet files."""

import datetime as dt
import io
from dataclasses import replace
from decimal import Decimal

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq

from .corpus import HEADER, ORDERS, case, changed, table, text

ZONE = dt.timezone(dt.timedelta(hours=8))
NUMBERED = tuple(replace(o, customer=f"7350009{i % 5}") for i, o in enumerate(ORDERS))
LONG = tuple(replace(o, customer=f"73500091234567{i % 5}00") for i, o in enumerate(ORDERS))


def cells(orders=ORDERS, customer=str, day=lambda day: day, amount=float):
    """Return the orders as rows of cells under a header."""
    rows = [
        [customer(o.customer), o.order, day(o.day), amount(o.amount), o.product] for o in orders
    ]
    return [list(HEADER), *rows]


def book(*sheets, epoch=None, prepare=lambda sheet: None):
    """Return a function that makes a workbook of sheets, each a list of rows."""

    def make():
        made = openpyxl.Workbook()
        made.remove(made.active)
        if epoch:
            made.epoch = epoch
        for number, rows in enumerate(sheets):
            sheet = made.create_sheet(f"Sheet{number + 1}")
            for row in rows:
                sheet.append(row)
            prepare(sheet)
        out = io.BytesIO()
        made.save(out)
        return out.getvalue()

    return make


def xlsx(name, *sheets, file="orders.xlsx", epoch=None, prepare=lambda sheet: None, **more):
    return case(name, book(*sheets, epoch=epoch, prepare=prepare), file=file, **more)


def merged(sheet):
    sheet.insert_rows(1, 3)
    sheet["A1"] = "QZX orders 2024"
    sheet.merge_cells("A1:E2")


def serial(day):
    return (day - dt.date(1899, 12, 30)).days


BOOKS = (
    xlsx("a workbook", cells()),
    xlsx("a workbook named .csv", cells(), file="orders.csv"),
    xlsx("a workbook named .xls", cells(), file="orders.xls"),
    xlsx("a workbook with numbers for ids", cells(NUMBERED, customer=int), orders=NUMBERED),
    xlsx(
        "a workbook with ids of 17 digits",
        cells(LONG, customer=int),
        orders=LONG,
        warned=["number-rounded"],
    ),
    xlsx("a workbook with ids of 17 digits as text", cells(LONG), orders=LONG),
    xlsx(
        "a workbook with moments", cells(day=lambda day: dt.datetime.combine(day, dt.time(23, 59)))
    ),
    xlsx("a workbook with days as text", cells(day=lambda day: f"{day:%d.%m.%Y}")),
    xlsx("a workbook with day numbers", cells(day=serial), warned=["date-serial"]),
    xlsx(
        "a workbook that counts from 1904", cells(), epoch=openpyxl.utils.datetime.CALENDAR_MAC_1904
    ),
    xlsx(
        "a workbook with days as text and days",
        changed(cells(), {(i, 2): f"{ORDERS[i - 1].day:%d/%m/%Y}" for i in range(1, 40, 2)}),
        warned=["date-forms"],
    ),
    xlsx("a workbook with amounts as text", cells(amount=lambda amount: f"¥{amount:,.2f}")),
    xlsx("a workbook with a merged title", cells(), prepare=merged),
    xlsx("a workbook with two sheets", cells(), cells(NUMBERED), refused="sheet-unclear"),
    xlsx(
        "a workbook with two sheets, stated", cells(), cells(NUMBERED), options={"sheet": "Sheet1"}
    ),
    xlsx("a workbook with an empty sheet too", cells(), []),
    xlsx(
        "a workbook without the sheet stated",
        cells(),
        options={"sheet": "2024"},
        refused="sheet-unclear",
    ),
    xlsx(
        "a workbook with error cells",
        changed(cells(), {(4, 3): "#N/A", (5, 4): "#REF!"}),
        orders=(*ORDERS[:3], *ORDERS[4:]),
        aside={"number": 1},
        warned=["cell-errors", "number-unreadable"],
    ),
    xlsx(
        "a workbook with formulas never computed",
        changed(cells(), {(4, 3): "=1+QZX"}),
        orders=(*ORDERS[:3], *ORDERS[4:]),
        aside={"number": 1},
        warned=["number-unreadable"],
    ),
    xlsx(
        "a workbook with a total",
        [*cells(), ["合计", None, None, 9999.99]],
        aside={"total": 1},
        warned=["total-rows"],
    ),
    xlsx("a workbook with empty rows", [*cells(), [None], [" "]], aside={"blank": 2}),
    xlsx("a workbook of a header", cells()[:1], refused="no-rows"),
    xlsx("a workbook of nothing", [], refused="no-rows"),
    xlsx("a workbook without a header", cells()[1:], refused="no-header"),
    case(
        "a workbook cut short",
        lambda: book(cells())()[:3000],
        file="orders.xlsx",
        refused="workbook-damaged",
    ),
)


def columns(orders=ORDERS, **others):
    """Return the orders as an Arrow table, some columns made otherwise."""
    made = {
        "customer": [o.customer for o in orders],
        "order": [o.order for o in orders],
        "date": [o.day for o in orders],
        "amount": [float(o.amount) for o in orders],
        "product": [o.product for o in orders],
    }
    return pa.table({**made, **others})


def parquet(name, made, file="orders.parquet", **more):
    out = io.BytesIO()
    pq.write_table(made, out)
    return case(name, out.getvalue(), file=file, **more)


def moments(zone=None, unit="us"):
    at = [dt.datetime.combine(o.day, dt.time(0, 30), tzinfo=ZONE) for o in ORDERS]
    if zone is None:
        return pa.array([moment.replace(tzinfo=None) for moment in at], pa.timestamp(unit))
    return pa.array(at, pa.timestamp(unit, tz=zone))


AMOUNTS = [o.amount for o in ORDERS]
GAPS = [None if i == 3 else float(o.customer) for i, o in enumerate(NUMBERED)]
FLOATS = columns(NUMBERED, customer=[float(o.customer) for o in NUMBERED])
PARQUET = (
    parquet("parquet", columns()),
    parquet("parquet named .csv", columns(), file="orders.csv"),
    parquet(
        "parquet with whole numbers for ids",
        columns(NUMBERED, customer=[int(o.customer) for o in NUMBERED]),
        orders=NUMBERED,
    ),
    parquet("parquet with floats for ids", FLOATS, orders=NUMBERED),
    parquet(
        "parquet with floats for ids and a gap",
        columns(NUMBERED, customer=GAPS),
        orders=(*NUMBERED[:3], *NUMBERED[4:]),
        aside={"customer": 1},
        warned=["customer-missing"],
    ),
    parquet("parquet with decimals", columns(amount=pa.array(AMOUNTS, pa.decimal128(12, 2)))),
    parquet(
        "parquet with long decimals",
        columns(
            amount=pa.array(
                [amount.quantize(Decimal("1e-10")) for amount in AMOUNTS], pa.decimal128(30, 10)
            )
        ),
    ),
    parquet("parquet with moments", columns(date=moments())),
    parquet("parquet with moments in nanoseconds", columns(date=moments(unit="ns"))),
    parquet("parquet with moments of a zone", columns(date=moments("UTC")), refused="date-zone"),
    parquet(
        "parquet with moments of a zone, stated",
        columns(date=moments("America/New_York")),
        options={"timezone": "Asia/Shanghai"},
    ),
    parquet(
        "parquet with infinite amounts",
        columns(amount=[float("inf") if i == 3 else float(a) for i, a in enumerate(AMOUNTS)]),
        orders=(*ORDERS[:3], *ORDERS[4:]),
        aside={"number": 1},
        warned=["number-unreadable"],
    ),
    parquet("parquet with days as text", columns(date=[f"{o.day:%d/%m/%Y}" for o in ORDERS])),
    parquet(
        "parquet with categories",
        columns(customer=pa.array([o.customer for o in ORDERS]).dictionary_encode()),
    ),
    parquet(
        "parquet with nested columns",
        columns(basket=[[o.product] for o in ORDERS]),
        warned=["columns-nested"],
    ),
    parquet(
        "parquet with bytes for ids",
        columns(customer=[o.customer.encode() for o in ORDERS]),
        refused="column-missing",
    ),
    parquet("parquet of no row", columns()[:0], refused="no-rows"),
    case("parquet named, text inside", text(table()), file="orders.parquet"),
    case(
        "parquet cut short",
        lambda: parquet("", columns()).content[:900],
        file="orders.parquet",
        refused="parquet-damaged",
    ),
)

TABLES = (*BOOKS, *PARQUET)
