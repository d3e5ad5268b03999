"""The log-likelihood of the Pareto/NBD model, with its gradient and Hessian.

With R = r + x, one customer contributes the logarithm of

    Gamma(R) / Gamma(r) * alpha**r / (alpha + T)**R * (beta / (beta + T))**s * (1 + odds),
    odds = s * integral over y from t_x to T of exp(h(y)),
    exp(h(y)) = ((alpha + T) / (alpha + y))**R * (beta + T)**s / (beta + y)**(s + 1),

Fader and Hardie (2005), "A Note on Deriving the Pareto/NBD Model", equations 13 to 18, with the
integral left as it stands. ``odds`` are the odds that the customer has left. Derivatives of the
logarithm of the integral are means and covariances of the derivatives of h.
"""

import numpy as np
from numpy.typing import NDArray

from customer_insight.clv.fit import Derivatives
from customer_insight.clv.histories import DistinctHistories
from customer_insight.clv.pareto_nbd_departure import Departures, departures
from customer_insight.clv.special import log_rising, softplus

Array = NDArray[np.float64]


def log_odds_gone(parameters: Array, x: Array, t_x: Array, T: Array) -> Array:
    """Return the log odds that a customer has left; minus infinity where T is t_x."""
    integral = np.zeros(len(x))
    for part in departures(parameters, x, t_x, T):
        integral[part.rows] = part.scale * part.weight.sum(axis=1)
    with np.errstate(divide="ignore"):
        return _log_odds(parameters, x, t_x, T, np.log(integral))


def _log_odds(parameters: Array, x: Array, t_x: Array, T: Array, log_integral: Array) -> Array:
    """Put back the integrand at t_x, relative to which the integral was taken."""
    r, alpha, s, beta = parameters
    silence = T - t_x
    from_rate = (r + x) * np.log1p(silence / (alpha + t_x))
    from_leaving = s * np.log1p(silence / (beta + t_x))
    return np.log(s / (beta + t_x)) + from_rate + from_leaving + log_integral


class ParetoNBDLikelihood:
    """Log-likelihood of r, alpha, s, beta over distinct histories.

    Parameters
    ----------
    histories : DistinctHistories
        Ordered by count.
    """

    def __init__(self, histories: DistinctHistories) -> None:
        self._histories = histories
        self._by_count = np.bincount(histories.x.astype(np.int64), weights=histories.customers)
        # who bought on the last day cannot have left before it
        self._may_be_gone = np.flatnonzero(histories.t_x < histories.T)

    def __call__(self, parameters: Array) -> Derivatives:
        """Return value, gradient and Hessian by r, alpha, s and beta."""
        value, gradient, hessian = self._alive(*parameters)
        h, live = self._histories, self._may_be_gone
        x, t_x, T, customers = h.x[live], h.t_x[live], h.T[live], h.customers[live]
        for part in departures(parameters, x, t_x, T):
            rows = part.rows
            kept = DistinctHistories(x[rows], t_x[rows], T[rows], customers[rows])
            more = _departed(parameters, part, kept)
            value += more.value
            gradient += more.gradient
            hessian += more.hessian
        return Derivatives(float(value), gradient, hessian)

    def _alive(self, r: float, alpha: float, s: float, beta: float) -> tuple[float, Array, Array]:
        """Return what remains if nobody has left: the NBD model, and the chance of staying."""
        h, n = self._histories, self._by_count.sum()
        rate = log_rising(r, len(self._by_count) - 1)
        power, customers = r + h.x, h.customers
        by_alpha, by_beta = 1.0 / (alpha + h.T), 1.0 / (beta + h.T)
        log_T = np.log(alpha + h.T)
        stay = n * np.log(beta) - customers @ np.log(beta + h.T)
        weight = customers * power
        value = self._by_count @ rate.value + n * r * np.log(alpha) - weight @ log_T + s * stay
        gradient = np.array(
            [
                self._by_count @ rate.first + n * np.log(alpha) - customers @ log_T,
                n * r / alpha - weight @ by_alpha,
                stay,
                s * (n / beta - customers @ by_beta),
            ]
        )
        hessian = np.zeros((4, 4))
        hessian[0, 0] = self._by_count @ rate.second
        hessian[0, 1] = hessian[1, 0] = n / alpha - customers @ by_alpha
        hessian[1, 1] = -n * r / alpha**2 + weight @ (by_alpha * by_alpha)
        hessian[2, 3] = hessian[3, 2] = n / beta - customers @ by_beta
        hessian[3, 3] = s * (customers @ (by_beta * by_beta) - n / beta**2)
        return value, gradient, hessian


