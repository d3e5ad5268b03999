"""The decisions of section 9: whom to look at first, and what one customer is worth at most."""

import polars as pl

from customer_insight.workbook.earned import ASSUMED_MARGIN, MARGIN, NET_SALES, Measure
from customer_insight.workbook.facts import FEWEST_CUSTOMERS, Facts
from customer_insight.workbook.forecast import MODEL
from customer_insight.workbook.section import MONEY, Decision
from customer_insight.workbook.sections.earning_tables import NAMES
from customer_insight.workbook.value_ahead import Value


def look_first(facts: Facts, what: Measure, customers: pl.DataFrame) -> list[Decision]:
    """Return what to do about customers who cost money, where they are many."""
    below = customers.filter(pl.col("earned") < 0)
    if what.code != MARGIN or below.height < FEWEST_CUSTOMERS:
        return []
    loss = -round(below["earned"].sum())
    open_cost = int(below["cost_open"].sum()) > 0
    return [
        Decision(
            do=(
                f"Look at prices, returns and service of the {below.height:,} customers whose "
                "margin is below zero before any of them gets a gift."
            ),
            why=(
                f"They bought for {facts.say.with_unit(below['amount'].sum(), MONEY)} and cost "
                f"{facts.say.with_unit(loss, MONEY)} more than they brought. The sheet Customers "
                "of report.xlsx has the margin of each."
            ),
            customers=below.height,
            money=loss,
            confidence="medium" if open_cost else "high",
            because=(
                "Counted from the file's costs; goods that came back count as lost, and some may "
                "not be."
                if open_cost
                else "Counted from the file's costs."
            ),
        )
    ]


def ceiling(
    facts: Facts, what: Measure, segments: pl.DataFrame, value: Value | None
) -> list[Decision]:
    """Return the most that one customer of a segment can be worth an effort."""
    if value is None:
        return []
    large = segments.filter(pl.col("shown") & (pl.col("customers") >= FEWEST_CUSTOMERS))
    large = large.with_columns(each=pl.col("to_come") / pl.col("customers"))
    large = large.sort("each", "segment", descending=[True, False])
    if not large.height or large["each"][0] <= 0:
        return []
    best, last = large.row(0, named=True), large.row(-1, named=True)
    part = "your margin of " if what.code == NET_SALES else ""
    second = (
        f" and {part}{facts.say.with_unit(max(0, round(last['each'])), MONEY)} on one of "
        f"{NAMES[last['segment']]!r}"
        if large.height > 1
        else ""
    )
    ends = [facts.say.value(best[end] / best["customers"], MONEY) for end in ("low", "high")]
    assumed = what.code != MARGIN or value.by != MODEL or not value.judged
    return [
        Decision(
            do=(
                f"Spend in the next {value.weeks} weeks never more than {part}"
                f"{facts.say.with_unit(round(best['each']), MONEY)} on a customer of "
                f"{NAMES[best['segment']]!r}{second}: a ceiling for all efforts together."
            ),
            why=(
                f"It is all that one is expected to bring ({what.name.lower()} {ends[0]} to "
                f"{ends[1]} for the first). No budget: a contact brings only part of it."
            ),
            customers=best["customers"],
            money=best["to_come"],
            confidence="low" if assumed else "medium",
            because=_because(what, value),
        )
    ]


def _because(what: Measure, value: Value) -> str:
    held = f"Judged on {value.weeks} weeks held back, total missed by {100 * value.miss:.0f} %"
    return {
        MARGIN: f"{held}; service and overhead are not taken off.",
        ASSUMED_MARGIN: f"{held}; the margin is assumed to be the same for all goods.",
        NET_SALES: f"{held}; these are sales, and the margin is not known.",
    }[what.code]
