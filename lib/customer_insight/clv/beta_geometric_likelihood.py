"""The log-likelihood of the beta-geometric models, with its gradient and Hessian.

With R = r + x and k chances to leave survived, one customer contributes the logarithm of

    Gamma(R) / Gamma(r) * B(a, b + k) / B(a, b) * alpha**r / (alpha + T)**R * (1 + odds),
    odds = a / (b + k - 1) * ((alpha + T) / (alpha + t_x))**R    (0 where k = 0),

Fader, Hardie and Lee (2005), section 4, with k = x; Batislam, Denizel and Filiztekin (2007) with
k = x + 1. ``odds`` are the odds that the customer has left.
"""

import numpy as np
from numpy.typing import NDArray

from customer_insight.clv.fit import Derivatives
from customer_insight.clv.histories import DistinctHistories, blocks
from customer_insight.clv.special import log_rising, log_survival, softplus

Array = NDArray[np.float64]


class BetaGeometricLikelihood:
    """Log-likelihood of r, alpha, a, b over distinct histories.

    Gamma functions are worked out once a count; one logarithm, one ``log(1 + z)`` and one
    exponential remain for each distinct history.

    Parameters
    ----------
    histories : DistinctHistories
        Ordered by count.
    chances_at_first_purchase : int
        0 for BG/NBD, 1 for MBG/NBD.
    """

    def __init__(self, histories: DistinctHistories, chances_at_first_purchase: int) -> None:
        self._histories = histories
        self._first = chances_at_first_purchase
        self._counts_of = histories.x.astype(np.int64)
        self._by_count = np.bincount(self._counts_of, weights=histories.customers)
        # who had no chance to leave is alive for certain; they stand first
        self._certain = 0 if self._first else int(np.searchsorted(histories.x, 0.5))

    def __call__(self, parameters: Array) -> Derivatives:
        """Return value, gradient and Hessian by r, alpha, a and b."""
        total = self._counts(*parameters)
        size, certain = len(self._histories.x), self._certain
        for rows in (*blocks(certain), *blocks(size, start=certain)):
            self._add_silence(total, rows, *parameters[:2])
        for rows in blocks(size, start=certain):
            self._add_departures(total, rows, parameters)
        hessian = total.hessian + np.tril(total.hessian, -1).T
        return Derivatives(float(total.value), total.gradient, hessian)

    def _counts(self, r: float, alpha: float, a: float, b: float) -> "_Total":
        """Return what depends on counts alone: rising factorials and the chances survived."""
        customers, n = self._by_count, self._by_count.sum()
        first, most = self._first, len(self._by_count) - 1
        rate = log_rising(r, most)
        stay, any_ = (log_rising(c, most + first) for c in (b, a + b))
        value = customers @ (rate.value + log_survival(a, b, most + first)[first:])
        by_a = -(customers @ any_.first[first:])
        by_aa = -(customers @ any_.second[first:])
        by_b = customers @ (stay.first - any_.first)[first:]
        by_bb = customers @ (stay.second - any_.second)[first:]
        total = _Total(value + n * r * np.log(alpha))
        total.gradient[:] = customers @ rate.first + n * np.log(alpha), n * r / alpha, by_a, by_b
        total.hessian[:2, :2] = [[customers @ rate.second, 0.0], [n / alpha, -n * r / alpha**2]]
        total.hessian[2:, 2:] = [[by_aa, 0.0], [by_aa, by_bb]]
        return total

    def _add_silence(self, total: "_Total", rows: slice, r: float, alpha: float) -> None:
        """Add ``-(r + x) log(alpha + T)``."""
        h = self._histories
        customers, T = h.customers[rows], alpha + h.T[rows]
        weight = customers * (r + h.x[rows])
        inverse = 1.0 / T
        log_T = np.log(T)
        total.value -= weight @ log_T
        weight *= inverse
        total.gradient[:2] -= customers @ log_T, weight.sum()
        total.hessian[1, 0] -= customers @ inverse
        total.hessian[1, 1] += weight @ inverse

    def _add_departures(self, total: "_Total", rows: slice, parameters: Array) -> None:
        """Add ``log(1 + odds)``."""
        r, alpha, a, b = parameters
        h = self._histories
        power, customers = r + h.x[rows], h.customers[rows]
        before = 1.0 / (alpha + h.t_x[rows])
        after = 1.0 / (alpha + h.T[rows])
        silence = (h.T[rows] - h.t_x[rows]) * before
        by = np.empty((4, len(power)))  # derivatives of the log odds
        np.log1p(silence, out=by[0])
        by_alpha = np.multiply(silence, -after, out=silence)
        np.multiply(power, by_alpha, out=by[1])
        by[2] = 1.0 / a
        counts = self._counts_of[rows]
        chances = b + np.maximum(np.arange(len(self._by_count)) + (self._first - 1.0), 0.0)
        np.take(-1.0 / chances, counts, out=by[3])
        log_odds = power * by[0]
        log_odds += np.log(a / chances).take(counts)
        log_one_plus_odds, gone, slope = softplus(log_odds)
        gone *= customers
        slope *= customers
        total.value += customers @ log_one_plus_odds
        total.gradient += by @ gone
        total.hessian += np.tril((by * slope) @ by.T)
        total.hessian[1, 0] += gone @ by_alpha
        total.hessian[1, 1] -= (gone * by[1]) @ (before + after)
        total.hessian[2, 2] -= gone.sum() / a**2
        total.hessian[3, 3] += gone @ (by[3] * by[3])


class _Total:
    """Sums that grow block by block; of the Hessian only the lower triangle."""

    def __init__(self, value: float) -> None:
        self.value = value
        self.gradient = np.zeros(4)
        self.hessian = np.zeros((4, 4))
