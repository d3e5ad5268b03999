"""Section 5: are segments stable? Who moves between two dates, and why."""

import polars as pl

from customer_insight import stats
from customer_insight.features import SEGMENTS
from customer_insight.workbook.facts import FEWEST_CUSTOMERS, Facts
from customer_insight.workbook.section import (
    CUSTOMERS,
    DAYS,
    HIDDEN,
    SHARE,
    TEXT,
    Column,
    Decision,
    Quantity,
    Section,
    Table,
)
from customer_insight.workbook.sections.segments import hidden_segments
from customer_insight.workbook.suppression import hide_small_table

FEWEST_UNCHANGED = 0.6


def make(facts: Facts) -> Section:
    """Return the section."""
    base = {"number": 5, "code": "stability", "question": "Are the segments stable?"}
    before = facts.date(facts.as_of - facts.step)
    if facts.earlier.height < FEWEST_CUSTOMERS:
        return Section(
            **base,
            answer=f"{facts.earlier.height:,} customers had bought by {before}.",
            refusal=(
                f"No moves: {FEWEST_CUSTOMERS} customers must be known {facts.step} days (the "
                "median gap between purchases) before as_of. A longer history would show them."
            ),
        )
    both = _both(facts)
    moved, held = (_share_same(both, name) for name in ("now", "held"))
    kept = [facts.say.value(one.estimate, SHARE) for one in (moved, held)]
    return Section(
        **base,
        answer=(
            f"Of {both.height:,} customers known on {before}, {kept[0]} were in the "
            f"same segment {facts.step} days later. Those scores compare customers with "
            f"each other; with the cut-points of the earlier date held fixed, "
            f"{kept[1]} kept their segment. Where the two differ much, names change because of "
            "what others did."
        ),
        quantities=_quantities(facts, moved, held),
        tables=(_table(both, before, facts.date(facts.as_of), hidden_segments(facts)),),
        decisions=(_decision(facts, moved),) if moved.estimate < FEWEST_UNCHANGED else (),
        limits=(
            "Two dates show one step. A season between them moves everybody: compare the same "
            "weeks of two years before you call it a trend."
        ),
    )


def _both(facts: Facts) -> pl.DataFrame:
    """Return the segment of each customer known at the earlier date: then, now, and now held."""
    columns = ["customer_id", "segment"]
    return (
        facts.earlier.select(columns)
        .rename({"segment": "then"})
        .join(
            facts.customers.select(columns).rename({"segment": "now"}), on="customer_id", how="left"
        )
        .join(facts.held.select(columns).rename({"segment": "held"}), on="customer_id", how="left")
    )


def _share_same(both: pl.DataFrame, name: str) -> stats.Interval:
    return stats.share_interval(int((both["then"] == both[name]).sum()), both.height)


def _quantities(facts: Facts, moved: stats.Interval, held: stats.Interval) -> tuple[Quantity, ...]:
    found = [
        Quantity(
            "step_days",
            "Days between the two dates",
            facts.step,
            DAYS,
            "The median gap between two purchases of a customer, at least 28 and at most 182 days.",
        )
    ]
    for code, name, share, how in (
        ("same_segment_share", "Same segment as before", moved, "scores of each date its own"),
        ("same_segment_held", "Same, by the earlier cut-points", held, "cut-points held fixed"),
    ):
        found.append(
            Quantity(
                code,
                name,
                share.estimate,
                SHARE,
                f"Customers with the same segment at both dates, over those known at the earlier; "
                f"{how}.",
                low=share.low,
                high=share.high,
            )
        )
    return tuple(found)


def _table(both: pl.DataFrame, before: str, after: str, hidden: frozenset[str]) -> Table:
    names = list(dict.fromkeys(rule.segment for rule in SEGMENTS))
    words = {rule.segment: rule.name for rule in SEGMENTS}
    counts = {
        (row["then"], row["now"]): row["len"]
        for row in both.group_by("then", "now").len().to_dicts()
    }
    grid = [[counts.get((then, now), 0) for now in names] for then in names]
    kept = [at for at, row in enumerate(grid) if any(row)]
    reached = [at for at in range(len(names)) if any(row[at] for row in grid)]
    shown = hide_small_table([[grid[line][at] for at in reached] for line in kept])
    columns = (
        Column("then", f"On {before}", TEXT, "Segment at the earlier date."),
        *(Column(names[at], words[names[at]], CUSTOMERS, f"Segment on {after}.") for at in reached),
    )
    # a column adds up to nearly the size of its segment
    closed = [names[at] in hidden for at in reached]
    rows = tuple(
        (
            words[names[line]],
            *(HIDDEN if shut and value else value for shut, value in zip(closed, row, strict=True)),
        )
        for line, row in zip(kept, shown, strict=True)
    )
    return Table("moves", f"Customers by segment on {before} and on {after}", columns, rows)


def _decision(facts: Facts, moved: stats.Interval) -> Decision:
    return Decision(
        do="Do not automate anything by segment yet.",
        why=(
            f"Only {facts.say.value(moved.estimate, SHARE)} of the customers kept their segment "
            f"over {facts.step} days."
        ),
        customers=facts.earlier.height,
        money=None,
        confidence="high",
        because="Counted from all customers known at both dates.",
    )
