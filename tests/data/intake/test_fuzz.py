"""Damaged files of every kind: read or refused, in bounded time, and never anything else."""

import io
import random
import signal
import time
from contextlib import contextmanager

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from openpyxl import Workbook

from customer_insight.data import read_transactions
from customer_insight.data.intake import Intake, IntakeError

from .corpus import AS_OF, EPOCH, HEADER, ORDERS, table, text

CHINESE = ("客户编号", "订单号", "日期", "金额", "商品")
SECONDS = 60  # a file takes a tenth of a second on a quiet machine


def workbook():
    book = Workbook()
    for row in [list(HEADER), *table()]:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def parquet():
    columns = zip(HEADER, zip(*table(), strict=True), strict=True)
    out = io.BytesIO()
    pq.write_table(pa.table({name: list(values) for name, values in columns}), out)
    return out.getvalue()


def seeds():
    """Return whole files of each kind, and what must be stated to read them."""
    plain = text(table())
    return [
        (plain.encode(), {}),
        (text(table(), always=True, end="\r\n").encode("utf-8-sig"), {}),
        (text(table(day=lambda day: f"{day:%d/%m/%Y}"), delimiter=";").encode(), {}),
        (text(table(money=lambda amount: f"¥{amount:,.2f}"), delimiter="\t").encode("utf-16"), {}),
        (text(table(), header=CHINESE).encode("gb18030"), {"encoding": "gb18030"}),
        (b"Report of May\n\n" + plain.encode() + b"Total,,,1234.50,\n", {}),
        (text(table(), end="\r").encode(), {}),
        (workbook(), {}),
        (parquet(), {}),
    ]


SIGNS = [
    b'"',
    b"\x00",
    b"\r",
    b"\n",
    b",",
    b";",
    b"\xff",
    b"\xef\xbb\xbf",
    b"9" * 40,
    b"=1+1",
    b"'",
]


def damaged(content, others, rng):
    """Return a file's bytes damaged in one to three places."""
    content = bytearray(content)
    for _ in range(rng.randint(1, 3)):
        at, length = rng.randrange(len(content) + 1), rng.choice([1, 3, 40, 400])
        match rng.randrange(6):
            case 0 if content:
                for _ in range(rng.randint(1, 12)):
                    content[rng.randrange(len(content))] = rng.randrange(256)
            case 1:
                del content[at:]
            case 2:
                del content[at : at + length]
            case 3:
                content[at:at] = content[max(0, at - length) : at] * rng.randint(1, 30)
            case 4:
                content[at:at] = rng.choice(SIGNS) * rng.choice([1, 1, 2, 50])
            case 5:
                other = rng.choice(others)
                start = rng.randrange(len(other))
                content[at:at] = other[start : start + length]
    return bytes(content)


LENIENT = {"max_set_aside": 1.0, "max_without_customer": 1.0}
OPTIONS = [
    *[{}] * 8,
    {"encoding": "utf-16-le"},
    {"date_format": "%d/%m/%Y"},
    {"duplicates": "drop", "decimal": ","},
    {"timezone": "Asia/Shanghai", "pivot_year": 1970},
    {"names": ["customer", "order", "date", "amount", "product"]},
]


@contextmanager
def no_longer_than(seconds):
    def stop(*_):
        raise TimeoutError(f"reading took longer than {seconds} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def fuzz(folder, numbers):
    """Read the damaged files of these numbers; return how many were read, how many refused."""
    files, path, longest = seeds(), folder / "orders.csv", 0.0
    came = {Intake: 0, IntakeError: 0}
    for number in numbers:
        rng = random.Random(number)
        content, options = rng.choice(files)
        path.write_bytes(damaged(content, [other for other, _ in files], rng))
        options = options | LENIENT | rng.choice(OPTIONS)
        options["rejected_to"] = rng.choice([None, folder / "rejected.csv"])
        start = time.perf_counter()
        try:
            with no_longer_than(SECONDS):
                intake = read_transactions(path, as_of=AS_OF, **options)
        except IntakeError as error:
            refused = [finding for finding in error.findings if finding.level == "refused"]
            came[IntakeError] += all(finding.why and finding.fix for finding in refused)
        except BaseException as error:
            error.add_note(f"damaged file number {number}, {options}")
            raise
        else:
            check_it_adds_up(intake)
            came[Intake] += 1
        longest = max(longest, time.perf_counter() - start)
    print(f"{came[Intake]} read, {came[IntakeError]} refused, the longest took {longest:.1f} s")
    assert sum(came.values()) == len(numbers), "every refusal says why and what to do"
    return came


def check_it_adds_up(intake):
    """Each record is counted once, and the tables are the ledger's last lines."""
    every, *parts = intake.report.ledger
    assert every.rows == sum(part.rows for part in parts)
    assert [part.rows for part in parts[-2:]] == [len(intake.returns), len(intake.transactions)]
    for frame, part in ((intake.returns, parts[-2]), (intake.transactions, parts[-1])):
        assert frame["amount"].sum() == part.amount
        assert (
            not frame.select("customer_id", "order_id", "day", "amount")
            .null_count()
            .sum_horizontal()
            .item()
        )
    assert intake.transactions["day"].max() <= (AS_OF - EPOCH).days
    assert str(intake.report)
    assert intake.report.to_json()


def test_a_damaged_file_is_read_or_refused(tmp_path):
    came = fuzz(tmp_path, range(50))
    assert min(came.values()) > 5, "both happen"


@pytest.mark.evidence
def test_many_damaged_files_are_read_or_refused(tmp_path):
    fuzz(tmp_path, [*range(50, 150), *range(1_000, 1_800)])


def test_files_that_are_not_damaged_are_read(tmp_path):
    path = tmp_path / "orders.csv"
    for content, options in seeds():
        path.write_bytes(content)
        intake = read_transactions(path, as_of=AS_OF, **options)
        assert len(intake.transactions) == len(ORDERS)
