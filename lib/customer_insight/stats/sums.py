"""Sums of products and quotients, the same on every machine and without a warning at 0."""

from math import prod

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

# Products held at once: 128 kB, so that long rows do not leave the processor's cache.
_BLOCK = 2**14


def sum_of_products(*factors: Floats) -> Floats:
    """Multiply arrays element by element and add up along the last axis.

    The order of the additions is fixed. A matrix product would be shorter, but its last digits
    hang on the number of threads.

    Parameters
    ----------
    *factors : ndarray, shape (..., d) or (d,)
        At least one, of equal d.

    Returns
    -------
    ndarray, shape (...)

    Examples
    --------
    >>> float(sum_of_products(np.array([1.0, 2.0]), np.array([10.0, 1.0])))
    12.0
    """
    lines = max(prod(np.shape(factor)[:-1]) for factor in factors)
    step, d = max(1, _BLOCK // max(1, lines)), factors[0].shape[-1]
    total = np.zeros(np.broadcast_shapes(*(np.shape(factor)[:-1] for factor in factors)))
    for start in range(0, d, step):
        first, *others = (factor[..., start : start + step] for factor in factors)
        for other in others:
            first = first * other
        total = total + first.sum(axis=-1)
    return total


def divide(above: ArrayLike, under: ArrayLike) -> Floats:
    """Divide, with NaN (and no warning) where the divisor is 0.

    Examples
    --------
    >>> divide([1.0, 1.0], [2.0, 0.0])
    array([0.5, nan])
    """
    above, under = np.broadcast_arrays(np.asarray(above, float), np.asarray(under, float))
    return np.divide(above, under, out=np.full(under.shape, np.nan), where=under != 0)
