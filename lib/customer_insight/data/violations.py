"""Broken rules of a table: found in one aggregate, told in one message, without any value."""

from collections.abc import Sequence
from dataclasses import dataclass

import narwhals as nw

MOST_POSITIONS = 10


@dataclass(frozen=True)
class Rule:
    """What rows of one column must not be: ``bad`` is true (not null) where the rule is broken."""

    name: str
    column: str
    bad: nw.Expr
    problem: str
    why: str
    fix: str

    def flag(self) -> nw.Expr:
        """Return 1 where the rule is broken, else 0; unlike ``bad`` it is never null."""
        return nw.when(self.bad).then(nw.lit(1)).otherwise(nw.lit(0))


@dataclass(frozen=True)
class Violation:
    """One broken rule: where, how often, why it matters and what to do.

    ``rows`` is None where the whole column is at fault (it is not there, or of another type).
    ``positions`` counts rows from 0 and is empty on engines whose rows have no order.
    """

    rule: str
    column: str
    problem: str
    why: str
    fix: str
    rows: int | None = None
    positions: tuple[int, ...] = ()

    def __str__(self) -> str:
        counted = "" if self.rows is None else f"{self.rows:,} row{'s' * (self.rows != 1)} "
        lines = [f'{self.rule}  column "{self.column}": {counted}{self.problem}.']
        if self.positions:
            more = "" if self.rows == len(self.positions) else " and more"
            listed = ", ".join(map(str, self.positions))
            lines.append(f"  Positions (the first row is 0): {listed}{more}.")
        return "\n".join([*lines, f"  Why it matters: {self.why}.", f"  Fix: {self.fix}."])


class ContractError(ValueError):
    """A table breaks the transaction contract; ``violations`` has every broken rule as data.

    The message names columns, rules, counts and positions, and never shows a value: a value of a
    customer file belongs to a customer, and messages end in logs.
    """

    def __init__(self, violations: Sequence[Violation], *, last: str):
        self.violations = tuple(violations)
        count = len(self.violations)
        head = f"{count} problem{'s' * (count != 1)} found."
        super().__init__("\n".join([head, *map(str, self.violations), last]))


def find_violations(
    frame: nw.DataFrame | nw.LazyFrame, rules: Sequence[Rule]
) -> tuple[int, list[Violation]]:
    """Count the rows of a table and the rows that break each rule, in one aggregate.

    A lazy table is read once more for each broken rule only where its rows have an order
    (Polars), to find the positions.

    Parameters
    ----------
    frame : narwhals.DataFrame or narwhals.LazyFrame
    rules : sequence of Rule

    Returns
    -------
    rows : int
        Rows of the table.
    violations : list of Violation
        One for each rule that at least one row breaks, in the order of ``rules``.
    """
    flags = {f"rule_{i}": rule.flag().sum() for i, rule in enumerate(rules)}
    counted = frame.select(rows=nw.len(), **flags)
    if isinstance(counted, nw.LazyFrame):
        counted = counted.collect("pyarrow")
    # A sum over no rows is null on DuckDB and Spark.
    rows, *counts = (int(count or 0) for count in counted.row(0))
    return rows, [
        Violation(**_story(rule), rows=count, positions=_positions(frame, rule))
        for rule, count in zip(rules, counts, strict=True)
        if count
    ]


def _story(rule: Rule) -> dict[str, str]:
    story = {name: getattr(rule, name) for name in ("column", "problem", "why", "fix")}
    return {"rule": rule.name, **story}


def _positions(frame: nw.DataFrame | nw.LazyFrame, rule: Rule) -> tuple[int, ...]:
    flagged = frame.select(flag=rule.flag())
    if isinstance(flagged, nw.LazyFrame):
        if not flagged.implementation.is_polars():
            return ()
        flagged = flagged.collect()
    found = flagged.with_row_index("position").filter(nw.col("flag") == 1).head(MOST_POSITIONS)
    return tuple(int(position) for position in found["position"].to_list())
