"""Ids, rows of totals, returns, repeated rows, rows without a customer."""

import unicodedata
from dataclasses import replace

from .corpus import CUSTOMERS, MARK, ORDERS, case, changed, table, text

PLAIN = text(table())
LESS = (*ORDERS[:3], *ORDERS[4:])


def renamed(way):
    """Return the orders with other ids: of customer number and order number."""
    return tuple(
        replace(o, customer=way(CUSTOMERS.index(o.customer), i)) for i, o in enumerate(ORDERS)
    )


def ids(name, way, truth=None, **more):
    """Return a case of ids that stand in a way, and are what `truth` says."""
    return case(name, text(table(renamed(way))), orders=renamed(truth or way), **more)


def without(way):
    """Return the orders whose customer, in a way, is there."""
    return tuple(o for i, o in enumerate(renamed(way)) if o.customer)


def total(row, **more):
    """Return the content with one row more, and what comes of it."""
    return {
        "content": PLAIN + row + "\n",
        "aside": {"total": 1},
        "warned": ["total-rows"],
        **more,
    }


ACCENT = f"{MARK}é"
IDS = (
    ids("leading zeros", lambda c, i: f"73500{c:05}"),
    ids("ids of zeros first", lambda c, i: f"00042{c}"),
    ids(
        "leading zeros in some writings alone",
        lambda c, i: "0" * (i % 2) + f"73500{c}",
        warned=["id-alike"],
    ),
    ids("capital and small letters", lambda c, i: f"QZX{'aA'[i % 2]}{c}", warned=["id-alike"]),
    ids("full-width and narrow digits", lambda c, i: f"QZX{'1１'[i % 2]}{c}", warned=["id-alike"]),
    ids("ids of 17 digits", lambda c, i: f"7350009123456789{c}"),
    ids(
        "ids that end in .0",
        lambda c, i: f"7350009{c}.0",
        lambda c, i: f"7350009{c}",
        warned=["id-decimal"],
    ),
    ids(
        "ids of which some end in .0",
        lambda c, i: f"7350009{c}" + ".0" * (i % 2),
        lambda c, i: f"7350009{c}",
        warned=["id-decimal"],
    ),
    ids("ids as powers", lambda c, i: f"{c}.73501E+16", warned=["id-exponent"]),
    ids("1E5 among ids", lambda c, i: "1E5" if c == 3 else f"QZX{c}", warned=["id-exponent"]),
    ids("NA among ids", lambda c, i: "NA" if c == 3 else f"QZX{c}", warned=["id-na"]),
    case(
        "NA means nobody",
        text(table(renamed(lambda c, i: "NA" if c == 3 else f"QZX{c}"))),
        orders=without(lambda c, i: "" if c == 3 else f"QZX{c}"),
        aside={"customer": 8},
        options={"missing_ids": ["NA"]},
        warned=["customer-missing", "id-missing-mark"],
    ),
    case(
        "words for nothing",
        text(
            table(
                renamed(lambda c, i: ("NULL", "nan", "None", "\\N")[i % 4] if c == 3 else f"QZX{c}")
            )
        ),
        orders=without(lambda c, i: "" if c == 3 else f"QZX{c}"),
        aside={"customer": 8},
        warned=["customer-missing", "id-missing-mark"],
    ),
    case(
        "rows without a customer",
        text(table(renamed(lambda c, i: " " if c == 3 else f"QZX{c}"))),
        orders=without(lambda c, i: "" if c == 3 else f"QZX{c}"),
        aside={"customer": 8},
        warned=["customer-missing"],
    ),
    case(
        "most rows without a customer",
        text(table(renamed(lambda c, i: "QZX" if c == 3 else ""))),
        refused="customer-missing",
    ),
    ids(
        "blanks around ids",
        lambda c, i: " " * (i % 2) + f"QZX{c}" + "\u00a0" * (i % 3),
        lambda c, i: f"QZX{c}",
        warned=["id-cleaned"],
    ),
    ids(
        "zero-width signs in ids",
        lambda c, i: "QZ" + "\u200b" * (i % 2) + f"X{c}",
        lambda c, i: f"QZX{c}",
        warned=["id-cleaned"],
    ),
    ids(
        "composed and decomposed ids",
        lambda c, i: unicodedata.normalize("NFC" if i % 2 else "NFD", ACCENT) + str(c),
        lambda c, i: ACCENT + str(c),
        warned=["id-cleaned"],
    ),
    ids("blanks inside ids", lambda c, i: f"QZX {c}" if i % 2 else f"QZX{c}", warned=["id-alike"]),
    ids(
        "an apostrophe before ids",
        lambda c, i: f"'00{c}",
        lambda c, i: f"00{c}",
        warned=["id-quoted"],
    ),
    ids("signs lost in ids", lambda c, i: f"QZX\ufffd{c}", warned=["id-signs-lost"]),
    ids(
        "question marks for ids",
        lambda c, i: "??" if c == 3 else f"QZX{c}",
        warned=["id-signs-lost"],
    ),
    ids("one customer", lambda c, i: "QZX"),
    ids("a formula for an id", lambda c, i: f'=HYPERLINK("http://QZX{c}")'),
    ids("HTML for an id", lambda c, i: f"<img src=x onerror=QZX{c}>"),
    ids("SQL for an id", lambda c, i: f"x'; DROP TABLE raw; -- QZX{c}"),
    case(
        "a walk-in id",
        text(table(renamed(lambda c, i: "QZX0" if i % 3 == 0 else f"QZX-{i}")) * 3),
        orders=renamed(lambda c, i: "QZX0" if i % 3 == 0 else f"QZX-{i}") * 3,
        warned=["rows-repeated"],
    ),
    case(
        "an id of a tenth of all rows",
        text(
            table(
                tuple(
                    replace(o, customer="QZX0" if i % 3 == 0 else f"QZX-{i}", order=f"QZXO{i}")
                    for i, o in enumerate(ORDERS * 3)
                )
            )
        ),
        orders=tuple(
            replace(o, customer="QZX0" if i % 3 == 0 else f"QZX-{i}")
            for i, o in enumerate(ORDERS * 3)
        ),
        warned=["id-dominant"],
    ),
)

