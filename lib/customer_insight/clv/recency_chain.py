"""Customers as a Markov chain of recency (Pfeifer and Carraway 2000).

State 1 has bought in this period, state k last bought k - 1 periods before, and the last state is
no customer any more. From state k a customer buys in the next period with the repurchase
probability of recency k, or moves one state on.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from customer_insight.clv.period_inputs import (
    discount_rate,
    finite_for_ever,
    money,
    shares,
    whole_periods,
)

Array = NDArray[np.float64]


def transition_matrix(repurchase: ArrayLike) -> Array:
    """Return the chance to get from each state of recency to each in one period.

    Parameters
    ----------
    repurchase : array-like of float, shape (k,)
        Probability that a customer who bought last 1, 2, ..., k periods ago buys now.

    Returns
    -------
    ndarray of float, shape (k + 1, k + 1)
        Rows are from, columns are to; each row adds up to 1. The last state is never left.

    Raises
    ------
    ValueError
        If a probability is missing or outside 0 to 1.

    Examples
    --------
    >>> transition_matrix([0.3, 0.2])
    array([[0.3, 0.7, 0. ],
           [0.2, 0. , 0.8],
           [0. , 0. , 1. ]])
    """
    comes = shares(repurchase, "repurchase")
    states = len(comes) + 1
    matrix = np.zeros((states, states))
    matrix[:-1, 0] = comes
    matrix[np.arange(states - 1), np.arange(1, states)] = 1.0 - comes
    matrix[-1, -1] = 1.0
    return matrix


def state_shares(repurchase: ArrayLike, *, periods: int) -> Array:
    """Return where a cohort that buys now will stand in each period: the powers of the matrix.

    Parameters
    ----------
    repurchase : array-like of float, shape (k,)
        Probability that a customer who bought last 1, 2, ..., k periods ago buys now.
    periods : int
        Horizon in periods.

    Returns
    -------
    ndarray of float, shape (periods + 1, k + 1)
        Share of the cohort in each state after 0, 1, ... periods; column 0 has the buyers.

    Raises
    ------
    ValueError
        If an argument is out of its range.

    Examples
    --------
    >>> (1000 * state_shares([0.3, 0.2, 0.15, 0.05], periods=4)[:, 0]).round(1).tolist()
    [1000.0, 300.0, 230.0, 195.0, 139.7]
    """
    matrix = transition_matrix(repurchase)
    found = np.zeros((whole_periods(periods) + 1, len(matrix)))
    found[0, 0] = 1.0
    for t in range(1, len(found)):
        found[t] = found[t - 1] @ matrix
    return found


def recency_values(
    repurchase: ArrayLike,
    *,
    margin_per_purchase: float,
    contact_cost: float,
    discount_per_period: float,
    periods: int | None,
) -> Array:
    """Return what a customer of each recency is worth while every customer is contacted.

    A period in state 1 brings the margin, at once; each period in any state but the last costs a
    contact. With R these rewards and P the matrix, the value for ever is
    ``inv(I - P / (1 + d)) R``, and over n periods the sum of ``(P / (1 + d))**t R`` for t from 0
    to n: the present period counts in full.

    Parameters
    ----------
    repurchase : array-like of float, shape (k,)
        Probability that a customer who bought last 1, 2, ..., k periods ago buys now.
    margin_per_purchase : float
        Margin of one customer in a period with a purchase, before contacts, in currency.
    contact_cost : float
        Cost of keeping in touch with a customer for a period, in currency.
    discount_per_period : float
        Effective rate a period, at least 0.
    periods : int or None
        Horizon in periods after the present one; None for ever.

    Returns
    -------
    ndarray of float, shape (k + 1,)
        Value of a customer in state 1, 2, ..., k and of who is none any more (0), in currency.

    Raises
    ------
    ValueError
        If an argument is out of its range, or the value for ever is not finite.

    References
    ----------
    Pfeifer, P. E. and Carraway, R. L. (2000). Modeling Customer Relationships as Markov Chains.
    Journal of Interactive Marketing 14(2), 43-55.

    Examples
    --------
    The example of the paper, over four years and for ever:

    >>> case = {"margin_per_purchase": 40, "contact_cost": 4, "discount_per_period": 0.2}
    >>> recency_values([0.3, 0.2, 0.15, 0.05], periods=4, **case).round(3).tolist()
    [50.115, 4.22, 0.592, -1.98, 0.0]
    >>> recency_values([0.3, 0.2, 0.15, 0.05], periods=None, **case).round(3).tolist()
    [52.32, 5.554, 1.251, -1.82, 0.0]
    """
    matrix, discount = transition_matrix(repurchase), discount_rate(discount_per_period)
    rewards = np.full(len(matrix), -money(contact_cost, "contact_cost"))
    rewards[0] += money(margin_per_purchase, "margin_per_purchase")
    rewards[-1] = 0.0
    if periods is None:
        return long_run_values(matrix, rewards, discount)
    values = rewards
    for _ in range(whole_periods(periods)):
        values = rewards + matrix @ values / (1.0 + discount)
    return values


def long_run_values(matrix: Array, rewards: Array, discount_per_period: float) -> Array:
    """Return what each state is worth for ever, given what a period in it brings.

    Parameters
    ----------
    matrix : ndarray of float, shape (k + 1, k + 1)
        As `transition_matrix` returns it; the last state brings nothing.
    rewards : ndarray of float, shape (k + 1,)
        Money of one period in each state, in currency.
    discount_per_period : float
        Effective rate a period, at least 0.

    Returns
    -------
    ndarray of float, shape (k + 1,)
        In currency.

    Raises
    ------
    ValueError
        If some customer comes back for certain and nothing is discounted.

    Examples
    --------
    >>> long_run_values(transition_matrix([0.5]), np.array([10.0, 0.0]), 0.25).round(3).tolist()
    [16.667, 0.0]
    """
    discount = discount_rate(discount_per_period)
    finite_for_ever(float(matrix[:-1, 0].max()), discount)
    within = matrix[:-1, :-1] / (1.0 + discount)
    return np.append(np.linalg.solve(np.eye(len(within)) - within, rewards[:-1]), 0.0)
