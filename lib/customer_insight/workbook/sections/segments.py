"""Section 4: who are they? Recency and frequency, ten segments, one action each."""

import numpy as np
import polars as pl

from customer_insight import show, stats
from customer_insight.features import SEGMENTS
from customer_insight.workbook.facts import FEWEST_CUSTOMERS, GROUPS, Facts
from customer_insight.workbook.section import (
    CUSTOMERS,
    DAYS,
    HIDDEN,
    MONEY,
    NUMBER,
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
from customer_insight.workbook.suppression import hide_small, hide_small_table

ACTIONS = {
    "champions": "Ask them what they would miss; do not discount what they buy anyway.",
    "loyal": "Thank them, and offer the next better product.",
    "potential_loyalists": "Give a reason for the next purchase within their usual gap.",
    "new": "Make the second purchase easy: it is the one most never make.",
    "promising": "Show what else there is, once, without a discount.",
    "need_attention": "Ask why they came less; mend that before you mail.",
    "about_to_sleep": "Remind before the day on which silence becomes abnormal (section 7).",
    "cannot_lose": "A person calls them; learn the reason.",
    "at_risk": "Test a win-back offer against a group that gets none.",
    "hibernating": "Mail seldom and cheaply, or not at all.",
}
# Customers who bought often and have stayed away: what they brought is worth a test.
_LEAVING = ("cannot_lose", "at_risk")
_MEASURES = (
    ("recency_days", "recency", "the score of recency, days since the last purchase,", DAYS),
    ("purchase_days", "frequency", "the score of frequency, purchases,", PURCHASES),
    ("amount", "money", "the score of money, sales,", MONEY),
)
_NAMES = {rule.segment: rule.name for rule in SEGMENTS}


def make(facts: Facts) -> Section:
    """Return the section."""
    base = {"number": 4, "code": "segments", "question": "Who are they?"}
    if facts.n < FEWEST_CUSTOMERS:
        return Section(
            **base,
            answer=f"The file has {facts.n:,} customers.",
            refusal=(
                f"No segments: they need {FEWEST_CUSTOMERS} customers, and the file has "
                f"{facts.n:,}. With so few, read the list of customers instead."
            ),
        )
    table = _segments(facts)
    used = {
        row["measure"]: row["groups"]
        for row in facts.groups.select("measure", "groups").unique().to_dicts()
    }
    return Section(
        **base,
        answer=_answer(facts, table, used),
        quantities=_quantities(facts),
        tables=(_segment_table(facts, table), _action_table(table), *_cut_tables(facts)),
        charts=(_grid(facts),),
        decisions=tuple(_decisions(facts)),
        limits=(
            "A score compares customers with each other: it can change because others bought "
            "(section 5). The names are names of two scores, money is not in them. An action is "
            "a proposal to test, not a known effect."
        ),
        refusal=_too_alike(used),
    )


def hidden_segments(facts: Facts) -> frozenset[str]:
    """Return the segments whose size is not shown, so that no other table gives it away."""
    table = _segments(facts)
    hidden = hide_small(table["customers"].to_list())
    return frozenset(
        name for name, size in zip(table["segment"], hidden, strict=True) if size is HIDDEN
    )


def _segments(facts: Facts) -> pl.DataFrame:
    """Return size, shares and medians of each segment, largest sales first."""
    total, n = facts.customers["amount"].sum(), facts.n
    return (
        facts.customers.group_by("segment")
        .agg(
            customers=pl.len().cast(pl.Int64),
            sales=pl.col("amount").sum(),
            returned=pl.col("returned").sum(),
            recency=pl.col("recency_days").median(),
            purchases=pl.col("purchase_days").median(),
            middle=pl.col("amount").median().round().cast(pl.Int64),
        )
        .with_columns(
            share_of_customers=pl.col("customers") / n,
            share_of_sales=pl.col("sales") / max(total, 1),
        )
        .sort("sales", "segment", descending=[True, False])
    )


def _answer(facts: Facts, table: pl.DataFrame, used: dict[str, int]) -> str:
    say, best = facts.say, table.row(0, named=True)
    once = facts.customers.filter(pl.col("purchase_days") == 1).height
    return (
        f"{say.value(once / facts.n, SHARE)} of the customers bought on a single day. Most sales, "
        f"{say.value(best['share_of_sales'], SHARE)}, come from {_NAMES[best['segment']]!r}: "
        f"{say.value(best['share_of_customers'], SHARE)} of the customers. Every customer is in "
        f"exactly one segment; equal customers have equal scores."
    )


def _quantities(facts: Facts) -> tuple[Quantity, ...]:
    once = facts.customers.filter(pl.col("purchase_days") == 1).height
    share = stats.share_interval(once, facts.n)
    return (
        Quantity(
            "bought_once_share",
            "Customers who bought on one day only",
            share.estimate,
            SHARE,
            "Customers with a single purchase day up to as_of, over all.",
            low=share.low,
            high=share.high,
        ),
        Quantity(
            "median_recency",
            "Days since the last purchase, median",
            facts.customers["recency_days"].median(),
            DAYS,
            "Half of the customers bought last fewer days before as_of.",
        ),
        Quantity(
            "mean_purchases",
            "Purchases of a customer, mean",
            facts.customers["purchase_days"].mean(),
            NUMBER,
            "Purchase days over customers; several orders on a day count once.",
        ),
    )


def _segment_table(facts: Facts, table: pl.DataFrame) -> Table:
    columns = (
        Column("segment", "Segment", TEXT, "Name of the rule."),
        Column("rule", "Rule", TEXT, "Scores of recency and frequency, 1 to 5, 5 is best."),
        Column("customers", "Customers", CUSTOMERS, "How many are in it."),
        Column("share_of_customers", "of all", SHARE, "Over all customers."),
        Column("sales", "Sales", MONEY, "All their purchases up to as_of."),
        Column("share_of_sales", "of all sales", SHARE, "Over all sales."),
        Column("recency", "Days since last, median", DAYS, "Up to as_of."),
        Column("purchases", "Purchases, median", PURCHASES, "Purchase days."),
        Column("middle", "Sales, median", MONEY, "Of a customer in the segment."),
        Column("returned", "Returned", MONEY, "Returns of these customers."),
    )
    hidden = hide_small(table["customers"].to_list())
    rows = []
    for at, row in enumerate(table.to_dicts()):
        gone = hidden[at] is HIDDEN
        values = [None if gone else row[column.key] for column in columns[3:]]
        rows.append((_NAMES[row["segment"]], rule_in_words(row["segment"]), hidden[at], *values))
    return Table("segments", "The segments, largest sales first", columns, tuple(rows))


def _action_table(table: pl.DataFrame) -> Table:
    columns = (
        Column("segment", "Segment", TEXT, "Name of the rule."),
        Column("action", "Try", TEXT, "One action to test; its effect is not known."),
    )
    rows = tuple((_NAMES[name], ACTIONS[name]) for name in table["segment"])
    return Table("actions", "One action to test for each segment", columns, rows)


def rule_in_words(segment: str) -> str:
    """Return which scores a segment stands for.

    Examples
    --------
    >>> rule_in_words("champions")
    'R 5, F 4-5'
    """
    rules = [rule for rule in SEGMENTS if rule.segment == segment]
    return "; or ".join(f"R {_span(*rule.r)}, F {_span(*rule.f)}" for rule in rules)


def _span(low: int, high: int) -> str:
    return str(low) if low == high else f"{low}-{high}"


def _cut_tables(facts: Facts) -> list[Table]:
    """Return where the scores are cut, a table for each measure: their units differ."""
    tables = []
    for measure, code, name, unit in _MEASURES:
        columns = (
            Column("score", "Score", NUMBER, "5 is recent, often, much."),
            Column("lowest", "from", unit, "Smallest value with the score."),
            Column("highest", "to", unit, "Largest value with the score."),
            Column("customers", "Customers", CUSTOMERS, "How many have it."),
        )
        part = facts.groups.filter(pl.col("measure") == measure).sort("score", descending=True)
        hidden = hide_small(part["customers"].to_list())
        rows = tuple(
            (row["score"], *([HIDDEN] * 3 if size is HIDDEN else
             (row["lowest"], row["highest"], size)))
            for row, size in zip(part.to_dicts(), hidden, strict=True)
        )  # fmt: skip
        caption = f"Where {name} is cut; equal values always have equal scores"
        tables.append(Table(f"cuts_{code}", caption, columns, rows))
    return tables


def _too_alike(used: dict[str, int]) -> str:
    few = [
        f"{name} has {used[measure]} of {GROUPS}"
        for measure, name in (("recency_days", "recency"), ("purchase_days", "frequency"))
        if used.get(measure, 0) < GROUPS
    ]
    if not few:
        return ""
    return (
        f"Not {GROUPS} groups for every measure: {' and '.join(few)}. So many customers have the "
        "same value that finer groups would score equals differently. A longer history tells more "
        "of them apart."
    )


def _grid(facts: Facts) -> Chart:
    counts = {
        (row["r"], row["f"]): row["len"]
        for row in facts.customers.group_by("r", "f").len().to_dicts()
    }
    scores = range(1, GROUPS + 1)
    grid = [[counts.get((r, f), 0) for f in scores] for r in reversed(scores)]
    shown = hide_small_table(grid)
    shares = np.array(grid) / facts.n
    fig, axes = show.canvas(width=5.2, height=4.0)
    axes.grid(visible=False)
    shading = np.where(np.array(shown, dtype=object) == HIDDEN, 0.0, shares)
    axes.imshow(shading.astype(float), cmap="Blues", vmin=0, vmax=max(0.2, shading.max()))
    for line, row in enumerate(shown):
        for place, count in enumerate(row):
            dark = shading[line, place] > 0.6 * max(0.2, shading.max())
            words = "<10" if count is HIDDEN else f"{count:,}"
            axes.text(
                place, line, words, ha="center", va="center", color="white" if dark else "#1a1a1a"
            )
    axes.set_xticks(range(GROUPS), [str(score) for score in scores])
    axes.set_yticks(range(GROUPS), [str(score) for score in reversed(scores)])
    largest = int(np.array(grid).argmax())
    r, f = GROUPS - largest // GROUPS, largest % GROUPS + 1
    axes.set(
        title=f"The largest group stands at R {r}, F {f}",
        xlabel="frequency score (5: most often)",
        ylabel="recency score (5: most recent)",
    )
    alt = f"Grid of customers by recency and frequency score; the largest cell is R {r}, F {f}."
    return Chart("grid", alt, show.vector(fig, alt=alt))


def _decisions(facts: Facts) -> list[Decision]:
    leaving = facts.customers.filter(pl.col("segment").is_in(_LEAVING))
    customers, sales = leaving.height, int(leaving["amount"].sum())
    # the sum of two sizes of which one is hidden would tell it
    if customers < FEWEST_CUSTOMERS or hidden_segments(facts) & set(_LEAVING):
        return []
    share = sales / max(1, facts.customers["amount"].sum())
    # a file of a few weeks calls some customers late who may well come next week
    short = facts.earlier.height < FEWEST_CUSTOMERS
    return [
        Decision(
            do=(
                f"Test a win-back on the {customers:,} customers who bought on "
                f"{leaving['purchase_days'].min():,} days or more and have stayed away for "
                f"{leaving['recency_days'].min():,} days or more."
            ),
            why=(
                f"They brought {facts.say.value(share, SHARE)} of all sales up to now. On the "
                f"sheet Customers of report.xlsx: segments {' and '.join(_LEAVING)}."
            ),
            customers=customers,
            money=sales,
            confidence="low" if short else "medium",
            because=(
                "Their past is counted; whether an offer brings them back is not known from this "
                "file, so part of them must get none."
                + (" It is too short to say that they stay away for good." if short else "")
            ),
        )
    ]