TOTALS = (
    case("a total at the end", **total("Total,,,9999.99,")),
    case("a total in the second column", **total(",Grand Total:,,9999.99,")),
    case("合计 at the end", **total("合计,,,9999.99,")),
    case("合 计 with blanks inside", **total("合　 计：,,,9999.99,")),
    case("a total with a day", **total("总计,,2024-12-31,9999.99,")),
    case("a subtotal with all fields", **total("QZX-17,QZXO-900,2024-12-31,9999.99,小计")),
    case("a subtotal behind a name", **total("QZX-17 汇总,,,9999.99,")),
    case("Excel's subtotal behind a name", **total("QZX-17 Total,,,9999.99,")),
    case(
        "subtotals all over",
        "".join(
            line + ("小计,,,12.34,\n" if i % 4 == 1 else "")
            for i, line in enumerate(PLAIN.splitlines(keepends=True))
        ),
        aside={"total": 10},
        warned=["total-rows"],
    ),
    case(
        "a total without a word",
        PLAIN + ",,,9999.99,\n",
        aside={"day": 1},
        warned=["date-unreadable"],
    ),
)

RETURNED = tuple(
    replace(o, returned=i == 3, amount=-o.amount if i == 3 else o.amount)
    for i, o in enumerate(ORDERS)
)
NUMBERED = tuple(replace(o, order=f"{735000 + i}") for i, o in enumerate(RETURNED))
CANCELLED = changed(table(NUMBERED), {(3, 1): "C735003"})
DOUBLE = (*ORDERS, *ORDERS[:3])
ROWS_OF_ORDERS = (
    case("cancelled orders", text(CANCELLED), orders=RETURNED),
    case(
        "a cancelled order with a positive amount",
        text(changed(CANCELLED, {(3, 3): str(ORDERS[3].amount)})),
        orders=(*ORDERS[:3], replace(ORDERS[3], returned=True), *ORDERS[4:]),
        warned=["cancel-positive"],
    ),
    case(
        "returns alone",
        text([row for i, row in enumerate(CANCELLED) if i == 3]),
        refused="no-purchases",
    ),
    case("rows that repeat", text(table(DOUBLE)), orders=DOUBLE, warned=["rows-repeated"]),
    case(
        "rows that repeat, dropped",
        text(table(DOUBLE)),
        aside={"duplicate": 3},
        options={"duplicates": "drop"},
        warned=["rows-repeated"],
    ),
    case(
        "no column of orders",
        text(table(), header=("customer", "x", "date", "amount", "product")),
        warned=["order-missing"],
    ),
    case("one row", text(table(ORDERS[:1])), orders=ORDERS[:1]),
    case(
        "everyone buys once",
        text(table(renamed(lambda c, i: f"QZX-{i}"))),
        orders=renamed(lambda c, i: f"QZX-{i}"),
    ),
    case(
        "HTML and formulas for products",
        text(changed(table(), {(3, 4): "<script>QZX</script>", (4, 4): "=cmd|' /C QZX'!A0"})),
    ),
)

ROWS = (*IDS, *TOTALS, *ROWS_OF_ORDERS)
