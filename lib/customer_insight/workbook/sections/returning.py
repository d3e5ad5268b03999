"""Section 6: do they come back? Cohorts by first purchase, unfinished cells marked."""

import numpy as np
import polars as pl

from customer_insight import show, stats
from customer_insight.workbook.facts import Facts
from customer_insight.workbook.section import (
    CUSTOMERS,
    HIDDEN,
    SHARE,
    TEXT,
    Chart,
    Column,
    Quantity,
    Section,
    Table,
)
from customer_insight.workbook.suppression import hide_small
from customer_insight.workbook.wording import FEWEST_SHOWN

# A share of fewer customers moves by more than three points for each of them.
SMALL_COHORT = 30
FEWEST_COHORTS = 4
MOST_AGES = 24


def make(facts: Facts) -> Section:
    """Return the section."""
    base = {
        "number": 6,
        "code": "returning",
        "question": "Do they come back?",
        "limits": (
            "The first cohort also holds old customers who had bought before the file begins. A "
            "cell says that somebody bought in that period, not that they had left before it."
        ),
    }
    cells = facts.cohorts.filter(pl.col("customers") > 0)
    names = cells["cohort"].unique().sort().to_list()
    if len(names) < FEWEST_COHORTS:
        return Section(
            **base,
            answer=f"All customers began in {' to '.join(dict.fromkeys((names[0], names[-1])))}.",
            refusal=(
                f"No triangle: customers began in {len(names)} {facts.period}"
                f"{'' if len(names) == 1 else 's'} alone, and one intake has nothing to be "
                f"compared with. It needs {FEWEST_COHORTS} different {facts.period}s or more."
            ),
        )
    second = _at_age_one(cells, facts.period)
    return Section(
        **base,
        answer=_answer(facts, cells, second),
        quantities=second,
        tables=(_table(facts, cells, names),),
        charts=(_triangle(facts, cells, names, second),),
    )


def _at_age_one(cells: pl.DataFrame, period: str) -> tuple[Quantity, ...]:
    """Return the share that bought in the period after their first, over whole cells alone."""
    whole = _whole(cells).filter((pl.col("age") == 1) & (pl.col("customers") >= SMALL_COHORT))
    n, active = int(whole["customers"].sum()), int(whole["active"].sum())
    if not n:
        return ()
    share = stats.share_interval(active, n)
    return (
        Quantity(
            "back_next_period",
            f"Back in the {period} after the first",
            share.estimate,
            SHARE,
            f"Customers who bought in the calendar {period} after that of their first purchase, "
            f"over customers of all cohorts of {SMALL_COHORT} or more for which that {period} is "
            "over.",
            low=share.low,
            high=share.high,
        ),
    )


def _whole(cells: pl.DataFrame) -> pl.DataFrame:
    """Leave out cells whose period, or whose cohort's own period, was not over."""
    grown = cells.filter((pl.col("age") == 0) & pl.col("complete"))["cohort"].to_list()
    return cells.filter(pl.col("complete") & pl.col("cohort").is_in(grown))


def _answer(facts: Facts, cells: pl.DataFrame, second: tuple[Quantity, ...]) -> str:
    began = cells.filter(pl.col("age") == 0)
    words = [
        f"{began.height:,} cohorts by {facts.period}; the largest has "
        f"{began['customers'].max():,} customers."
    ]
    if second:
        words.append(
            f"{facts.say.value(second[0].value, SHARE)} of new customers bought again in the "
            f"{facts.period} after their first (95 %: {facts.say.interval(second[0])})."
        )
    if not cells["complete"].all():
        words.append(
            "Hatched cells are of periods that were not over: they will still grow, and no share "
            "is taken over them."
        )
    return " ".join(words)


