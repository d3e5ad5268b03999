"""Whole amounts shared out by weights and added up by place, with nothing lost to rounding."""

from numbers import Integral

import numpy as np
from numpy.typing import ArrayLike, NDArray

from customer_insight.stats.inputs import LARGEST

Shares = NDArray[np.int64]


def apportion(amount: int, weights: ArrayLike) -> Shares:
    """Return whole shares of an amount, in proportion to weights, that add up to it exactly.

    Largest remainders (Hamilton's method): everybody gets their exact share cut to a whole number,
    and the units left over go one each to those who lost most by the cut. No share is further
    than one unit from the exact one. Equal remainders are served in the order of the rows, so give
    the rows in an order of their own, such as that of customer ids.

    Parameters
    ----------
    amount : int
        Whole minor units, of either sign: a cost may stand below 0.
    weights : array-like of int, shape (n,)
        Whole numbers from 0, with a total above 0 and under 2**53.

    Returns
    -------
    ndarray of int64, shape (n,)

    Raises
    ------
    ValueError
        If the amount is not whole, or the weights are not whole numbers from 0, or all are 0.

    References
    ----------
    Balinski, M. L. and Young, H. P. (1982), Fair Representation, chapter 2 and appendix A.

    Examples
    --------
    >>> apportion(-100, [1, 1, 1])
    array([-34, -33, -33])
    """
    import polars as pl

    column, whole = _weights(weights), _amount(amount)
    total = int(column.sum())
    # amount times weight may pass 2**63; its part below the total is all that needs 128 bits
    times, rest = divmod(abs(whole), total)
    product = pl.col("weight").cast(pl.Int128) * rest
    cut, lost = pl.DataFrame({"weight": column}).select(
        (product // total).cast(pl.Int64).alias("cut"),
        (product % total).cast(pl.Int64).alias("lost"),
    )
    shares = times * column + cut.to_numpy()
    over = abs(whole) - int(shares.sum())
    shares[np.argsort(-lost.to_numpy(), kind="stable")[:over]] += 1
    return shares if whole >= 0 else -shares


def whole_sums(places: NDArray[np.integer], amounts: Shares, size: int) -> Shares:
    """Add up whole amounts by place, exactly.

    Parameters
    ----------
    places, amounts : ndarray of int, shape (rows,)
        Where each amount belongs, from 0 to ``size - 1``, and the amount.
    size : int
        Number of places.

    Returns
    -------
    ndarray of int64, shape (size,)

    Raises
    ------
    ValueError
        If the amounts reach 2**53 together: sums would no longer be exact.

    Examples
    --------
    >>> whole_sums(np.array([0, 2, 0]), np.array([5, 7, -1]), 3)
    array([4, 0, 7])
    """
    if np.abs(amounts).sum(dtype=np.float64) >= LARGEST:
        raise ValueError(
            f"the {len(amounts):,} amounts add up to 2**53 or more, signs aside, where sums of "
            "minor units are no longer exact. Check the unit, or split the period."
        )
    return np.bincount(places, weights=amounts, minlength=size).astype(np.int64)


def _amount(amount: int) -> int:
    if isinstance(amount, bool) or not isinstance(amount, Integral) or abs(amount) >= LARGEST:
        raise ValueError(
            f"amount is a {type(amount).__name__} or out of range, and must be a whole number of "
            "minor units under 2**53: shares of a fraction of a cent cannot add up to it."
        )
    return int(amount)


def _weights(weights: ArrayLike) -> Shares:
    column = np.asarray(weights)
    if column.ndim != 1 or column.dtype.kind not in "iu" or not column.size:
        raise ValueError(
            f"weights holds {column.dtype} in shape {column.shape}, and must be one column of "
            "whole numbers. Count in a unit small enough to be whole: grams, minutes, minor units."
        )
    negative = int(np.count_nonzero(column < 0))
    if negative:
        raise ValueError(
            f"{negative:,} of {column.size:,} weights are negative: a cost shared by them would "
            "make some customers richer. Take the volume before returns, or leave them out."
        )
    total = float(column.sum(dtype=np.float64))
    if not 0 < total < LARGEST:
        raise ValueError(
            f"the {column.size:,} weights add up to {total:g}, and must add up to more than 0 and "
            "less than 2**53: with nothing to share by, leave the amount unallocated."
        )
    return column.astype(np.int64)
