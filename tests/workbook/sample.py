"""A report with one of everything, as sections make it."""

import dataclasses
import functools

import numpy as np

from customer_insight import show
from customer_insight.workbook.section import (
    ASSUMED,
    CUSTOMERS,
    DAYS,
    FORECAST,
    HIDDEN,
    MONEY,
    NUMBER,
    PURCHASES,
    ROWS,
    SHARE,
    TEXT,
    Chart,
    Column,
    Decision,
    Quantity,
    Report,
    Section,
    Table,
)

WIN_BACK = Decision(
    do="Write to customers who have been silent for 63 days or more",
    why="Nine in ten customers who come back do so within 63 days of their last purchase.",
    customers=412,
    money=8_123_450,
    confidence="high",
    because="Counted over 5,310 gaps, those not yet ended counted as such.",
)
KEEP = Decision(
    do="Call the champions before the season, and offer them nothing that costs margin",
    why="A tenth of the customers brings half of the sales.",
    customers=231,
    money=50_212_300,
    confidence="medium",
    because="Their share is measured well; that a call keeps them is not.",
)
WAIT = Decision(
    do="Do not automate segment changes",
    why="Over a median gap one customer in two changes segment.",
    customers=None,
    money=None,
    confidence="low",
    because="Only one pair of dates could be compared.",
)


def _months() -> Chart:
    fig, axes = show.canvas(height=3.2)
    places, known = np.arange(14), 40 + 8 * np.sin(np.arange(14))
    axes.bar(places, known, color=show.PALETTE[0], label="known customers")
    axes.bar(places, 12, bottom=known, color=show.PALETTE[4], label="new customers")
    axes.bar(13, known[13] + 12, fill=False, hatch="///", linewidth=0.5)
    axes.set_xticks(places[::2], [f"2023-{1 + at:02d}" for at in places[:12:2]] + ["2024-01"])
    axes.set(
        title="One part in five of the sales came from new customers",
        xlabel="month (hatched: not whole)",
        ylabel="sales, thousand CNY",
    )
    axes.set_ylim(0, 75)
    axes.legend(ncols=2)
    alt = "Stacked bars of sales by month from known and new customers; the last is not whole."
    return Chart("months", alt, show.vector(fig, alt=alt))


def _lorenz() -> Chart:
    fig, axes = show.canvas(width=5.2, height=3.8)
    share = np.linspace(0, 1, 60)
    axes.plot(100 * share, 100 * share**3, label="these customers")
    axes.plot([0, 100], [0, 100], color="black", label="all equal")
    axes.fill_between(100 * share, 90 * share**3, 100 * share**2.6, alpha=0.2, linewidth=0)
    axes.annotate("the best tenth", (90, 73), (45, 80), arrowprops={"arrowstyle": "->"})
    axes.set(
        title="A tenth brings a quarter of the sales",
        xlabel="customers, % (smallest first)",
        ylabel="sales, %",
    )
    axes.legend()
    alt = "Lorenz curve: it lies far under the line of equality; the best tenth brings a quarter."
    return Chart("lorenz", alt, show.vector(fig, alt=alt))


def _triangle() -> Chart:
    fig, axes = show.canvas(height=3.4)
    axes.grid(visible=False)
    shares = np.ma.masked_invalid(
        [
            [40 - 3 * age - line if age + line < 8 else np.nan for age in range(8)]
            for line in range(8)
        ]
    )
    mesh = axes.pcolormesh(shares, cmap="Blues", vmin=0, vmax=40, edgecolors="white")
    for line in range(8):
        for age in range(8 - line):
            dark = "white" if shares[line, age] > 22 else "black"
            axes.text(age + 0.5, line + 0.5, f"{shares[line, age]:.0f}", ha="center", va="center",
                      color=dark)  # fmt: skip
    for line in range(1, 8):
        axes.fill_between([8 - line, 9 - line], line, line + 1, facecolor="none", hatch="////",
                          edgecolor="black", lw=0)  # fmt: skip
    axes.invert_yaxis()
    axes.set_yticks(np.arange(8) + 0.5, [f"2023-{month:02d}" for month in range(1, 9)])
    axes.set_xticks(np.arange(8) + 0.5, [str(age) for age in range(1, 9)])
    fig.colorbar(mesh, ax=axes, label="bought, % of the cohort")
    axes.set(
        title="Four in ten come back in the month after their first",
        xlabel="months after the first (hatched: not over)",
        ylabel="first bought in",
    )
    alt = "Triangle of eight cohorts by month: 40 % come back in the next month, fewer later."
    return Chart("triangle", alt, show.vector(fig, alt=alt))


def _trust() -> Section:
    columns = (
        Column("rule", "Rule", TEXT, "Why rows were set aside."),
        Column("rows", "Rows", ROWS, "Lines of the file."),
        Column("customers", "Customers", CUSTOMERS, "Distinct customers on those rows."),
        Column("amount", "Amount", MONEY, "Sum of their amounts."),
    )
    rows = (
        ("Read", 48_210, 2_310, 98_765_432),
        ("No customer id", 1_204, None, 1_204_511),
        ("The same line twice", 61, HIDDEN, 88_120),
        ("Used", 46_945, 2_298, 97_472_801),
    )
    return Section(
        number=1,
        code="trust",
        question="Can I trust this file?",
        answer="46,945 of 48,210 rows were used. Rows without a customer are set aside, and stay "
        "in the total of sales.",
        quantities=(
            Quantity("rows_used", "Rows used", 46_945, ROWS, "Lines that passed every rule."),
            Quantity("share_used", "Share of rows used", 0.9738, SHARE, "Used over read."),
            Quantity("orders", "Purchases", 12_877, PURCHASES, "Days on which a customer bought."),
        ),
        tables=(Table("ledger", "From the rows read to the rows used", columns, rows),),
        limits="A row that was never exported cannot be missed here.",
        refusal="Whether amounts include tax is not stated in the file; a column named tax would "
        "tell.",
    )


