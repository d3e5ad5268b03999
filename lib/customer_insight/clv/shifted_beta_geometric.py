"""The shifted-beta-geometric model of contracts (Fader and Hardie 2007)."""

from collections.abc import Sequence
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from customer_insight.clv.cohorts import read_cohorts, renewals
from customer_insight.clv.discounting import check_discount
from customer_insight.clv.fitted_model import FittedModel
from customer_insight.clv.quadrature import beta_rule
from customer_insight.clv.shifted_beta_geometric_likelihood import ShiftedBetaGeometricLikelihood
from customer_insight.clv.special import log_survival

Array = NDArray[np.float64]

MOST_PERIODS = 10_000


class ShiftedBetaGeometric(FittedModel):
    """Customers on contract cancel at each renewal with a probability of their own.

    The probability follows a beta distribution (alpha, beta) over customers. Those most likely to
    cancel go first, so that the retention rate of a cohort rises though nobody changes.

    Attributes
    ----------
    alpha_, beta_ : float
        Of the beta distribution; the mean share cancelling at the first renewal is
        ``alpha_ / (alpha_ + beta_)``.
    periods_per_year_ : float
        Renewals a year, by which yearly discount rates are turned into rates a period.
    n_customers_ : int
    log_likelihood_ : float
    standard_errors_ : dict of str to float
        By parameter, from the Hessian on log parameters (delta method).
    log_covariance_ : ndarray
        Covariance of the logarithms of alpha, beta.

    References
    ----------
    Fader, P. S. and Hardie, B. G. S. (2007). How to Project Customer Retention. Journal of
    Interactive Marketing 21(1), 76-90.

    Fader, P. S. and Hardie, B. G. S. (2010). Customer-Base Valuation in a Contractual Setting: The
    Perils of Ignoring Heterogeneity. Marketing Science 29(1), 85-93: DEL and DERL.

    Examples
    --------
    The "high end" customers of the 2007 paper, over seven years:

    >>> survivors = [1000, 869, 743, 653, 593, 551, 517, 491]
    >>> model = ShiftedBetaGeometric().fit(survivors)
    >>> round(model.alpha_, 3), round(model.beta_, 3), round(model.log_likelihood_, 1)
    (0.668, 3.806, -1611.2)
    """

    parameter_names = ("alpha", "beta")
    ran_off: ClassVar = {
        (name, "up"): "Customers are alike in how readily they cancel, as far as these data tell."
        for name in ("alpha", "beta")
    } | {
        (name, "down"): "Customers cancel at the first renewal or never: nothing lies between."
        for name in ("alpha", "beta")
    }
    alpha_: float
    beta_: float
    periods_per_year_: float

    @classmethod
    def from_parameters(cls, *, alpha: float, beta: float, periods_per_year: float = 1.0) -> Self:
        """Return a model with given parameters, such as published ones.

        Raises
        ------
        ValueError
            If one is not positive.
        """
        model = cls._given({"alpha": alpha, "beta": beta})
        model.periods_per_year_ = _checked_rate(periods_per_year)
        return model

    def fit(
        self, survivors: Sequence[float] | Sequence[Sequence[float]], *, periods_per_year: float = 1
    ) -> Self:
        """Fit by maximum likelihood to the customers left at each renewal.

        Parameters
        ----------
        survivors : sequence of int, or sequence of such sequences
            A cohort: how many customers began, how many were left after the first renewal, after
            the second, and so on. Several cohorts may be of different length.
        periods_per_year : float, default 1
            Renewals a year: 12 for monthly contracts.

        Returns
        -------
        self

        Raises
        ------
        FitRefusedError
            If customers, losses or renewals are too few, or the data do not fix the parameters.
        ValueError
            If a cohort is not one of falling whole numbers.
        """
        rate = _checked_rate(periods_per_year)
        self._fit(read_cohorts(survivors))
        self.periods_per_year_ = rate
        return self

    def _fit(self, cohorts: list[Array], warm: Array | None = None) -> Self:
        renewed, lost, customers = renewals(cohorts)
        likelihood = ShiftedBetaGeometricLikelihood(renewed, lost)
        return self._learn(likelihood, np.array([1.0, 3.0]), customers, warm)

    def survival(self, periods: int) -> Array:
        """Return the share of a cohort left after 0, 1, ..., ``periods`` renewals, S(t).

        Parameters
        ----------
        periods : int
            Renewals ahead, 0 to 10,000.

        Returns
        -------
        ndarray of float, shape (periods + 1,)
        """
        return np.exp(log_survival(*self.parameters, _checked_periods(periods)))

    def retention_rate(self, periods: int) -> Array:
        """Return the share of those left who renew at renewal 1, ..., ``periods``.

        Parameters
        ----------
        periods : int
            Renewals ahead, 0 to 10,000.

        Returns
        -------
        ndarray of float, shape (periods,)
            Rising towards 1.
        """
        alpha, beta = self.parameters
        t = np.arange(1.0, _checked_periods(periods) + 1.0)
        return (beta + t - 1.0) / (alpha + beta + t - 1.0)

    def discounted_expected_lifetime(self, *, discount_per_year: float) -> float:
        """Return the discounted expected lifetime (DEL) of a customer about to sign.

        The number of payments to come, one at the start of each period, the first one now: the
        sum over t of ``S(t) / (1 + d)**t``, d being the discount a period.

        Parameters
        ----------
        discount_per_year : float
            Effective yearly rate, above 0.

        Returns
        -------
        float
            Payments, at least 1.
        """
        return float(self._annuity(np.zeros(1), discount_per_year)[0])

    def discounted_expected_residual_lifetime(
        self, renewed: ArrayLike, *, discount_per_year: float
    ) -> Array:
        """Return the discounted expected residual lifetime (DERL) right before the next renewal.

        The payments still to come from a customer who has renewed so many times, the next one, if
        it comes, falling due now: retention rate times the annuity from there on.

        Parameters
        ----------
        renewed : array-like of int
            How often each customer has renewed, 0 or more.
        discount_per_year : float
            Effective yearly rate, above 0.

        Returns
        -------
        ndarray of float
            Payments.
        """
        alpha, beta = self.parameters
        n = np.asarray(renewed, dtype=float)
        if not np.all((n >= 0) & (n <= MOST_PERIODS) & (n == np.rint(n))):
            raise ValueError(f"renewed must be whole numbers from 0 to {MOST_PERIODS:,}.")
        kept, place = np.unique(n, return_inverse=True)
        retention = (beta + kept) / (alpha + beta + kept)
        return (retention * self._annuity(kept + 1.0, discount_per_year))[place].reshape(n.shape)

    def _facts(self) -> list[str]:
        return [f"renewals a year: {self.periods_per_year_:g}", *super()._facts()]

    def _annuity(self, renewed: Array, discount_per_year: float) -> Array:
        """Mean over the posterior of ``1 / (1 - (1 - p) / (1 + d))``: 2F1(1, b; a + b; 1/(1+d))."""
        alpha, beta = self.parameters
        yearly = np.log1p(check_discount(discount_per_year, positive=True))
        d = float(np.expm1(yearly / self.periods_per_year_))
        value = np.empty(len(renewed))
        for i, n in enumerate(renewed):
            p, weight = beta_rule(alpha, beta + n, reach=1.0 / d, power=1.0)
            value[i] = (1.0 + d) * (weight / (p + d)).sum()
        return value

    def simulate(
        self, customers: int, *, periods: int, seed: int | np.random.Generator
    ) -> NDArray[np.int64]:
        """Draw the survivors of a cohort.

        Parameters
        ----------
        customers : int
            How many begin.
        periods : int
            Renewals.
        seed : int or numpy Generator
            A local generator is made from it.

        Returns
        -------
        ndarray of int, shape (periods + 1,)
        """
        left = self.survival(periods)
        shares = np.append(-np.diff(left), left[-1])
        lost = np.random.default_rng(seed).multinomial(customers, shares / shares.sum())
        return customers - np.concatenate(([0], np.cumsum(lost[:-1])))

    def redraw(self, survivors: Any, rng: np.random.Generator) -> Self:
        """Return a model fitted to cohorts of the same size and length, drawn from this one.

        Raises
        ------
        FitRefusedError
            If the draw cannot carry the model.
        """
        sizes = sorted((int(cohort[0]), len(cohort) - 1) for cohort in read_cohorts(survivors))
        drawn = [self.simulate(n, periods=t, seed=rng).astype(float) for n, t in sizes]
        model = type(self)()
        model.periods_per_year_ = self.periods_per_year_
        return model._fit(drawn, warm=self.parameters)


def _checked_periods(periods: int) -> int:
    whole = isinstance(periods, int | np.integer) and not isinstance(periods, bool)
    if not whole or not 0 <= periods <= MOST_PERIODS:
        raise ValueError(
            f"periods is {periods!r}, and must be a whole number from 0 to {MOST_PERIODS:,}."
        )
    return int(periods)


def _checked_rate(periods_per_year: float) -> float:
    if not 0 < periods_per_year < np.inf:
        raise ValueError(f"periods_per_year is {periods_per_year!r}, and must be positive.")
    return float(periods_per_year)
