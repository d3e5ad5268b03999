"""What came of reading a file: the tables, the counts behind them, and the report."""

import functools
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from customer_insight.data.intake.findings import WARNING, Finding
from customer_insight.data.intake.options import SavedMapping, save_mapping

if TYPE_CHECKING:
    import polars as pl

SET_ASIDE = {
    "uneven": "records that do not fit the header",
    "blank": "empty rows",
    "total": "rows of totals",
    "day": "rows without a day that exists",
    "number": "rows without a finite number",
    "customer": "rows without a customer",
    "large": "rows with an amount beyond belief",
    "future": "rows after as_of",
    "duplicate": "rows that repeat another in full",
}


@dataclass(frozen=True)
class Line:
    """One line of the ledger from rows read to rows used: money in whole minor units."""

    what: str
    rows: int
    amount: int


@dataclass(frozen=True)
class IntakeReport:
    """What was read, changed, set aside and why.

    ``how`` says in words how the file was read, ``ledger`` leads from all rows to those used,
    ``facts`` has counts and money (whole minor units), ``findings`` everything that was noticed.
    ``str(report)`` is one screen of text; a notebook shows it as HTML; `to_json` is for programs.
    """

    file: str
    how: dict[str, str]
    ledger: tuple[Line, ...]
    facts: dict[str, int]
    findings: tuple[Finding, ...]
    decimals: int = 2

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """The findings about which the user may want to decide otherwise."""
        return tuple(finding for finding in self.findings if finding.level == WARNING)

    def __str__(self) -> str:
        from customer_insight.data.intake.report_text import report_text

        return report_text(self)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        from customer_insight.data.intake.report_text import report_html

        return report_html(self)

    def to_json(self) -> str:
        """Return the report as JSON."""
        from customer_insight.data.intake.report_text import report_json

        return report_json(self)


@dataclass(frozen=True, repr=False)
class Intake:
    """A file that was read.

    Attributes
    ----------
    transactions : polars.DataFrame
        Purchases, in the transaction contract: ``customer_id``, ``order_id``, ``day``, ``amount``
        and those of ``sku``, ``quantity``, ``cost``, ``channel``, ``region`` that the file has.
        In the file's order.
    returns : polars.DataFrame
        Returns and cancelled orders, the same columns; amounts are negative but for what
        ``cancel-positive`` names.
    report : IntakeReport
    mapping : SavedMapping
        How to read the next file of this kind: ``save_mapping(path)`` writes it.
    """

    transactions: "pl.DataFrame"
    returns: "pl.DataFrame"
    report: IntakeReport
    mapping: SavedMapping = field(compare=False)

    @functools.cached_property
    def net(self) -> "pl.DataFrame":
        """Purchases and returns together, purchases first: for sums of what was kept."""
        import polars as pl

        return pl.concat([self.transactions, self.returns])

    def save_mapping(self, path: str | Path) -> None:
        """Write how this file was read, for ``read_transactions(next_file, mapping=path)``."""
        save_mapping(Path(path), self.mapping)

    def __repr__(self) -> str:
        return str(self.report)

    def _repr_html_(self) -> str:
        return self.report._repr_html_()


def money(amount: int, decimals: int) -> str:
    """Return whole minor units as major ones with all decimals.

    Examples
    --------
    >>> money(-123456, 2), money(5, 2), money(1200, 0)
    ('-1,234.56', '0.05', '1,200')
    """
    sign, whole = "-" if amount < 0 else "", abs(amount)
    if not decimals:
        return f"{sign}{whole:,}"
    return f"{sign}{whole // 10**decimals:,}.{whole % 10**decimals:0{decimals}}"


def ledger(read: int, counts: dict[str, tuple[int, int]]) -> tuple[Line, ...]:
    """Return the lines from rows read to rows used.

    Parameters
    ----------
    read : int
        Records in the file.
    counts : dict of str to (int, int)
        What rows count as, with rows and money.

    Returns
    -------
    tuple of Line
        The first has all rows; the next ones what was taken off; then returns and purchases, which
        add up to what is left.
    """
    lines = [Line("records in the file", read, sum(amount for _, amount in counts.values()))]
    lines += [
        Line(what, *counts[status]) for status, what in SET_ASIDE.items() if counts.get(status)
    ]
    lines.append(Line("returns and cancelled orders", *counts.get("return", (0, 0))))
    lines.append(Line("purchases", *counts.get("purchase", (0, 0))))
    return tuple(lines)


def pick(findings: Sequence[Finding], code: str) -> Finding | None:
    """Return the first finding of a code, or None."""
    return next((finding for finding in findings if finding.code == code), None)
