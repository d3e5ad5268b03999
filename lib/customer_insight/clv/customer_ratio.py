"""The ratio of two totals over customers, with its interval."""

import numpy as np
from numpy.typing import NDArray

from customer_insight.stats.inputs import check_resamples, check_seed, check_share
from customer_insight.stats.resampling import (
    Interval,
    distinct_rows,
    percentile_interval,
    resample,
)
from customer_insight.stats.sums import divide, sum_of_products


def ratio_over_customers(
    above: NDArray, under: NDArray, what: str, *, confidence: float, resamples: int, seed: int
) -> Interval:
    """Return a ratio of two totals, with the interval when customers are drawn again whole.

    Parameters
    ----------
    above, under : ndarray, shape (n,)
        One a customer; the first is never above the second.
    what : str
        Name of the ratio in an error message.
    confidence : float
    resamples, seed : int
        Of the bootstrap.

    Returns
    -------
    Interval
        ``n`` is customers.

    Raises
    ------
    ValueError
        If the ratio is 0 or 1, so that no resample would differ.

    Examples
    --------
    >>> late, due = np.array([0, 1, 4] * 5), np.array([4, 4, 8] * 5)
    >>> options = {"confidence": 0.95, "resamples": 200, "seed": 1}
    >>> round(ratio_over_customers(late, due, "lateness", **options).estimate, 4)
    0.3125
    """
    confidence = check_share(confidence, "confidence")
    check_resamples(resamples, confidence)
    if not 0 < above.sum() < under.sum():
        raise ValueError(
            f"{what} is all or nothing over {len(above):,} customers, so that every resample is "
            "the same and an interval of width 0 would pass for certainty. Pool, or wait."
        )
    rows, counts = distinct_rows(np.column_stack([above, under]).astype(np.float64))

    def ratio(drawn: NDArray) -> NDArray:
        return divide(sum_of_products(drawn, rows[:, 0]), sum_of_products(drawn, rows[:, 1]))

    drawn = resample(ratio, counts, resamples=resamples, seed=check_seed(seed))
    low, high = percentile_interval(drawn[np.isfinite(drawn)], confidence)
    estimate = float(above.sum() / under.sum())
    return Interval(estimate, float(low), float(high), confidence, len(above))
