"""New business against keeping customers: the best spend on each, and how much it matters.

The model is Blattberg and Deighton's (1996): both rates rise with the spend a head towards a
ceiling, ``rate = ceiling * (1 - exp(-k * spend))``, and two answers of a manager fix each curve.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from customer_insight.clv.discounting import check_discount

Array = NDArray[np.float64]

_SPLITS = 4001
# Nearer to the ceiling the steepness hangs on the last hundredth of the answer.
NEAREST = 0.99


@dataclass(frozen=True)
class ResponseCurve:
    """A rate that rises with the spend a head towards a ceiling.

    Attributes
    ----------
    ceiling : float
        Rate that no spend exceeds, above 0 and up to 1.
    k : float
        Steepness, per minor unit of money a head.
    """

    ceiling: float
    k: float

    def __post_init__(self) -> None:
        if not 0 < self.ceiling <= 1 or not 0 < self.k < np.inf:
            raise ValueError(
                f"ceiling is {self.ceiling!r} and k {self.k!r}; the ceiling must lie above 0 and "
                "up to 1, k above 0. Write 0.4 for 40 %."
            )

    @classmethod
    def from_answers(cls, *, spend: float, rate: float, ceiling: float) -> Self:
        """Return the curve through a manager's two answers.

        "What do you spend a head today, and which share do you win (or keep) with it?" and "Which
        share would it be if you could spend whatever you liked?"

        Parameters
        ----------
        spend : float
            Money a head today, in minor units, above 0.
        rate : float
            Share that it wins or keeps.
        ceiling : float
            Share that no spend exceeds.

        Returns
        -------
        ResponseCurve

        Raises
        ------
        ValueError
            If the answers do not fix k: nothing is spent, nothing is won, or the rate is within 1 %
            of the ceiling or above it.

        Examples
        --------
        >>> curve = ResponseCurve.from_answers(spend=500, rate=0.2, ceiling=0.4)
        >>> round(curve.k * 500, 6), curve.rate([500, 1000]).round(6)
        (0.693147, array([0.2, 0.3]))
        """
        if not (0 < spend < np.inf and 0 < ceiling <= 1 and 0 < rate < NEAREST * ceiling):
            raise ValueError(
                f"spend is {spend!r}, rate {rate!r} and ceiling {ceiling!r}, which fix no "
                "steepness: spend and rate must be above 0, the ceiling up to 1, and the rate "
                "under 99 % of it. A rate at the ceiling fits any k that is large enough, and a "
                "spend or a rate of 0 fits any k, or none. Ask again for a year in which less, or "
                "something, was spent."
            )
        return cls(ceiling, float(-np.log1p(-rate / ceiling) / spend))

    def rate(self, spend: ArrayLike) -> Array:
        """Return the rate at a spend a head, in minor units."""
        return -self.ceiling * np.expm1(-self.k * np.asarray(spend, dtype=float))

    def slope(self, spend: ArrayLike) -> Array:
        """Return by how much the rate rises with one more minor unit a head."""
        return self.ceiling * self.k * np.exp(-self.k * np.asarray(spend, dtype=float))


@dataclass(frozen=True)
class Split:
    """A budget split between new business and keeping customers.

    Attributes
    ----------
    budget : float
        Minor units, of one period.
    acquisition, retention : float
        Spend a prospect and a customer, minor units.
    equity : float
        Customer equity at this split, minor units.
    acquisition_share : float
        Share of the budget that goes into new business.
    within : dict of float to tuple
        For each loss allowed (0.01 for 1 % of the best equity) the lowest and highest share to new
        business that stays within it, around the best.
    """

    budget: float
    acquisition: float
    retention: float
    equity: float
    acquisition_share: float
    within: dict[float, tuple[float, float]]


@dataclass(frozen=True)
class AcquireOrRetain:
    """Customer equity as a function of what is spent on a prospect and on a customer.

    A prospect costs the acquisition spend now and becomes a customer, with the first margin now, by
    the acquisition rate. At the end of each year the retention spend is paid for each customer, and
    those who stay bring the margin again. A prospect is worth, for ever,
    ``a m - A + a (m - R / r) (r' / (1 - r'))`` with ``r' = r / (1 + d)``.

    Attributes
    ----------
    acquisition, retention : ResponseCurve
        Of prospects won once, and of customers kept a year.
    margin : float
        Of a customer a year, minor units of one currency, above 0.
    discount_per_year : float
        Effective yearly rate, above 0.
    prospects, customers : float
        Heads, above 0. The customers' margin of this year is in, and not counted.

    Notes
    -----
    All customers are alike and stay with the same rate each year. In a mixed base that overstates
    how fast the whole base melts away; use it for the direction, not for the last per cent.

    References
    ----------
    Blattberg, R. C. and Deighton, J. (1996). Manage Marketing by the Customer Equity Test. Harvard
    Business Review 74(4), 136-144. Pfeifer, P. E. (2005). The optimal ratio of acquisition and
    retention costs. Journal of Targeting, Measurement and Analysis for Marketing 13(2), 179-188.

    Examples
    --------
    >>> firm = AcquireOrRetain(
    ...     acquisition=ResponseCurve.from_answers(spend=500, rate=0.2, ceiling=0.4),
    ...     retention=ResponseCurve.from_answers(spend=1000, rate=0.5, ceiling=0.7),
    ...     margin=5000, discount_per_year=0.15, prospects=10_000, customers=2_000,
    ... )
    >>> best = firm.best_split(8_000_000)
    >>> f"{best.acquisition:.0f} a prospect, {best.retention:.0f} a customer"
    '537 a prospect, 1313 a customer'
    >>> low, high = best.within[0.01]
    >>> f"{best.acquisition_share:.2f} to new business; {low:.2f} to {high:.2f} within 1 %"
    '0.67 to new business; 0.63 to 0.71 within 1 %'
    """

    acquisition: ResponseCurve
    retention: ResponseCurve
    margin: float
    discount_per_year: float
    prospects: float
    customers: float

    def __post_init__(self) -> None:
        check_discount(self.discount_per_year, positive=True)
        for name in ("margin", "prospects", "customers"):
            if not 0 < getattr(self, name) < np.inf:
                raise ValueError(f"{name} is {getattr(self, name)!r}, and must be above 0.")

    def current_value(self, retention: ArrayLike) -> Array:
        """Return the value to come of a customer whose margin of this year is in.

        ``(r m - R) / (1 + d - r)``, in minor units, at a retention spend of R a year.
        """
        spend = np.asarray(retention, dtype=float)
        rate = self.retention.rate(spend)
        return (rate * self.margin - spend) / (1.0 + self.discount_per_year - rate)

    def newcomer_value(self, retention: ArrayLike) -> Array:
        """Return the value of a newcomer, the first margin included, acquisition not taken off."""
        return self.margin + self.current_value(retention)

    def equity(self, acquisition: ArrayLike, retention: ArrayLike) -> Array:
        """Return customer equity at a spend a prospect and a spend a customer a year."""
        spend = np.asarray(acquisition, dtype=float)
        won = self.acquisition.rate(spend) * self.newcomer_value(retention)
        return self.customers * self.current_value(retention) + self.prospects * (won - spend)

    def best_spend(self) -> tuple[float, float]:
        """Return the spend a prospect and a customer that no budget binds.

        There one more customer costs the same to win as to keep, and just what a newcomer is worth
        (Pfeifer 2005): ``1 / slope = newcomer_value`` on both curves, or no spend at all where even
        the first customer costs more.

        Returns
        -------
        tuple of float
            Acquisition and retention, in minor units a head.
        """
        from scipy.optimize import brentq

        def worth(spend: float) -> float:
            return float(self.retention.slope(spend) * self.newcomer_value(spend)) - 1.0

        most = self.retention.ceiling * self.margin
        retention = brentq(worth, 0.0, most, xtol=1e-10 * most) if worth(0.0) > 0 else 0.0
        first = self.acquisition.slope(0.0) * self.newcomer_value(retention)
        return max(0.0, float(np.log(first)) / self.acquisition.k), retention

    def best_split(self, budget: float, *, losses: Sequence[float] = (0.01, 0.05)) -> Split:
        """Return the best split of a budget, and how far one may be off it.

        The budget is a year's spend: ``prospects * acquisition + customers * retention``, and all
        of it is spent. Where it exceeds what `best_spend` needs, money is wasted at any split.

        Parameters
        ----------
        budget : float
            Minor units, above 0.
        losses : sequence of float, default (0.01, 0.05)
            Shares of the best equity that one would give up.

        Returns
        -------
        Split

        Raises
        ------
        ValueError
            If the budget is not above 0, or no split of it has an equity above 0.
        """
        from scipy.optimize import minimize_scalar

        if isinstance(budget, bool | str) or not 0 < budget < np.inf:
            raise ValueError(f"budget is {budget!r}, and must be money above 0, in minor units.")

        def equity(share: ArrayLike) -> Array:
            share = np.asarray(share)
            return self.equity(
                share * budget / self.prospects, (1.0 - share) * budget / self.customers
            )

        shares = np.linspace(0.0, 1.0, _SPLITS)
        near = int(np.argmax(equity(shares)))
        ends = shares[max(near - 1, 0)], shares[min(near + 1, _SPLITS - 1)]
        found = minimize_scalar(lambda s: -equity(s), bounds=ends, options={"xatol": 1e-10})
        share = max((float(found.x), *map(float, ends)), key=equity)
        best = float(equity(share))
        if best <= 0:
            raise ValueError(
                f"no split of the budget has an equity above 0; the best one has {best:,.0f}. The "
                "budget costs more than it brings: ask best_spend for what is worth spending."
            )
        within = {loss: _around(equity, share, (1.0 - loss) * best) for loss in losses}
        each = share * budget / self.prospects, (1.0 - share) * budget / self.customers
        return Split(float(budget), *each, best, share, within)


def _around(equity: object, best: float, least: float) -> tuple[float, float]:
    """Return how far from the best share the equity stays at or above a least one."""
    from scipy.optimize import brentq

    edges = []
    for end in (0.0, 1.0):
        path = np.linspace(best, end, _SPLITS)
        below = np.flatnonzero(equity(path) < least)
        if not below.size:
            edges.append(end)
            continue
        inside, outside = path[below[0] - 1], path[below[0]]
        edges.append(float(brentq(lambda s: float(equity(s)) - least, inside, outside)))
    return edges[0], edges[1]
