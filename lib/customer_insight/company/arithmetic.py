"""Logarithm and exponential that are the same, to the last bit, on every machine.

The C library and the vector units of processors round ``log`` and ``exp`` differently in the last
bit, and a last bit can turn a purchase into none. Addition, subtraction, multiplication, division
and square root are rounded the same everywhere (IEEE 754); both functions are made of these here.
"""

import numpy as np
from numpy.typing import ArrayLike

_LN2_HIGH = float.fromhex("0x1.62e42fee00000p-1")  # 33 bits of ln 2, so that k * _LN2_HIGH is exact
_LN2_LOW = float.fromhex("0x1.a39ef35793c76p-33")
_SQRT_HALF = float.fromhex("0x1.6a09e667f3bcdp-1")
_LOG_TERMS = 11
_EXP_TERMS = 14


def ln(x: ArrayLike) -> np.ndarray:
    """Return the natural logarithm, within 2e-16 of ``max(1, |ln x|)``.

    ``x = 2**k * m`` with m near 1, and ``ln m = 2 artanh((m - 1) / (m + 1))`` by its series.

    Parameters
    ----------
    x : array-like of float
        Above 0 and finite.

    Returns
    -------
    numpy.ndarray of float
        Of the shape of `x`.

    Raises
    ------
    ValueError
        If a value is not above 0 and finite.

    Examples
    --------
    >>> float(ln(1.0)), float(ln(np.e).round(15))
    (0.0, 1.0)
    """
    x = np.asarray(x, dtype=float)
    if not ((x > 0) & (x < np.inf)).all():
        raise ValueError("The logarithm needs finite numbers above 0.")
    m, k = np.frexp(x)
    low = m < _SQRT_HALF
    m = np.where(low, m + m, m)
    k = (k - low).astype(float)
    s = (m - 1) / (m + 1)
    s2 = s * s
    series = np.full_like(s, 1 / (2 * _LOG_TERMS + 1))
    for term in range(_LOG_TERMS - 1, 0, -1):
        series = series * s2 + 1 / (2 * term + 1)
    tail = s * s2 * series
    return k * _LN2_HIGH + (2 * s + (2 * tail + k * _LN2_LOW))


def exp(x: ArrayLike) -> np.ndarray:
    """Return the exponential, to a relative 3e-16.

    ``exp(x) = 2**k * exp(r)`` with ``|r| < 0.35``, the latter by its Taylor series.

    Parameters
    ----------
    x : array-like of float
        From -700 to 700.

    Returns
    -------
    numpy.ndarray of float
        Of the shape of `x`.

    Raises
    ------
    ValueError
        If a value is outside -700 to 700.

    Examples
    --------
    >>> float(exp(0.0)), float(exp(1.0).round(12))
    (1.0, 2.718281828459)
    """
    x = np.asarray(x, dtype=float)
    if not (np.abs(x) <= 700).all():
        raise ValueError("The exponential needs numbers from -700 to 700.")
    k = np.rint(x / (_LN2_HIGH + _LN2_LOW))
    r = (x - k * _LN2_HIGH) - k * _LN2_LOW
    series = np.ones_like(r)
    for term in range(_EXP_TERMS, 0, -1):
        series = series * (r / term) + 1
    return np.ldexp(series, k.astype(np.int64))


def power(base: ArrayLike, exponent: ArrayLike) -> np.ndarray:
    """Return ``base ** exponent`` for bases above 0.

    Parameters
    ----------
    base, exponent : array-like of float
        Base above 0; ``exponent * ln(base)`` from -700 to 700.

    Returns
    -------
    numpy.ndarray of float

    Examples
    --------
    >>> float(power(9.0, 0.5).round(12))
    3.0
    """
    return exp(np.asarray(exponent, dtype=float) * ln(base))
