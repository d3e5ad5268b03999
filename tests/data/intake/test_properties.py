"""Any table of orders, written in any dialect that is read, comes back as it was."""

import datetime as dt
import re
import tempfile
import unicodedata
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from customer_insight.data import read_transactions
from customer_insight.data.intake.identifiers import MARKS

from .corpus import AS_OF, EPOCH, text

MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
TEXTS = {
    "utf-8": {},
    "utf-8-sig": {},
    "utf-16": {},
    "gb18030": {"encoding": "gb18030"},
}
DAYS = {
    "%Y-%m-%d": {},
    "%Y/%m/%d": {},
    "%Y%m%d": {},
    "%Y年%m月%d日": {},
    "%Y-%m-%d %H:%M:%S": {},
    "%d/%m/%Y": {},
    "%m/%d/%Y": {},
    "%d.%m.%Y": {},
    "%d-%m-%Y %H:%M": {},
    "%d %b %Y": {},
    "%d/%m/%y": {"date_format": "%d/%m/%y", "pivot_year": 1970},
}
NUMBERS = [(".", ""), (".", ","), (".", " "), (",", ""), (",", "."), (",", " ")]
NEGATIVES = ["-{}", "({})", "{}-", "−{}"]
TOTALS = "total|sum|gesamt|计|計|总|總|汇|彙"


@dataclass(frozen=True)
class Row:
    customer: str
    day: dt.date
    amount: int
    order: str
    quantity: int
    remark: str


@dataclass(frozen=True)
class Dialect:
    delimiter: str
    quoted: bool
    end: str
    encoding: str
    day: str
    decimal: str
    thousands: str
    negative: str
    order: bool
    quantity: bool

    @property
    def options(self):
        return TEXTS[self.encoding] | DAYS[self.day]

    def written(self, rows):
        """Return the rows as a file in this dialect."""
        names = ["customer", "date", "amount", "remark"]
        names += ["order"] * self.order + ["quantity"] * self.quantity
        fields = map(self.fields, rows)
        layout = {"delimiter": self.delimiter, "end": self.end, "always": self.quoted}
        return text(fields, header=names, **layout).encode(self.encoding)

    def fields(self, row):
        fields = [row.customer, self.date(row.day), self.money(row.amount), row.remark]
        return fields + [row.order] * self.order + [str(row.quantity)] * self.quantity

    def date(self, day):
        moment = dt.datetime.combine(day, dt.time(23, 5, 59))
        return moment.strftime(self.day.replace("%b", MONTHS[day.month - 1]))

    def money(self, amount):
        whole, cents = divmod(abs(amount), 100)
        text = f"{whole:,}".replace(",", self.thousands) + f"{self.decimal}{cents:02}"
        return self.negative.format(text) if amount < 0 else text


def is_kept(text):
    """Return whether nothing of an id is taken for blanks, for nobody or for a total."""
    return (
        text.lower() not in MARKS
        and unicodedata.normalize("NFC", text) == text
        and not re.search(rf"(?i){TOTALS}|\.0$", text)
    )


letters = st.characters(codec="utf-8", categories=["Lu", "Ll", "Lo", "Nd"])
ids = st.one_of(
    st.sampled_from(
        ["NA", "00042", "42", "042", "1E5", "-7", "a,b", "a;b|c", '"q"', "=1+1", "张三"]
    ),
    st.integers(0, 10**17).map("{:018}".format),
    st.text(letters, min_size=1, max_size=12).filter(is_kept),
)
remarks = st.text(st.sampled_from("ab ,;|\t\"'\n=é茶"), max_size=8)
rows = st.builds(
    Row,
    customer=ids,
    day=st.dates(EPOCH, dt.date(2024, 12, 31)),
    amount=st.integers(-(10**9), 10**10),
    order=ids.map("o{}".format),
    quantity=st.integers(1, 10**6),
    remark=remarks,
)
# A table has a purchase, and a day that no other order of day and month allows.
first = st.builds(
    Row,
    customer=ids,
    day=st.dates(EPOCH, dt.date(2024, 12, 31)).map(lambda day: day.replace(day=28)),
    amount=st.integers(0, 10**10),
    order=ids.map("o{}".format),
    quantity=st.integers(1, 10**6),
    remark=remarks,
)
tables = st.builds(lambda one, more: [one, *more], first, st.lists(rows, max_size=12))
dialects = st.builds(
    lambda number, **more: Dialect(decimal=number[0], thousands=number[1], **more),
    st.sampled_from(NUMBERS),
    delimiter=st.sampled_from(",;\t|"),
    quoted=st.booleans(),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    encoding=st.sampled_from(sorted(TEXTS)),
    day=st.sampled_from(sorted(DAYS)),
    negative=st.sampled_from(NEGATIVES),
    order=st.booleans(),
    quantity=st.booleans(),
)


def read(table, dialect):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "orders.csv")
        path.write_bytes(dialect.written(table))
        return read_transactions(path, as_of=AS_OF, **dialect.options)


def expected(table, dialect, *, returned):
    """Return the rows that a table must come back as, in its order."""
    found = []
    for row in table:
        if (row.amount < 0) is returned:
            day = (row.day - EPOCH).days
            order = row.order if dialect.order else f"{row.customer}/{day}"
            found.append((row.customer, order, day, row.amount))
            found[-1] += (row.quantity,) * dialect.quantity
    return found


def check_it_reads_back(table, dialect):
    intake = read(table, dialect)
    assert intake.transactions.rows() == expected(table, dialect, returned=False)
    assert intake.returns.rows() == expected(table, dialect, returned=True)
    assert intake.report.ledger[0].rows == len(table)
    assert intake.report.facts["customers"] == len({r.customer for r in table if r.amount >= 0})


def check_order_does_not_matter(table, dialect, shuffled):
    one, other = read(table, dialect), read(shuffled, dialect)
    for name in ("transactions", "returns"):
        rows_of = [Counter(getattr(intake, name).rows()) for intake in (one, other)]
        assert rows_of[0] == rows_of[1]
    assert one.report.ledger == other.report.ledger
    assert one.report.facts == other.report.facts
    said = [[(f.code, f.level, f.what, f.rows) for f in i.report.findings] for i in (one, other)]
    assert said[0] == said[1]


@settings(max_examples=10, deadline=None, derandomize=True)
@given(tables, dialects)
def test_a_table_in_any_dialect_reads_back_equal(table, dialect):
    check_it_reads_back(table, dialect)


@pytest.mark.evidence
@settings(max_examples=500, deadline=None, derandomize=True)
@given(tables, dialects)
def test_many_tables_in_any_dialect_read_back_equal(table, dialect):
    check_it_reads_back(table, dialect)


@settings(max_examples=3, deadline=None, derandomize=True)
@given(st.data(), tables, dialects)
def test_the_order_of_rows_does_not_matter(data, table, dialect):
    check_order_does_not_matter(table, dialect, data.draw(st.permutations(table)))


@pytest.mark.evidence
@settings(max_examples=80, deadline=None, derandomize=True)
@given(st.data(), tables, dialects)
def test_the_order_of_rows_does_not_matter_in_many_tables(data, table, dialect):
    check_order_does_not_matter(table, dialect, data.draw(st.permutations(table)))
