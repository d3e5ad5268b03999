"""Discounting: what a purchase to come is worth now.

One convention stands for all models, and each function states it: purchases within a horizon are
gathered by week and count at the end of their week; purchases for ever are discounted
continuously. Rates are effective rates a year of 365.25 days.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from customer_insight.data.time_units import DAYS_PER_UNIT, horizon_days

Array = NDArray[np.float64]

DAYS_PER_YEAR = 365.25
HIGHEST_DISCOUNT = 10.0


@dataclass(frozen=True)
class Schedule:
    """Steps of time ahead, each with what a purchase within it is worth now.

    Attributes
    ----------
    ends : ndarray of float, shape (k,)
        Where each step ends, rising; the first begins at 0.
    factors : ndarray of float, shape (k,)
        Discount factor of each step.
    """

    ends: Array
    factors: Array

    @classmethod
    def checked(cls, ends: ArrayLike, factors: ArrayLike) -> Self:
        """Return the schedule, or say what is wrong with it."""
        ends, factors = np.asarray(ends, dtype=float), np.asarray(factors, dtype=float)
        if ends.ndim != 1 or ends.shape != factors.shape or not len(ends):
            raise ValueError("step_ends and discount_factors must be two columns of equal length.")
        if not (np.all(np.isfinite(ends)) and np.all(np.diff(ends, prepend=0.0) > 0)):
            raise ValueError("step_ends must be finite and rise from above 0.")
        if not np.all((factors >= 0) & (factors <= 1)):
            raise ValueError("discount_factors must lie between 0 and 1.")
        return cls(ends, factors)

    @property
    def weights(self) -> Array:
        """What the cumulative purchases up to each end count: the sum by parts."""
        return self.factors - np.append(self.factors[1:], 0.0)


def check_discount(discount_per_year: float, *, positive: bool = False) -> float:
    """Return a yearly discount rate, or say why it is none.

    Examples
    --------
    >>> check_discount(10)
    Traceback (most recent call last):
    ...
    ValueError: discount_per_year is 10, and must be a rate such as 0.10 for 10 % a year, ...
    """
    try:
        rate = float(discount_per_year)
    except (TypeError, ValueError):
        rate = np.nan
    if not 0 <= rate < HIGHEST_DISCOUNT:
        raise ValueError(
            f"discount_per_year is {discount_per_year!r}, and must be a rate such as 0.10 for 10 % "
            f"a year, at least 0 and under {HIGHEST_DISCOUNT:g}."
        )
    if positive and rate < 1e-6:
        raise ValueError(
            f"discount_per_year is {discount_per_year!r}: for ever and without a discount the sum "
            "of purchases need not be finite. Give a rate above 0, or a horizon."
        )
    return rate


def continuous_rate(discount_per_year: float, *, unit: str) -> float:
    """Return the continuous rate a unit of time that equals an effective yearly rate.

    Examples
    --------
    >>> round(continuous_rate(0.15, unit="week"), 5)
    0.00268
    """
    rate = check_discount(discount_per_year, positive=True)
    return float(np.log1p(rate)) * DAYS_PER_UNIT[unit] / DAYS_PER_YEAR


def weekly_schedule(horizon: str, discount_per_year: float, *, unit: str) -> Schedule:
    """Return the weeks of a horizon, each discounted from its end.

    Parameters
    ----------
    horizon : str
        With its unit; a last week of fewer than seven days ends with the horizon.
    discount_per_year : float
        Effective yearly rate.
    unit : {"day", "week"}
        Unit of time of the schedule.

    Returns
    -------
    Schedule

    Examples
    --------
    >>> schedule = weekly_schedule("10 days", 0.10, unit="day")
    >>> schedule.ends, schedule.factors.round(6)
    (array([ 7., 10.]), array([0.998175, 0.997394]))
    """
    days = horizon_days(horizon)
    rate = check_discount(discount_per_year)
    ends = np.minimum(np.arange(7.0, days + 7.0, 7.0), days)
    factors = (1.0 + rate) ** (-ends / DAYS_PER_YEAR)
    return Schedule(ends / DAYS_PER_UNIT[unit], factors)
