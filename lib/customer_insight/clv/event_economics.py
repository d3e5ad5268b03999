"""What an order and the events that it brings are worth, customer by customer."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from customer_insight.clv.gamma_gamma import GammaGamma
from customer_insight.clv.gamma_poisson import GammaPoisson
from customer_insight.clv.summary_columns import numbers
from customer_insight.stats.inputs import finite_numbers

Array = NDArray[np.float64]


@dataclass(frozen=True)
class OrderEconomics:
    """What is kept of an order's money, and what else costs.

    Attributes
    ----------
    margin : float
        Share of an order's money that is left after the cost of goods and of what grows with them,
        0 to 1.
    order_cost : float, default 0
        Of an order whatever its size (picking, parcel), minor units.
    lapse_cost : float, default 0
        Of losing a customer besides the orders that do not come (points paid out, winning another),
        minor units.
    """

    margin: float
    order_cost: float = 0.0
    lapse_cost: float = 0.0

    def __post_init__(self) -> None:
        costs = self.order_cost, self.lapse_cost
        if not 0 < self.margin <= 1 or not all(0 <= cost < np.inf for cost in costs):
            raise ValueError(
                f"margin is {self.margin!r} and must be a share above 0 and up to 1; order_cost "
                "and lapse_cost must be 0 or more, in minor units. Costs are taken off."
            )


@dataclass(frozen=True)
class OrderEvent:
    """A kind of event that orders bring: returns, complaints, referrals.

    Attributes
    ----------
    name : str
        Such as "return".
    model : GammaPoisson
        Of events by orders, fitted or given.
    counts : array-like of int, shape (n,)
        Events of each customer so far, in the rows of the summary.
    revenue : float, default 0
        Of one event, discounted as orders are, minor units; a refund is below 0.
    cost : float, default 0
        Of one event, 0 or more, minor units.
    """

    name: str
    model: GammaPoisson
    counts: ArrayLike
    revenue: float = 0.0
    cost: float = 0.0


@dataclass(frozen=True)
class UnitMoney:
    """What one order brings of each customer, with how sure it is.

    Attributes
    ----------
    spend : ndarray of float, shape (n,)
        Expected money of an order.
    shapes, scales : list of ndarray of float, shape (n,)
        Of the posterior rate of each kind of event, in events an order.
    net : ndarray of float, shape (n,)
        Expected profit of an order with all its events.
    net_variance : ndarray of float, shape (n,)
        Of that profit's own mean, not known of the customer.
    noise : ndarray of float, shape (n,)
        Variance of the profit of one order around that mean.
    """

    spend: Array
    shapes: list[Array]
    scales: list[Array]
    net: Array
    net_variance: Array
    noise: Array

    @property
    def rates(self) -> list[Array]:
        """Expected events an order, a column for each kind."""
        return [shape / scale for shape, scale in zip(self.shapes, self.scales, strict=True)]


def unit_money(
    spend: GammaGamma, summary: Any, events: Sequence[OrderEvent], economics: OrderEconomics
) -> UnitMoney:
    """Return what one order of each customer brings, its events included.

    Parameters
    ----------
    spend : GammaGamma
        Fitted, or with given parameters.
    summary : pandas or Polars frame, or a narwhals one
        ``repeat_purchases`` and ``repeat_amount``.
    events : sequence of OrderEvent
    economics : OrderEconomics

    Returns
    -------
    UnitMoney

    Raises
    ------
    ValueError
        If counts do not stand row by row beside the summary, a cost is negative, or spend has no
        variance.

    Examples
    --------
    >>> import polars
    >>> summary = polars.DataFrame({"repeat_purchases": [2], "repeat_amount": [20_000]})
    >>> spend = GammaGamma.from_parameters(p=5.0, q=4.0, v=4800.0)
    >>> unit_money(spend, summary, [], OrderEconomics(margin=0.4, order_cost=600)).net.round(1)
    array([3215.4])
    """
    import narwhals as nw

    money = spend.expected_spend(summary)
    between = spend.spend_variance(summary)
    orders = numbers(nw.from_native(summary, pass_through=True), "repeat_purchases") + 1.0
    margin = economics.margin
    net = margin * money - economics.order_cost
    variance, noise = margin**2 * between, margin**2 * (money**2 + between) / spend.p_
    shapes, scales = [], []
    for event in events:
        _check(event, len(orders))
        shape, scale = event.model.posterior(event.counts, orders)
        worth = event.revenue - event.cost
        net = net + worth * shape / scale
        variance = variance + worth**2 * shape / scale**2
        noise = noise + worth**2 * shape / scale
        shapes.append(shape)
        scales.append(scale)
    return UnitMoney(money, shapes, scales, net, variance, noise)


def _check(event: OrderEvent, customers: int) -> None:
    counts = finite_numbers(event.counts, f"counts of {event.name}")
    if counts.size != customers:
        raise ValueError(
            f"counts of {event.name} has {counts.size:,} values for {customers:,} customers of the "
            "summary: they must stand row by row beside each other."
        )
    if not np.isfinite(event.revenue) or not 0 <= event.cost < np.inf:
        raise ValueError(
            f"{event.name}: revenue must be finite, and cost 0 or more; it is taken off."
        )
