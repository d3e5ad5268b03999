"""The gamma-Poisson model: how often each customer has an event, such as a return, an order."""

from typing import ClassVar, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from customer_insight.clv.fit import Derivatives, FitRefusedError
from customer_insight.clv.fitted_model import FittedModel
from customer_insight.stats.inputs import non_negative, refuse, same_rows
from customer_insight.stats.resampling import distinct_rows

Array = NDArray[np.float64]

FEWEST_CUSTOMERS = 100
# Twenty events leave their rate uncertain by a fifth (one over the root of twenty).
FEWEST_EVENTS = 20
_CERTAIN = 1e12  # a shape at which no customer's own events move the rate


class GammaPoisson(FittedModel):
    """Each customer has events at a rate of their own; rates follow a gamma distribution.

    A rate is so many events a unit of exposure, such as returns an order. A customer's posterior
    rate is a mean of the own rate and of everybody's, which weighs the own one the more, the more
    exposure it rests on.

    Attributes
    ----------
    shape_, exposure_ : float
        Of the gamma distribution: the mean rate is ``shape_ / exposure_``; ``exposure_`` is how
        much exposure everybody's rate is worth, in its unit.
    n_customers_, log_likelihood_, standard_errors_, log_covariance_
        As `FittedModel` describes them.

    References
    ----------
    Greenwood, M. and Yule, G. U. (1920), An inquiry into the nature of frequency distributions
    representative of multiple happenings, Journal of the Royal Statistical Society 83(2).

    Examples
    --------
    >>> model = GammaPoisson.from_parameters(shape=0.5, exposure=10.0)
    >>> model.rate([0, 3], [10, 10])
    array([0.025, 0.175])
    """

    parameter_names = ("shape", "exposure")
    ran_off: ClassVar = {
        (name, "up"): "Customers do not differ in how often they have the event, as far as these "
        "data tell: one_rate will do."
        for name in ("shape", "exposure")
    } | {
        (name, "down"): "Nearly all events are had by a handful of customers."
        for name in ("shape", "exposure")
    }
    shape_: float
    exposure_: float

    @classmethod
    def from_parameters(cls, *, shape: float, exposure: float) -> Self:
        """Return a model with given parameters.

        Raises
        ------
        ValueError
            If one is not positive.
        """
        return cls._given({"shape": shape, "exposure": exposure})

    @classmethod
    def one_rate(cls, events: ArrayLike, exposure: ArrayLike) -> Self:
        """Return a model in which all customers have the same rate, known as well as they tell.

        For events in which customers do not differ as far as the data tell, so that `fit` refuses.

        Parameters
        ----------
        events, exposure : array-like, shape (n,)
            As `fit` takes them.

        Returns
        -------
        GammaPoisson
            Its prior outweighs every customer's own events.

        Raises
        ------
        FitRefusedError
            If there are fewer than 20 events.
        ValueError
            If the columns are not what they should be.

        Examples
        --------
        >>> model = GammaPoisson.one_rate([0, 30], [100, 200])
        >>> model.rate([0, 30], [100, 200]).round(6)
        array([0.1, 0.1])
        """
        y, e = _read(events, exposure)
        _check_enough(y, fewest_customers=1)
        model = cls._given({"shape": _CERTAIN, "exposure": _CERTAIN * float(e.sum() / y.sum())})
        model.n_customers_ = len(y)
        model.log_covariance_ = np.diag([0.0, 1.0 / y.sum()])
        return model

    def fit(self, events: ArrayLike, exposure: ArrayLike) -> Self:
        """Fit by maximum likelihood to counts of events and how long customers were exposed.

        Parameters
        ----------
        events : array-like of int, shape (n,)
            Events of each customer, whole numbers from 0.
        exposure : array-like, shape (n,)
            Above 0, such as orders so far.

        Returns
        -------
        self

        Raises
        ------
        FitRefusedError
            If customers or events are too few, or the data do not fix the parameters.
        ValueError
            If the columns are not what they should be.
        """
        y, e = _read(events, exposure)
        _check_enough(y, fewest_customers=FEWEST_CUSTOMERS)
        rows, customers = distinct_rows(np.column_stack([y, e]))
        likelihood = _Likelihood(rows[:, 0], rows[:, 1], customers.astype(float))
        start = np.array([1.0, float(e.sum() / y.sum())])
        return self._learn(likelihood, start, len(y), None)

    def rate(self, events: ArrayLike, exposure: ArrayLike) -> Array:
        """Return the rate to expect of each customer, the mean of the posterior.

        Parameters
        ----------
        events, exposure : array-like, shape (n,)
            As `fit` takes them.

        Returns
        -------
        ndarray of float, shape (n,)
            Events a unit of exposure.
        """
        shape, scale = self.posterior(events, exposure)
        return shape / scale

    def posterior(self, events: ArrayLike, exposure: ArrayLike) -> tuple[Array, Array]:
        """Return shape and exposure of each customer's posterior, a gamma distribution.

        Parameters
        ----------
        events, exposure : array-like, shape (n,)
            As `fit` takes them.

        Returns
        -------
        shape, exposure : ndarray of float, shape (n,)
        """
        prior_shape, prior_exposure = self.parameters
        y, e = _read(events, exposure)
        return prior_shape + y, prior_exposure + e


class _Likelihood:
    """Log-likelihood of counts, negative binomial given the exposure, by shape and exposure."""

    def __init__(self, y: Array, e: Array, customers: Array) -> None:
        from scipy.special import gammaln

        self._y, self._e, self._n = y, e, customers
        self._fixed = float(customers @ (np.where(y > 0, y * np.log(e), 0.0) - gammaln(y + 1.0)))

    def __call__(self, parameters: Array) -> Derivatives:
        from scipy.special import digamma, gammaln, polygamma

        r, alpha = parameters
        n, all_ = self._n, self._y + r
        total = alpha + self._e
        counted = gammaln(all_) - gammaln(r)
        value = n @ (counted + r * np.log(alpha) - all_ * np.log(total)) + self._fixed
        by_r = n @ (digamma(all_) - digamma(r) + np.log(alpha) - np.log(total))
        by_alpha = n @ (r / alpha - all_ / total)
        both = n @ (1.0 / alpha - 1.0 / total)
        hessian = np.array(
            [
                [n @ (polygamma(1, all_) - polygamma(1, r)), both],
                [both, n @ (all_ / total**2 - r / alpha**2)],
            ]
        )
        return Derivatives(float(value), np.array([by_r, by_alpha]), hessian)


def _check_enough(y: Array, *, fewest_customers: int) -> None:
    if len(y) < fewest_customers or y.sum() < FEWEST_EVENTS:
        raise FitRefusedError(
            f"GammaPoisson was not fitted: {len(y):,} customers had {y.sum():,.0f} events, and at "
            f"least {FEWEST_CUSTOMERS} customers and {FEWEST_EVENTS} events are needed to tell how "
            f"much customers differ; one rate for all needs {FEWEST_EVENTS} events. Wait for more, "
            "or leave the event out and say so."
        )


def _read(events: ArrayLike, exposure: ArrayLike) -> tuple[Array, Array]:
    y, e = non_negative(events, "events"), non_negative(exposure, "exposure")
    same_rows(events, exposure, "exposure")
    refuse(y != np.rint(y), "events", "not whole", "Count events; rates come out of the model.")
    refuse(e == 0, "exposure", "0", "Leave out who was never exposed, and say how many they were.")
    return y, e
