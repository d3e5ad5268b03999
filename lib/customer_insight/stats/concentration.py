"""How unequally a total is spread over customers: Lorenz curve, Gini, share of the top."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from customer_insight.stats.inputs import check_share, non_negative
from customer_insight.stats.ranks import centred_ranks
from customer_insight.stats.sums import divide, sum_of_products

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]


def gini(values: ArrayLike) -> float:
    """Gini coefficient: 0 where all have the same, near 1 where one has everything.

    Twice the area between the Lorenz curve and the diagonal, which is the sum over customers of
    ``(2 rank - n - 1) value``, divided by ``n`` times the total.

    Parameters
    ----------
    values : array-like, shape (n,)
        Counts or money, one number a customer, zero or more, with a total above 0.

    Returns
    -------
    float
        From 0 to (n - 1) / n. It is the coefficient of these customers; no small-sample factor
        n / (n - 1) is applied.

    Raises
    ------
    ValueError
        If there is no value, one is negative or not a finite number, or the total is 0.

    References
    ----------
    Gini, C. (1912), Variabilita e mutabilita.

    Examples
    --------
    >>> gini([5, 5, 5, 5]), gini([0, 0, 0, 8])
    (0.0, 0.75)
    """
    return float(weighted_gini(*_distinct(values)))


def lorenz(values: ArrayLike) -> "pd.DataFrame":
    """Lorenz curve: the share of the total that the customers with least hold together.

    One point after each distinct value; between points the curve is straight, because equal
    customers add equal amounts.

    Parameters
    ----------
    values : array-like, shape (n,)
        Counts or money, one number a customer, zero or more, with a total above 0.

    Returns
    -------
    DataFrame
        ``share_of_customers`` and ``share_of_total``, both from 0 to 1, starting at 0, 0.

    Raises
    ------
    ValueError
        If there is no value, one is negative or not a finite number, or the total is 0.

    References
    ----------
    Lorenz, M. O. (1905), Methods of measuring the concentration of wealth, Publications of the
    American Statistical Association 9(70).

    Examples
    --------
    >>> lorenz([0, 0, 2, 6])
       share_of_customers  share_of_total
    0                0.00            0.00
    1                0.50            0.00
    2                0.75            0.25
    3                1.00            1.00
    """
    import pandas as pd

    distinct, counts = _distinct(values)
    customers = np.append(0, np.cumsum(counts))
    total = np.append(0.0, np.cumsum(counts * distinct))
    shares = {
        "share_of_customers": customers / customers[-1],
        "share_of_total": total / total[-1],
    }
    return pd.DataFrame(shares)


def top_share(values: ArrayLike, *, top: float = 0.10) -> float:
    """Share of the total that the customers with most hold.

    ``top`` of 0.10 asks for the best tenth. Where a tenth of the customers is not a whole number,
    the customer on the border counts by the fraction.

    Parameters
    ----------
    values : array-like, shape (n,)
        Counts or money, one number a customer, zero or more, with a total above 0.
    top : float, default 0.10
        Share of customers, strictly between 0 and 1.

    Returns
    -------
    float
        From ``top`` (all have the same) to 1.

    Raises
    ------
    ValueError
        If there is no value, one is negative or not a finite number, the total is 0, or ``top`` is
        not strictly between 0 and 1.

    Examples
    --------
    >>> top_share([0, 0, 2, 6], top=0.25)
    0.75
    """
    top = check_share(top, "top")
    distinct, counts = _distinct(values)
    return float(share_of_top(counts * distinct, counts, top))


def weighted_gini(values: Floats, counts: NDArray) -> Floats:
    """Gini coefficient of rising values that each stand for a number of customers.

    It is the ``statistic`` for ``bootstrap_interval`` of a Gini coefficient.

    Parameters
    ----------
    values : ndarray, shape (d,)
        Distinct values, rising, zero or more.
    counts : ndarray, shape (..., d)
        Customers with each value.

    Returns
    -------
    ndarray, shape (...)
        NaN where the total is 0.

    Examples
    --------
    >>> float(weighted_gini(np.array([0.0, 8.0]), np.array([3, 1])))
    0.75
    """
    amounts = counts * values
    scale = counts.sum(axis=-1) * amounts.sum(axis=-1)
    return divide(sum_of_products(amounts, centred_ranks(counts)), scale)


def share_of_top(
    amounts: Floats, sizes: NDArray, top: float, *, amount_below: ArrayLike = 0.0, n: ArrayLike = 0
) -> Floats:
    """Share of a total in the last ``top`` of the customers, who come in blocks of equals.

    A block on the border counts by the fraction of it that lies above: the expected share when the
    customers of a block are put in random order.

    Parameters
    ----------
    amounts, sizes : ndarray, shape (..., blocks)
        Total amount and number of customers of each block, lowest first; a size may be 0.
    top : float
        Share of customers.
    amount_below : array-like, shape (...), default 0
        Total amount of customers under the first block, if the lowest ones are left out.
    n : array-like, shape (...), optional
        Number of customers, those left out included; by default those of the blocks.

    Returns
    -------
    ndarray, shape (...)
        NaN where the total is 0.

    Examples
    --------
    >>> float(share_of_top(np.array([6.0, 4.0]), np.array([3, 1]), 0.5))
    0.6
    """
    # In shares of n, and each amount over the total first: one single block gives exactly `top`.
    n = np.maximum(n, sizes.sum(axis=-1))[..., None]
    above = np.cumsum(sizes[..., ::-1], axis=-1)[..., ::-1] - sizes
    inside = np.clip(top - above / n, 0.0, sizes / n)
    fraction = inside / np.maximum(sizes / n, 1 / n)
    total = amount_below + amounts.sum(axis=-1)
    return (divide(amounts, total[..., None]) * fraction).sum(axis=-1)


def _distinct(values: ArrayLike) -> tuple[Floats, NDArray[np.int64]]:
    distinct, counts = np.unique(non_negative(values, "values"), return_counts=True)
    if distinct[-1] == 0:
        raise ValueError(
            f"all {counts[0]} values are 0, so there is no total to share out. Check the period "
            "and the column."
        )
    return distinct, counts
