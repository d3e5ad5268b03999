"""Forecasts of a model of buying and leaving: who is still there, and how many purchases come."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from customer_insight.clv.discounting import Schedule
from customer_insight.clv.histories import Histories, Pairs, blocks
from customer_insight.clv.purchase_fit import PurchaseFit
from customer_insight.data.time_units import DAYS_PER_UNIT, horizon_days

Array = NDArray[np.float64]


class PurchaseForecast(PurchaseFit):
    """What a fitted model says of the purchases to come, counted and not discounted.

    Each question is answered from the few formulas that the models supply.

    Attributes
    ----------
    unit_, n_customers_, log_likelihood_, standard_errors_, log_covariance_
        As `PurchaseFit` describes them.
    """

    def probability_alive(self, summary: Any) -> Array:
        """Return the probability that each customer has not left, one a row of the summary.

        Parameters
        ----------
        summary : pandas or Polars frame
            In the unit that the model was fitted in.

        Returns
        -------
        ndarray of float, shape (n,)
            Between 0 and 1.

        Raises
        ------
        ValueError
            If the summary is not one, or is in another unit.
        """
        return self._alive(self._read(summary))

    def expected_purchases(self, summary: Any, *, horizon: str) -> Array:
        """Return the purchases to expect of each customer after the end of observation.

        The chance of being alive times what a living customer with this history will buy.

        Parameters
        ----------
        summary : pandas or Polars frame
            In the unit that the model was fitted in.
        horizon : str
            How far ahead, with its unit: "52 weeks", "365 days".

        Returns
        -------
        ndarray of float, shape (n,)
            Expected number of purchase days, not negative.

        Raises
        ------
        ValueError
            If the summary is not one or in another unit, or the horizon names no unit.
        """
        schedule = Schedule(np.array([self._time(horizon)]), np.ones(1))
        return self._scheduled(self._read(summary), schedule)

    def expected_purchases_of_new(self, horizon: str) -> float:
        """Return the repeat purchases to expect of a customer at the first purchase.

        Parameters
        ----------
        horizon : str
            Time after the first purchase, with its unit.

        Returns
        -------
        float
        """
        schedule = Schedule(np.array([self._time(horizon)]), np.ones(1))
        one = np.zeros(1)
        return float(self._alive_at_start * self._purchases_if_alive(one, one, schedule)[0])

    def purchase_count_distribution(self, horizon: str, *, most: int) -> Array:
        """Return the chance of 0, 1, ..., ``most`` repeat purchases of a new customer.

        Parameters
        ----------
        horizon : str
            Time after the first purchase, with its unit.
        most : int
            The largest count asked for; what is missing to 1 is the chance of more.

        Returns
        -------
        ndarray of float, shape (most + 1,)
        """
        _check_most(most)
        return self._count_distribution(0.0, 0.0, self._time(horizon), most, new=True)

    def conditional_count_distribution(self, summary: Any, *, horizon: str, most: int) -> Array:
        """Return the chance of 0, 1, ..., ``most`` further purchases of each customer.

        Parameters
        ----------
        summary : pandas or Polars frame
            In the unit that the model was fitted in.
        horizon : str
            How far ahead, with its unit.
        most : int
            The largest count asked for.

        Returns
        -------
        ndarray of float, shape (n, most + 1)
        """
        _check_most(most)
        t, histories = self._time(horizon), self._read(summary)
        pairs = histories.count_and_observed()
        living = [
            self._count_distribution(x, T, t, most, new=False)
            for x, T in zip(pairs.x.astype(float), pairs.T, strict=True)
        ]
        alive = self._alive(histories)[:, None]
        chance = alive * pairs.table(np.array(living))[pairs.place]
        chance[:, :1] += 1.0 - alive
        return chance

    def expected_customers_by_count(self, summary: Any, *, most: int) -> Array:
        """Return how many of these customers the model expects to have made 0 to ``most`` repeats.

        Set beside the counts themselves, it shows how the model fits: each customer enters with
        the time observed, and with nothing of the history.

        Parameters
        ----------
        summary : pandas or Polars frame
            In the unit that the model was fitted in.
        most : int
            The largest count asked for.

        Returns
        -------
        ndarray of float, shape (most + 1,)
        """
        _check_most(most)
        T, customers = np.unique(self._read(summary).T, return_counts=True)
        rows = [self._count_distribution(0.0, 0.0, t, most, new=True) for t in T]
        return customers @ np.array(rows)

    def _time(self, horizon: str) -> float:
        return horizon_days(horizon) / DAYS_PER_UNIT[self._fitted_unit]

    def _alive(self, histories: Histories) -> Array:
        return self._times_alive(histories, np.ones(1), None)

    def _scheduled(self, histories: Histories, schedule: Schedule) -> Array:
        pairs = histories.count_and_observed()
        living = self._purchases_if_alive(pairs.x.astype(float), pairs.T, schedule)
        return self._times_alive(histories, living, pairs)

    def _times_alive(self, histories: Histories, living: Array, pairs: Pairs | None) -> Array:
        """Return P(alive), times what a living customer of each pair is good for."""
        table = living if pairs is None else pairs.table(living)
        result = np.empty(len(histories))
        # odds beyond the largest float are infinite, and the chance then 0
        with np.errstate(over="ignore"):
            for rows in blocks(len(histories)):
                odds = self._odds_gone(histories.x[rows], histories.t_x[rows], histories.T[rows])
                odds += 1.0
                good = table if pairs is None else table.take(pairs.place[rows])
                np.divide(good, odds, result[rows])
        return result


def _check_most(most: int) -> None:
    if isinstance(most, bool) or not isinstance(most, int | np.integer) or not 0 <= most <= 1_000:
        raise ValueError(f"most is {most!r}, and must be a whole number from 0 to 1,000.")