def _departed(parameters: Array, part: Departures, histories: DistinctHistories) -> Derivatives:
    """Return ``log(1 + odds)`` summed over some histories, with its derivatives."""
    r, alpha, s, beta = parameters
    x, t_x, T, customers = histories.x, histories.t_x, histories.T, histories.customers
    mass = part.weight.sum(axis=1)
    log_odds = _log_odds(parameters, x, t_x, T, np.log(part.scale * mass))
    log_one_plus_odds, gone, slope = softplus(log_odds)
    gone *= customers
    slope *= customers
    mean, second = _moments(part.weight / mass[:, None], _features(parameters, part, t_x))
    power, left_alpha, left_beta = r + x, 1.0 / (alpha + T), 1.0 / (beta + T)
    silence = T - t_x
    by = np.array(
        [
            np.log1p(silence / (alpha + t_x)) - mean[0],
            power * (left_alpha - mean[1]),
            np.log1p(silence / (beta + t_x)) - mean[2] + 1.0 / s,
            s * left_beta - (s + 1.0) * mean[3],
        ]
    )
    # covariance of the derivatives of h, each a multiple of its feature
    multiple = np.array(
        [np.ones_like(power), power, np.ones_like(power), np.full_like(power, s + 1)]
    )
    covariance = second - mean[:, None] * mean
    hessian = (by * slope) @ by.T + np.einsum(
        "i,ai,bi,abi->ab", gone, multiple, multiple, covariance
    )
    hessian[0, 1] += gone @ (left_alpha - mean[1])
    hessian[2, 3] += gone @ (left_beta - mean[3])
    hessian[1, 0], hessian[3, 2] = hessian[0, 1], hessian[2, 3]
    hessian[1, 1] += (gone * power) @ (second[1, 1] - left_alpha * left_alpha)
    hessian[2, 2] -= gone.sum() / s**2
    hessian[3, 3] += gone @ ((s + 1.0) * second[3, 3] - s * left_beta * left_beta)
    return Derivatives(float(customers @ log_one_plus_odds), by @ gone, hessian)


def _features(parameters: Array, part: Departures, t_x: Array) -> list[Array]:
    """Return ``log(alpha + y)`` from t_x on, ``1 / (alpha + y)``, and the same with beta."""
    _, alpha, _, beta = parameters
    nearest, farthest = min(alpha, beta), max(alpha, beta)
    near_start = (nearest + t_x)[:, None]
    passed = near_start * part.growth
    near = [part.near, 1.0 / (near_start + passed)]
    far = [part.far, 1.0 / ((farthest + t_x)[:, None] + passed)]
    return [*near, *far] if alpha <= beta else [*far, *near]


def _moments(weight: Array, features: list[Array]) -> tuple[Array, Array]:
    """Return means of the features and of their products under the weights, row by row."""
    n, rows = len(features), len(weight)
    mean, second = np.empty((n, rows)), np.empty((n, n, rows))
    for i, feature in enumerate(features):
        weighted = weight * feature
        mean[i] = weighted.sum(axis=1)
        for j in range(i, n):
            second[i, j] = second[j, i] = np.einsum("ij,ij->i", weighted, features[j])
    return mean, second
