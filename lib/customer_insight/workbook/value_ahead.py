"""What customers will bring: discounted, by segment, judged on a year held back."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from customer_insight import clv
from customer_insight.clv.discounting import weekly_schedule
from customer_insight.workbook.facts import (
    FEWEST_CUSTOMERS,
    HORIZON_WEEKS,
    SHORTEST_YEAR_WEEKS,
    YEAR_WEEKS,
    Facts,
)
from customer_insight.workbook.forecast import (
    MODEL,
    RULE,
    WORST_TOTAL,
    Outlook,
    Trial,
    called,
    expected_spend,
    judge,
    same_rate,
)
from customer_insight.workbook.value_reach import SegmentBase, segment_base, value_reach

if TYPE_CHECKING:
    import polars as pl

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Value:
    """What is to come within a horizon, in the measure of `earned`, as of today's money.

    Attributes
    ----------
    by : str
        MODEL or RULE.
    weeks : int
        Horizon.
    customers : polars.DataFrame
        ``customer_id`` and ``to_come``, Int64 minor units, by customer id.
    segments : polars.DataFrame
        ``segment``, ``to_come`` (Int64, the sum of its customers), ``low`` and ``high``.
    low, high : float
        Interval of all together.
    judged : bool
        Whether the interval is 95 % for chance and parameters, and not of misses alone.
    miss : float
        Largest miss of the total sales in the weeks held back, by which intervals are widened.
    """

    by: str
    weeks: int
    customers: "pl.DataFrame"
    segments: "pl.DataFrame"
    low: float
    high: float
    judged: bool
    miss: float

    @property
    def total(self) -> int:
        """What is to come of all customers, minor units."""
        return int(self.customers["to_come"].sum())


@dataclass(frozen=True, eq=False)
class Prospect:
    """The trial on the year held back and the value to come, as far as the file bears them."""

    year: Trial | None
    value: Value | None
    refusal: str


def look_further(facts: Facts, outlook: Outlook) -> Prospect:
    """Value the customers over a year if one held back was forecast well, otherwise over 13 weeks.

    Parameters
    ----------
    facts : Facts
    outlook : Outlook
        The forecast of 13 weeks, on which a short history falls back.

    Returns
    -------
    Prospect
    """
    if facts.n < FEWEST_CUSTOMERS or facts.customers["amount"].sum() <= 0:
        return Prospect(
            None, None, f"No value to come: it needs {FEWEST_CUSTOMERS} customers with sales."
        )
    year = None
    refusal = (
        f"No value of a year: it needs {SHORTEST_YEAR_WEEKS} weeks, {YEAR_WEEKS} of them held back "
        f"to judge it, and the file has {facts.weeks:.0f}. Export a longer period."
    )
    if facts.year is not None:
        try:
            year = judge(facts.year)
            return Prospect(year, _value(facts, better_of_year(year), (year,)), "")
        except ValueError as error:
            refusal = f"No value of a year: {error}"
    if outlook.forecast is None:
        return Prospect(year, None, f"{refusal} Nor of {HORIZON_WEEKS} weeks (section 8).")
    try:
        value = _value(facts, outlook.forecast.by, outlook.trials)
    except ValueError as error:
        return Prospect(year, None, f"{refusal} Nor of {HORIZON_WEEKS} weeks: {error}")
    return Prospect(year, value, refusal)


def better_of_year(year: Trial) -> str:
    """Return MODEL or RULE: by each customer if that tells them apart, otherwise by the total."""
    verdict = year.verdict("RMSE")
    if verdict in ("better", "worse", "refused"):
        return MODEL if verdict == "better" else RULE
    return min((MODEL, RULE), key=lambda name: (abs(year.predicted_sales[name] - 1), name == MODEL))


def _value(facts: Facts, by: str, trials: tuple[Trial, ...]) -> Value:
    """Return the value to come, or raise a ValueError that says why there is none."""
    miss = max(abs(trial.predicted_sales[by] - 1) for trial in trials)
    if miss > WORST_TOTAL:
        raise ValueError(
            f"the {called(by)} missed the sales of weeks held back by {100 * miss:.0f} %, more "
            f"than {100 * WORST_TOTAL:.0f} %. Use it to rank customers, not to plan totals."
        )
    weeks, discount = trials[0].window.weeks, facts.assumed.discount
    base = segment_base(facts)
    spend, spend_model = expected_spend(base.summary)
    model = None
    if by == MODEL:
        model = clv.BGNBD().fit(base.summary)
        purchases = model.discounted_purchases(
            base.summary, horizon=f"{weeks} weeks", discount_per_year=discount
        )
    else:
        factors = weekly_schedule(f"{weeks} weeks", discount, unit="week").factors
        purchases = same_rate(base.summary, 1) * factors.sum()
    sales = purchases * spend
    judged = model is not None and spend_model is not None
    reach = np.zeros((2, len(base.segments) + 1))
    if judged:
        reach = value_reach((model, spend_model), base, sales, weeks=weeks, discount=discount)
    return _with_ends(by, weeks, base, sales, reach, judged=judged, miss=miss)


def _with_ends(
    by: str, weeks: int, base: SegmentBase, sales: Array, reach: Array, *, judged: bool, miss: float
) -> Value:
    import polars as pl

    # whole for each customer first: then every sum of them agrees to the cent
    to_come = np.rint(sales * base.kept[base.places]).astype(np.int64)
    totals = base.sums(to_come)
    low, high = totals - reach[0], totals + reach[1]
    low, high = low - miss * np.abs(low), high + miss * np.abs(high)
    low[base.never_below_zero] = np.maximum(low, 0.0)[base.never_below_zero]
    ids = base.summary["customer_id"]
    segments = pl.DataFrame(
        {
            "segment": base.segments,
            "to_come": totals[:-1].astype(np.int64),
            "low": low[:-1],
            "high": high[:-1],
        }
    )
    customers = pl.DataFrame({"customer_id": ids, "to_come": to_come})
    return Value(
        by, weeks, customers, segments, float(low[-1]), float(high[-1]), judged=judged, miss=miss
    )
