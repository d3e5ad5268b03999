"""Value of a customer by formula from retention: the cases of Berger and Nasr (1998).

Each formula is for a customer who, once lost, is lost for good. Values are in the currency of the
margins; rates are those of one period, which may be any length of time, and so is the horizon.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from customer_insight.clv.period_inputs import (
    amounts,
    discount_rate,
    finite_for_ever,
    first_period,
    money,
    share,
    whole_periods,
)

Array = NDArray[np.float64]

PROMOTION_AT = {"start": 0.0, "middle": 0.5, "end": 1.0}
COMPOUNDING = ("per period", "continuous")
_NEGLIGIBLE = 1e-8


def margin_multiple(
    retention: float, discount_per_period: float, *, first_margin: str, periods: int | None = None
) -> float:
    """How many margins a customer is worth, at constant retention (Gupta and Lehmann 2003).

    With ``q = retention / (1 + discount)`` it is ``q + q**2 + ...``, which for ever comes to
    ``retention / (1 + discount - retention)``; a first margin now adds 1.

    Parameters
    ----------
    retention : float
        Share of customers who stay from one period to the next, 0 to 1.
    discount_per_period : float
        Effective rate a period, at least 0.
    first_margin : {"now", "after one period"}
        Whether a margin falls due now, for certain, or the first one is that of those who are
        still there after one period.
    periods : int, optional
        Horizon in periods; the last margin is the one at its end. Without it, for ever.

    Returns
    -------
    float
        Margins; times the margin per period it is a value.

    Raises
    ------
    ValueError
        If an argument is out of its range, or the sum for ever is not finite.

    References
    ----------
    Gupta, S. and Lehmann, D. R. (2003). Customers as Assets. Journal of Interactive Marketing
    17(1), 9-24.

    Examples
    --------
    >>> round(margin_multiple(0.8, 0.1, first_margin="after one period"), 3)
    2.667
    >>> round(margin_multiple(0.8, 0.1, first_margin="now"), 3)
    3.667
    """
    stays, discount = share(retention, "retention"), discount_rate(discount_per_period)
    first = first_period(first_margin)
    if periods is not None:
        at = np.arange(first, whole_periods(periods) + 1)
        return float(((stays / (1 + discount)) ** at).sum())
    finite_for_ever(stays, discount)
    return (1 - first) + stays / (1 + discount - stays)


def value_of_sales(
    margin_per_sale: float | Sequence[float],
    *,
    retention: float,
    discount_per_period: float,
    compounding: str,
    sales: int,
    periods_between: float = 1.0,
    first_margin: str,
    promotion_cost: float = 0.0,
    promotion_at: str | None = None,
) -> float:
    """Value of a customer who buys at regular times and is promoted to between them.

    Cases 1 (one sale a period), 2a (more than one), 2b (fewer than one) and 3 (margins that change)
    of Berger and Nasr. A sale i comes from those who stayed i times; what promotes it is paid in
    the interval before it, for those who made the sale before that.

    Parameters
    ----------
    margin_per_sale : float or sequence of float
        Margin before promotion; one for all sales, or one each, the first sale first.
    retention : float
        Share of customers who stay from one sale to the next, 0 to 1. From a yearly one and two
        sales a year it is its square root.
    discount_per_period : float
        Rate a period (not an interval between sales), at least 0.
    compounding : {"per period", "continuous"}
        Whether an amount t periods ahead counts ``(1 + d) ** -t`` or ``exp(-d t)``.
    sales : int
        Intervals between sales in the horizon, which is ``sales * periods_between`` periods long.
    periods_between : float, default 1
        Periods from one sale to the next: 0.5 for two sales a period, 3 for one in three.
    first_margin : {"now", "after one period"}
        Whether a sale falls now, before the first interval, or the first one at its end.
    promotion_cost : float, default 0
        Paid a customer and interval.
    promotion_at : {"start", "middle", "end"}
        Where in the interval it is paid; to be given if there is a cost.

    Returns
    -------
    float
        In the currency of the margin, for one customer who is there now.

    Raises
    ------
    ValueError
        If an argument is out of its range, missing or of another length.

    References
    ----------
    Berger, P. D. and Nasr, N. I. (1998). Customer Lifetime Value: Marketing Models and
    Applications. Journal of Interactive Marketing 12(1), 17-30.

    Examples
    --------
    Case 1 of the paper, ten years, promotion in the middle of each:

    >>> value = value_of_sales(260, retention=0.75, discount_per_period=0.2,
    ...     compounding="per period", sales=10, first_margin="now", promotion_cost=50,
    ...     promotion_at="middle")
    >>> round(value, 2)
    568.78
    """
    stays, force = share(retention, "retention"), _force(discount_per_period, compounding)
    intervals = np.arange(1, whole_periods(sales, name="sales") + 1)
    at = np.arange(first_period(first_margin), len(intervals) + 1)
    margins = amounts(margin_per_sale, len(at), "margin_per_sale")
    if not 0 < periods_between < np.inf:
        raise ValueError(f"periods_between is {periods_between!r}, and must be above 0.")
    cost, place = money(promotion_cost, "promotion_cost"), _place(promotion_cost, promotion_at)
    paid = intervals - 1 + place
    sold = margins * stays**at * np.exp(-force * periods_between * at)
    spent = cost * stays ** (intervals - 1) * np.exp(-force * periods_between * paid)
    return float(sold.sum() - spent.sum())


def value_of_flow(
    margin_per_period: float | Callable[[float], float],
    *,
    retention: float,
    discount_per_period: float,
    compounding: str,
    periods: float,
) -> float:
    """Value of a customer whose margin flows in all the time: case 4 of Berger and Nasr.

    The integral from 0 to the horizon of margin, times the share still there, ``retention ** t``,
    times the discount factor.

    Parameters
    ----------
    margin_per_period : float or callable
        Margin a period; or from a time in periods to the margin a period at that time.
    retention : float
        Share of customers who stay for a period, above 0 and up to 1.
    discount_per_period : float
        Rate a period, at least 0.
    compounding : {"per period", "continuous"}
        Whether an amount t periods ahead counts ``(1 + d) ** -t`` or ``exp(-d t)``.
    periods : float
        Horizon in periods, above 0; ``math.inf`` for ever, if the margin is one number.

    Returns
    -------
    float
        In the currency of the margin, for one customer who is there now.

    Raises
    ------
    ValueError
        If an argument is out of its range, the value is not finite, or the margins change so fast
        that the integral is not found to one part in a hundred million.

    Examples
    --------
    >>> flow = {"retention": 0.75, "discount_per_period": 0.2, "compounding": "per period"}
    >>> round(value_of_flow(260, periods=10, **flow), 2)
    548.16
    >>> round(value_of_flow(lambda time: 260 + 10 * time, periods=10, **flow), 2)
    591.08
    """
    stays, force = share(retention, "retention"), _force(discount_per_period, compounding)
    if stays == 0 or not periods > 0:
        raise ValueError("retention and periods of a flow must be above 0.")
    leaving = force - np.log(stays)
    if callable(margin_per_period):
        return _integral(margin_per_period, leaving, periods)
    margin = money(margin_per_period, "margin_per_period")
    if leaving == 0:
        finite_for_ever(stays if np.isinf(periods) else 0.0, 0.0)
        return margin * periods
    return margin * float(-np.expm1(-leaving * periods)) / float(leaving)


def s_shaped_margin(
    time: ArrayLike, *, start: float, growth: float, bend: float, further: float
) -> Array:
    """Margin a period that first grows with time squared and then levels off.

    Berger and Nasr's case 3: ``start + growth * t**2`` up to the bend, from where it goes on to
    ``further * (1 - exp(-(t - bend)))`` more.

    Parameters
    ----------
    time : array-like of float
        Periods from now, 0 or more.
    start, further : float
        Margin a period at time 0, and how much it can still gain after the bend.
    growth : float
        Margin a period, gained by squared period.
    bend : float
        Periods from now at which growth slows down, 0 or more.

    Returns
    -------
    ndarray of float
        Margin a period, in the shape of ``time``.

    Raises
    ------
    ValueError
        If a time or the bend is negative or missing.

    Examples
    --------
    >>> s_shaped_margin([0, 1, 2, 3], start=80, growth=20, bend=2, further=100).round(1).tolist()
    [80.0, 100.0, 160.0, 223.2]
    """
    t = np.asarray(time, dtype=float)
    if not (np.all(t >= 0) and bend >= 0):
        raise ValueError("time and bend count periods from now, and must be 0 or more.")
    early = np.minimum(t, bend)
    return start + growth * early**2 - further * np.expm1(early - t)


def _integral(margin_at: Callable[[float], float], leaving: float, periods: float) -> float:
    """Integrate a margin over a finite horizon, each whole period on its own."""
    from scipy.integrate import quad

    if np.isinf(periods):
        raise ValueError("periods is infinite; margins that change need a finite horizon.")
    edges = np.append(np.arange(0.0, np.ceil(periods)), periods)
    total = error = 0.0
    for low, high in pairwise(edges):
        part, off, *_ = quad(
            lambda t: float(margin_at(t)) * np.exp(-leaving * t), low, high, full_output=1
        )
        total, error = total + part, error + off
    if not error <= _NEGLIGIBLE * max(1.0, abs(total)):
        raise ValueError(
            "the value was not found: margin_per_period is not finite somewhere, or changes too "
            "fast. Use value_of_sales for margins that change from sale to sale."
        )
    return total


def _force(discount_per_period: float, compounding: str) -> float:
    """Return the continuous rate a period that equals a discount."""
    if compounding not in COMPOUNDING:
        raise ValueError(
            f"compounding is {compounding!r}, and must be 'per period', where d takes an amount a "
            "period ahead down to 1 / (1 + d), or 'continuous', where it takes it to exp(-d)."
        )
    rate = discount_rate(discount_per_period)
    return rate if compounding == "continuous" else float(np.log1p(rate))


def _place(promotion_cost: float, promotion_at: str | None) -> float:
    if promotion_at is None and promotion_cost == 0:
        return 0.0
    if promotion_at not in PROMOTION_AT:
        raise ValueError(
            f"promotion_at is {promotion_at!r}, and must be 'start', 'middle' or 'end' of the "
            "interval between two sales: the discount on the cost depends on it."
        )
    return PROMOTION_AT[promotion_at]
