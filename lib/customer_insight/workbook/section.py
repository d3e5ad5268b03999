"""What a section of the report is made of: numbers, tables, charts, a reading, a decision.

A section is data. It is made once and written four times: as a page, a workbook, parquet and a
notebook, which therefore agree.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

# How a number came about.
OBSERVED, FORECAST, ASSUMED = "observed", "forecast", "assumed"

# What a number counts. MONEY is whole minor units, SHARE lies between 0 and 1.
TEXT, MONEY, SHARE, NUMBER, DAYS = "text", "money", "share", "number", "days"
CUSTOMERS, PURCHASES, ROWS = "customers", "purchases", "rows"
UNITS = (TEXT, MONEY, SHARE, NUMBER, DAYS, CUSTOMERS, PURCHASES, ROWS)


class Hidden:
    """A count too small to be shown, or one that would give such a count away."""

    def __repr__(self) -> str:
        return "hidden"


HIDDEN = Hidden()


@dataclass(frozen=True)
class Quantity:
    """One number that can be quoted by itself.

    Attributes
    ----------
    code : str
        Name for machines, unique in the report, such as "top_10_share".
    name : str
        What the number is, as it stands on a slide.
    value : float or int or None
        Minor units for MONEY, 0 to 1 for SHARE; None where there is none.
    unit : str
        One of UNITS.
    definition : str
        How it is counted, in a sentence.
    low, high : float, optional
        Interval.
    interval : str, default "95 %"
        What kind of interval it is.
    kind : str, default OBSERVED
        OBSERVED, FORECAST or ASSUMED.
    note : str, default ""
        Why an interval is missing, or what else has to be said with it.
    """

    code: str
    name: str
    value: float | int | None
    unit: str
    definition: str
    low: float | None = None
    high: float | None = None
    interval: str = "95 %"
    kind: str = OBSERVED
    note: str = ""

    def __post_init__(self) -> None:
        if self.unit not in UNITS:
            raise ValueError(f"{self.code} has the unit {self.unit!r}; it must be one of {UNITS}.")


@dataclass(frozen=True)
class Column:
    """A column of a table: its key for machines, its heading, its unit and what it counts."""

    key: str
    name: str
    unit: str
    definition: str


@dataclass(frozen=True)
class Table:
    """A table as it is shown: small counts are already hidden.

    Attributes
    ----------
    code : str
        Name for machines, unique in the report.
    caption : str
    columns : tuple of Column
    rows : tuple of tuples
        Values in the unit of their column; None where there is none, HIDDEN where it is not shown.
    """

    code: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Any, ...], ...]

    def __post_init__(self) -> None:
        uneven = sum(len(row) != len(self.columns) for row in self.rows)
        if uneven:
            raise ValueError(
                f"table {self.code} has {uneven} rows that are not as long as its "
                f"{len(self.columns)} columns."
            )


@dataclass(frozen=True)
class Chart:
    """A drawing for the page: SVG whose text takes the colour of the page, and its message."""

    code: str
    alt: str
    svg: str


@dataclass(frozen=True)
class Decision:
    """What to do, for how many and how much, how sure it is, and when not to do it.

    Attributes
    ----------
    do : str
        The decision in the imperative.
    why : str
        The finding it rests on.
    customers : int or None
        How many it is about.
    money : int or None
        What is at stake, in minor units: sales seen, never a gain that nobody has measured.
    confidence : {"high", "medium", "low"}
    because : str
        Why the confidence is not higher, or what it rests on.
    """

    do: str
    why: str
    customers: int | None
    money: int | None
    confidence: str
    because: str


@dataclass(frozen=True)
class Section:
    """A question about the customers, answered, or refused with what would unlock it.

    Attributes
    ----------
    number : int
        Its place in the outline of all reports; sections that a file cannot feed keep theirs.
    code : str
        Name for machines and anchor on the page.
    question : str
        Its title.
    answer : str
        What was found, in a few sentences.
    quantities, tables, charts
        What it rests on.
    decisions : tuple of Decision
    limits : str
        Where this stops being true.
    refusal : str, default ""
        What could not be said and what would unlock it.
    """

    number: int
    code: str
    question: str
    answer: str
    quantities: tuple[Quantity, ...] = ()
    tables: tuple[Table, ...] = ()
    charts: tuple[Chart, ...] = ()
    decisions: tuple[Decision, ...] = ()
    limits: str = ""
    refusal: str = ""


@dataclass(frozen=True)
class Report:
    """All sections of one run, in order, and what identifies the run.

    Attributes
    ----------
    title : str
    sections : tuple of Section
    identity : dict of str to str
        What was read and how, for the foot of the page: file, hash, as_of, versions, run date.
    as_of : str
        ISO date: the last day that counts.
    run_date : str
        ISO date: the one thing in which two runs may differ.
    currency : str
        ISO code, or "" where none was stated.
    decimals : int
        Digits of the minor unit.
    """

    title: str
    sections: tuple[Section, ...]
    identity: dict[str, str]
    as_of: str
    run_date: str
    currency: str
    decimals: int

    def section(self, code: str) -> Section:
        """Return the section with a code."""
        return next(section for section in self.sections if section.code == code)

    def quantities(self) -> Sequence[Quantity]:
        """Return all numbers of all sections, in order."""
        return [quantity for section in self.sections for quantity in section.quantities]
