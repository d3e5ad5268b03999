"""Section 2: how is the business doing? Sales by month, from new and from known customers."""

import numpy as np
import polars as pl

from customer_insight import show
from customer_insight.workbook.facts import Facts
from customer_insight.workbook.section import (
    CUSTOMERS,
    HIDDEN,
    MONEY,
    SHARE,
    TEXT,
    Chart,
    Column,
    Quantity,
    Section,
    Table,
)
from customer_insight.workbook.suppression import hide_small

MOST_MONTHS = 60
_MONTHS_OF_A_YEAR = 12


def make(facts: Facts) -> Section:
    """Return the section."""
    months = facts.months
    full = months.filter(pl.col("days_seen") == pl.col("days"))
    change = _change(full, facts)
    return Section(
        number=2,
        code="business",
        question="How is the business doing?",
        answer=_answer(facts, full, change),
        quantities=tuple(_quantities(facts, full, change)),
        tables=(_table(facts),),
        charts=(_chart(facts, full),),
        limits=(
            "Months are those of the sale; a return counts in the month in which it came back, so "
            "that December's goods can lower January. New means new to this file: who bought "
            "before it begins looks new in its first months."
        ),
        refusal=_refusal(facts, full, change),
    )


def _closed_since(full: pl.DataFrame) -> str:
    """Return the last month with a new customer, if that is more than half of the months ago."""
    began = full.with_row_index().filter(pl.col("new_customers") > 0)
    if not began.height or 2 * (full.height - 1 - began["index"][-1]) <= full.height:
        return ""
    return began["period"][-1]


def _refusal(facts: Facts, full: pl.DataFrame, change: tuple[int, int, int] | None) -> str:
    if change:
        return ""
    if _closed_since(full):
        return (
            f"No comparison with the year before: nobody in this file began after "
            f"{_closed_since(full)}. It follows one intake of customers, whose sales can only "
            "fall; export all customers to see the business."
        )
    return (
        f"No comparison with the year before: it needs 13 full months, and the file has "
        f"{full.height}. Export a longer period."
    )


def _change(full: pl.DataFrame, facts: Facts) -> tuple[int, int, int] | None:
    """Return months compared, their sales and those of the same months a year before."""
    months = min(full.height - _MONTHS_OF_A_YEAR, _MONTHS_OF_A_YEAR)
    if months < 1 or _closed_since(full):
        return None
    sales = full["amount"]
    now = int(sales[-months:].sum())
    start = full.height - months - _MONTHS_OF_A_YEAR
    then = int(sales[start : start + months].sum())
    return (months, now, then) if then > 0 else None


def _answer(facts: Facts, full: pl.DataFrame, change: tuple[int, int, int] | None) -> str:
    say, months = facts.say, facts.months
    parts = []
    if full.height:
        new, mean = _share_new(full), say.with_unit(full["amount"].mean(), MONEY)
        brought = (
            f"The one full month brought sales of {mean}"
            if full.height == 1
            else f"The {full.height} full months brought sales of {mean} on average"
        )
        parts.append(
            f"{brought}; {say.value(new, SHARE)} of them came from customers in their first month."
        )
    if change:
        count, now, then = change
        word = "above" if now >= then else "below"
        span = "month" if count == 1 else f"{count} months"
        parts.append(
            f"The last full {span} brought {say.with_unit(now, MONEY)}, "
            f"{say.value(abs(now / then - 1), SHARE)} {word} the same a year before."
        )
    if months.height > full.height:
        parts.append("Months that the file does not hold whole are hatched and compared with none.")
    return " ".join(parts)


def _share_new(full: pl.DataFrame) -> float:
    total = full["amount"].sum()
    return full["new_amount"].sum() / total if total else 0.0


