"""Section 7: when is silence abnormal? How long customers stay away before they come back."""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from customer_insight import show, stats
from customer_insight.workbook.facts import TOLD_APART, Facts
from customer_insight.workbook.section import (
    CUSTOMERS,
    DAYS,
    PURCHASES,
    SHARE,
    TEXT,
    Chart,
    Column,
    Decision,
    Quantity,
    Section,
    Table,
)
from customer_insight.workbook.suppression import hide_small

if TYPE_CHECKING:
    import pandas as pd

FEWEST_GAPS = 100
# Nine of ten of those who come back have come back by then.
ABNORMAL = 0.9
# Purchases so far: who has bought once waits longer than who buys every week.
GROUPS = {"first": (1, 1), "second to fourth": (2, 4), "fifth or later": (TOLD_APART, None)}
_MOST_POINTS = 150
_SOON = 0.75
# A curve whose day lies nearer to its end was still rising when the file ended.
_LATEST_DAY = 0.8


@dataclass(frozen=True, eq=False)
class Curve:
    """How customers came back after a purchase of one group, and who is beyond the day.

    ``seen`` is the Kaplan-Meier curve as far as FEWEST_GAPS are at risk; ``day`` with its interval
    is when ABNORMAL of the returns of that curve have come; ``now`` are the customers whose last
    purchase was of this group.
    """

    group: str
    returned: int
    seen: "pd.DataFrame"
    back: float
    day: float
    low: float | None
    high: float | None
    now: pl.DataFrame

    @property
    def late(self) -> pl.DataFrame:
        """Customers who have been silent for longer than the day."""
        return self.now.filter(pl.col("recency_days") > self.day)

    @property
    def soon(self) -> pl.DataFrame:
        """Customers who come near the day."""
        return self.now.filter(pl.col("recency_days").is_between(_SOON * self.day, self.day))


def make(facts: Facts) -> Section:
    """Return the section."""
    base = {"number": 7, "code": "silence", "question": "When is silence abnormal?"}
    curves = [curve for curve in (_curve(facts, *one) for one in GROUPS.items()) if curve]
    returned = int(facts.gaps["returned"].sum())
    if not curves:
        return Section(
            **base,
            answer=f"Customers came back {returned:,} times in all.",
            refusal=(
                f"No day to win back: it needs {FEWEST_GAPS} gaps between purchases of customers "
                "with as many purchases, and a file that goes on until few more come back. Export "
                "a longer period."
            ),
        )
    late = sum(curve.late.height for curve in curves)
    days = "; ".join(f"after the {one.group} purchase {one.day:,.0f}" for one in curves)
    return Section(
        **base,
        answer=(
            f"Nine of ten of the customers who come back do so within these days, those who are "
            f"still away counted as such: {days}. Longer silence is abnormal for such a customer. "
            f"{facts.say.with_unit(late, CUSTOMERS)} have been silent for longer."
        ),
        quantities=_quantities(curves, late),
        tables=(_table(curves),),
        charts=(_chart(curves),),
        decisions=_decisions(curves, late),
        limits=(
            "Customers of one group still differ: for its slow buyers the day comes too early. "
            "Gaps of one customer resemble each other, so that the intervals are too short. A day "
            "of silence says nothing about its reason."
        ),
        refusal=_left_out(curves),
    )


def _curve(facts: Facts, group: str, purchases: tuple[int, int | None]) -> Curve | None:
    low, high = purchases
    of_group = pl.col("after").is_between(low, high or TOLD_APART)
    gaps = facts.gaps.filter(of_group).group_by("gap_days").sum().sort("gap_days")
    if gaps["returned"].sum() < FEWEST_GAPS:
        return None
    curve = stats.kaplan_meier(gaps["gap_days"], gaps["returned"], gaps["still_away"])
    seen = curve[curve.at_risk >= FEWEST_GAPS]
    back = 1 - float(seen.waiting.iloc[-1])
    bought = pl.col("purchase_days")
    day, earliest, latest = stats.time_by_which(seen, share=ABNORMAL * back)
    if day >= _LATEST_DAY * seen.time.iloc[-1]:
        return None
    return Curve(
        group,
        int(gaps["returned"].sum()),
        seen,
        back,
        day,
        earliest,
        latest,
        facts.customers.filter((bought >= low) & (bought <= high if high else pl.lit(True))),
    )


