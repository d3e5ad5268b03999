"""The whale curve: profit added up from the most profitable customer to the least."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from customer_insight.stats.inputs import finite_numbers
from customer_insight.stats.sums import divide

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class WhaleCurve:
    """How profit rises to a peak over customers, and how much of it the others cost again.

    Attributes
    ----------
    curve : pandas.DataFrame
        One row after each distinct profit, highest first, starting at 0, 0:
        ``share_of_customers`` (0 to 1), ``cumulative_profit`` (in the unit of the profits),
        ``share_of_total`` (of the whole profit; NaN where that is not above 0).
    customers : int
        All of them.
    total, peak : float
        Profit of all, and of those who make any: the highest point of the curve.
    loss : float
        What customers below 0 cost together, ``peak - total``, 0 or more.
    share_profitable, share_costing : float
        Shares of customers above 0 and below 0. Those at exactly 0 are in neither.
    """

    curve: "pd.DataFrame"
    customers: int
    total: float
    peak: float
    loss: float
    share_profitable: float
    share_costing: float

    @property
    def peak_of_total(self) -> float:
        """The peak over the total: 1.5 if half of the profit made is lost again on others.

        NaN where the total is not above 0.
        """
        return self.peak / self.total if self.total > 0 else float("nan")


def whale_curve(profits: ArrayLike) -> WhaleCurve:
    """Return cumulative profit by customers, from the most profitable to the least.

    The curve rises as long as customers make profit, is highest where the next one would cost
    money, and falls from there to the profit of all. Equal customers make one straight piece.

    Parameters
    ----------
    profits : array-like, shape (n,)
        Profit of each customer in one unit of money, of either sign; whole minor units add up
        exactly while the total stays under 2**53.

    Returns
    -------
    WhaleCurve

    Raises
    ------
    ValueError
        If there is no value, or one is not a finite number.

    Notes
    -----
    The curve describes one period. A customer newly won stands below 0 for what the winning cost,
    and chance puts others there in a short period: who costs money is not yet who is to be let go.

    References
    ----------
    Kaplan, R. S. and Narayanan, V. G. (2001), Measuring and Managing Customer Profitability,
    Journal of Cost Management 15(5).

    Examples
    --------
    >>> found = whale_curve([60, 40, 0, -20])
    >>> found.peak, found.total, found.loss, found.share_costing, found.peak_of_total
    (100.0, 80.0, 20.0, 0.25, 1.25)
    >>> found.curve
       share_of_customers  cumulative_profit  share_of_total
    0                0.00                0.0            0.00
    1                0.25               60.0            0.75
    2                0.50              100.0            1.25
    3                0.75              100.0            1.25
    4                1.00               80.0            1.00
    """
    import pandas as pd

    distinct, counts = np.unique(finite_numbers(profits, "profits"), return_counts=True)
    distinct, counts = distinct[::-1], counts[::-1]
    customers, money = int(counts.sum()), counts * distinct
    total, peak = float(money.sum()), float(money[distinct > 0].sum())
    cumulative = np.append(0.0, np.cumsum(money))
    curve = pd.DataFrame(
        {
            "share_of_customers": np.append(0, np.cumsum(counts)) / customers,
            "cumulative_profit": cumulative,
            "share_of_total": divide(cumulative, total if total > 0 else 0.0),
        }
    )
    return WhaleCurve(
        curve=curve,
        customers=customers,
        total=total,
        peak=peak,
        loss=float(-money[distinct < 0].sum()),
        share_profitable=float(counts[distinct > 0].sum() / customers),
        share_costing=float(counts[distinct < 0].sum() / customers),
    )
