"""Section 3: how concentrated is value? The Lorenz curve and the shares of the best."""

import numpy as np

from customer_insight import show, stats
from customer_insight.stats.concentration import share_of_top
from customer_insight.stats.resampling import percentile_interval, resample
from customer_insight.workbook.facts import FEWEST_CUSTOMERS, Facts
from customer_insight.workbook.section import (
    CUSTOMERS,
    MONEY,
    SHARE,
    TEXT,
    Chart,
    Column,
    Decision,
    Quantity,
    Section,
    Table,
)

TOPS = (0.01, 0.05, 0.10, 0.20)
RESAMPLES = 200
_MOST_POINTS = 200
# Of one half of the money it matters how few customers bring it.
HALF = 0.5


def make(facts: Facts) -> Section:
    """Return the section."""
    amounts = facts.customers["amount"].to_numpy().astype(float)
    n, say = facts.n, facts.say
    top = float(amounts.max())
    base = {
        "number": 3,
        "code": "concentration",
        "question": "How concentrated is value?",
        "limits": (
            "These are sales of the past, not profit and not what will come: a customer can be "
            "large and cost money. Shares of a longer period are larger by themselves, since more "
            "chance adds up."
        ),
    }
    middle = float(np.median(amounts))
    quantities = [
        Quantity(
            "median_sales",
            "Sales of the median customer",
            round(middle),
            MONEY,
            "Half of the customers bought for less, by all their purchases up to as_of.",
        ),
        Quantity(
            "mean_sales",
            "Mean sales of a customer",
            round(amounts.mean()),
            MONEY,
            "Sales over customers; without the largest customer it would be "
            f"{say.with_unit(_mean_without_largest(amounts), MONEY)}.",
        ),
    ]
    if n < FEWEST_CUSTOMERS or amounts.sum() <= 0:
        return Section(
            **base,
            answer=f"{n:,} customers bought for {say.with_unit(amounts.sum(), MONEY)} in all.",
            quantities=tuple(quantities[:1]),
            refusal=(
                f"No shares of the top 1 to 20 %: they need {FEWEST_CUSTOMERS} customers with "
                f"sales, and the file has {n:,}; a percent would be a single person."
            ),
        )
    shares = _shares(amounts)
    quantities += [
        Quantity(
            f"top_{round(100 * at)}_share",
            f"Share of the best {round(100 * at)} %",
            share,
            SHARE,
            f"Sales of the {round(100 * at)} % of customers with most sales, over all sales; a "
            "customer on the border counts by the fraction.",
            low=low,
            high=high,
        )
        for at, (share, low, high) in zip(TOPS, shares, strict=True)
    ]
    few = _needed(amounts, HALF)
    best, low, high = shares[-1]
    return Section(
        **base,
        answer=(
            f"The best 20 % of {n:,} customers bring {say.value(best, SHARE)} of the sales "
            f"(95 %: {say.value(low, SHARE)} to {say.value(high, SHARE)}); half of the sales come "
            f"from {few:,} customers, {say.value(few / n, SHARE)} of all. The largest single "
            f"customer has {say.value(top / amounts.sum(), SHARE)}."
        ),
        quantities=tuple(quantities),
        tables=(_table(facts, amounts, shares),),
        charts=(_chart(amounts, best),),
        decisions=(
            Decision(
                do=f"Look first at the {few:,} customers who bring half of the sales.",
                why=(
                    f"They are {say.value(few / n, SHARE)} of all; what they miss costs most. They "
                    "stand first on the sheet Customers of report.xlsx."
                ),
                customers=few,
                money=round(amounts.sum() * HALF),
                confidence="high" if n >= 10 * FEWEST_CUSTOMERS else "medium",
                because="Counted from all sales of the file; what they cost is not taken off here.",
            ),
        ),
    )


def _mean_without_largest(amounts: np.ndarray) -> float:
    return (amounts.sum() - amounts.max()) / max(1, amounts.size - 1)


def _shares(amounts: np.ndarray) -> list[tuple[float, float, float]]:
    values, counts = np.unique(amounts, return_counts=True)

    def statistic(drawn: np.ndarray) -> np.ndarray:
        return np.stack([share_of_top(drawn * values, drawn, at) for at in TOPS], axis=-1)

    estimate = statistic(counts[None, :].astype(float))[0]
    drawn = resample(statistic, counts, resamples=RESAMPLES, seed=0)
    low, high = percentile_interval(drawn, 0.95)
    return [tuple(map(float, line)) for line in zip(estimate, low, high, strict=True)]


def _needed(amounts: np.ndarray, share: float) -> int:
    """Return how many of the largest customers bring a share of the total."""
    ordered = np.sort(amounts)[::-1]
    return int(np.searchsorted(np.cumsum(ordered), share * ordered.sum()) + 1)


def _table(facts: Facts, amounts: np.ndarray, shares: list) -> Table:
    columns = (
        Column("top", "Customers", TEXT, "Those with most sales."),
        Column("customers", "How many", CUSTOMERS, "Rounded to whole customers."),
        Column("share", "Share of sales", SHARE, "Of all sales."),
        Column("low", "from", SHARE, "Lower end of the 95 % interval (bootstrap of customers)."),
        Column("high", "to", SHARE, "Upper end of it."),
    )
    rows = tuple(
        (f"best {round(100 * at)} %", round(at * amounts.size), *share)
        for at, share in zip(TOPS, shares, strict=True)
    )
    return Table("top_shares", "Sales of the best customers", columns, rows)


def _chart(amounts: np.ndarray, best: float) -> Chart:
    curve = stats.lorenz(amounts)
    kept = np.unique(np.linspace(0, len(curve) - 1, _MOST_POINTS).round().astype(int))
    fig, axes = show.canvas(width=5.2, height=4.2)
    line = curve.iloc[kept]
    axes.plot(100 * line.share_of_customers, 100 * line.share_of_total, label="these customers")
    axes.plot([0, 100], [0, 100], label="all the same")
    axes.set(
        title=f"The best fifth brings {100 * best:.0f} % of sales",
        xlabel="customers, lowest sales first, %",
        ylabel="share of sales, %",
        xlim=(0, 100),
        ylim=(0, 100),
    )
    axes.legend(loc="upper left")
    alt = f"Lorenz curve of sales by customer; the best fifth brings {100 * best:.0f} % of them."
    return Chart("lorenz", alt, show.vector(fig, alt=alt))