def _table(facts: Facts, cells: pl.DataFrame, names: list[str]) -> Table:
    ages = list(range(1, min(MOST_AGES, int(cells["age"].max())) + 1))
    found = {(row["cohort"], row["age"]): row for row in cells.to_dicts()}
    sizes = hide_small([found[name, 0]["customers"] for name in names])
    columns = (
        Column("cohort", "First bought", TEXT, f"Calendar {facts.period} of the first purchase."),
        Column("customers", "Customers", CUSTOMERS, "Size of the cohort."),
        *(Column(f"age_{age}", f"+{age}", SHARE, _later(age, facts.period)) for age in ages),
    )
    rows = []
    for name, size in zip(names, sizes, strict=True):
        row = [found.get((name, age)) for age in ages]
        shares = [_cell(one, size) for one in row]
        rows.append((name, size, *shares))
    caption = (
        f"Share of each cohort that bought in later {facts.period}s; periods not over are left out"
    )
    return Table("cohorts", caption, columns, tuple(rows))


def _later(age: int, period: str) -> str:
    return f"Share who bought {age} {period}{'' if age == 1 else 's'} later."


def _cell(cell: dict | None, size: object) -> object:
    if cell is None or not cell["complete"] or size is HIDDEN:
        return None
    return HIDDEN if 0 < cell["active"] < FEWEST_SHOWN else cell["active"] / cell["customers"]


def _triangle(
    facts: Facts, cells: pl.DataFrame, names: list[str], second: tuple[Quantity, ...]
) -> Chart:
    ages = list(range(1, min(MOST_AGES, int(cells["age"].max())) + 1))
    shares = np.full((len(names), len(ages)), np.nan)
    open_ = np.zeros(shares.shape, dtype=bool)
    small = np.zeros(shares.shape, dtype=bool)
    place = {name: at for at, name in enumerate(names)}
    for row in cells.filter(pl.col("age").is_between(1, ages[-1])).to_dicts():
        line, column = place[row["cohort"]], row["age"] - 1
        shares[line, column] = row["active"] / row["customers"]
        open_[line, column] = not row["complete"]
        small[line, column] = row["customers"] < SMALL_COHORT
    drawn = np.where(open_ | small, np.nan, shares)
    # the first cohort holds old customers, who would take all of the scale
    top = float(np.nanmax(drawn[1:])) if np.isfinite(drawn[1:]).any() else 1.0
    fig, axes = show.canvas(width=7.4, height=1.2 + 0.17 * len(names))
    axes.grid(visible=False)
    mesh = axes.pcolormesh(
        np.ma.masked_invalid(100 * drawn), cmap="Blues", vmin=0, vmax=max(100 * top, 1.0)
    )
    for line, column in zip(*np.nonzero(small & ~open_), strict=True):
        axes.fill_between([column, column + 1], line, line + 1, color="#999999", alpha=0.5, lw=0)
    for line, column in zip(*np.nonzero(open_), strict=True):
        axes.fill_between(
            [column, column + 1], line, line + 1, facecolor="none", hatch="////", lw=0,
            edgecolor=show.PALETTE[6],
        )  # fmt: skip
    axes.invert_yaxis()
    step = max(1, -(-len(names) // 18))
    axes.set_yticks(np.arange(0, len(names), step) + 0.5, names[::step])
    every = max(1, -(-len(ages) // 12))
    axes.set_xticks(np.arange(0, len(ages), every) + 0.5, [str(age) for age in ages[::every]])
    fig.colorbar(mesh, ax=axes, label="bought, % of the cohort")
    message = (
        f"{100 * second[0].value:.0f} % bought again in the {facts.period} after their first"
        if second
        else f"Who bought in the {facts.period}s after their first"
    )
    axes.set(
        title=message,
        xlabel=f"{facts.period}s after the first (hatched: not over; grey: under {SMALL_COHORT})",
        ylabel="first bought in",
    )
    alt = (
        f"Triangle of {len(names)} cohorts by {facts.period}: share of each that bought in later "
        f"{facts.period}s. {message}."
    )
    return Chart("triangle", alt, show.vector(fig, alt=alt))
