"""The log-likelihood of the Gamma-Gamma model, with its gradient and Hessian.

With z the money of x purchases together and m = z / x their mean, a customer contributes

    -log B(p x, q) - q log(1 + z / v) - p x log(1 + v / z) - log m,

Fader and Hardie (2013), equation 1a, with powers put together so that nothing cancels.
"""

import numpy as np
from numpy.typing import NDArray

from customer_insight.clv.fit import Derivatives
from customer_insight.clv.histories import blocks

Array = NDArray[np.float64]


class GammaGammaLikelihood:
    """Log-likelihood of p, q and v; gamma functions are worked out once a count.

    Parameters
    ----------
    x, amount : ndarray of float
        Repeat purchases and their money, both positive.
    """

    def __init__(self, x: Array, amount: Array) -> None:
        self._x, self._amount = x, amount
        self._counts, customers = np.unique(x, return_counts=True)
        self._customers = customers.astype(float)
        self._log_means = float(np.log(amount / x).sum())

    def __call__(self, parameters: Array) -> Derivatives:
        """Return value, gradient and Hessian by p, q and v."""
        p, q, v = parameters
        value, gradient, hessian = self._by_count(p, q)
        value -= self._log_means
        for rows in blocks(len(self._x)):
            x, z = self._x[rows], self._amount[rows]
            inverse = 1.0 / (z + v)
            over, under = np.log1p(z / v), np.log1p(v / z)
            share = z * inverse
            power = p * x
            value -= q * over.sum() + power @ under
            slope = q / v * share - power * inverse
            gradient -= x @ under, over.sum(), -slope.sum()
            hessian[0, 2] -= x @ inverse
            hessian[1, 2] += share.sum() / v
            hessian[2, 2] -= slope @ inverse + q / v**2 * share.sum()
        hessian[2, :2] = hessian[:2, 2]
        return Derivatives(float(value), gradient, hessian)

    def _by_count(self, p: float, q: float) -> tuple[float, Array, Array]:
        from scipy.special import betaln, digamma, polygamma

        x, n = self._counts, self._customers
        power = p * x
        first = digamma(power + q)
        second, own, all_ = polygamma(1, power + q), polygamma(1, power), polygamma(1, q)
        value = -(n @ betaln(power, q))
        by_p = (n * x) @ (first - digamma(power))
        gradient = np.array([by_p, n @ (first - digamma(q)), 0.0])
        hessian = np.zeros((3, 3))
        hessian[0, 0] = (n * x * x) @ (second - own)
        hessian[0, 1] = hessian[1, 0] = (n * x) @ second
        hessian[1, 1] = n @ (second - all_)
        return value, gradient, hessian
