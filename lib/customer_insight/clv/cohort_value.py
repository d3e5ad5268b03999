"""Value of a cohort by recursion: customers lost for good, or always a share (Dwyer 1989)."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from customer_insight.clv.period_inputs import (
    amounts,
    discount_rate,
    first_period,
    money,
    shares,
    whole_periods,
)

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]


def lost_for_good(
    customers: float,
    retention: ArrayLike,
    *,
    margin_per_period: float | Sequence[float],
    cost_per_period: float | Sequence[float] = 0.0,
    discount_per_period: float,
    first_margin: str,
) -> "pd.DataFrame":
    """Follow a cohort whose members buy in every period until they are lost, for good.

    The customers of a period are those of the period before times the retention of that period.

    Parameters
    ----------
    customers : float
        How many begin, in period 0.
    retention : array-like of float, shape (n,)
        Share of the customers of the period before who are still there in period 1, 2, ..., n.
    margin_per_period, cost_per_period : float, or sequence of n + 1
        Margin of one customer and cost of marketing to one, in currency a period; a single number
        for all periods, or one each from period 0 on.
    discount_per_period : float
        Effective rate a period, at least 0.
    first_margin : {"now", "after one period"}
        When the money of period 0 comes: at once, undiscounted, or a period from now. That of each
        further period comes a period later.

    Returns
    -------
    pandas.DataFrame
        One row a period, 0 to n:

        - ``period``: int.
        - ``customers``: expected number still there.
        - ``cash``: margin less cost of all of them, in currency, not discounted.
        - ``present_value``: the same, discounted.
        - ``cumulative``: present value up to and with this period.

    Raises
    ------
    ValueError
        If an argument is out of its range or of another length.

    References
    ----------
    Dwyer, F. R. (1989). Customer Lifetime Valuation to Support Marketing Decision Making. Journal
    of Direct Marketing 3(4), 8-15.

    Examples
    --------
    >>> table = lost_for_good(1000, [0.5, 0.8], margin_per_period=40, cost_per_period=[20, 4, 4],
    ...     discount_per_period=0.25, first_margin="now")
    >>> table[["customers", "cash", "cumulative"]].to_numpy().tolist()
    [[1000.0, 20000.0, 20000.0], [500.0, 18000.0, 34400.0], [400.0, 14400.0, 43616.0]]
    """
    left = _cohort(customers) * np.append(1.0, np.cumprod(shares(retention, "retention")))
    margin = amounts(margin_per_period, len(left), "margin_per_period")
    cost = amounts(cost_per_period, len(left), "cost_per_period")
    cash = left * (margin - cost)
    return _followed({"customers": left}, cash, discount_per_period, first_margin)


def always_a_share(
    customers: float,
    repurchase: ArrayLike,
    *,
    margin_per_purchase: float,
    contact_cost: float,
    discount_per_period: float,
    periods: int,
    first_margin: str,
) -> "pd.DataFrame":
    """Follow a cohort whose members may stay away for a while and come back.

    Who buys in a period bought last one, two, ... periods before, and came back with the
    probability of that recency: the buyers of period t are the sum over k of those of t - k, times
    the share that stayed away for k - 1 periods, times the repurchase probability after k. Who has
    stayed away longer than the list is long is no customer any more.

    Parameters
    ----------
    customers : float
        How many begin, all of them buying in period 0.
    repurchase : array-like of float, shape (k,)
        Probability that a customer who bought last 1, 2, ..., k periods ago buys now.
    margin_per_purchase : float
        Margin of one customer in a period with a purchase, before contacts, in currency.
    contact_cost : float
        What it costs to keep in touch with a customer for a period, for as long as the customer is
        one, paid in the period before the purchase it is to bring.
    discount_per_period : float
        Effective rate a period, at least 0.
    periods : int
        Horizon in periods after period 0.
    first_margin : {"now", "after one period"}
        When the money of period 0 comes.

    Returns
    -------
    pandas.DataFrame
        One row a period, 0 to ``periods``: ``period``, ``buyers`` and ``contacted`` (expected
        numbers), ``cash`` (currency, not discounted), ``present_value`` and ``cumulative``.

    Raises
    ------
    ValueError
        If an argument is out of its range.

    Notes
    -----
    It is the Markov chain of ``recency_chain`` told by cohorts: the present value of a customer is
    the value of recency 1 there.

    References
    ----------
    Dwyer (1989), as for ``lost_for_good``; Berger and Nasr (1998), case 5.

    Examples
    --------
    >>> table = always_a_share(1000, [0.3, 0.2, 0.15, 0.05], margin_per_purchase=40, contact_cost=4,
    ...     discount_per_period=0.2, periods=4, first_margin="now")
    >>> table["buyers"].round(1).tolist(), round(table["cumulative"].iloc[-1])
    ([1000.0, 300.0, 230.0, 195.0, 139.7], 50115)
    """
    comes = shares(repurchase, "repurchase")
    margin = money(margin_per_purchase, "margin_per_purchase")
    cost = money(contact_cost, "contact_cost")
    waits = np.append(1.0, np.cumprod(1.0 - comes))[:-1]
    buyers = np.zeros(whole_periods(periods) + 1)
    buyers[0] = _cohort(customers)
    for t in range(1, len(buyers)):
        before = buyers[max(0, t - len(comes)) : t][::-1]
        buyers[t] = (before * (waits * comes)[: len(before)]).sum()
    contacted = np.convolve(buyers, waits)[: len(buyers)]
    cash = margin * buyers - cost * contacted
    columns = {"buyers": buyers, "contacted": contacted}
    return _followed(columns, cash, discount_per_period, first_margin)


def _cohort(customers: float) -> float:
    if not money(customers, "customers") >= 0:
        raise ValueError(f"customers is {customers!r}, and must be 0 or more.")
    return float(customers)


def _followed(
    columns: dict[str, Array], cash: Array, discount_per_period: float, first_margin: str
) -> "pd.DataFrame":
    import pandas as pd

    period = np.arange(len(cash))
    ahead = period + first_period(first_margin)
    present = cash * (1.0 + discount_rate(discount_per_period)) ** -ahead.astype(float)
    money_columns = {"cash": cash, "present_value": present, "cumulative": np.cumsum(present)}
    return pd.DataFrame({"period": period, **columns, **money_columns})
