"""How far the value to come of segments may lie from what is expected of them."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from customer_insight import clv, stats
from customer_insight.clv.parameter_uncertainty import parameter_variances
from customer_insight.workbook.earned import earned
from customer_insight.workbook.facts import FEWEST_CUSTOMERS, Facts

if TYPE_CHECKING:
    import polars as pl

Array = NDArray[np.float64]

_DRAWS, _TAIL = 400, 0.025  # ten draws beyond each end


@dataclass(frozen=True, eq=False)
class SegmentBase:
    """The customers by segment, with what stays of their sales.

    Attributes
    ----------
    summary : polars.DataFrame
        ``features.purchase_summary``, by customer id.
    segments : list of str
        Codes, in alphabetical order.
    places : ndarray of int
        Of each customer's segment in ``segments``.
    kept : ndarray of float
        What was earned over sales, by segment; of all customers together where the segment has
        fewer than 100.
    kept_variances : ndarray of float
        Of ``kept``, for customers drawn again.
    """

    summary: "pl.DataFrame"
    segments: list[str]
    places: NDArray[np.int64]
    kept: Array
    kept_variances: Array

    @property
    def never_below_zero(self) -> NDArray[np.bool_]:
        """Where money stays of sales for sure, so that the worst is that nobody buys."""
        return np.append(self.kept > 2 * self.kept_variances**0.5, [False])

    def sums(self, values: NDArray) -> Array:
        """Return the sums of a column by segment, then that of all."""
        sums = np.bincount(self.places, weights=values, minlength=len(self.segments))
        return np.append(sums, sums.sum())


def segment_base(facts: Facts) -> SegmentBase:
    """Return the customers of the facts by segment.

    Parameters
    ----------
    facts : Facts

    Returns
    -------
    SegmentBase
    """
    known = earned(facts).select("customer_id", "segment", "amount", "earned")
    table = facts.summary.join(known, on="customer_id", validate="1:1").sort("customer_id")
    names, places = np.unique(table["segment"].to_numpy().astype(str), return_inverse=True)
    money = table.select("amount", "earned").to_numpy().astype(float)
    everybody = _ratio(money)
    kept = [
        _ratio(money[places == at]) if (places == at).sum() >= FEWEST_CUSTOMERS else everybody
        for at in range(len(names))
    ]
    ratios, variances = np.array(kept).T
    return SegmentBase(table, names.tolist(), places, ratios, variances)


def _ratio(money: Array) -> tuple[float, float]:
    """Return what was earned over sales, and the variance of that ratio (linearised)."""
    sales, got = money.sum(axis=0)
    if sales <= 0:
        return 0.0, 0.0
    residuals = money[:, 1] - got / sales * money[:, 0]
    return got / sales, float((residuals**2).sum()) / sales**2


def value_reach(
    models: tuple[clv.BGNBD, clv.GammaGamma],
    base: SegmentBase,
    sales: Array,
    *,
    weeks: int,
    discount: float,
) -> Array:
    """Return how far below and above what is expected the 95 % interval of each segment reaches.

    Three things are taken to be independent and their squares added: the chance of the purchases
    themselves and of their money, drawn from the models; what is not known of the models'
    parameters; what is not known of the share of sales that stays.

    Parameters
    ----------
    models : tuple
        Fitted, ``(purchases, spend)``.
    base : SegmentBase
    sales : ndarray of float, shape (n,)
        Expected discounted sales of each customer of the base.
    weeks : int
        Horizon.
    discount : float
        Effective yearly rate.

    Returns
    -------
    ndarray of float, shape (2, segments + 1)
        Below and above, not negative, minor units; all customers together stand last.
    """
    horizon = f"{weeks} weeks"
    chance = _chance(models, base, horizon, discount)
    stays = base.sums(sales)[:-1] ** 2 * base.kept_variances
    variances = _parameter_variances(models, base, sales, horizon)
    variances += np.append(stays, stays.sum())
    unknown = stats.normal_interval(0.0, 1.0, n=len(sales)).high * variances**0.5
    together = np.sqrt((chance**2).sum(axis=1, keepdims=True))
    return np.hypot(np.hstack([chance, together]), unknown)


def _chance(
    models: tuple[clv.BGNBD, clv.GammaGamma], base: SegmentBase, horizon: str, discount: float
) -> Array:
    ends = np.empty((2, len(base.segments)))
    for at, kept in enumerate(base.kept):
        found = clv.group_value_risk(
            models,
            base.summary.filter(base.places == at),
            horizon=horizon,
            discount_per_year=discount,
            margin_rate=1.0,
            tail=_TAIL,
            levels=(_TAIL, 1 - _TAIL),
            draws=_DRAWS,
            seed=at,
        )
        low, high = found.quantiles
        reach = np.maximum([found.mean - low, high - found.mean], 0.0)
        ends[:, at] = abs(kept) * (reach if kept >= 0 else reach[::-1])
    return ends


def _parameter_variances(
    models: tuple[clv.BGNBD, clv.GammaGamma], base: SegmentBase, sales: Array, horizon: str
) -> Array:
    """Return the variance that is due to the parameters, of each segment and of all together.

    Discounting moves with the parameters by next to nothing: it stays as it is.
    """
    purchases, spend = models
    value = sales * base.kept[base.places]

    def moved(before: Array, after: Array) -> Array:
        ratio = np.divide(after, before, out=np.ones_like(before), where=before > 0)
        return base.sums(value * ratio)

    expected = purchases.expected_purchases(base.summary, horizon=horizon)
    money = spend.expected_spend(base.summary)
    return parameter_variances(
        lambda model: moved(expected, model.expected_purchases(base.summary, horizon=horizon)),
        [purchases],
    ) + parameter_variances(lambda model: moved(money, model.expected_spend(base.summary)), [spend])
