"""Rules of quadrature that stand in for the hypergeometric functions of the papers.

Every quantity of the beta-geometric models is a mean over a beta distribution, and every discounted
residual is a Laplace integral. As sums of positive terms both have no removable singularity, no
cancellation and no overflow, where the hypergeometric series have all three.
"""

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

_PANEL_NODES = 20
_SINGLE_RULE = 8.0
_MILD = 4.0
_CONCENTRATED = 40.0  # from this a on, so little mass is near 0 that one rule serves any tau
_CONCENTRATED_NODES = 64
_DISCOUNTED_AWAY = 45.0  # exp(-45) is 3e-20, below the last digit of any sum it could join


@cache
def gauss_legendre(nodes: int) -> tuple[Array, Array]:
    """Return nodes and weights of the Gauss-Legendre rule on [0, 1]."""
    from scipy.special import roots_legendre

    at, weight = roots_legendre(nodes)
    return (at + 1.0) / 2.0, weight / 2.0


def gauss_beta(nodes: int, a: float, b: float) -> tuple[Array, Array]:
    """Return the Gauss rule for the mean over a beta distribution (Golub and Welsch 1969).

    The Jacobi matrix is written for [0, 1] itself, so that nodes near 0 keep their digits.

    Parameters
    ----------
    nodes : int
        Number of nodes, at least 2.
    a, b : float
        Parameters of the beta distribution, positive.

    Returns
    -------
    tuple of ndarray
        Nodes within (0, 1) and weights that sum to 1.

    Examples
    --------
    >>> at, weight = gauss_beta(5, 2.0, 6.0)
    >>> float((weight * at).sum().round(12))  # the mean, a / (a + b)
    0.25
    """
    from scipy.linalg.lapack import dstev

    n = np.arange(1.0, nodes)
    s = a + b - 2.0
    twice = 2.0 * n + s
    middle = (2.0 * n * (n + s + 1.0) + s * a) / (twice * (twice + 2.0))
    side = n * (n + a - 1.0) * (n + b - 1.0) / (twice * twice * (twice + 1.0))
    # (n + s) / (2 n + s - 1) is 1 at n = 1, where it may read 0 / 0
    side[1:] *= (n[1:] + s) / (twice[1:] - 1.0)
    at, vectors, _ = dstev(np.concatenate(([a / (a + b)], middle)), np.sqrt(side))
    return np.clip(at, np.finfo(float).tiny, 1.0), vectors[0] ** 2


def beta_rule(a: float, b: float, *, reach: float, power: float) -> tuple[Array, Array]:
    """Return nodes and weights for the mean over p ~ Beta(a, b) of ``(1 + p * tau)**-power``.

    That function is smooth on [0, 1], but its singularity at ``-1 / tau`` comes near as tau grows,
    and it falls the faster the higher the power. One Gauss rule does while both are mild; beyond
    that the interval is cut at 1/2, 1/4, 1/8, ..., until the function is mild on the first panel.

    Parameters
    ----------
    a, b : float
        Parameters of the beta distribution, positive.
    reach : float
        The largest tau that will be asked for.
    power : float
        The largest power that will be asked for.

    Returns
    -------
    tuple of ndarray
        Nodes within (0, 1) and weights that sum to 1.

    Examples
    --------
    >>> p, weight = beta_rule(1.0, 1.0, reach=1e6, power=1.0)
    >>> mean = (weight / (1 + p * 1e6)).sum()
    >>> bool(abs(mean / (np.log(1 + 1e6) / 1e6) - 1) < 1e-13)
    True
    """
    strain = max(reach * max(1.0, power / (b + 4.0)), 0.02)
    if strain <= _SINGLE_RULE:
        return gauss_beta(_nodes_needed(strain, b), a, b)
    if a >= _CONCENTRATED:
        return gauss_beta(_CONCENTRATED_NODES, a, b)
    halvings = np.ceil(np.log2(np.maximum((max(reach * max(power, 1.0), b), a), 8.0) / _MILD))
    p, left = _half_beta(a, b, int(halvings[0]))
    q, right = _half_beta(b, a, int(halvings[1]))
    log_weight = np.concatenate((left, right))
    weight = np.exp(log_weight - log_weight.max())
    return np.concatenate((p, 1.0 - q)), weight / weight.sum()


def _nodes_needed(strain: float, b: float) -> int:
    """Return how many nodes one rule needs, fitted to 1e-14 over a grid of a, b, tau and power."""
    # Bernstein ellipse for a short interval, Laguerre where a large b squeezes the mass to 0
    ellipse, laguerre = np.arccosh(1.0 + 2.0 / strain), np.log1p(2.0 / strain)
    return int(5.0 + 17.0 / (laguerre + (ellipse - laguerre) / (1.0 + b / 25.0)))


def _half_beta(near: float, far: float, panels: int) -> tuple[Array, Array]:
    """Return nodes d and log weights of ``d**(near-1) (1-d)**(far-1)`` on [0, 1/2], halved."""
    cut = 0.5**panels
    unit, unit_weight = gauss_legendre(_PANEL_NODES)
    at, weight = gauss_beta(_PANEL_NODES, near, 1.0)
    low = 0.5 ** np.arange(panels, 1, -1)[:, None]
    beyond = (low * (1.0 + unit)).ravel()
    log_weight = np.log((low * unit_weight).ravel()) + (near - 1.0) * np.log(beyond)
    first = np.log(weight) + near * np.log(cut) - np.log(near)
    d = np.concatenate((cut * at, beyond))
    return d, np.concatenate((first, log_weight)) + (far - 1.0) * np.log1p(-d)