def _left_out(curves: list[Curve]) -> str:
    lacking = [group for group in GROUPS if group not in {curve.group for curve in curves}]
    if not lacking:
        return ""
    return (
        f"No day after the {' and the '.join(lacking)} purchase: fewer than {FEWEST_GAPS} came "
        "back after one, or so many were still coming back when the file ended that the day would "
        "be too early. Export a longer period."
    )


def _quantities(curves: list[Curve], late: int) -> tuple[Quantity, ...]:
    return (
        *(
            Quantity(
                f"abnormal_day_{curve.group.split()[0]}",
                f"Silence is abnormal after, {curve.group} purchase",
                curve.day,
                DAYS,
                f"The day by which nine of ten have come back, of those who come back within "
                f"{int(curve.seen.time.iloc[-1]):,} days of the {curve.group} purchase of a "
                "customer (Kaplan-Meier; who is away still counts up to as_of).",
                low=curve.low,
                high=curve.high,
            )
            for curve in curves
        ),
        Quantity(
            "customers_silent",
            "Customers silent for longer",
            late,
            CUSTOMERS,
            "Customers whose last purchase is more days before as_of than the day of their group.",
        ),
    )


def _table(curves: list[Curve]) -> Table:
    columns = (
        Column("group", "After the ... purchase", TEXT, "Number of the purchase of a customer."),
        Column("returned", "Times they came back", PURCHASES, "Gaps that a purchase ended."),
        Column(
            "back",
            "Share that comes back",
            SHARE,
            "Share that comes back within the days of the curve.",
        ),
        Column("day", "Abnormal after", DAYS, "Nine of ten of these have come back."),
        Column("low", "from", DAYS, "Lower end of the 95 % interval."),
        Column("high", "to", DAYS, "Upper end."),
        Column("now", "Customers there now", CUSTOMERS, "Whose last purchase was such a one."),
        Column("late", "beyond the day", CUSTOMERS, "Silent for longer."),
    )
    rows = []
    for curve in curves:
        late, _ = hide_small([curve.late.height, curve.now.height - curve.late.height])
        ends = (curve.day, curve.low, curve.high)
        rows.append((curve.group, curve.returned, curve.back, *ends, curve.now.height, late))
    return Table("gaps", "When customers come back, by purchases so far", columns, tuple(rows))


def _chart(curves: list[Curve]) -> Chart:
    fig, axes = show.canvas(height=3.6)
    for place, curve in enumerate(curves):
        step = max(1, -(-len(curve.seen) // _MOST_POINTS))
        shown = curve.seen.iloc[::step]
        back = 100 * (1 - shown.waiting)
        label = f"{curve.group}: day {curve.day:,.0f}"
        (line,) = axes.plot(shown.time, back, drawstyle="steps-post", label=label)
        at = 100 * ABNORMAL * curve.back
        axes.plot(curve.day, at, "os^"[place], color=line.get_color())
    days = " / ".join(f"{curve.day:,.0f}" for curve in curves)
    axes.set(
        title=f"Nine of ten who come back do so within {days} days",
        xlabel="days after a purchase",
        ylabel="came back, %",
        ylim=(0, 105),
        xlim=(0, None),
    )
    axes.legend(title="after a customer's ... purchase", loc="lower right")
    alt = (
        "Rising curves of the share that came back by days after a purchase, by purchases so far; "
        f"nine of ten who come back do so within {days} days."
    )
    return Chart("gap_curve", alt, show.vector(fig, alt=alt))


def _filter(curve: Curve) -> str:
    low, high = GROUPS[curve.group]
    purchases = f"{low} to {high}" if high else f"{low} or more"
    days = f"{math.ceil(_SOON * curve.day):,} to {curve.day:,.0f}"
    return f"{purchases} purchases and {days} days since the last"


def _decisions(curves: list[Curve], late: int) -> tuple[Decision, ...]:
    regular = [curve for curve in curves if curve.group != "first"]
    soon = [curve.soon for curve in regular]
    customers = sum(part.height for part in soon)
    if customers < FEWEST_GAPS:
        return ()
    days = " or ".join(f"{curve.day:,.0f}" for curve in regular)
    rule = "; or ".join(map(_filter, regular))
    return (
        Decision(
            do=(
                f"Remind the {customers:,} customers whose silence is about to become abnormal "
                f"(day {days})."
            ),
            why=(
                f"Nine of ten who come back have done so by that day; {late:,} are beyond theirs. "
                f"On the sheet Customers of report.xlsx: {rule}."
            ),
            customers=customers,
            money=int(sum(part["amount"].sum() for part in soon)),
            confidence="medium",
            because="The day is measured; that a reminder brings anybody back is not.",
        ),
    )