def _quantities(facts: Facts, full: pl.DataFrame, change) -> list[Quantity]:
    if not full.height:
        return []
    found = [
        Quantity(
            "sales_per_month",
            "Sales in a full month",
            round(full["amount"].mean()),
            MONEY,
            "Mean of the sales of all calendar months that the file holds from first to last day.",
        ),
        Quantity(
            "share_from_new",
            "Sales from new customers",
            _share_new(full),
            SHARE,
            "Sales to customers in the calendar month of their first purchase, over all sales, in "
            "full months.",
        ),
    ]
    if change:
        months, now, then = change
        found.append(
            Quantity(
                "change_on_year",
                "Sales against the year before",
                now / then - 1,
                SHARE,
                f"Sales of the last {months} full calendar months over those of the same months a "
                "year earlier, less one.",
                note="All customers are counted, none is drawn: there is no sampling interval.",
            )
        )
    return found


def _table(facts: Facts) -> Table:
    columns = (
        Column("period", "Month", TEXT, "Calendar month."),
        Column("complete", "Whole", TEXT, "Whether the file holds all its days."),
        Column("customers", "Customers", CUSTOMERS, "Who bought in the month."),
        Column("new_customers", "of them new", CUSTOMERS, "First purchase of the file."),
        Column("amount", "Sales", MONEY, "Amounts of purchases."),
        Column("new_amount", "of them to new", MONEY, "Sales to those new customers."),
        Column("returned", "Returned", MONEY, "By the month of the return."),
        Column("net", "Net", MONEY, "Sales and returns together."),
    )
    shown = facts.months.tail(MOST_MONTHS)
    # a month's total and its new customers give away the rest, so that both are looked at
    customers = hide_small(shown["customers"].to_list(), total_known=False)
    new = hide_small(shown["new_customers"].to_list())
    rows = tuple(
        (
            row["period"],
            "yes" if row["days"] == row["days_seen"] else "no",
            customers[at],
            new[at],
            *_money(row, customers[at], new[at]),
        )
        for at, row in enumerate(shown.to_dicts())
    )
    return Table("months", "Sales by calendar month", columns, rows)


def _money(row: dict, customers: object, new: object) -> tuple[int | None, ...]:
    """Return a month's money; of customers who are too few to be counted none is shown."""
    if customers is HIDDEN:
        return (None,) * 4
    sales, returned = row["amount"], row["returned"]
    return sales, None if new is HIDDEN else row["new_amount"], returned, sales + returned


def _chart(facts: Facts, full: pl.DataFrame) -> Chart:
    shown = facts.months.tail(MOST_MONTHS)
    unit, name = _unit(facts, int(shown["amount"].max()))
    known = (shown["amount"] - shown["new_amount"]).to_numpy() / unit
    new = shown["new_amount"].to_numpy() / unit
    places = np.arange(shown.height)
    open_ = (shown["days"] != shown["days_seen"]).to_list()
    fig, axes = show.canvas(height=3.4)
    axes.bar(places, known, color=show.PALETTE[0], label="known customers")
    axes.bar(places, new, bottom=known, color=show.PALETTE[4], label="new customers")
    for at in np.flatnonzero(open_):
        axes.bar(at, known[at] + new[at], fill=False, hatch="///", linewidth=0.5)
    step = max(1, -(-shown.height // 12))
    axes.set_xticks(places[::step], shown["period"].to_list()[::step], rotation=45, ha="right")
    message = (
        f"{100 * _share_new(full):.0f} % of the sales of full months came from new customers"
        if full.height
        else "No month is whole"
    )
    axes.set(
        title=message,
        xlabel="month (hatched: not whole)",
        ylabel=f"sales, {name}",
    )
    axes.yaxis.set_major_formatter("{x:,.0f}")
    axes.legend()
    alt = (
        f"Stacked bars of sales by month, known and new customers, {shown['period'][0]} to "
        f"{shown['period'][-1]}. {message}."
    )
    return Chart("months", alt, show.vector(fig, alt=alt))


def _unit(facts: Facts, largest: int) -> tuple[float, str]:
    """Return the divisor and the name of a readable unit of money."""
    minor = 10**facts.say.decimals
    name = facts.say.unit_name(MONEY)
    for scale, word in ((1e6, "million "), (1e3, "thousand ")):
        if largest / minor >= 5 * scale:
            return minor * scale, word + name
    return float(minor), name
