"""What a base of customers will bring by Dwyer's two models, from sums over its customers."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from customer_insight.clv.period_histories import PeriodHistories
from customer_insight.clv.repurchase_rates import counts_by_age, counts_by_recency
from customer_insight.stats.resampling import distinct_rows, resample
from customer_insight.stats.sums import divide, sum_of_products

Array = NDArray[np.float64]

LOST_FOR_GOOD = "lost for good"
ALWAYS_A_SHARE = "always a share"


@dataclass(frozen=True)
class BaseModel:
    """One of the two models with its horizon.

    Attributes
    ----------
    behaviour : {"lost for good", "always a share"}
    longest : int
        Ages told apart, or longest recency.
    periods : int
        Horizon in periods after the last one observed.
    discount_per_period : float
        Effective rate a period.
    """

    behaviour: str
    longest: int
    periods: int
    discount_per_period: float

    def customer_columns(self, histories: PeriodHistories, paid: Array) -> Array:
        """Return what the value of a base needs of each customer; its sums are all it needs.

        Parameters
        ----------
        histories : PeriodHistories
            Of the base.
        paid : ndarray of float
            Money of each row of the histories.

        Returns
        -------
        ndarray of float, shape (customers, 3 * longest + 2)
            Chances to buy, then purchases, then 1 where the customer stands today, each by age or
            recency; money after the first purchase, and in how many periods.
        """
        good = self.behaviour == LOST_FOR_GOOD
        counts = (counts_by_age if good else counts_by_recency)(histories, self.longest)
        last = histories.last
        at = np.minimum(histories.age, self.longest - 1) if good else histories.ago
        living = histories.ago < (1 if good else self.longest)
        stands = living[last] & (at[last] == np.arange(self.longest)[:, None])
        later = ~histories.first
        who, customers = histories.customer[later], histories.customers
        money = np.bincount(who, paid[later], minlength=customers)
        spent_in = np.bincount(who, minlength=customers)
        return np.vstack([*counts, stands, money, spent_in]).T

    def rates(self, sums: Array) -> Array:
        """Return the rate by age or recency from sums of the columns, shape (..., longest)."""
        chances, bought, _ = self._parts(sums)
        return divide(bought, chances)

    def standing(self, sums: Array) -> Array:
        """Return how many customers stand at each age or recency, shape (..., longest)."""
        return self._parts(sums)[2]

    def mean_money(self, sums: Array) -> Array:
        """Return the mean money of a period with a purchase after the first, shape (...)."""
        return divide(sums[..., -2], sums[..., -1])

    def value(self, sums: Array) -> Array:
        """Return the value of a base from sums of its columns, in currency, shape (...)."""
        ahead = self.purchases_ahead(self.rates(sums), self.discount_per_period)
        return self.mean_money(sums) * (self.standing(sums) * ahead).sum(axis=-1)

    def drawn_values(self, columns: Array, *, resamples: int, seed: int) -> Array:
        """Return the value of bases of as many customers, drawn again from these.

        Parameters
        ----------
        columns : ndarray
            As `customer_columns` returns them.
        resamples, seed : int
            Number of draws, and seed of a generator of their own.

        Returns
        -------
        ndarray of float, shape (resamples,)
        """
        rows, counts = distinct_rows(columns)
        paid, kinds = rows[:, -2], np.delete(rows, -2, axis=1)
        # customers who differ in money alone are neighbours, and add up to one kind
        starts = np.flatnonzero(np.append(True, (kinds[1:] != kinds[:-1]).any(axis=1)))
        kinds = kinds[starts]

        def value(drawn: Array) -> Array:
            of_kind = np.add.reduceat(drawn, starts, axis=-1)
            sums = [sum_of_products(of_kind, column) for column in kinds.T]
            sums.insert(-1, sum_of_products(drawn, paid))
            return self.value(np.stack(sums, axis=-1))

        return resample(value, counts, resamples=resamples, seed=seed)

    def purchases_ahead(self, rates: Array, discount: float) -> Array:
        """Return the purchases to come within the horizon of who stands at each age or recency.

        Parameters
        ----------
        rates : ndarray of float, shape (..., longest)
            Retention by age, or repurchase by recency.
        discount : float
            Effective rate a period; 0 counts purchases.

        Returns
        -------
        ndarray of float, shape (..., longest)
        """
        total = np.zeros_like(rates)
        for _ in range(self.periods):
            if self.behaviour == LOST_FOR_GOOD:
                # who stays is a period older; the last age stands for all older ones
                after = np.concatenate([total[..., 1:], total[..., -1:]], axis=-1)
                total = rates * (1.0 + after) / (1.0 + discount)
            else:
                back, away = total[..., :1], np.zeros_like(total)
                away[..., :-1] = total[..., 1:]
                total = (rates * (1.0 + back) + (1.0 - rates) * away) / (1.0 + discount)
        return total

    def _parts(self, sums: Array) -> tuple[Array, Array, Array]:
        n = self.longest
        return sums[..., :n], sums[..., n : 2 * n], sums[..., 2 * n : 3 * n]
