"""The beta-geometric models, BG/NBD and MBG/NBD: one likelihood, one posterior, one forecast.

A customer has chances to leave. In the BG/NBD model each repeat purchase is one; in the MBG/NBD
model the first purchase is one too. With k the chances survived after x repeat purchases (x, or
x + 1), every formula of the one paper is the formula of the other.

Notation is the papers': r, alpha of the gamma distribution of purchase rates, a, b of the beta
distribution of the probability of leaving at a chance.
"""

from collections.abc import Iterator
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from customer_insight.clv.beta_geometric_likelihood import BetaGeometricLikelihood
from customer_insight.clv.discounting import Schedule
from customer_insight.clv.histories import DistinctHistories
from customer_insight.clv.purchase_model import PurchaseModel
from customer_insight.clv.quadrature import TiltedRule, beta_rules, chebyshev, laplace_rule
from customer_insight.clv.special import log_survival, negative_binomial

Array = NDArray[np.float64]


class BetaGeometricNBD(PurchaseModel):
    """What BG/NBD and MBG/NBD share; they differ in ``chances_at_first_purchase``."""

    parameter_names = ("r", "alpha", "a", "b")
    chances_at_first_purchase: ClassVar[int]
    r_: float
    alpha_: float
    a_: float
    b_: float
    ran_off: ClassVar = {
        ("r", "up"): "Customers do not differ in how often they buy, as far as these data tell.",
        ("alpha", "up"): "Customers do not differ in how often they buy, as far as these tell.",
        ("r", "down"): "Nearly all purchases are made by a handful of customers.",
        ("alpha", "down"): "Nearly all purchases are made by a handful of customers.",
        ("a", "down"): "Nobody seems to leave: those who came back were all seen lately.",
        ("b", "up"): "Nobody seems to leave, or all are alike in how readily they leave.",
        ("a", "up"): "All customers are alike in how readily they leave, as far as these tell.",
        ("b", "down"): "Customers leave at once or never: nothing lies between.",
    }

    def _start(self, histories: DistinctHistories) -> Array:
        weight = histories.customers
        rate = weight @ histories.x / (weight @ histories.T)
        return np.array([1.0, 1.0 / rate, 1.0, 3.0])

    def _objective(self, histories: DistinctHistories) -> BetaGeometricLikelihood:
        return BetaGeometricLikelihood(histories, self.chances_at_first_purchase)

    def _odds_gone(self, x: Array, t_x: Array, T: Array) -> Array:
        """P(alive): Fader, Hardie and Lee (2008), "Computing P(alive) using the BG/NBD model".

        ``a / (b + k - 1) * ((alpha + T) / (alpha + t_x))**(r + x)``; 0 before the first chance.
        """
        # in the BG/NBD model most customers never had a chance: work on the others only
        first = self.chances_at_first_purchase
        had = slice(None) if first else np.flatnonzero(x)
        count, last = x[had].astype(float), t_x[had]
        odds = T[had] - last
        odds /= self.alpha_ + last
        np.log1p(odds, out=odds)
        odds *= self.r_ + count
        np.exp(odds, out=odds)
        odds *= self.a_
        odds /= count + (self.b_ + (first - 1.0))
        if first:
            return odds
        result = np.zeros(len(x))
        result[had] = odds
        return result

    @property
    def _alive_at_start(self) -> float:
        first = log_survival(self.a_, self.b_, self.chances_at_first_purchase)
        return float(np.exp(first[-1]))

    def _rules(self, x: NDArray, reach: float) -> Iterator[tuple[NDArray, TiltedRule]]:
        """Yield distinct counts with a rule for the mean over their posterior of p."""
        counts = np.unique(x).astype(np.int64)
        first = self.chances_at_first_purchase
        rules = beta_rules(
            self.a_, self.b_, counts + first, reach=reach, spare=self.r_ + 1.0 - first
        )
        return ((counts[rule.members], rule) for rule in rules)

    def _purchases_if_alive(self, x: Array, T: Array, schedule: Schedule) -> Array:
        """Sum over steps of ``(a + b + x - 1) / (a - 1) * [1 - ... 2F1(...)]``, FHL (2005) eq. 10.

        Written as the mean over p of ``(1 - (1 + p tau)**-(r + x)) / p`` with
        ``tau = t / (alpha + T)``, which has no singularity at a = 1. For each count it is a smooth
        function of ``log(alpha + T)``: some thirty points give it for all times observed.
        """
        result = np.empty(len(x))
        observed, code = np.unique(T, return_inverse=True)
        at, spread = chebyshev(np.log(self.alpha_ + observed))
        tau = schedule.ends[:, None] * np.exp(-at)
        for counts, rule in self._rules(x, float(tau.max())):
            power = -(self.r_ + counts)[:, None, None]
            bought = np.zeros((len(counts), len(at), len(rule.p)))
            for step, weight in zip(tau, schedule.weights, strict=True):
                bought -= weight * np.expm1(power * np.log1p(np.outer(step, rule.p)))
            by_time = np.einsum("xtp,xp->xt", bought, rule.weight / rule.p) @ spread
            rows = slice(np.searchsorted(x, counts[0]), np.searchsorted(x, counts[-1], "right"))
            result[rows] = by_time[np.searchsorted(counts, x[rows]), code[rows]]
        return result

    def _residual_if_alive(self, x: Array, T: Array, rate: float) -> Array:
        """Laplace transform of the purchase rate, itself the mean of ``(1 + p tau)**-(r + x + 1)``.

        No closed form is known for the beta-geometric models.
        """
        result = np.empty(len(x))
        observed, code = np.unique(T, return_inverse=True)
        y = rate * (self.alpha_ + observed)
        u, weight = laplace_rule(y)
        discount = np.exp(-np.outer(y, u)) * weight
        for counts, rule in self._rules(x, float(u.max())):
            length = np.log1p(np.outer(u, rule.p))
            for count, by_count in zip(counts, rule.weight, strict=True):
                rows = slice(np.searchsorted(x, count), np.searchsorted(x, count, "right"))
                power = self.r_ + count
                purchases = power * (np.exp(-(power + 1.0) * length) @ by_count)
                result[rows] = (discount @ purchases)[code[rows]]
        return result

    def _count_distribution(self, x: float, T: float, t: float, most: int, *, new: bool) -> Array:
        """P(X(t) = n): FHL (2005) eq. 8; alive with n purchases, or gone at the last of n.

        The incomplete beta function is the chance that the purchases would have gone on.
        """
        from scipy.special import betainc

        first = self.chances_at_first_purchase
        a, b = self.a_, self.b_ + (0.0 if new else x + first)
        power, n = self.r_ + x, np.arange(most + 1)
        share = t / (self.alpha_ + T + t)
        survival = np.exp(log_survival(a, b, most + 1))
        chances = n + (first if new else 0)
        # at chance k leaves a share a / (a + b + k - 1) of those who survived k - 1
        leaving = survival[np.maximum(chances - 1, 0)] * a / (a + b + chances - 1.0)
        reached = np.where(n > 0, betainc(np.maximum(n, 1), power, share), 1.0)
        living = survival[chances] * negative_binomial(power, share, most)
        return living + np.where(chances > 0, leaving * reached, 0.0)

    def _draw(self, T: Array, rng: np.random.Generator) -> tuple[NDArray[np.int64], Array]:
        """Draw the purchases a customer would make, cut off at the chance of leaving."""
        n = len(T)
        rate = rng.gamma(self.r_, 1.0 / self.alpha_, n)
        leaving = np.maximum(rng.beta(self.a_, self.b_, n), 1e-15)
        would = rng.poisson(np.minimum(rate * T, 1e6))
        final = rng.geometric(leaving) - self.chances_at_first_purchase
        x = np.minimum(would, final)
        # the x-th of all uniform times, which is the last one unless the customer left
        last = rng.beta(np.maximum(x, 1), would - x + 1.0)
        t_x = np.where(x > 0, np.maximum(T * last, np.finfo(float).tiny), 0.0)
        return x.astype(np.int64), np.minimum(t_x, T)
