"""Customer equity: what today's customers and those to come are worth together."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from customer_insight.clv.discounting import check_discount
from customer_insight.stats.inputs import finite_numbers, non_negative

Array = NDArray[np.float64]


@dataclass(frozen=True)
class CustomerEquity:
    """Value of the current base and of the cohorts to come, discounted to the same day.

    Attributes
    ----------
    current : float
        Minor units of the currency of the values given, as of their ``as_of``.
    cohorts : ndarray of float, shape (years,)
        What each year's newcomers add, acquisition cost taken off. Negative where winning them
        costs more than they bring.
    discount_per_year : float
        Effective yearly rate.
    """

    current: float
    cohorts: Array
    discount_per_year: float

    @property
    def future(self) -> float:
        """Value of all cohorts to come."""
        return float(self.cohorts.sum())

    @property
    def total(self) -> float:
        """Value of the current base and of the cohorts to come."""
        return self.current + self.future


def customer_equity(
    current_values: ArrayLike,
    *,
    newcomers: ArrayLike,
    newcomer_value: ArrayLike,
    acquisition_cost: ArrayLike,
    discount_per_year: float,
) -> CustomerEquity:
    """Return the equity of the current base plus that of the cohorts to come.

    The values of today's customers are added up. Each year's newcomers join at the end of their
    year, with their value less their acquisition cost, which is discounted from there.

    Parameters
    ----------
    current_values : array-like, shape (n,)
        Life-time value of each customer, in minor units of one currency, of one horizon, at
        ``discount_per_year`` and as of one day. Values credited for referrals would count the
        newcomers twice: take each customer's own.
    newcomers : array-like, shape (years,)
        How many join in the first year, the second, and so on.
    newcomer_value, acquisition_cost : float or array-like, shape (years,)
        Of one newcomer on the day of joining, in the same minor units.
    discount_per_year : float
        Effective yearly rate.

    Returns
    -------
    CustomerEquity

    Raises
    ------
    ValueError
        If a number is missing, newcomers or costs are negative, or lengths differ.

    Notes
    -----
    It ends with the last cohort given: a base valued "for ever" with five cohorts is a lower bound
    of a firm that goes on winning customers. Plans for newcomers are the weakest numbers here; show
    ``current`` and ``future`` apart.

    References
    ----------
    Gupta, S., Lehmann, D. R. and Stuart, J. A. (2004). Valuing Customers. Journal of Marketing
    Research 41(1), 7-18.

    Examples
    --------
    >>> equity = customer_equity(
    ...     [500, 300], newcomers=[10, 20], newcomer_value=121, acquisition_cost=11,
    ...     discount_per_year=0.10,
    ... )
    >>> equity.current, equity.cohorts.round(2), round(equity.total, 2)
    (800.0, array([1000.  , 1818.18]), 3618.18)
    """
    rate = check_discount(discount_per_year)
    values = finite_numbers(current_values, "current_values")
    joining = non_negative(newcomers, "newcomers")
    value, cost = (
        _by_year(numbers, name, len(joining))
        for numbers, name in (
            (newcomer_value, "newcomer_value"),
            (acquisition_cost, "acquisition_cost"),
        )
    )
    if np.any(cost < 0):
        raise ValueError("acquisition_cost is negative, and is money spent: write it from 0.")
    years = np.arange(1, len(joining) + 1)
    cohorts = joining * (value - cost) * (1.0 + rate) ** -years
    return CustomerEquity(float(np.sort(values).sum()), cohorts, rate)


def _by_year(numbers: ArrayLike, name: str, years: int) -> Array:
    given = finite_numbers(np.atleast_1d(numbers), name)
    if len(given) not in (1, years):
        raise ValueError(
            f"{name} has {len(given)} years and newcomers {years}: give one number for all years, "
            "or one a year."
        )
    return np.broadcast_to(given, years)
