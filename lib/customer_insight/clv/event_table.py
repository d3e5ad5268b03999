"""Columns of expected events: chance, number, date and money of each, and how sure they are."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from customer_insight.clv.event_economics import OrderEconomics, OrderEvent, UnitMoney
from customer_insight.clv.order_forecast import OrderForecast, mean_time_within

Array = NDArray[np.float64]


@dataclass(frozen=True)
class EventColumns:
    """One event of all customers.

    Attributes
    ----------
    chance : ndarray of float, shape (n,)
        Of at least one within the horizon.
    number, variance : ndarray of float, shape (n,)
        Mean and variance of how many.
    days : ndarray of float, shape (n,)
        Mean days to the first, if it comes.
    revenue, cost : ndarray of float, shape (n,)
        Expected, discounted, minor units.
    """

    chance: Array
    number: Array
    variance: Array
    days: Array
    revenue: Array
    cost: Array


def event_columns(
    orders: OrderForecast,
    money: UnitMoney,
    events: Sequence[OrderEvent],
    economics: OrderEconomics,
    *,
    factor: Array,
    days: int,
) -> dict[str, EventColumns]:
    """Return the columns of orders, of the events that they bring, and of lapses, by name.

    Parameters
    ----------
    orders : OrderForecast
    money : UnitMoney
        Of the same customers.
    events : sequence of OrderEvent
    economics : OrderEconomics
    factor : ndarray of float, shape (n,)
        What money within the horizon is worth now.
    days : int
        Length of the horizon.

    Returns
    -------
    dict of str to EventColumns

    Examples
    --------
    >>> one = np.ones(1)
    >>> orders = OrderForecast(one, 0.8 * one, 2 * one, 7 * one, 90 * one, 0.3 * one, 50 * one)
    >>> money = UnitMoney(9000 * one, [], [], 3000 * one, 0 * one, 0 * one)
    >>> found = event_columns(orders, money, [], OrderEconomics(0.4), factor=one, days=364)
    >>> found["order"].revenue, found["order"].variance, found["lapse"].number
    (array([18000.]), array([3.]), array([0.3]))
    """
    expected = orders.expected
    goods = (1 - economics.margin) * money.spend + economics.order_cost
    columns = {
        "order": EventColumns(
            chance=orders.chance,
            number=expected,
            variance=np.maximum(orders.expected_square - expected**2, 0.0),
            days=orders.days_to_order,
            revenue=factor * expected * money.spend,
            cost=factor * expected * goods,
        )
    }
    # a living customer's orders, given that there is one
    pace = expected / np.maximum(orders.chance, 1e-300)
    for event, shape, scale in zip(events, money.shapes, money.scales, strict=True):
        rate = shape / scale
        number = expected * rate
        square = rate**2 + shape / scale**2
        columns[event.name] = EventColumns(
            chance=-orders.chance * np.expm1(-shape * np.log1p(pace / scale)),
            number=number,
            variance=np.maximum(number + square * orders.expected_square - number**2, 0.0),
            days=days * mean_time_within(shape, scale / np.maximum(pace, 1e-12)),
            revenue=factor * number * event.revenue,
            cost=factor * number * event.cost,
        )
    columns["lapse"] = EventColumns(
        chance=orders.leaves,
        number=orders.leaves,
        variance=orders.leaves * (1 - orders.leaves),
        days=orders.days_to_leaving,
        revenue=np.zeros(len(factor)),
        cost=factor * orders.leaves * economics.lapse_cost,
    )
    return columns


def profit_variance(
    orders: OrderForecast, money: UnitMoney, economics: OrderEconomics, *, factor: Array
) -> Array:
    """Return the variance of each customer's profit, all parameters being known.

    With N orders, each worth w on average, of which the customer's own mean is known up to a
    variance and single orders scatter around it: ``E[N**2] (w**2 + variance) - E[N]**2 w**2 +
    E[N] noise``. The cost of a lapse is added to the standard deviation.

    Parameters
    ----------
    orders : OrderForecast
    money : UnitMoney
        Of the same customers.
    economics : OrderEconomics
    factor : ndarray of float, shape (n,)
        What money within the horizon is worth now.

    Returns
    -------
    ndarray of float, shape (n,)
        Minor units squared.

    Examples
    --------
    >>> one = np.ones(1)
    >>> orders = OrderForecast(one, 0.8 * one, 2 * one, 7 * one, 90 * one, 0.3 * one, 50 * one)
    >>> money = UnitMoney(9000 * one, [], [], 10 * one, 4 * one, 9 * one)
    >>> profit_variance(orders, money, OrderEconomics(0.4), factor=one)
    array([346.])
    """
    mean, square = orders.expected, orders.expected_square
    bought = square * (money.net**2 + money.net_variance) - (mean * money.net) ** 2
    lapse = economics.lapse_cost * np.sqrt(orders.leaves * (1 - orders.leaves))
    return (factor * (np.sqrt(np.maximum(bought + mean * money.noise, 0.0)) + lapse)) ** 2
