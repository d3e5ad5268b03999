"""Section 11: what if we contact them? The uplift at which a contact pays for itself."""

import numpy as np
import polars as pl

from customer_insight.features import SEGMENTS
from customer_insight.workbook.earned import earned
from customer_insight.workbook.facts import FEWEST_CUSTOMERS, HORIZON_WEEKS, Facts
from customer_insight.workbook.forecast import Forecast
from customer_insight.workbook.section import (
    ASSUMED,
    CUSTOMERS,
    HIDDEN,
    MONEY,
    NUMBER,
    OBSERVED,
    SHARE,
    TEXT,
    Column,
    Quantity,
    Section,
    Table,
)
from customer_insight.workbook.suppression import hide_small


def make(facts: Facts, forecast: Forecast | None) -> Section:
    """Return the section."""
    base = {"number": 11, "code": "what_if", "question": "What if we contact them?"}
    if facts.n < FEWEST_CUSTOMERS:
        return Section(
            **base,
            answer="",
            refusal=f"No break-even by segment under {FEWEST_CUSTOMERS} customers.",
        )
    assumed, say = facts.assumed, facts.say
    margin = _margin(facts)
    return Section(
        **base,
        answer=(
            f"At a margin of {say.value(margin.value, SHARE)} of sales and "
            f"{say.with_unit(assumed.contact_cost, MONEY)} a contact, a contact pays for itself if "
            "it brings as many more purchases as the table says. We have not measured what a "
            f"contact brings you. {_told(facts)}"
        ),
        quantities=(margin, _contact_cost(facts)),
        tables=(_table(facts, forecast, margin.value),),
        limits=(
            "More purchases means more than without the contact: who would have bought anyway "
            "does not count. Only customers left out at random can tell that."
        ),
    )


def _told(facts: Facts) -> str:
    """Return where margin and cost come from, each for itself."""
    stated = facts.assumed.stated
    margin = (
        "The margin was stated for this report"
        if "margin" in stated
        else "The margin is that of the file's costs (section 9)"
        if facts.knows_cost
        else "The margin is a placeholder: state your own with --margin"
    )
    cost = (
        "the cost of a contact was stated"
        if "contact_cost" in stated
        else "the cost of a contact is a placeholder: state your own with --contact-cost"
    )
    return f"{margin}; {cost}."


def _margin(facts: Facts) -> Quantity:
    """Return the margin by which sales count: as stated, else by the file, else a placeholder."""
    definition, kind, note = "Share of sales that stays after the cost of goods; ", ASSUMED, ""
    share = facts.assumed.margin
    if "margin" in facts.assumed.stated:
        definition += "as stated."
    elif facts.knows_cost:
        customers = earned(facts)
        share = max(0.0, customers["earned"].sum() / max(1, customers["amount"].sum()))
        definition += "margin of all customers so far over their sales, returns taken off."
        kind = OBSERVED
    else:
        definition += "not in the file."
        note = "A placeholder: state yours with --margin."
    return Quantity("margin", "Margin", share, SHARE, definition, kind=kind, note=note)


def _contact_cost(facts: Facts) -> Quantity:
    stated = "contact_cost" in facts.assumed.stated
    return Quantity(
        "contact_cost",
        "Cost of a contact",
        facts.assumed.contact_cost,
        MONEY,
        "Everything that one contact costs; not in the file.",
        kind=ASSUMED,
        note="" if stated else "A placeholder: state yours with --contact-cost.",
    )


def _table(facts: Facts, forecast: Forecast | None, margin: float) -> Table:
    columns = (
        Column("segment", "Segment", TEXT, "As in section 4."),
        Column("customers", "Customers", CUSTOMERS, "How many."),
        Column("spend", "Sales a purchase", MONEY, "Sales over purchase days."),
        Column("cost", "Cost of contacting all", MONEY, "Assumed cost times customers."),
        Column(
            "needed",
            "More purchases needed, per 100",
            NUMBER,
            "Contact cost over margin of a purchase, per 100 customers contacted.",
        ),
        Column(
            "expected",
            "Expected anyway, per 100",
            NUMBER,
            f"Forecast for {HORIZON_WEEKS} weeks without a contact, where there is one.",
        ),
    )
    found = _by_segment(facts, forecast)
    hidden = hide_small(found["customers"].to_list())
    names = {rule.segment: rule.name for rule in SEGMENTS}
    rows = []
    for at, row in enumerate(found.to_dicts()):
        gain = margin * row["spend"]
        values = (
            round(row["spend"]),
            facts.assumed.contact_cost * row["customers"],
            100 * facts.assumed.contact_cost / gain if gain > 0 else None,
            None if row["expected"] is None else 100 * row["expected"],
        )
        gone = hidden[at] is HIDDEN
        rows.append((names[row["segment"]], hidden[at], *([None] * 4 if gone else values)))
    return Table("break_even", "When a contact pays for itself", columns, tuple(rows))


def _by_segment(facts: Facts, forecast: Forecast | None) -> pl.DataFrame:
    customers = facts.customers
    if forecast is None:
        customers = customers.with_columns(expected=pl.lit(None, dtype=pl.Float64))
    else:
        expected = pl.DataFrame(
            {"customer_id": forecast.customers, "expected": np.asarray(forecast.purchases)}
        )
        customers = customers.join(expected, on="customer_id", how="left", maintain_order="left")
    return (
        customers.sort("customer_id")
        .group_by("segment", maintain_order=True)
        .agg(
            customers=pl.len().cast(pl.Int64),
            spend=pl.col("amount").sum() / pl.col("purchase_days").sum(),
            expected=pl.col("expected").mean(),
            sales=pl.col("amount").sum(),
        )
        .sort("sales", "segment", descending=[True, False])
    )
