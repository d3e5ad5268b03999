"""A small report with everything in it that a writer meets, and customers to go with it."""

import dataclasses

import polars as pl

from customer_insight.features import SEGMENTS
from customer_insight.workbook.section import (
    ASSUMED,
    CUSTOMERS,
    DAYS,
    FORECAST,
    HIDDEN,
    MONEY,
    NUMBER,
    PURCHASES,
    SHARE,
    TEXT,
    Chart,
    Column,
    Decision,
    Quantity,
    Report,
    Section,
    Table,
)
from customer_insight.workbook.suppression import hide_small

HOSTILE = '=HYPERLINK("http://x.invalid","+")'
COLUMNS = (
    Column("customer", "Customer", TEXT, "Pseudonym of the id."),
    Column("segment", "Segment", TEXT, "Code of the rule."),
    Column("amount", "Sales", MONEY, "All purchases up to as_of."),
    Column("returned", "Returned", MONEY, "All returns, zero or less."),
    Column("purchase_days", "Purchases", PURCHASES, "Days with a purchase."),
    Column("recency_days", "Days since last", DAYS, "From the last purchase to as_of."),
    Column("r", "R", NUMBER, "Recency score."),
    Column("f", "F", NUMBER, "Frequency score."),
    Column("m", "M", NUMBER, "Money score."),
    Column("expected_purchases", "Expected purchases", NUMBER, "Forecast."),
)


def made_customers(n=60):
    """Return so many customers with different amounts; in four segments, one of them small."""
    numbers = pl.int_range(n, eager=True)
    codes = [rule.segment for rule in SEGMENTS]
    place = [8 if at % 20 == 2 else at % 3 for at in range(n)]
    return pl.DataFrame(
        {
            "customer": [f"c-{at * 7919 % 1000003:016x}" for at in range(n)],
            "segment": [codes[at] for at in place],
            "amount": numbers * 1237 % 100_003 + 5,
            "returned": -(numbers * 31 % 700),
            "purchase_days": numbers % 9 + 1,
            "recency_days": numbers * 17 % 365,
            "r": numbers % 5 + 1,
            "f": numbers * 3 % 5 + 1,
            "m": numbers * 2 % 5 + 1,
            "expected_purchases": pl.Series([None if at % 4 == 3 else at / 8 for at in range(n)]),
        }
    )


def made_report(customers=None, **changed):
    """Return a report on the customers, in which fields may be changed."""
    customers = made_customers() if customers is None else customers
    by_segment = customers.group_by("segment").agg(n=pl.len(), sales=pl.col("amount").sum())
    total = int(customers["amount"].sum())
    rows = by_segment.sort("sales", "segment", descending=[True, False]).rows()
    segments = Table(
        "segments",
        "The segments, largest sales first",
        (
            Column("segment", "Segment", TEXT, "Code of the rule."),
            Column("customers", "Customers", CUSTOMERS, "How many."),
            Column("sales", "Sales", MONEY, "All their purchases."),
            Column("share", "of all sales", SHARE, "Over all sales."),
            Column("recency", "Days since last, median", DAYS, "Up to as_of."),
        ),
        tuple(
            (code, n, None, None, None) if n is HIDDEN else (code, n, sales, sales / total, 12.5)
            for (code, _, sales), n in zip(rows, hide_small([n for _, n, _ in rows]), strict=True)
        ),
    )
    hostile = Table(
        "found",
        "What was found",
        (Column("what", "What", TEXT, "A finding."), Column("days", "Days", DAYS, "How long.")),
        ((HOSTILE, 3), ("+1", 4), ("-1", 5), ("@a", 6), ("a\x00b\u202ec", 7), ("_x0041_", None)),
    )
    trust = Section(
        1,
        "trust",
        "Can I trust this file?",
        "Yes.",
        quantities=(
            Quantity("sales", "Sales", total, MONEY, "Sum of the amounts of purchases."),
            Quantity("customers", "Customers", customers.height, CUSTOMERS, "Distinct ids."),
        ),
        tables=(hostile,),
        decisions=(Decision("Go on.", "It adds up.", 60, total, "high", "All lines were read."),),
        limits="Until the next file.",
    )
    who = Section(
        4,
        "segments",
        "Who are they?",
        "Two groups.",
        quantities=(
            Quantity("top", "Share of the top 10 %", 0.375, SHARE, "Of sales.", 0.31, 0.44),
            Quantity(
                "next", "Next sales", 12345, MONEY, "Forecast.", 11000.0, 13000.5, "90 %", FORECAST
            ),
            Quantity("margin", "Margin", None, SHARE, "Not in the file.", kind=ASSUMED, note="-"),
        ),
        tables=(segments,),
        charts=(Chart("grid", "A grid.", "<svg/>"),),
        refusal="No forecast: it needs 104 weeks, and the file has 52.",
    )
    report = Report(
        title="Customer report: orders.csv",
        sections=(trust, who),
        identity={"file": "orders.csv", "customer ids": "pseudonyms, key 01234567"},
        as_of="2024-05-31",
        run_date="2024-06-03",
        currency="CNY",
        decimals=2,
    )
    return dataclasses.replace(report, **changed)
