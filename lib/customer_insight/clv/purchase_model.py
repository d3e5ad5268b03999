"""What the purchases to come are worth now: discounting and money, on top of the forecasts."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from customer_insight.clv.discounting import Schedule, continuous_rate, weekly_schedule
from customer_insight.clv.purchase_forecast import PurchaseForecast

Array = NDArray[np.float64]


class PurchaseModel(PurchaseForecast):
    """A model of customers who buy at their own rate until they leave, unseen.

    It forecasts purchases, as `PurchaseForecast` describes, and says what they are worth now.

    Attributes
    ----------
    unit_, n_customers_, log_likelihood_, standard_errors_, log_covariance_
        As `PurchaseFit` describes them.
    """

    def discounted_purchases(
        self, summary: Any, *, horizon: str, discount_per_year: float
    ) -> Array:
        """Return the discounted purchases to expect of each customer within a horizon.

        Purchases are gathered by week and discounted from the end of their week to the end of
        observation, a year being 365.25 days. The last week may be shorter.

        Parameters
        ----------
        summary : pandas or Polars frame
            In the unit that the model was fitted in.
        horizon : str
            How far ahead, with its unit.
        discount_per_year : float
            0.10 for 10 % a year; 0 for none.

        Returns
        -------
        ndarray of float, shape (n,)

        Raises
        ------
        ValueError
            If an argument is not what it should be.
        """
        schedule = weekly_schedule(horizon, discount_per_year, unit=self._fitted_unit)
        return self._scheduled(self._read(summary), schedule)

    def scheduled_purchases(
        self, summary: Any, *, step_ends: ArrayLike, discount_factors: ArrayLike
    ) -> Array:
        """Return discounted purchases under any schedule of steps, such as a peer's months.

        Parameters
        ----------
        summary : pandas or Polars frame
            In the unit that the model was fitted in.
        step_ends : array-like of float, shape (k,)
            Where each step ends, rising, in the model's unit from the end of observation.
        discount_factors : array-like of float, shape (k,)
            What a purchase within the step is worth now, between 0 and 1.

        Returns
        -------
        ndarray of float, shape (n,)
        """
        schedule = Schedule.checked(step_ends, discount_factors)
        return self._scheduled(self._read(summary), schedule)

    def discounted_value(
        self, summary: Any, spend: ArrayLike, *, horizon: str, discount_per_year: float
    ) -> Array:
        """Return the money to expect of each customer within a horizon, discounted to now.

        `discounted_purchases` times the spend a purchase. Money that goes back for returns is not
        taken off here: the value is net of returns only where ``spend`` is.

        Parameters
        ----------
        summary : pandas or Polars frame
            In the unit that the model was fitted in.
        spend : float or array-like of float, shape (n,)
            Expected money a purchase, such as ``GammaGamma.expected_spend`` gives: that one is net
            of what came back on the day of the purchase, and not of what came back later. Multiply
            it by the share of the money that stays after later returns, and by the margin if profit
            is wanted. Not negative.
        horizon : str
            How far ahead, with its unit.
        discount_per_year : float
            0.10 for 10 % a year.

        Returns
        -------
        ndarray of float, shape (n,)
            In the unit of ``spend``.

        Raises
        ------
        ValueError
            If an argument is not what it should be.
        """
        purchases = self.discounted_purchases(
            summary, horizon=horizon, discount_per_year=discount_per_year
        )
        return purchases * _checked_spend(spend, len(purchases))

    def discounted_expected_residual_transactions(
        self, summary: Any, *, discount_per_year: float
    ) -> Array:
        """Return the discounted expected residual transactions (DERT) of each customer.

        All purchases after the end of observation, for ever, discounted continuously at
        ``log(1 + discount_per_year)`` a year (Fader, Hardie and Lee 2005, "RFM and CLV").

        Parameters
        ----------
        summary : pandas or Polars frame
            In the unit that the model was fitted in.
        discount_per_year : float
            Above 0: without a discount the sum over all time need not be finite.

        Returns
        -------
        ndarray of float, shape (n,)

        Raises
        ------
        ValueError
            If the discount is not above 0, or the summary is not one.
        """
        rate = continuous_rate(discount_per_year, unit=self._fitted_unit)
        histories = self._read(summary)
        pairs = histories.count_and_observed()
        return self._times_alive(histories, self._residual_if_alive(pairs.x, pairs.T, rate), pairs)


def _checked_spend(spend: ArrayLike, customers: int) -> Array:
    money = np.asarray(spend, dtype=float)
    if money.ndim and money.shape != (customers,):
        raise ValueError(
            f"spend has shape {money.shape}, and must be one number or one a customer "
            f"({customers:,})."
        )
    bad = int(np.count_nonzero(~(np.isfinite(money) & (money >= 0))))
    if bad:
        raise ValueError(
            f"spend is negative, missing or infinite for {bad:,} of {money.size:,} customers. "
            "A purchase brings money in; take returns off before, and drop who has none."
        )
    return money
