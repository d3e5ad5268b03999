"""What the formulas by period accept: shares, discounts, horizons, the timing of a margin."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from customer_insight.clv.discounting import HIGHEST_DISCOUNT
from customer_insight.stats.inputs import finite_numbers, refuse

Array = NDArray[np.float64]

FIRST_MARGINS = {"now": 0, "after one period": 1}
MOST_PERIODS = 10_000


def shares(values: ArrayLike, name: str) -> Array:
    """Return probabilities or shares from 0 to 1, or say which are none.

    Raises
    ------
    ValueError
        If one is missing, below 0 or above 1, or there is none.

    Examples
    --------
    >>> shares([0.3, 0.2], "repurchase")
    array([0.3, 0.2])
    """
    found = finite_numbers(values, name)
    fix = "Write 0.75 for 75 %."
    refuse((found < 0) | (found > 1), name, "no shares from 0 to 1", fix)
    return found


def share(value: float, name: str) -> float:
    """Return one probability or share from 0 to 1, or say why it is none.

    Examples
    --------
    >>> share(75, "retention")
    Traceback (most recent call last):
    ...
    ValueError: retention is 75, and must be one share from 0 to 1: write 0.75 for 75 %.
    """
    if not _is_number(value) or not 0 <= value <= 1:
        raise ValueError(
            f"{name} is {value!r}, and must be one share from 0 to 1: write 0.75 for 75 %."
        )
    return float(value)


def discount_rate(discount_per_period: float) -> float:
    """Return a discount rate a period, or say why it is none.

    Examples
    --------
    >>> discount_rate(20)
    Traceback (most recent call last):
    ...
    ValueError: discount_per_period is 20, and must be a rate such as 0.20 for 20 % a period, ...
    """
    if not _is_number(discount_per_period) or not 0 <= discount_per_period < HIGHEST_DISCOUNT:
        raise ValueError(
            f"discount_per_period is {discount_per_period!r}, and must be a rate such as 0.20 for "
            f"20 % a period, at least 0 and under {HIGHEST_DISCOUNT:g}. Turn a yearly rate into "
            "one a period first: (1 + rate) ** (1 / periods a year) - 1."
        )
    return float(discount_per_period)


def money(value: float, name: str) -> float:
    """Return a finite amount of money, or say why it is none.

    Examples
    --------
    >>> money(40, "margin_per_purchase")
    40.0
    """
    if not _is_number(value) or not np.isfinite(value):
        raise ValueError(f"{name} is {value!r}, and must be one finite amount of money.")
    return float(value)


def amounts(values: float | Sequence[float], count: int, name: str) -> Array:
    """Return one amount of money for each of so many times; a single one stands for all.

    Raises
    ------
    ValueError
        If there are more or fewer amounts than times, or one is not finite.

    Examples
    --------
    >>> amounts(5, 2, "margin_per_period"), amounts([5, 6], 2, "margin_per_period")
    (array([5., 5.]), array([5., 6.]))
    """
    if np.ndim(values) == 0:
        return np.full(count, money(values, name))
    found = finite_numbers(values, name)
    if len(found) != count:
        raise ValueError(
            f"{name} has {len(found)} values, and {count} are needed, one a time from the first "
            "on; or give a single number that holds at all times."
        )
    return found


def whole_periods(periods: int, *, name: str = "periods", least: int = 0) -> int:
    """Return a number of periods, or say why it is none.

    Examples
    --------
    >>> whole_periods(10)
    10
    """
    whole = isinstance(periods, int | np.integer) and not isinstance(periods, bool)
    if not whole or not least <= periods <= MOST_PERIODS:
        raise ValueError(
            f"{name} is {periods!r}, and must be a whole number from {least} to {MOST_PERIODS:,}."
        )
    return int(periods)


def first_period(first_margin: str) -> int:
    """Return in how many periods the first margin falls: 0 for now, or 1.

    Examples
    --------
    >>> first_period("after one period")
    1
    """
    if first_margin not in FIRST_MARGINS:
        raise ValueError(
            f"first_margin is {first_margin!r}, and must be 'now' or 'after one period': the value "
            "differs by a whole margin, so that no default would be safe."
        )
    return FIRST_MARGINS[first_margin]


def finite_for_ever(stays: float, discount: float) -> None:
    """Refuse a sum for ever that has no end.

    Examples
    --------
    >>> finite_for_ever(1.0, 0.1)
    """
    if stays / (1 + discount) >= 1:
        raise ValueError(
            "customers who never leave, without a discount, are worth no finite sum for ever. "
            "Give a number of periods, a discount_per_period above 0 or a retention under 1."
        )


def _is_number(value: object) -> bool:
    number = isinstance(value, int | float | np.integer | np.floating)
    return number and not isinstance(value, bool)
