"""The bootstrap: one place where customers are drawn again, and intervals read from the draws."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from customer_insight.stats.inputs import check_resamples, check_seed, check_share, finite_numbers
from customer_insight.stats.sums import sum_of_products

Floats = NDArray[np.float64]
Statistic = Callable[[Floats, Floats], Floats]

# Under ten rows a 95 % percentile interval holds the true mean in fewer than nine samples of ten.
FEWEST_ROWS = 10
# Drawn counts held at once: 1 MB, which stays in a processor's cache.
_CELLS = 2**17


@dataclass(frozen=True)
class Interval:
    """An estimate with its interval, by the bootstrap unless the function says another way.

    Attributes
    ----------
    estimate, low, high : float
        In the unit of the statistic.
    confidence : float
        Nominal coverage of the interval, between 0 and 1.
    n : int
        Rows (customers) in the sample.
    """

    estimate: float
    low: float
    high: float
    confidence: float
    n: int


def weighted_mean(values: Floats, counts: Floats) -> Floats:
    """Mean of values that each stand for a number of rows.

    Parameters
    ----------
    values : ndarray, shape (d,)
        Distinct values.
    counts : ndarray, shape (..., d)
        Rows that have each value; their sum must be positive.

    Returns
    -------
    ndarray, shape (...)
        In the unit of ``values``.

    Examples
    --------
    >>> float(weighted_mean(np.array([0.0, 3.0]), np.array([2, 1])))
    1.0
    """
    return sum_of_products(counts, values) / counts.sum(axis=-1)


def bootstrap_interval(
    values: ArrayLike,
    *,
    statistic: Statistic = weighted_mean,
    confidence: float = 0.95,
    resamples: int = 1000,
    seed: int = 0,
) -> Interval:
    """Percentile bootstrap interval of a mean, or of any statistic of one column.

    The rows are drawn again with replacement, as many as there are; the statistic is taken of each
    such resample; the interval runs between the percentiles that leave out equal tails.

    Parameters
    ----------
    values : array-like, shape (n,)
        One finite number a customer, at least 10 of them and not all equal.
    statistic : callable, default weighted_mean
        Takes the distinct values, rising, shape (d,), and how often each was drawn, shape (b, d),
        and returns b numbers. ``concentration.weighted_gini`` is another.
    confidence : float, default 0.95
        Nominal coverage, strictly between 0 and 1.
    resamples : int, default 1000
        At least ``10 / (1 - confidence)``.
    seed : int, default 0
        Seed of the draws.

    Returns
    -------
    Interval
        ``estimate``, ``low`` and ``high`` in the unit of the statistic; ``confidence``; ``n``.

    Raises
    ------
    ValueError
        If there are fewer than 10 values, all are equal, one is not a finite number, an option is
        out of its range, or the statistic is undefined in some resample.

    Notes
    -----
    The result depends on the values and the seed, not on the order of the rows. The interval
    covers the noise of drawing these customers, not a sample that was chosen badly, and it is a
    little short in small or very skewed samples: with 200 exponential values a 95 % interval of
    the mean holds the truth in about 94 samples of 100, with 10 values in about 86.

    References
    ----------
    Efron, B. and Tibshirani, R. J. (1993), An Introduction to the Bootstrap, chapter 13.

    Examples
    --------
    >>> orders = [0] * 60 + [1] * 25 + [2] * 10 + [5] * 5
    >>> mean = bootstrap_interval(orders, seed=1)
    >>> f"{mean.estimate:.2f} orders, {mean.low:.2f} to {mean.high:.2f}, n = {mean.n}"
    '0.70 orders, 0.48 to 0.93, n = 100'
    """
    confidence = check_share(confidence, "confidence")
    resamples, seed = check_resamples(resamples, confidence), check_seed(seed)
    column = finite_numbers(values, "values", minimum=FEWEST_ROWS)
    distinct, counts = np.unique(column, return_counts=True)
    if distinct.size == 1:
        raise ValueError(
            f"all {column.size} values are equal, so every resample is the same and an interval "
            "of width 0 would pass for certainty. Report the value and n without an interval."
        )
    estimate = float(statistic(distinct, counts[None, :].astype(np.float64))[0])
    drawn = resample(lambda c: statistic(distinct, c), counts, resamples=resamples, seed=seed)
    undefined = int(np.count_nonzero(~np.isfinite(drawn)))
    if undefined:
        raise ValueError(
            f"the statistic is undefined in {undefined} of {resamples} resamples: too few "
            "customers make the difference. Report the estimate without an interval."
        )
    low, high = percentile_interval(drawn, confidence)
    return Interval(estimate, float(low), float(high), confidence, column.size)


def resample(
    statistic: Callable[[Floats], Floats],
    counts: NDArray[np.integer],
    *,
    resamples: int,
    seed: int,
) -> Floats:
    """Take a statistic of bootstrap resamples of rows that are grouped into distinct ones.

    A resample draws n rows with replacement: the number of times each distinct row comes up is
    multinomial, with probabilities counts / n. The draws depend on the seed and on ``counts`` in
    their order; sort the distinct rows (``distinct_rows``) and no row order can matter.

    Parameters
    ----------
    statistic : callable
        Takes how often each distinct row was drawn, shape (b, d), float, each line adding up to n,
        and returns an array of shape (b, ...).
    counts : ndarray of int, shape (d,)
        Rows that each distinct row stands for, at least 1.
    resamples, seed : int
        Number of resamples, and seed of a generator of their own.

    Returns
    -------
    ndarray, shape (resamples, ...)

    Notes
    -----
    Held in memory at once: 2**17 drawn counts, or one resample where d is larger.

    Examples
    --------
    >>> largest = resample(lambda drawn: drawn.max(axis=1), np.array([2, 1]), resamples=4, seed=1)
    >>> largest.tolist()
    [2.0, 2.0, 2.0, 2.0]
    """
    rng = np.random.default_rng(seed)
    step = max(1, _CELLS // counts.size)
    sizes = [min(step, resamples - done) for done in range(0, resamples, step)]
    draw = _draw_by_row if 16 * counts.size > counts.sum() else _draw_by_distinct_row
    return np.concatenate([statistic(draw(rng, counts, size)) for size in sizes])


def percentile_interval(drawn: Floats, confidence: float) -> tuple[Floats, Floats]:
    """Percentiles of the resamples (first axis) that leave equal tails outside.

    Examples
    --------
    >>> low, high = percentile_interval(np.arange(1001.0), 0.95)
    >>> round(float(low), 6), round(float(high), 6)
    (25.0, 975.0)
    """
    tail = (1 - confidence) / 2
    low, high = np.quantile(drawn, [tail, 1 - tail], axis=0)
    return low, high


def distinct_rows(table: Floats) -> tuple[Floats, NDArray[np.int64]]:
    """Sort the rows of a table by its columns, first column first, and count equal rows.

    Examples
    --------
    >>> rows, counts = distinct_rows(np.array([[1.0, 5.0], [0.0, 2.0], [1.0, 5.0]]))
    >>> rows.tolist(), counts.tolist()
    ([[0.0, 2.0], [1.0, 5.0]], [1, 2])
    """
    ordered = table[np.lexsort(table.T[::-1])]
    new = np.append(True, (ordered[1:] != ordered[:-1]).any(axis=1))
    starts = np.flatnonzero(new)
    return ordered[starts], np.diff(starts, append=len(table))


def _draw_by_row(rng: np.random.Generator, counts: NDArray[np.integer], size: int) -> Floats:
    """Draw row numbers: the faster way where most rows differ."""
    n = int(counts.sum())
    row_of = None if n == counts.size else np.repeat(np.arange(counts.size), counts)
    drawn = np.empty((size, counts.size))
    for line in drawn:
        rows = rng.integers(0, n, size=n)
        line[:] = np.bincount(rows if row_of is None else row_of[rows], minlength=counts.size)
    return drawn


def _draw_by_distinct_row(
    rng: np.random.Generator, counts: NDArray[np.integer], size: int
) -> Floats:
    """Draw the counts themselves: the faster way where rows repeat often."""
    n = int(counts.sum())
    return rng.multinomial(n, counts / n, size=size).astype(np.float64)
