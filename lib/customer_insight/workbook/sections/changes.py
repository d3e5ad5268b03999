"""Section 14: what changed since the last report? Its numbers beside these, and who moved."""

from collections.abc import Sequence

import polars as pl

from customer_insight.features import SEGMENTS
from customer_insight.workbook.facts import Facts
from customer_insight.workbook.machine import Earlier
from customer_insight.workbook.section import (
    ASSUMED,
    CUSTOMERS,
    MONEY,
    SHARE,
    TEXT,
    Column,
    Quantity,
    Section,
    Table,
)
from customer_insight.workbook.suppression import hide_small_table
from customer_insight.workbook.wording import Wording

GONE, NEW = "not in this file", "new since then"
_NAMES = {rule.segment: rule.name for rule in SEGMENTS}


def make(
    facts: Facts,
    before: Earlier,
    quantities: Sequence[Quantity],
    customers: pl.DataFrame,
    ids: str,
) -> Section:
    """Return the section.

    Parameters
    ----------
    facts : Facts
    before : Earlier
        The report to compare with.
    quantities : sequence of Quantity
        All numbers of this report.
    customers : polars.DataFrame
        With ``customer`` and ``segment``, named as the new report names them.
    ids : str
        How customers are named, as both reports state it: other names cannot be matched.

    Returns
    -------
    Section
    """
    pairs = [
        (before.quantities[one.code], one) for one in quantities if _comparable(one, before, facts)
    ]
    matched = before.identity.get("customer ids") == ids
    refusals = []
    if (before.currency, before.decimals) != (facts.say.currency, facts.say.decimals):
        refusals.append(
            f"Money is not compared: the earlier report is in {before.currency or 'no currency'} "
            f"and this one in {facts.say.currency or 'no currency'}."
        )
    if not matched:
        refusals.append(
            "Who moved is not shown: the two reports name their customers by different keys. Make "
            "both with the same --key."
        )
    moves = _moves(before, customers) if matched else None
    return Section(
        number=14,
        code="changes",
        question=f"What changed since the report of {before.as_of}?",
        answer=_answer(facts, before, pairs, customers, matched=matched),
        tables=(_numbers(facts, before, pairs), *([moves] if moves else [])),
        limits=(
            "Definitions are the same in both only where versions are: compare them under "
            "provenance. A longer file has more of everything; shares and medians compare better "
            "than sums."
        ),
        refusal=" ".join(refusals),
    )


def _comparable(one: Quantity, before: Earlier, facts: Facts) -> bool:
    was = before.quantities.get(one.code)
    if was is None or was.unit != one.unit or None in (was.value, one.value):
        return False
    if ASSUMED in (was.kind, one.kind):
        return False
    same_money = (before.currency, before.decimals) == (facts.say.currency, facts.say.decimals)
    return one.unit != MONEY or same_money


def _answer(facts: Facts, before: Earlier, pairs, customers: pl.DataFrame, *, matched: bool) -> str:
    apart = [one.name for was, one in pairs if _apart(was, one)]
    words = [f"From {before.as_of} to {facts.date(facts.as_of)}, {len(pairs)} numbers compare."]
    if apart:
        words.append(f"Beyond both intervals changed: {', '.join(apart)}.")
    else:
        words.append("None changed beyond both intervals.")
    if matched:
        known = customers["customer"].is_in(before.customers["customer"].implode()).sum()
        words.append(
            f"{known:,} customers are in both, {customers.height - known:,} are new and "
            f"{before.customers.height - known:,} of then are not in this file."
        )
    return " ".join(words)


def _apart(was: Quantity, one: Quantity) -> bool:
    """Return whether two intervals do not touch; without intervals nothing is claimed."""
    if None in (was.low, was.high, one.low, one.high):
        return False
    return was.high < one.low or one.high < was.low


def _numbers(facts: Facts, before: Earlier, pairs) -> Table:
    columns = (
        Column("name", "Number", TEXT, "As defined in both reports."),
        Column("before", f"On {before.as_of}", TEXT, "In the earlier report."),
        Column("now", f"On {facts.date(facts.as_of)}", TEXT, "In this one."),
        Column(
            "change",
            "Change (of shares: points)",
            SHARE,
            "Now over then, less one; of shares now less then.",
        ),
        Column("apart", "Beyond both intervals", TEXT, "Whether the intervals do not touch."),
    )
    then = Wording(before.currency, before.decimals)
    rows = tuple(
        (
            one.name,
            then.quantity(was),
            facts.say.quantity(one),
            _change(was, one),
            "yes" if _apart(was, one) else "no" if one.low is not None else "no interval",
        )
        for was, one in pairs
    )
    return Table("changed_numbers", "Numbers of both reports", columns, rows)


def _change(was: Quantity, one: Quantity) -> float | None:
    if one.unit == SHARE:
        return one.value - was.value
    return one.value / was.value - 1 if was.value else None


def _moves(before: Earlier, customers: pl.DataFrame) -> Table | None:
    both = (
        before.customers.select("customer", then="segment")
        .join(customers.select("customer", now="segment"), on="customer", how="full", coalesce=True)
        .with_columns(pl.col("then").fill_null(NEW), pl.col("now").fill_null(GONE))
    )
    counts = {
        (row["then"], row["now"]): row["len"]
        for row in both.group_by("then", "now").len().to_dicts()
    }
    order = list(_NAMES)
    from_ = [name for name in (*order, NEW) if any(then == name for then, _ in counts)]
    to = [name for name in (*order, GONE) if any(now == name for _, now in counts)]
    # an earlier report may hold names of segments that there are no more
    if {then for then, _ in counts} - set(from_):
        return None
    shown = hide_small_table([[counts.get((then, now), 0) for now in to] for then in from_])
    columns = (
        Column("then", "Then", TEXT, "Segment in the earlier report."),
        *(
            Column(f"to_{at}", _NAMES.get(name, name), CUSTOMERS, "Segment in this report.")
            for at, name in enumerate(to)
        ),
    )
    rows = tuple((_NAMES.get(name, name), *line) for name, line in zip(from_, shown, strict=True))
    return Table("moved", "Customers by segment then and now", columns, rows)
