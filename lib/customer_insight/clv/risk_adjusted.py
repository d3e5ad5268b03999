"""Risk-adjusted value: the distribution of what customers will be worth, and its bad end.

Risk is said in money, as the mean of the worst outcomes; the discount rate stays that of time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from customer_insight.clv.gamma_gamma import GammaGamma
from customer_insight.clv.purchase_model import PurchaseModel
from customer_insight.clv.value_draws import ValueDraws
from customer_insight.stats.inputs import check_seed, check_share

Array = NDArray[np.float64]

FEWEST_IN_TAIL = 10  # draws beyond the quantile, so that the tail is a mean of more than luck


@dataclass(frozen=True)
class ValueDistribution:
    """What a group of customers may be worth together within a horizon.

    Attributes
    ----------
    mean : float
        Expected value, in the money unit of the spend model (minor units in, minor units out).
    quantiles : ndarray of float, shape (k,)
        At ``levels``.
    levels : tuple of float
    conditional_value_at_risk : float
        Mean of the worst ``tail`` of the outcomes.
    tail : float
    customers, draws : int
    horizon : str
    discount_per_year : float
    """

    mean: float
    quantiles: Array
    levels: tuple[float, ...]
    conditional_value_at_risk: float
    tail: float
    customers: int
    draws: int
    horizon: str
    discount_per_year: float


def conditional_value_at_risk(values: ArrayLike, *, tail: float) -> float | Array:
    """Return the mean of the worst ``tail`` of equally likely outcomes.

    Where the tail is not a whole number of outcomes, the one on the border counts by the fraction.

    Parameters
    ----------
    values : array-like, shape (n,) or (n, customers)
        Outcomes, in money; high is good. The first axis is that of the outcomes.
    tail : float
        Share of the outcomes, between 0 and 1: 0.05 for the worst 5 %.

    Returns
    -------
    float, or ndarray of shape (customers,)
        Never above the mean; in the unit of ``values``.

    Raises
    ------
    ValueError
        If there is no value, one is not finite, or ``tail`` is no share.

    Notes
    -----
    In money that one gains the worst are the lowest; authors who write of losses turn the sign.
    The value of two groups together is never below the sum of theirs (it is coherent), which a
    quantile does not promise.

    References
    ----------
    Rockafellar, R. T. and Uryasev, S. (2000). Optimization of Conditional Value-at-Risk. Journal of
    Risk 2(3), 21-41. Acerbi, C. and Tasche, D. (2002). On the coherence of expected shortfall.
    Journal of Banking and Finance 26, 1487-1503.

    Examples
    --------
    >>> conditional_value_at_risk([0, 100, 200, 400], tail=0.5)
    50.0
    """
    tail, outcomes = check_share(tail, "tail"), np.asarray(values, dtype=float)
    if not outcomes.size or not np.all(np.isfinite(outcomes)):
        raise ValueError(
            f"values has {outcomes.size:,} outcomes, and "
            f"{np.count_nonzero(~np.isfinite(outcomes)):,} of them are missing or infinite. "
            "At least one is needed, and all must be numbers."
        )
    ordered = np.sort(outcomes, axis=0)
    weight = np.clip(tail * len(ordered) - np.arange(len(ordered)), 0.0, 1.0)
    found = np.tensordot(weight, ordered, axes=1) / weight.sum()
    return float(found) if found.ndim == 0 else found


def customer_value_risk(
    models: tuple[PurchaseModel, GammaGamma],
    summary: Any,
    *,
    horizon: str,
    discount_per_year: float,
    margin_rate: float,
    tail: float = 0.05,
    levels: Sequence[float] = (0.05, 0.5, 0.95),
    draws: int = 1000,
    seed: int,
) -> dict[str, Array]:
    """Return mean, quantiles and conditional value at risk of each customer's future value.

    Parameters
    ----------
    models : tuple
        Fitted, ``(purchases, spend)``.
    summary : pandas or Polars frame
        As ``features.purchase_summary`` gives it; values are as of its ``as_of``.
    horizon : str
        With its unit, "52 weeks".
    discount_per_year : float
        Effective yearly rate, for time alone.
    margin_rate : float
        Share of the spend that stays as margin, above 0 and up to 1.
    tail : float, default 0.05
        Share of the worst outcomes.
    levels : sequence of float
        Of the quantiles.
    draws : int, default 1000
    seed : int
        Of a local generator. Customers with equal histories get equal numbers, in any order.

    Returns
    -------
    dict of str to ndarray, shape (n,) and (n, k)
        ``mean`` (exact), ``quantiles`` and ``conditional_value_at_risk``, in the money unit of the
        summary.

    Raises
    ------
    ValueError
        If an argument is not what it should be, or spend has no mean.

    Notes
    -----
    Single customers are nearly all risk: most have a bad end of 0, whatever their mean. Ask
    `group_value_risk` for a budget.

    Examples
    --------
    >>> import polars
    >>> from customer_insight.clv import BGNBD
    >>> purchases = BGNBD.from_parameters(unit="week", r=0.243, alpha=4.414, a=0.793, b=2.426)
    >>> spend = GammaGamma.from_parameters(p=6.25, q=3.74, v=1544.0)
    >>> summary = polars.DataFrame({
    ...     "repeat_purchases": [0, 20], "weeks_first_to_last": [0.0, 38.0],
    ...     "weeks_observed": [39.0, 39.0], "repeat_amount": [0, 60_000],
    ... })
    >>> terms = {"horizon": "52 weeks", "discount_per_year": 0.1, "margin_rate": 0.4}
    >>> found = customer_value_risk((purchases, spend), summary, **terms, seed=1)
    >>> found["mean"].round(), found["quantiles"][:, 1].round(-2)
    (array([  338., 19268.]), array([    0., 19500.]))
    """
    source = ValueDraws(
        models, summary, horizon=horizon, discount_per_year=discount_per_year, margin=margin_rate
    )
    levels = _levels(levels, tail, draws)
    rng = np.random.default_rng(check_seed(seed))
    quantiles, worst = [], []
    for outcomes in source.of_each_history(draws, rng):
        quantiles.append(np.quantile(outcomes, levels, axis=0).T)
        worst.append(conditional_value_at_risk(outcomes, tail=tail))
    return {
        "mean": source.mean,
        "quantiles": np.concatenate(quantiles)[source.history],
        "conditional_value_at_risk": np.concatenate(worst)[source.history],
    }


def group_value_risk(
    models: tuple[PurchaseModel, GammaGamma],
    summary: Any,
    *,
    horizon: str,
    discount_per_year: float,
    margin_rate: float,
    tail: float = 0.05,
    levels: Sequence[float] = (0.05, 0.5, 0.95),
    draws: int = 1000,
    seed: int,
) -> ValueDistribution:
    """Return the distribution of what all these customers together will be worth.

    Parameters, errors and unit are those of `customer_value_risk`.

    Returns
    -------
    ValueDistribution
        The mean is exact, the rest is of the draws.

    Notes
    -----
    Customers act on their own here, so that their chance averages out and a large group looks all
    but certain. What they share does not: parameters that are not known (``bootstrap`` tells how
    far), a model that is wrong, a bad year.

    Examples
    --------
    >>> import polars
    >>> from customer_insight.clv import BGNBD
    >>> purchases = BGNBD.from_parameters(unit="week", r=0.243, alpha=4.414, a=0.793, b=2.426)
    >>> spend = GammaGamma.from_parameters(p=6.25, q=3.74, v=1544.0)
    >>> summary = polars.DataFrame({
    ...     "repeat_purchases": [2] * 100, "weeks_first_to_last": [30.0] * 100,
    ...     "weeks_observed": [39.0] * 100, "repeat_amount": [6000] * 100,
    ... })
    >>> terms = {"horizon": "52 weeks", "discount_per_year": 0.1, "margin_rate": 0.4}
    >>> found = group_value_risk((purchases, spend), summary, **terms, seed=1)
    >>> round(found.mean, -3), round(found.conditional_value_at_risk, -3)
    (182000.0, 132000.0)
    """
    source = ValueDraws(
        models, summary, horizon=horizon, discount_per_year=discount_per_year, margin=margin_rate
    )
    levels = _levels(levels, tail, draws)
    total = source.of_all(draws, np.random.default_rng(check_seed(seed)))
    return ValueDistribution(
        mean=float(np.sort(source.mean).sum()),
        quantiles=np.quantile(total, levels),
        levels=levels,
        conditional_value_at_risk=conditional_value_at_risk(total, tail=tail),
        tail=tail,
        customers=len(source.mean),
        draws=draws,
        horizon=horizon,
        discount_per_year=discount_per_year,
    )


def _levels(levels: Sequence[float], tail: float, draws: int) -> tuple[float, ...]:
    needed = int(np.ceil(FEWEST_IN_TAIL / check_share(tail, "tail")))
    if isinstance(draws, bool) or not isinstance(draws, int | np.integer) or draws < needed:
        raise ValueError(
            f"draws is {draws!r}, and must be a whole number of at least {needed} for a tail of "
            f"{tail:g}, so that {FEWEST_IN_TAIL} outcomes are in it."
        )
    return tuple(check_share(level, "levels") for level in levels)
