"""The Pareto/NBD model of Schmittlein, Morrison and Colombo (1987)."""

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from customer_insight.clv.discounting import Schedule
from customer_insight.clv.histories import DistinctHistories
from customer_insight.clv.pareto_nbd_likelihood import ParetoNBDLikelihood, log_odds_gone
from customer_insight.clv.purchase_model import PurchaseModel
from customer_insight.clv.quadrature import doubling_panels, laplace_rule
from customer_insight.clv.special import decayed_length, negative_binomial

Array = NDArray[np.float64]


class ParetoNBD(PurchaseModel):
    """Customers buy at their own rate, and may leave at any time.

    Purchase rates follow a gamma distribution (r, alpha), rates of leaving another one (s, beta),
    independent of each other.

    Attributes
    ----------
    r_, alpha_ : float
        Shape and scale of the purchase rates; their mean is ``r_ / alpha_`` a unit of time.
    s_, beta_ : float
        Shape and scale of the rates of leaving; their mean is ``s_ / beta_``.
    unit_, n_customers_, log_likelihood_, standard_errors_, log_covariance_
        As `PurchaseModel` describes them.

    References
    ----------
    Schmittlein, D. C., Morrison, D. G. and Colombo, R. (1987). Counting Your Customers: Who Are
    They and What Will They Do Next? Management Science 33(1), 1-24.

    Fader, P. S. and Hardie, B. G. S. (2005). A Note on Deriving the Pareto/NBD Model and Related
    Expressions. brucehardie.com/notes/009.

    Fader, P. S., Hardie, B. G. S. and Lee, K. L. (2005). RFM and CLV: Using Iso-Value Curves for
    Customer Base Analysis. Journal of Marketing Research 42(4), 415-430: DERT.

    Examples
    --------
    The published parameters of the CDNOW cohort, in weeks:

    >>> import polars
    >>> model = ParetoNBD.from_parameters(unit="week", r=0.553, alpha=10.578, s=0.606, beta=11.669)
    >>> once = polars.DataFrame({
    ...     "repeat_purchases": [0], "weeks_first_to_last": [0.0], "weeks_observed": [38.86],
    ... })
    >>> float(model.probability_alive(once)[0].round(3))
    0.295
    """

    parameter_names = ("r", "alpha", "s", "beta")
    r_: float
    alpha_: float
    s_: float
    beta_: float
    ran_off: ClassVar = {
        ("r", "up"): "Customers do not differ in how often they buy, as far as these data tell.",
        ("alpha", "up"): "Customers do not differ in how often they buy, as far as these tell.",
        ("r", "down"): "Nearly all purchases are made by a handful of customers.",
        ("alpha", "down"): "Nearly all purchases are made by a handful of customers.",
        ("s", "down"): "Nobody seems to leave: those who came back were all seen lately.",
        ("beta", "up"): "Nobody seems to leave, or all are alike in how readily they leave.",
        ("s", "up"): "All customers are alike in how readily they leave, as far as these tell.",
        ("beta", "down"): "Customers leave at once or never: nothing lies between.",
    }

    def _start(self, histories: DistinctHistories) -> Array:
        weight = histories.customers
        time = weight @ histories.T
        return np.array([1.0, time / (weight @ histories.x), 1.0, 2.0 * time / weight.sum()])

    def _objective(self, histories: DistinctHistories) -> ParetoNBDLikelihood:
        return ParetoNBDLikelihood(histories)

    def _odds_gone(self, x: Array, t_x: Array, T: Array) -> Array:
        """P(alive): Schmittlein, Morrison and Colombo (1987), equations 11 to 13."""
        return np.exp(log_odds_gone(self.parameters, x, t_x, T))

    def _purchases_if_alive(self, x: Array, T: Array, schedule: Schedule) -> Array:
        """Rate times the time a customer will stay: Fader and Hardie (2005), equation 41."""
        left = self.beta_ + T
        stay = np.zeros(len(x))
        for end, weight in zip(schedule.ends, schedule.weights, strict=True):
            stay += weight * decayed_length(self.s_ - 1.0, np.log1p(end / left))
        return (self.r_ + x) / (self.alpha_ + T) * left * stay

    def _residual_if_alive(self, x: Array, T: Array, rate: float) -> Array:
        """DERT: Fader, Hardie and Lee (2005), its confluent function as a Laplace integral."""
        observed, code = np.unique(T, return_inverse=True)
        left = self.beta_ + observed
        y = rate * left
        u, weight = laplace_rule(y)
        stay = left * (np.exp(-np.outer(y, u)) @ (weight * (1.0 + u) ** -self.s_))
        return (self.r_ + x) / (self.alpha_ + T) * stay[code]

    def _count_distribution(self, x: float, T: float, t: float, most: int, *, new: bool) -> Array:
        """P(X(t) = n): the customer stays for t, or leaves at some time within it.

        Given that a customer is alive, the rates of buying and leaving are as independent as
        those of a new one, with x and T added: so one formula does for both.
        """
        power, alpha, beta, s = self.r_ + x, self.alpha_ + T, self.beta_ + T, self.s_
        stays = negative_binomial(power, t / (alpha + t), most) * (beta / (beta + t)) ** s
        if t <= 0:
            return stays
        nearest = min(alpha, beta)
        at, weight = doubling_panels(1.0, t / nearest, 24 + most // 4)
        at, weight = nearest * at, nearest * weight
        leaving = weight * s / (beta + at) * (beta / (beta + at)) ** s
        return stays + leaving @ negative_binomial(power, at / (alpha + at), most)

    def _draw(self, T: Array, rng: np.random.Generator) -> tuple[NDArray[np.int64], Array]:
        n = len(T)
        rate = rng.gamma(self.r_, 1.0 / self.alpha_, n)
        leaving = np.maximum(rng.gamma(self.s_, 1.0 / self.beta_, n), 1e-300)
        stay = np.minimum(rng.exponential(size=n) / leaving, T)
        x = rng.poisson(np.minimum(rate * stay, 1e6))
        last = rng.beta(np.maximum(x, 1), 1.0)
        return x, np.where(x > 0, np.maximum(stay * last, np.finfo(float).tiny), 0.0)
