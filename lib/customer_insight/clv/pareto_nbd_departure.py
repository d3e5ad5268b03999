"""The integral of the Pareto/NBD model: over the time at which a customer may have left.

    integral from t_x to T of (alpha + y)**-(r + x) * (beta + y)**-(s + 1) dy

Schmittlein, Morrison and Colombo (1987) write it with Gauss's hypergeometric function, whose two
terms cancel. Here it is summed as it stands, by Gauss-Legendre nodes in the logarithm of m + y, m
being the smaller of alpha and beta: so its singularities keep their distance, and a positive
integrand leaves nothing to cancel. Each history gets as many nodes as it needs.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from customer_insight.clv.histories import blocks
from customer_insight.clv.quadrature import gauss_legendre

Array = NDArray[np.float64]

_FADED = 42.0  # exp(-42) is 6e-19: what lies beyond adds nothing
_NODE_CLASS = 4
_CELLS = 2**14


class Departures(NamedTuple):
    """The integrand at the nodes of some histories, all with equally many nodes.

    Attributes
    ----------
    rows : ndarray of int
        Which histories these are.
    scale : ndarray, shape (rows,)
        What the sums over nodes are to be multiplied by.
    weight : ndarray, shape (rows, nodes)
        Integrand times quadrature weight, relative to the integrand at t_x.
    near, far : ndarray, shape (rows, nodes)
        ``log((m + y) / (m + t_x))`` and the same with the larger of alpha and beta.
    growth : ndarray, shape (rows, nodes)
        ``(y - t_x) / (m + t_x)``.
    """

    rows: NDArray[np.int64]
    scale: Array
    weight: Array
    near: Array
    far: Array
    growth: Array


def departures(parameters: Array, x: Array, t_x: Array, T: Array) -> Iterator[Departures]:
    """Yield the integrand of histories, gathered by the number of nodes they need.

    Parameters
    ----------
    parameters : ndarray
        r, alpha, s, beta.
    x, t_x, T : ndarray
        Histories, ``T`` not before ``t_x``.

    Yields
    ------
    Departures
    """
    r, alpha, s, beta = parameters
    power = r + x
    nearest = min(alpha, beta)
    near_power, far_power = (power, s + 1.0) if alpha <= beta else (s + 1.0, power)
    near_power = np.broadcast_to(near_power, power.shape)
    far_power = np.broadcast_to(far_power, power.shape)
    ratio = (nearest + t_x) / (max(alpha, beta) + t_x)
    length = np.log1p((T - t_x) / (nearest + t_x))
    length, fall = _until_faded(length, near_power, far_power, ratio)
    needed = _nodes_needed(length, fall)
    for nodes in np.unique(needed):
        unit, unit_weight = gauss_legendre(int(nodes))
        group = np.flatnonzero(needed == nodes)
        for part in blocks(len(group), max(1, _CELLS // int(nodes))):
            rows = group[part]
            near = length[rows, None] * unit
            growth = np.expm1(near)
            far = np.log1p(ratio[rows, None] * growth)
            weight = np.exp((1.0 - near_power[rows, None]) * near - far_power[rows, None] * far)
            weight *= unit_weight
            yield Departures(rows, length[rows] * (nearest + t_x[rows]), weight, near, far, growth)


def _until_faded(
    length: Array, near_power: Array, far_power: Array, ratio: Array
) -> tuple[Array, Array]:
    """Return where the integrand has faded, at most its end, and how far it has fallen there."""

    def fall(at: Array, i: slice | NDArray) -> Array:
        far = np.log1p(ratio[i] * np.expm1(np.minimum(at, 700.0)))
        return (near_power[i] - 1.0) * at + far_power[i] * far

    fallen = fall(length, slice(None))
    long = np.flatnonzero(fallen > _FADED)
    if not len(long):
        return length, np.abs(fallen)
    length = length.copy()
    slope = near_power[long] - 1.0 + far_power[long] * ratio[long]
    # the fall is convex: Newton's steps come down to where it has faded, never past it
    at = np.where(
        slope > 0, np.minimum(length[long], _FADED / np.maximum(slope, 1e-300)), length[long]
    )
    for _ in range(12):
        grown = ratio[long] * np.exp(at)
        slope = near_power[long] - 1.0 + far_power[long] * grown / (1.0 - ratio[long] + grown)
        step = (fall(at, long) - _FADED) / slope
        at = np.where(slope > 0, at - np.maximum(step, 0.0), at)
    length[long] = at
    fallen[long] = fall(at, long)
    return length, np.abs(fallen)


def _nodes_needed(length: Array, fall: Array) -> NDArray[np.int64]:
    """Return the nodes each integral needs for 1e-14, rounded up so that few classes remain."""
    # singularities lie pi away from the line on which the logarithm runs
    smooth = 17.0 / np.arcsinh(2.0 * np.pi / np.maximum(length, 1e-3))
    needed = 2.0 + smooth + 2.4 * np.sqrt(fall)
    return (np.ceil(needed / _NODE_CLASS) * _NODE_CLASS).astype(np.int64)