class TiltedRule(NamedTuple):
    """One set of nodes for several beta distributions: a row of weights for each."""

    members: NDArray[np.int64]
    p: Array
    weight: Array


def beta_rules(
    a: float, b: float, survived: NDArray[np.int64], *, reach: float, spare: float
) -> Iterator[TiltedRule]:
    """Yield rules for the means over p ~ Beta(a, b + k), neighbouring k sharing their nodes.

    Parameters
    ----------
    a, b : float
        Parameters of the beta distribution before any chance was survived.
    survived : ndarray of int
        The distinct numbers k, rising.
    reach : float
        The largest tau that will be asked for.
    spare : float
        The powers asked for are at most ``k + spare``.

    Yields
    ------
    TiltedRule
        ``members``, places in ``survived``; nodes ``p``; ``weight``, a row a member.

    Examples
    --------
    >>> rules = beta_rules(1.0, 1.0, np.array([0, 1, 2]), reach=1.0, spare=1.0)
    >>> [float((rule.weight @ rule.p)[0].round(12)) for rule in rules]
    [0.5, 0.333333333333, 0.25]
    """
    start = 0
    while start < len(survived):
        least = int(survived[start])
        end = int(np.searchsorted(survived, least + least // 4, side="right"))
        k = survived[start:end]
        extra = (k - least)[:, None]
        largest = float(k[-1])
        # a tilt (1 - p)**extra strains the rule as a power of 1 + p * tau does
        tilt = (largest - least) / (b + least)
        p, weight = beta_rule(a, b + least, reach=reach + tilt, power=largest + spare)
        weight = weight * np.exp(extra * np.log1p(-p))
        yield TiltedRule(np.arange(start, end), p, weight / weight.sum(axis=1, keepdims=True))
        start = end


def chebyshev(places: Array) -> tuple[Array, Array]:
    """Return points, and a matrix that spreads values at them to all places by interpolation.

    For functions whose singularities are at least pi away from the real line, such as functions
    of ``t / (alpha + T)`` seen over ``log(alpha + T)``. The barycentric formula at Chebyshev points
    (Berrut and Trefethen 2004); as many of them as 4e-14 was found to take.

    Parameters
    ----------
    places : ndarray of float, shape (n,)
        Where values are wanted.

    Returns
    -------
    tuple of ndarray
        Points, shape (k,), and matrix, shape (k, n); the places themselves where n is small.

    Examples
    --------
    >>> places = np.linspace(0.0, 3.0, 500)
    >>> at, spread = chebyshev(places)
    >>> len(at), bool(np.allclose((1 / (1 + np.exp(at))) @ spread, 1 / (1 + np.exp(places)), 1e-13))
    (34, True)
    """
    low, half = places.min(), np.ptp(places) / 2.0
    points = int(np.ceil(22.0 + 17.0 / np.arcsinh(np.pi / max(half, 1e-3))))
    if len(places) <= points:
        return places, np.eye(len(places))
    angle = (2.0 * np.arange(points) + 1.0) * np.pi / (2.0 * points)
    at = low + half * (1.0 - np.cos(angle))
    gap = places - at[:, None]
    hit = gap == 0.0
    gap[hit] = 1.0
    matrix = ((-1.0) ** np.arange(points) * np.sin(angle))[:, None] / gap
    matrix[:, hit.any(axis=0)] = hit[:, hit.any(axis=0)]
    return at, matrix / matrix.sum(axis=0)


def doubling_panels(first: float, end: float, nodes: int) -> tuple[Array, Array]:
    """Return a rule for the integral over [0, end] of a function whose singularity is at -1.

    Gauss-Legendre panels, the first ``first`` long, each next one ending where one plus its place
    has doubled at most, so that every panel is at least as far from -1 as it is long.

    Parameters
    ----------
    first : float
        Length of the first panel, at most 1.
    end : float
        Where the integral ends.
    nodes : int
        Nodes a panel.

    Returns
    -------
    tuple of ndarray
        Nodes and weights.

    Examples
    --------
    >>> at, weight = doubling_panels(1.0, 1e5, 20)
    >>> bool(abs((weight / (1 + at)).sum() / np.log(1 + 1e5) - 1) < 1e-13)
    True
    """
    edges = [0.0, min(first, end)]
    while edges[-1] < end:
        step = min(2.0 * (edges[-1] - edges[-2]), 1.0 + edges[-1])
        edges.append(min(edges[-1] + step, end))
    edges = np.array(edges)
    unit, weight = gauss_legendre(nodes)
    length = np.diff(edges)[:, None]
    return (edges[:-1, None] + length * unit).ravel(), (length * weight).ravel()


def laplace_rule(rates: Array) -> tuple[Array, Array]:
    """Return a rule for integrals over u from 0 to infinity of ``exp(-y u) g(u)``.

    It serves every rate ``y`` given, and every g whose singularities lie at or left of -1: such
    as ``(1 + u)**-s``, the exponential integral of order s.

    Parameters
    ----------
    rates : ndarray of float
        The positive rates y.

    Returns
    -------
    tuple of ndarray
        Nodes u and weights; the factor ``exp(-y u)`` is left to the caller.

    Examples
    --------
    >>> from scipy.special import expn
    >>> y = np.array([1e-4, 1.0, 50.0])
    >>> u, weight = laplace_rule(y)
    >>> found = np.exp(-np.outer(y, u)) @ (weight / (1 + u))
    >>> bool(np.allclose(found, np.exp(y) * expn(1, y), rtol=1e-13))
    True
    """
    fastest, slowest = float(np.max(rates)), float(np.min(rates))
    return doubling_panels(min(1.0, 8.0 / fastest), _DISCOUNTED_AWAY / slowest, _PANEL_NODES + 4)
