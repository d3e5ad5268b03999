"""Draws of what customers will be worth, from fitted models of purchases and of spend."""

from collections.abc import Iterator
from typing import Any

import narwhals as nw
import numpy as np
from numpy.typing import NDArray

from customer_insight.clv.gamma_gamma import GammaGamma
from customer_insight.clv.purchase_model import PurchaseModel
from customer_insight.clv.summary_columns import eager_table, numbers

Array = NDArray[np.float64]

_DRAWN = 2**22  # outcomes held at once: 32 MB
_FIRST_MOST, _LAST_MOST = 64, 1000  # purchases within the horizon that counts are tabulated to
_LEFT_OUT = 1e-9  # chance of more


class ValueDraws:
    """Outcomes of the value of customers within a horizon, given what they did so far.

    The number of purchases is drawn from its distribution given the history, the customer's own
    rate of spend from its gamma posterior, and the money of that many purchases from the spend
    model. Each history's outcomes are discounted by one factor, that of its expected purchases.

    Parameters
    ----------
    models : tuple
        Fitted, ``(purchases, spend)``.
    summary : pandas or Polars frame
        As ``features.purchase_summary`` gives it.
    horizon : str
        With its unit.
    discount_per_year : float
        Effective yearly rate.
    margin : float
        Share of the spend that is kept, above 0 and up to 1.

    Attributes
    ----------
    mean : ndarray of float, shape (n,)
        Exact expected value of each customer.
    history : ndarray of int, shape (n,)
        Place of each customer among the distinct histories, which are in a fixed order.

    Raises
    ------
    ValueError
        If models or summary are not what they should be, or spend has no mean.

    Notes
    -----
    When within the horizon the purchases come is not drawn: over a year the error is a part of the
    year's discount. Purchases and spend are taken to be independent, as in the models.
    """

    def __init__(
        self,
        models: tuple[PurchaseModel, GammaGamma],
        summary: Any,
        *,
        horizon: str,
        discount_per_year: float,
        margin: float,
    ) -> None:
        if isinstance(margin, bool | str) or not 0 < margin <= 1:
            raise ValueError(f"margin_rate is {margin!r}, and must lie above 0 and up to 1: 0.4.")
        self._purchases, self._spend = _pair(models)
        self._horizon, table = horizon, eager_table(summary)
        unit = self._purchases.unit_
        names = ["repeat_purchases", f"{unit}s_observed", f"{unit}s_first_to_last", "repeat_amount"]
        columns = {name: numbers(table, name) for name in names}
        order = np.lexsort(list(columns.values())[::-1])
        ordered = {name: column[order] for name, column in columns.items()}
        new = np.any([column[1:] != column[:-1] for column in ordered.values()], axis=0)
        starts = np.flatnonzero(np.append(True, new))
        self._size = np.diff(starts, append=len(order))
        self.history = np.empty(len(order), np.int64)
        self.history[order] = np.repeat(np.arange(len(starts)), self._size)
        distinct = {name: column[starts] for name, column in ordered.items()}
        self._distinct = nw.from_dict(distinct, backend=table.implementation)
        self._learn(discount_per_year, margin)

    def _learn(self, discount_per_year: float, margin: float) -> None:
        """Settle the mean of each history, and the posterior of its rate of spend."""
        histories, spend = self._distinct.to_native(), self._spend
        expected = self._purchases.expected_purchases(histories, horizon=self._horizon)
        discounted = self._purchases.discounted_purchases(
            histories, horizon=self._horizon, discount_per_year=discount_per_year
        )
        factor = np.divide(discounted, expected, out=np.zeros_like(expected), where=expected > 0)
        self.mean = (margin * discounted * spend.expected_spend(histories))[self.history]
        count, amount = (numbers(self._distinct, f"repeat_{n}") for n in ("purchases", "amount"))
        self._shape = spend.p_ * count + spend.q_
        self._scale = margin * factor * (spend.v_ + amount)
        # what a living customer buys depends on count and time observed alone
        observed = numbers(self._distinct, f"{self._purchases.unit_}s_observed")
        new = (count[1:] != count[:-1]) | (observed[1:] != observed[:-1])
        self._pair = np.append(0, np.cumsum(new))
        self._last_of_pair = np.flatnonzero(np.append(new, True))
        self._alive = self._purchases.probability_alive(histories)

    def of_each_history(self, draws: int, rng: np.random.Generator) -> Iterator[Array]:
        """Yield outcomes, shape (draws, histories), a block of distinct histories at a time."""
        step = max(1, _DRAWN // draws)
        for start in range(0, len(self._size), step):
            rows = np.arange(start, min(start + step, len(self._size)))
            yield self._outcomes(rows, draws, rng)

    def of_all(self, draws: int, rng: np.random.Generator) -> Array:
        """Return outcomes of the sum over all customers, shape (draws,)."""
        total, step = np.zeros(draws), max(1, _DRAWN // draws)
        customers = np.repeat(np.arange(len(self._size)), self._size)
        for start in range(0, len(customers), step):
            total += self._outcomes(customers[start : start + step], draws, rng).sum(axis=1)
        return total

    def _outcomes(self, rows: NDArray[np.int64], draws: int, rng: np.random.Generator) -> Array:
        """Draw outcomes, shape (draws, rows), of histories that rise along the rows."""
        pairs, which = np.unique(self._pair[rows], return_inverse=True)
        buys, reached = self._counts_of_living(pairs)
        some = self._alive[rows] * buys[which]
        chance = rng.random((draws, len(rows)))
        draw, place = np.nonzero(chance < some)
        # one search over all pairs: the chance of at most n purchases, raised by the pair
        raised = (reached + np.arange(len(pairs))[:, None]).ravel()
        pair, row = which[place], rows[place]
        at = np.searchsorted(raised, chance[draw, place] / some[place] + pair)
        bought = np.clip(at - pair * reached.shape[1], 0, reached.shape[1] - 1) + 1
        rate = np.maximum(rng.gamma(self._shape[row]), 1e-300)
        outcomes = np.zeros((draws, len(rows)))
        outcomes[draw, place] = self._scale[row] * rng.gamma(self._spend.p_ * bought) / rate
        return outcomes

    def _counts_of_living(self, pairs: NDArray[np.int64]) -> tuple[Array, Array]:
        """Return the chance that a living customer buys, and of at most 1, 2, ... if so.

        The counts of each pair run to one that is hardly exceeded. Each pair is read off its
        history with the latest purchase, the one most likely alive.
        """
        rows, most = self._last_of_pair[pairs], _FIRST_MOST
        chance, short = np.empty((len(rows), 0)), np.arange(len(rows))
        while True:
            found = self._purchases.conditional_count_distribution(
                self._distinct[rows[short]].to_native(), horizon=self._horizon, most=most
            )
            chance = np.pad(chance, ((0, 0), (0, most + 1 - chance.shape[1])))
            chance[short] = found
            short = short[found.sum(axis=1) <= 1.0 - _LEFT_OUT]
            if most == _LAST_MOST or not len(short):
                break
            most = min(2 * most, _LAST_MOST)
        reached = np.cumsum(chance[:, 1:], axis=1)
        total, alive = reached[:, -1], self._alive[rows]
        buys = np.divide(total, alive, out=np.zeros_like(total), where=alive > 0)
        return buys, np.divide(
            reached, total[:, None], out=np.ones_like(reached), where=total[:, None] > 0
        )


def _pair(models: object) -> tuple[PurchaseModel, GammaGamma]:
    if not (
        isinstance(models, tuple)
        and len(models) == 2
        and isinstance(models[0], PurchaseModel)
        and isinstance(models[1], GammaGamma)
    ):
        raise ValueError(
            "models must be a pair of fitted models, (purchases, spend): a BGNBD, MBGNBD or "
            "ParetoNBD, and a GammaGamma."
        )
    return models
