"""Means and differences of means with Student's t intervals: for large tables and for arms."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from customer_insight.stats.inputs import check_share, finite_numbers
from customer_insight.stats.resampling import FEWEST_ROWS, Interval

Floats = NDArray[np.float64]


class _Sample(NamedTuple):
    n: int
    mean: float
    error: float  # variance of the mean


def mean_interval(values: ArrayLike, *, confidence: float = 0.95) -> Interval:
    """Mean with Student's t interval: the time of one pass, whatever the number of rows.

    Parameters
    ----------
    values : array-like, shape (n,)
        One finite number a customer, at least 10 of them and not all equal.
    confidence : float, default 0.95
        Nominal coverage, strictly between 0 and 1.

    Returns
    -------
    Interval

    Raises
    ------
    ValueError
        If there are fewer than 10 values, all are equal, or one is not a finite number.

    Notes
    -----
    Money is skewed, and the interval then lies a little low: it holds the true mean of exponential
    values in about 95 of 100 samples of 200, but in only 90 of 100 samples of ten.

    References
    ----------
    Student (1908), The probable error of a mean, Biometrika 6(1).

    Examples
    --------
    >>> found = mean_interval([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    >>> round(found.estimate, 2), round(found.low, 2), round(found.high, 2)
    (5.5, 3.33, 7.67)
    """
    from scipy.special import stdtrit

    confidence = check_share(confidence, "confidence")
    sample = _sample(values, "values")
    _check_varied(sample.error)
    reach = float(stdtrit(sample.n - 1, 0.5 + confidence / 2)) * sample.error**0.5
    return Interval(sample.mean, sample.mean - reach, sample.mean + reach, confidence, sample.n)


def mean_difference(
    treated: ArrayLike, control: ArrayLike, *, confidence: float = 0.95
) -> Interval:
    """Mean of one sample less that of another, independent one, with Welch's interval.

    Parameters
    ----------
    treated, control : array-like, shape (n,) and (m,)
        One finite number a customer, at least 10 each, not all equal in both.
    confidence : float, default 0.95
        Nominal coverage, strictly between 0 and 1.

    Returns
    -------
    Interval
        ``n`` counts the customers of both samples.

    Raises
    ------
    ValueError
        If a sample has fewer than 10 values, neither varies, or one is not a finite number.

    Notes
    -----
    The two may differ in size and in spread. Skewness cancels in part, so that the difference
    covers better than a mean of one sample does.

    References
    ----------
    Welch, B. L. (1947), The generalization of Student's problem when several different population
    variances are involved, Biometrika 34(1-2).

    Examples
    --------
    >>> found = mean_difference([12, 14] * 10, [10, 12] * 10)
    >>> round(found.estimate, 2), round(found.low, 2), round(found.high, 2), found.n
    (2.0, 1.34, 2.66, 40)
    """
    from scipy.special import stdtrit

    confidence = check_share(confidence, "confidence")
    one, other = _sample(treated, "treated"), _sample(control, "control")
    error = one.error + other.error
    _check_varied(error)
    freedom = error**2 / (one.error**2 / (one.n - 1) + other.error**2 / (other.n - 1))
    reach = float(stdtrit(freedom, 0.5 + confidence / 2)) * error**0.5
    found = one.mean - other.mean
    return Interval(found, found - reach, found + reach, confidence, one.n + other.n)


def normal_interval(
    estimate: float, standard_error: float, *, n: int, confidence: float = 0.95
) -> Interval:
    """Interval of a sum or mean of many parts whose standard error is known.

    Parameters
    ----------
    estimate : float
    standard_error : float
        Above 0, in the unit of the estimate.
    n : int
        Customers behind it.
    confidence : float, default 0.95
        Nominal coverage, strictly between 0 and 1.

    Returns
    -------
    Interval

    Raises
    ------
    ValueError
        If the estimate is not finite or the standard error is not above 0.

    Examples
    --------
    >>> found = normal_interval(100.0, 10.0, n=50)
    >>> round(found.low, 1), round(found.high, 1)
    (80.4, 119.6)
    """
    from scipy.special import ndtri

    confidence = check_share(confidence, "confidence")
    if not np.isfinite(estimate) or not 0 < standard_error < np.inf:
        raise ValueError(
            f"the estimate is {estimate:g} and its standard error {standard_error:g}, and must be "
            "finite and above 0: an interval of width 0 would pass for certainty."
        )
    reach = float(ndtri(0.5 + confidence / 2)) * standard_error
    return Interval(float(estimate), estimate - reach, estimate + reach, confidence, n)


def _sample(values: ArrayLike, name: str) -> _Sample:
    # sorted, so that the last digits do not hang on the order of the rows
    column = np.sort(finite_numbers(values, name, minimum=FEWEST_ROWS))
    return _Sample(column.size, float(column.mean()), float(column.var(ddof=1) / column.size))


def _check_varied(error: float) -> None:
    if error == 0:
        raise ValueError(
            "all values are equal, and an interval of width 0 would pass for certainty. Report "
            "the value and n without an interval."
        )