def _business() -> Section:
    return Section(
        number=2,
        code="business",
        question="How is the business doing?",
        answer="The 13 full months average CNY 52,310.00 of sales.",
        quantities=(
            Quantity("sales", "Sales in a full month", 5_231_000, MONEY, "Mean of full months.",
                     low=4_900_000, high=5_600_000),
            Quantity("active", "Customers a month", 611, CUSTOMERS, "Mean of distinct buyers.",
                     low=588.5, high=633.0),
            Quantity("refunds", "Customers with a refund", HIDDEN, CUSTOMERS, "Any return."),
        ),
        charts=(_months(),),
        limits="Months are those of the sale.",
    )  # fmt: skip


def _concentration() -> Section:
    return Section(
        number=3,
        code="concentration",
        question="How concentrated is value?",
        answer="The best tenth of 2,298 customers brings 27.1 % of the sales.",
        quantities=(
            Quantity("top_10_share", "Share of the best tenth", 0.271, SHARE,
                     "Sales of the tenth with the highest sales, over all.", low=0.25, high=0.293),
            Quantity("gini", "Gini index", 0.5, NUMBER, "Twice the area between the curves.",
                     low=0.48, high=0.52),
        ),
        charts=(_lorenz(),),
        decisions=(KEEP,),
        limits="A single year: who bought once may be new and not small.",
    )  # fmt: skip


def _returning() -> Section:
    ages = range(1, 15)
    columns = (
        Column("cohort", "First bought", TEXT, "Calendar month of the first purchase."),
        Column("customers", "Customers", CUSTOMERS, "Size of the cohort."),
        *(Column(f"age_{age}", f"+{age}", SHARE, f"Share who bought {age} months later.")
          for age in ages),
    )  # fmt: skip
    rows = tuple(
        (f"2023-{month:02d}", 200 - 9 * month,
         *((0.4 - 0.02 * age if age + month < 14 else None) for age in ages))
        for month in range(1, 13)
    )  # fmt: skip
    return Section(
        number=6,
        code="returning",
        question="Do they come back?",
        answer="38.0 % of new customers bought again in the month after their first.",
        quantities=(
            Quantity("silence", "Day to write", 63, DAYS, "Nine in ten returned by then.",
                     low=58, high=70, note="Those who have not returned yet count as such."),
        ),
        tables=(Table("cohorts", "Share of each cohort that came back", columns, rows),),
        charts=(_triangle(),),
        decisions=(WIN_BACK, WAIT),
        limits="The first cohort also holds old customers.",
    )  # fmt: skip


def _spending() -> Section:
    return Section(
        number=8,
        code="spending",
        question="What will they spend?",
        answer="",
        quantities=(
            Quantity("expected", "Sales expected in 26 weeks", 30_500_000, MONEY,
                     "Sum over customers of purchases expected times value.", low=28_000_000,
                     high=33_000_000, kind=FORECAST),
            Quantity("margin", "Margin", 0.3, SHARE, "Share of sales that stays.", kind=ASSUMED,
                     note="A placeholder: state yours with --margin."),
            Quantity("value", "Value of a customer", None, MONEY, "Margin on what is expected.",
                     kind=FORECAST, note="Not given: the margin is a placeholder."),
        ),
        refusal="No forecast by customer: 18 months of history are needed, and the file has 14.",
    )  # fmt: skip


def _verdict() -> Section:
    return Section(
        number=0,
        code="verdict",
        question="What should we do on Monday?",
        answer="2,298 customers bought for CNY 974,728.01 from 2023-01-01 to 2024-02-11. "
        "What follows from it, surest first:",
        decisions=(WIN_BACK, KEEP, WAIT),
        limits="No gain in money is promised here: what an action brings is known after a test.",
    )


@functools.cache
def report() -> Report:
    """Return the sample: gaps between section numbers, every unit, origin and kind of part."""
    sections = (_verdict(), _trust(), _business(), _concentration(), _returning(), _spending())
    return Report(
        title="Qinghe: customers of the tea shop",
        sections=sections,
        identity={"File": "orders.csv", "SHA-256": "0f" * 32, "Seed": "20240211"},
        as_of="2024-02-11",
        run_date="2024-02-14",
        currency="CNY",
        decimals=2,
    )


FIXED = {"svg", "unit", "kind", "confidence", "key"}


def with_text(part, text):
    """Return a report, or a part of one, in which a text stands behind every text."""
    if isinstance(part, str):
        return f"{part} {text}"
    if isinstance(part, tuple):
        return tuple(with_text(one, text) for one in part)
    if isinstance(part, dict):
        return {with_text(key, text): with_text(value, text) for key, value in part.items()}
    if not dataclasses.is_dataclass(part):
        return part
    fields = {field.name: getattr(part, field.name) for field in dataclasses.fields(part)}
    changed = {
        name: with_text(value, text)
        for name, value in fields.items()
        if name not in FIXED and value != ""
    }
    return dataclasses.replace(part, **changed)
