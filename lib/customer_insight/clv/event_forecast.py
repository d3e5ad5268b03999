"""A profit and loss of what is to come: each customer's events with chance, date and money."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from customer_insight.clv.beta_geometric import BetaGeometricNBD
from customer_insight.clv.event_economics import OrderEconomics, OrderEvent, UnitMoney, unit_money
from customer_insight.clv.event_table import EventColumns, event_columns, profit_variance
from customer_insight.clv.gamma_gamma import GammaGamma
from customer_insight.clv.order_forecast import (
    OrderForecast,
    order_forecast,
    orders_and_leaving,
)
from customer_insight.clv.parameter_uncertainty import parameter_variances
from customer_insight.clv.summary_columns import numbers
from customer_insight.clv.table_columns import check_ids, table_with
from customer_insight.clv.tracking import expected_cumulative_purchases
from customer_insight.data.days import EPOCH, day_number
from customer_insight.data.time_units import DAYS_PER_UNIT, horizon_days
from customer_insight.stats.mean_intervals import normal_interval
from customer_insight.stats.sums import sum_of_products

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]


@dataclass(frozen=True)
class EventForecast:
    """Expected events of each customer, and the profit and loss that they add up to.

    Attributes
    ----------
    customers : pandas.DataFrame
        One row a customer, as in the summary: ``customer_id``; for each event ``<event>_chance``
        (of at least one), ``<event>_number`` (expected), ``<event>_date`` (expected, of the first,
        if it comes), ``<event>_revenue`` and ``<event>_cost`` (expected, discounted); ``profit``
        and ``profit_sd`` (its standard deviation for this customer alone).
    statement : pandas.DataFrame
        One row an event, then "total": ``event``, ``number`` with ``number_low`` and
        ``number_high``, ``revenue``, ``cost``, ``profit``, discounted; the total has
        ``profit_low`` and ``profit_high``. The customers' columns add up to it.
    reconciliation : pandas.DataFrame
        One row an event that is tied to orders: ``event``, ``customers`` (sum of the customers'
        numbers), ``cohort`` (number expected of the cohort as a whole: of orders by day of first
        purchase alone, of other events by one rate for all), ``ratio``.
    as_of : datetime.date
    horizon : str
    discount_per_year : float
    currency : str
        Code; amounts are in its minor unit.
    """

    customers: "pd.DataFrame"
    statement: "pd.DataFrame"
    reconciliation: "pd.DataFrame"
    as_of: dt.date
    horizon: str
    discount_per_year: float
    currency: str


def event_forecast(
    models: tuple[BetaGeometricNBD, GammaGamma],
    summary: Any,
    events: Sequence[OrderEvent],
    *,
    economics: OrderEconomics,
    as_of: dt.date | int,
    horizon: str,
    discount_per_year: float,
    currency: str,
    confidence: float = 0.95,
) -> EventForecast:
    """Return every customer's expected events, and their sum as a forecast profit and loss.

    Orders and leaving ("lapse") come from a model of buying, the money of an order from a model of
    spend. Other events, such as returns, complaints and referrals, happen so many times an order,
    at a rate of each customer's own (gamma-Poisson). Intervals of the totals hold both what is left
    to chance and what is not known of the parameters.

    Parameters
    ----------
    models : tuple of BGNBD or MBGNBD, and GammaGamma
        Fitted to the summary.
    summary : pandas or Polars frame
        As ``features.purchase_summary`` gives it at ``as_of``.
    events : sequence of OrderEvent
        Events that orders bring, with counts in the rows of the summary.
    economics : OrderEconomics
        Margin, cost of an order, cost of a lapse.
    as_of : datetime.date or int
        Day of the summary; the horizon begins on the next one.
    horizon : str
        With its unit, such as "52 weeks".
    discount_per_year : float
        Effective yearly rate. Orders are discounted week by week, and the money of all other events
        of a customer by as much as that customer's orders.
    currency : str
        Code, such as "CNY".
    confidence : float, default 0.95
        Of the intervals.

    Returns
    -------
    EventForecast

    Raises
    ------
    ValueError
        If ids are missing or doubled, a count does not stand beside a customer, an event has the
        name of another, or spend has no variance (``GammaGamma`` with q of 2 or less).

    Notes
    -----
    Assumed, and to be checked: how often a customer orders has nothing to do with how much an order
    is or with how often it brings an event; rates stay as they were, so that seasons cancel only
    over whole years; customers act apart from each other, so that a rise of all prices or a bad
    batch is in no interval; models are estimated apart. The chance and date of an event other than
    an order take the number of orders for its mean, given there is one: the chance is right to
    about two hundredths. The cost of a lapse adds to the standard deviation as if it
    came together with the worst of the rest.

    References
    ----------
    Fader, P. S., Hardie, B. G. S. and Lee, K. L. (2005), "Counting Your Customers" the Easy Way,
    Marketing Science 24(2). Fader, P. S. and Hardie, B. G. S. (2013), The Gamma-Gamma Model of
    Monetary Value.

    Examples
    --------
    >>> import polars
    >>> from customer_insight.clv import BGNBD
    >>> from customer_insight.clv.gamma_poisson import GammaPoisson
    >>> summary = polars.DataFrame({
    ...     "customer_id": ["00042", "00077"], "repeat_purchases": [6, 0],
    ...     "weeks_first_to_last": [40.0, 0.0], "weeks_observed": [44.0, 30.0],
    ...     "repeat_amount": [48_000, 0],
    ... })
    >>> purchases = BGNBD.from_parameters(unit="week", r=0.9, alpha=8.0, a=0.9, b=3.6)
    >>> spend = GammaGamma.from_parameters(p=5.0, q=4.0, v=4800.0)
    >>> returns = OrderEvent(
    ...     "return", GammaPoisson.from_parameters(shape=1.0, exposure=20.0), [1, 0],
    ...     revenue=-7000, cost=1290,
    ... )
    >>> found = event_forecast(
    ...     (purchases, spend), summary, [returns], economics=OrderEconomics(margin=0.4),
    ...     as_of=20088, horizon="52 weeks", discount_per_year=0.10, currency="CNY",
    ... )
    >>> found.statement[["event", "number", "profit"]].round(1)
        event  number   profit
    0   order     5.5  16810.7
    1  return     0.4  -3015.2
    2   lapse     0.5      0.0
    3   total     NaN  13795.6
    """
    table = table_with(summary, "summary", ["customer_id"])
    check_ids(table, "customer_id", "summary")
    names = ["order", *(event.name for event in events), "lapse"]
    if len(set(names)) != len(names):
        raise ValueError("two events have one name, or one is called order or lapse.")
    day, days = day_number(as_of), horizon_days(horizon)
    purchases, spend = models
    orders = order_forecast(purchases, summary, horizon=horizon)
    worth = {"horizon": horizon, "discount_per_year": discount_per_year}
    discounted = purchases.discounted_purchases(summary, **worth)
    factor = np.ones(len(discounted))
    np.divide(discounted, orders.expected, out=factor, where=orders.expected > 0)
    money = unit_money(spend, summary, events, economics)
    columns = event_columns(orders, money, events, economics, factor=factor, days=days)
    own = profit_variance(orders, money, economics, factor=factor)
    fitted = (purchases, spend, *(event.model for event in events))
    variance = np.array([*(each.variance.sum() for each in columns.values()), own.sum()])
    made = numbers(table, "repeat_purchases") + 1.0
    parts = _Parts(summary, tuple(events), economics, horizon, fitted, orders, money, factor, made)
    variance += parameter_variances(parts.totals, fitted)
    return EventForecast(
        customers=_customers(table["customer_id"].to_list(), columns, own, day),
        statement=_statement(columns, variance**0.5, len(own), confidence),
        reconciliation=_reconciliation(purchases, summary, events, columns, days),
        as_of=EPOCH + dt.timedelta(day),
        horizon=horizon,
        discount_per_year=discount_per_year,
        currency=currency,
    )


@dataclass(frozen=True)
class _Parts:
    """What a forecast is made of besides the models."""

    summary: Any
    events: tuple[OrderEvent, ...]
    economics: OrderEconomics
    horizon: str
    models: tuple[Any, ...]
    orders: OrderForecast
    money: UnitMoney
    factor: Array
    made: Array

    def totals(self, purchases: Any, spend: Any, *of_events: Any) -> Array:
        """Return the number of each event, and the profit, of all customers together.

        Only what hangs on another model than those of the forecast is worked out again.
        """
        expected, leaves = self.orders.expected, self.orders.leaves
        if purchases is not self.models[0]:
            expected, leaves = orders_and_leaving(purchases, self.summary, horizon=self.horizon)
        net, counted = self.money.net, []
        if spend is not self.models[1]:
            change = spend.expected_spend(self.summary) - self.money.spend
            net = net + self.economics.margin * change
        for event, model, rate in zip(self.events, of_events, self.money.rates, strict=True):
            own = rate
            if model is not event.model:
                own = model.rate(event.counts, self.made)
                net = net + (event.revenue - event.cost) * (own - rate)
            counted.append(sum_of_products(expected, own))
        lapse = sum_of_products(self.factor, leaves) * self.economics.lapse_cost
        profit = sum_of_products(self.factor, expected, net) - lapse
        return np.array([expected.sum(), *counted, leaves.sum(), profit])


def _customers(
    ids: list[str], columns: dict[str, EventColumns], variance: Array, day: int
) -> "pd.DataFrame":
    import pandas as pd

    table: dict[str, Any] = {"customer_id": ids}
    start = np.datetime64(EPOCH) + np.timedelta64(day, "D")
    for event, each in columns.items():
        table[f"{event}_chance"] = each.chance
        table[f"{event}_number"] = each.number
        table[f"{event}_date"] = start + np.ceil(each.days).astype("timedelta64[D]")
        table[f"{event}_revenue"] = each.revenue
        table[f"{event}_cost"] = each.cost
    profit = sum(each.revenue - each.cost for each in columns.values())
    return pd.DataFrame(table | {"profit": profit, "profit_sd": np.sqrt(variance)})


def _statement(
    columns: dict[str, EventColumns], errors: Array, customers: int, confidence: float
) -> "pd.DataFrame":
    import pandas as pd

    rows = []
    for (event, each), error in zip(columns.items(), errors[:-1], strict=True):
        number = normal_interval(_sum(each.number), error, n=customers, confidence=confidence)
        row = {"event": event, "number": number.estimate}
        row |= {"number_low": max(number.low, 0.0), "number_high": number.high}
        row |= {"revenue": _sum(each.revenue), "cost": _sum(each.cost)}
        rows.append(row | {"profit": row["revenue"] - row["cost"]})
    total = {name: sum(row[name] for row in rows) for name in ("revenue", "cost", "profit")}
    profit = normal_interval(total["profit"], errors[-1], n=customers, confidence=confidence)
    ends = {"profit_low": profit.low, "profit_high": profit.high}
    return pd.DataFrame([*rows, {"event": "total", **total, **ends}])


def _reconciliation(
    purchases: BetaGeometricNBD,
    summary: Any,
    events: Sequence[OrderEvent],
    columns: dict[str, EventColumns],
    days: int,
) -> "pd.DataFrame":
    import pandas as pd

    histories = purchases._read(summary)
    observed = np.rint(histories.T * DAYS_PER_UNIT[histories.unit]).astype(np.int64)
    by_now, by_end = expected_cumulative_purchases(purchases, -observed, [0, days])
    orders = _sum(columns["order"].number)
    cohort = {"order": by_end - by_now}
    for event in events:
        cohort[event.name] = np.asarray(event.counts).sum() / (histories.x + 1).sum() * orders
    table = pd.DataFrame({"event": list(cohort), "cohort": list(map(float, cohort.values()))})
    table.insert(1, "customers", [_sum(columns[event].number) for event in cohort])
    return table.assign(ratio=table["customers"] / table["cohort"])


def _sum(values: Array) -> float:
    # sorted, so that no digit hangs on the order of the rows
    return float(np.sort(values).sum())
