"""Logistic, gamma and beta functions in forms that lose no digits, with their derivatives."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]

_LARGEST_LOG_ODDS = 500.0  # exp(500) is 1e217, and exp(710) would overflow


class Softplus(NamedTuple):
    """``log(1 + exp(d))`` with its first and second derivative."""

    value: Array
    first: Array
    second: Array


def softplus(d: Array) -> Softplus:
    """Return ``log(1 + exp(d))`` and its derivatives, without overflow at either end.

    Parameters
    ----------
    d : ndarray of float
        Log odds, any size.

    Returns
    -------
    Softplus
        ``value``; ``first``, the logistic function of ``d``; ``second``, its slope.

    Examples
    --------
    >>> [float(part[0].round(4)) for part in softplus(np.array([0.0]))]
    [0.6931, 0.5, 0.25]
    """
    held = np.minimum(d, _LARGEST_LOG_ODDS)
    odds = np.exp(held)
    value = np.log1p(odds)
    value += d - held
    rest = 1.0 / (1.0 + odds)
    first = np.multiply(odds, rest, out=odds)
    return Softplus(value, first, first * rest)


class LogRising(NamedTuple):
    """``log(Gamma(c + n) / Gamma(c))`` for n = 0, 1, ..., with derivatives by ``c``."""

    value: Array
    first: Array
    second: Array


def log_rising(c: float, most: int) -> LogRising:
    """Return the logarithm of the rising factorial ``c (c + 1) ... (c + n - 1)``, n = 0 to most.

    Summed factor by factor, so that it keeps its digits where the difference of two log-gammas
    would lose them (``c`` large, or ``c`` near 0).

    Parameters
    ----------
    c : float
        Positive.
    most : int
        The largest n.

    Returns
    -------
    LogRising
        Three arrays of length ``most + 1``.

    Examples
    --------
    >>> np.exp(log_rising(3.0, 2).value).round(6)
    array([ 1.,  3., 12.])
    """
    factors = c + np.arange(most)
    inverse = 1.0 / factors
    return LogRising(
        *(
            np.concatenate(([0.0], np.cumsum(terms)))
            for terms in (np.log(factors), inverse, -inverse * inverse)
        )
    )


def log_survival(a: float, b: float, most: int) -> Array:
    """Return ``log(B(a, b + n) / B(a, b))`` for n = 0 to most: n chances to leave, none taken.

    Parameters
    ----------
    a, b : float
        Positive parameters of the beta distribution of the probability of leaving.
    most : int
        The largest n.

    Returns
    -------
    ndarray of float, shape (most + 1,)

    Examples
    --------
    >>> np.exp(log_survival(1.0, 1.0, 3)).round(6)
    array([1.      , 0.5     , 0.333333, 0.25    ])
    """
    steps = -np.log1p(a / (b + np.arange(most)))
    return np.concatenate(([0.0], np.cumsum(steps)))


def negative_binomial(power: float, share: ArrayLike, most: int) -> Array:
    """Return ``Gamma(power + n) / (Gamma(power) n!) * (1 - share)**power * share**n``, n to most.

    Parameters
    ----------
    power : float
        Positive.
    share : float or array-like of float
        At least 0 and under 1.
    most : int
        The largest n.

    Returns
    -------
    ndarray of float, shape (..., most + 1)
        The last axis runs over n.

    Examples
    --------
    >>> negative_binomial(1.0, 0.5, 2)
    array([0.5  , 0.25 , 0.125])
    """
    from scipy.special import xlogy

    ways = log_rising(power, most).value - log_rising(1.0, most).value
    share = np.asarray(share, dtype=float)[..., None]
    return np.exp(ways + power * np.log1p(-share) + xlogy(np.arange(most + 1), share))


def decayed_length(rate: ArrayLike, length: ArrayLike) -> Array:
    """Return the integral of ``exp(-rate * v)`` over v from 0 to ``length``, rate of any sign.

    It is ``(1 - exp(-rate * length)) / rate``, and ``length`` itself at rate 0.

    Parameters
    ----------
    rate, length : array-like of float
        Broadcast against each other; ``length`` is not negative.

    Returns
    -------
    ndarray of float

    Examples
    --------
    >>> decayed_length([0.0, 1e-12, 1.0], 2.0).round(6)
    array([2.      , 2.      , 0.864665])
    """
    from scipy.special import exprel

    length = np.asarray(length, dtype=float)
    return length * exprel(-np.asarray(rate) * length)
