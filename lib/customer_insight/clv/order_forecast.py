"""The next order of each customer, how many come, how sure that is, and who leaves before."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from customer_insight.clv.beta_geometric import BetaGeometricNBD
from customer_insight.clv.histories import Histories
from customer_insight.clv.quadrature import chebyshev, gauss_legendre
from customer_insight.data.time_units import DAYS_PER_UNIT, horizon_days

Array = NDArray[np.float64]

_NODES = 20


@dataclass(frozen=True)
class OrderForecast:
    """What a model of buying expects of each customer within a horizon.

    Attributes
    ----------
    alive : ndarray of float, shape (n,)
        Probability of being a customer now.
    chance : ndarray of float, shape (n,)
        Probability of at least one order.
    expected, expected_square : ndarray of float, shape (n,)
        Mean of the number of orders, and of its square.
    days_to_order : ndarray of float, shape (n,)
        Mean days to the next order, if one comes within the horizon.
    leaves : ndarray of float, shape (n,)
        Probability of leaving within the horizon; who has left before is not counted.
    days_to_leaving : ndarray of float, shape (n,)
        Mean days to leaving, if it is within the horizon.
    """

    alive: Array
    chance: Array
    expected: Array
    expected_square: Array
    days_to_order: Array
    leaves: Array
    days_to_leaving: Array


def order_forecast(model: BetaGeometricNBD, summary: Any, *, horizon: str) -> OrderForecast:
    """Return for each customer the orders and the leaving to expect within a horizon.

    Under BG/NBD and MBG/NBD customers leave at an order only, so that the time to the next order of
    a living customer follows a Lomax distribution, and the number of orders is what a Poisson
    process gives up to a geometric end. Means are taken over the posteriors of rate and leaving.

    Parameters
    ----------
    model : BGNBD or MBGNBD
        Fitted, or with given parameters.
    summary : pandas or Polars frame
        In the unit that the model was fitted in.
    horizon : str
        How far ahead, with its unit.

    Returns
    -------
    OrderForecast

    Raises
    ------
    ValueError
        If the model is of another kind, or summary or horizon are not what they should be.

    Notes
    -----
    With the rate l and the chance p of leaving given, and time v to come, the factorial moment
    ``E[N (N - 1)]`` is ``2 l**2 (1 - p)`` times the integral of ``v exp(-l p v)`` over the horizon.

    Examples
    --------
    >>> import polars
    >>> from customer_insight.clv import BGNBD
    >>> model = BGNBD.from_parameters(unit="week", r=0.2426, alpha=4.4136, a=0.7929, b=2.4259)
    >>> customer = polars.DataFrame({
    ...     "repeat_purchases": [2], "weeks_first_to_last": [30.43], "weeks_observed": [38.86],
    ... })
    >>> found = order_forecast(model, customer, horizon="39 weeks")
    >>> [float(number[0].round(3)) for number in (found.alive, found.chance, found.expected)]
    [0.727, 0.555, 1.226]
    """
    histories = _read(model, summary)
    days, end = _reach(histories, horizon)
    alive = model.probability_alive(summary)
    shape, scale = model.r_ + histories.x, model.alpha_ + histories.T
    stays = _staying(model, histories, end)
    time = _living_mean(model, histories, end, lambda s, tau, p: tau * _mean_power(s, tau * p))
    pairs = _living_mean(model, histories, end, _factorial_moment)
    expected = model.expected_purchases(summary, horizon=horizon)
    gone = np.maximum(1.0 - stays, 0.0)
    lived = time * scale / end - stays  # in shares of the horizon
    return OrderForecast(
        alive=alive,
        chance=-alive * np.expm1(-shape * np.log1p(end / scale)),
        expected=expected,
        expected_square=expected + alive * pairs,
        days_to_order=mean_time_within(shape, scale / end) * days,
        leaves=alive * gone,
        days_to_leaving=days
        * np.clip(np.where(gone > 0, lived / np.maximum(gone, 1e-12), 0.5), 0, 1),
    )


def orders_and_leaving(
    model: BetaGeometricNBD, summary: Any, *, horizon: str
) -> tuple[Array, Array]:
    """Return the expected orders of each customer, and the probability of leaving, alone.

    The columns ``expected`` and ``leaves`` of `order_forecast` without its dates and variances:
    totals that are asked for again and again need no more.

    Parameters
    ----------
    model, summary, horizon
        As `order_forecast` takes them.

    Returns
    -------
    expected, leaves : ndarray of float, shape (n,)

    Raises
    ------
    ValueError
        As `order_forecast` does.

    Examples
    --------
    >>> import polars
    >>> from customer_insight.clv import BGNBD
    >>> model = BGNBD.from_parameters(unit="week", r=0.2426, alpha=4.4136, a=0.7929, b=2.4259)
    >>> customer = polars.DataFrame({
    ...     "repeat_purchases": [2], "weeks_first_to_last": [30.43], "weeks_observed": [38.86],
    ... })
    >>> expected, leaves = orders_and_leaving(model, customer, horizon="39 weeks")
    >>> float(expected[0].round(3)), float(leaves[0].round(3))
    (1.226, 0.159)
    """
    histories = _read(model, summary)
    gone = np.maximum(1.0 - _staying(model, histories, _reach(histories, horizon)[1]), 0.0)
    leaves = model.probability_alive(summary) * gone
    return model.expected_purchases(summary, horizon=horizon), leaves


def mean_time_within(shape: Array, scale: Array) -> Array:
    """Return the mean time to the first event, if it comes before time 1.

    Events come at a constant rate, unknown and gamma distributed, so that the time to the first one
    follows a Lomax distribution.

    Parameters
    ----------
    shape, scale : ndarray of float
        Of the gamma distribution of rates; its mean is ``shape / scale`` events in time 1.

    Returns
    -------
    ndarray of float
        Between 0 and 1/2.

    Examples
    --------
    >>> mean_time_within(np.array([1.0, 1.0]), np.array([1e9, 0.001])).round(4)
    array([0.5   , 0.0059])
    """
    waits = _power(-shape, 1.0 / scale)
    time = _mean_power(shape, 1.0 / scale)
    # where an event is very unlikely the quotient is all rounding, and the limit is one half
    likely = shape / scale > 1e-7
    return np.where(likely, (time - waits) / np.where(likely, 1.0 - waits, 1.0), 0.5)


def _read(model: BetaGeometricNBD, summary: Any) -> Histories:
    if not isinstance(model, BetaGeometricNBD):
        raise ValueError(
            f"model is a {type(model).__name__}, and must be a BGNBD or an MBGNBD: in others "
            "customers may leave between two orders, and the next order has another date."
        )
    return model._read(summary)


def _reach(histories: Histories, horizon: str) -> tuple[float, float]:
    """Return the horizon in days, and in the unit of the histories."""
    days = float(horizon_days(horizon))
    return days, days / DAYS_PER_UNIT[histories.unit]


def _staying(model: BetaGeometricNBD, histories: Histories, end: float) -> Array:
    """Return the chance that a living customer has not left by the end."""
    return _living_mean(model, histories, end, lambda s, tau, p: _power(-s, tau * p))


def _living_mean(
    model: BetaGeometricNBD,
    histories: Histories,
    end: float,
    function: Callable[[Array, Array, Array], Array],
) -> Array:
    """Return the mean over p of a function of shape, ``tau = end / scale`` and p, a customer each.

    As in the model's own forecast: for each count a smooth function of ``log(alpha + T)``.
    """
    pairs = histories.count_and_observed()
    x = pairs.x.astype(float)
    result = np.empty(len(x))
    observed, code = np.unique(pairs.T, return_inverse=True)
    at, spread = chebyshev(np.log(model.alpha_ + observed))
    tau = end * np.exp(-at)
    for counts, rule in model._rules(x, float(tau.max())):
        shape = (model.r_ + counts)[:, None, None]
        means = np.einsum("xtp,xp->xt", function(shape, tau[:, None], rule.p), rule.weight)
        rows = slice(np.searchsorted(x, counts[0]), np.searchsorted(x, counts[-1], "right"))
        by_time = means @ spread
        result[rows] = by_time[np.searchsorted(counts, x[rows]), code[rows]]
    return pairs.table(result)[pairs.place]


def _power(power: Array, base: Array) -> Array:
    return np.exp(power * np.log1p(base))


def _mean_power(shape: Array, reach: Array) -> Array:
    """Return the mean of ``(1 + u)**-shape`` over u from 0 to reach."""
    length = np.log1p(reach)
    near = np.abs(shape - 1.0) < 1e-9
    other = np.where(near, 2.0, shape) - 1.0
    return np.where(near, length, -np.expm1(-other * length) / other) / reach


def _factorial_moment(shape: Array, tau: Array, p: Array) -> Array:
    """Return ``E[N (N - 1)]`` of a living customer, the rate integrated out."""
    reach = tau * p
    length = np.log1p(reach)
    strain = shape * length
    # the closed form cancels where little leaving is in sight; the integral is smooth there
    closed = 1.0 - (shape + 1.0) * np.exp(-strain) + shape * np.exp(-strain - length)
    at, weight = gauss_legendre(_NODES)
    smooth = np.zeros_like(strain)
    for u, w in zip(at, weight, strict=True):
        smooth += w * u * np.exp(-(shape + 2.0) * np.log1p(u * reach))
    smooth *= shape * (shape + 1.0) * tau**2
    far = strain > 1.0
    with np.errstate(over="ignore"):
        return 2.0 * (1.0 - p) * np.where(far, closed / np.where(far, p, 1.0) ** 2, smooth)
