"""A file of orders whose truth is known, and what reading it comes to.

Every value of a customer carries a mark, so that a leak shows: ids, orders and products hold QZX or
73500. ``python -m tests.data.intake.corpus`` prints each case and its result.
"""

import datetime as dt
import tempfile
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from customer_insight.data import read_transactions
from customer_insight.data.intake import Intake, IntakeError
from customer_insight.data.intake.outcome import SET_ASIDE

MARK = "QZX"
AS_OF = dt.date(2025, 6, 30)
EPOCH = dt.date(1970, 1, 1)
CUSTOMERS = ("QZX-0042", "QZX-17", "QZX-A9", "QZX B 2", "QZX-c")
HEADER = ("customer", "order", "date", "amount", "product")


@dataclass(frozen=True)
class Order:
    """An order: its amount in major units, and whether it is a return."""

    customer: str
    order: str
    day: dt.date
    amount: Decimal
    product: str = "QZX tea, green"
    returned: bool = False


ORDERS = tuple(
    Order(
        CUSTOMERS[i * 7 % 5],
        f"QZXO-{100 + i}",
        dt.date(2024, 1, 3) + dt.timedelta(days=9 * i),
        Decimal(1207 + i * i * 7_351_911 % 300_000_000) / 100,
    )
    for i in range(40)
)


@dataclass(frozen=True)
class Case:
    """A file, how it is read, and the truth: what it holds, or the code of its refusal."""

    name: str
    content: Callable[[], bytes] | bytes
    orders: tuple[Order, ...] = ORDERS
    aside: Mapping[str, int] = field(default_factory=dict)
    warned: frozenset[str] = frozenset()
    refused: str = ""
    file: str = "orders.csv"
    options: Mapping[str, Any] = field(default_factory=dict)
    decimals: int = 2

    def write(self, folder: Path) -> Path:
        """Write the file into a folder."""
        path = folder / self.file
        path.write_bytes(self.content if isinstance(self.content, bytes) else self.content())
        return path


def iso(day: dt.date) -> str:
    return day.isoformat()


def point(amount: Decimal) -> str:
    return f"{amount:.2f}"


def table(
    orders: Iterable[Order] = ORDERS,
    *,
    day: Callable[[dt.date], str] = iso,
    money: Callable[[Decimal], str] = point,
) -> list[list[str]]:
    """Return the fields of the orders in the header's order."""
    return [[o.customer, o.order, day(o.day), money(o.amount), o.product] for o in orders]


def text(
    rows: Iterable[Iterable[str]],
    *,
    header: Iterable[str] = HEADER,
    delimiter: str = ",",
    end: str = "\n",
    always: bool = False,
) -> str:
    """Return rows as delimited text, quoted where it must be or always."""

    def written(value: str) -> str:
        if always or any(sign in value for sign in (delimiter, '"', "\n", "\r")):
            return '"' + value.replace('"', '""') + '"'
        return value

    lines = [list(header), *rows] if header else rows
    return "".join(delimiter.join(map(written, row)) + end for row in lines)


def case(name: str, content: Any, **more: Any) -> Case:
    """Return a case from text, bytes or a function that makes them."""
    raw = content.encode() if isinstance(content, str) else content
    warned = frozenset(more.pop("warned", ()))
    return Case(name, raw, warned=warned, **more)


def changed(rows: list[list[str]], at: Mapping[tuple[int, int], str]) -> list[list[str]]:
    """Return rows in which some fields, by row and column, are others."""
    rows = [list(row) for row in rows]
    for (row, column), value in at.items():
        rows[row][column] = value
    return rows


def expected(orders: Iterable[Order], decimals: int = 2, *, returned: bool) -> Counter:
    """Return customer, day and minor units of the orders, counted."""
    return Counter(
        (
            unicodedata.normalize("NFC", o.customer),
            (o.day - EPOCH).days,
            int((o.amount * 10**decimals).to_integral_exact()),
        )
        for o in orders
        if o.returned is returned
    )


def outcome(each: Case, folder: Path) -> Intake | IntakeError:
    """Read a case's file; return what came of it."""
    try:
        return read_transactions(each.write(folder), as_of=AS_OF, **each.options)
    except IntakeError as error:
        return error


def verdict(each: Case, intake: Intake | IntakeError) -> tuple[bool, str]:
    """Return whether a case comes to its truth, and what it came to in words."""
    if isinstance(intake, IntakeError):
        codes = [finding.code for finding in intake.findings if finding.level == "refused"]
        return each.refused in codes, f"refused: {', '.join(codes)}"
    if each.refused:
        return False, f"read, and should be refused: {each.refused}"
    problems = [
        f"{name} differ by {len((came - wanted) + (wanted - came))}"
        for name, came, wanted in (
            (
                "purchases",
                _came(intake.transactions),
                expected(each.orders, each.decimals, returned=False),
            ),
            ("returns", _came(intake.returns), expected(each.orders, each.decimals, returned=True)),
            ("rows set aside", _aside(intake), Counter(each.aside)),
        )
        if came != wanted
    ]
    warned = {finding.code for finding in intake.report.warnings}
    if warned != each.warned:
        problems.append(f"warned {sorted(warned)}, not {sorted(each.warned)}")
    if problems:
        return False, "; ".join(problems)
    return True, "right" + (f", warned: {', '.join(sorted(warned))}" if warned else "")


def _came(frame: Any) -> Counter:
    return Counter(frame.select("customer_id", "day", "amount").iter_rows())


def _aside(intake: Intake) -> Counter:
    statuses = {what: status for status, what in SET_ASIDE.items()}
    return Counter({statuses[line.what]: line.rows for line in intake.report.ledger[1:-2]})


def main() -> None:
    """Print each case and its result."""
    from tests.data.intake.cases import CASES

    for each in CASES:
        with tempfile.TemporaryDirectory() as folder:
            fits, said = verdict(each, outcome(each, Path(folder)))
        print(f"{each.name}: {'' if fits else 'WRONG: '}{said}")


if __name__ == "__main__":
    main()
