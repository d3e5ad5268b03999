"""The numbers of section 9 that can be quoted."""

import polars as pl

from customer_insight.workbook.earned import ASSUMED_MARGIN, MARGIN, Measure
from customer_insight.workbook.facts import Facts
from customer_insight.workbook.section import (
    ASSUMED,
    CUSTOMERS,
    FORECAST,
    MONEY,
    NUMBER,
    SHARE,
    Quantity,
)
from customer_insight.workbook.sections.earning_tables import mean_of, without_top
from customer_insight.workbook.suppression import hide_small
from customer_insight.workbook.value_ahead import Value
from customer_insight.workbook.value_words import value_name, value_rule


def so_far(facts: Facts, what: Measure, customers: pl.DataFrame) -> list[Quantity]:
    """Return what all customers have earned, its mean and median; with costs, who is below zero."""
    values, terms = customers["earned"], f"Up to as_of {facts.date(facts.as_of)}."
    mean, low, high = mean_of(values)
    found = [
        Quantity(
            f"{what.code}_of_customers",
            f"{what.name}, all customers",
            round(values.sum()),
            MONEY,
            f"{what.rule} {terms}",
            kind=what.kind,
        ),
        Quantity(
            f"mean_{what.code}",
            f"{what.name}, mean of a customer",
            round(mean),
            MONEY,
            f"{what.rule} Over customers. {terms} Without the customer who brought most it is "
            f"{facts.say.with_unit(without_top(values), MONEY)}.",
            low=None if low is None else round(low),
            high=None if high is None else round(high),
            kind=what.kind,
        ),
        Quantity(
            f"median_{what.code}",
            f"{what.name}, median customer",
            round(values.median()),
            MONEY,
            f"Half of the customers brought less. {what.rule} {terms}",
            kind=what.kind,
        ),
    ]
    if what.code == MARGIN:
        found += _of_costs(facts, customers, terms)
    return found


def _of_costs(facts: Facts, customers: pl.DataFrame, terms: str) -> list[Quantity]:
    net, total = int(customers["net"].sum()), customers["earned"].sum()
    below = customers.filter(pl.col("earned") < 0).height
    shown, _ = hide_small([below, facts.n - below])
    found = [
        Quantity(
            "margin_share",
            "Margin over net sales",
            total / net if net > 0 else None,
            SHARE,
            f"Margin of all customers over their net sales. {terms}",
        ),
        Quantity(
            "customers_below_zero",
            "Customers who cost money",
            shown,
            CUSTOMERS,
            f"Customers whose margin is below zero. {terms}",
        ),
    ]
    open_cost = int(customers["cost_open"].sum())
    if open_cost:
        found.append(
            Quantity(
                "returned_goods_cost",
                "Cost of returned goods, not taken off",
                open_cost,
                MONEY,
                "Cost that return lines state above zero. If all these goods were sold again, the "
                f"margin would be higher by as much. {terms}",
            )
        )
    return found


def to_come(
    facts: Facts, what: Measure, customers: pl.DataFrame, value: Value | None
) -> list[Quantity]:
    """Return what is to come, that over what was earned so far, and the discount."""
    if value is None:
        return []
    rate = f"{100 * facts.assumed.discount:g}".replace(".", "_")
    # reports with another horizon or discount are not to be compared
    code = f"{what.code}_next_{value.weeks}_weeks_at_{rate}_percent"
    total = customers["earned"].sum()
    stated = "discount" in facts.assumed.stated
    rule = value_rule(facts, what, value)
    kind = ASSUMED if what.code == ASSUMED_MARGIN else FORECAST
    return [
        Quantity(
            code,
            value_name(what, value),
            value.total,
            MONEY,
            rule,
            low=round(value.low),
            high=round(value.high),
            interval="95 % and misses" if value.judged else "misses",
            kind=kind,
            note=_interval_note(value),
        ),
        Quantity(
            f"{code}_over_past",
            f"{value_name(what, value)}, over so far",
            value.total / total if total > 0 else None,
            NUMBER,
            f"{rule} Over {what.name.lower()} so far, in {facts.weeks:,.0f} weeks.",
            kind=kind,
        ),
        Quantity(
            "discount",
            "Discount a year",
            facts.assumed.discount,
            SHARE,
            "Effective yearly rate by which money to come counts less, from the end of its week.",
            kind=ASSUMED,
            note="" if stated else "A placeholder: state yours with --discount.",
        ),
    ]


def _interval_note(value: Value) -> str:
    if value.judged:
        return (
            "95 % for the chance of the purchases, the models' parameters and the share of sales "
            f"that stays, widened by {100 * value.miss:.0f} %, the miss in the weeks held back."
        )
    return (
        f"The miss in the weeks held back, {100 * value.miss:.0f} %, both ways; no 95 % is claimed."
    )
