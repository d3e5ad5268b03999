"""The purchase summary: what a lifetime-value model needs to know of each customer."""

import datetime as dt
from typing import TypeVar

import narwhals as nw

from customer_insight.data.contract import check_transactions
from customer_insight.data.days import day_number
from customer_insight.data.time_units import check_unit
from customer_insight.features.purchase_days import purchase_days

# A day and the money of that day as one number, so that the smallest is the first day's.
PACK = 2**46

Frame = TypeVar("Frame")


def purchase_summary(transactions: Frame, *, as_of: dt.date | int, unit: str) -> Frame:
    """Return repeat purchases, time and money of each customer up to a day, one row a customer.

    A purchase is a *day* on which a customer bought: several orders a day count once. A day
    counts as one if its net amount is positive, or if it is zero and nothing was returned that
    day (a free order is an order). All other days, those with only returns, are left out whole.

    Parameters
    ----------
    transactions : table of the transaction contract
        Made by ``data.transactions``, on any of the four engines.
    as_of : datetime.date or int
        Last day that is counted (an int is days since 1970-01-01). Nothing after it is ever
        looked at.
    unit : {"day", "week"}
        Unit of the times; it stands in the names of their columns.

    Returns
    -------
    same kind as ``transactions``, lazy where that is lazy
        One row for each customer with a purchase day up to ``as_of``, in no promised order:

        - ``customer_id``: text.
        - ``repeat_purchases``: purchase days after the first; x, "frequency" in the papers. Int64.
        - ``weeks_first_to_last``: from the first purchase day to the last; t_x, "recency" in the
          papers. It is not RFM's recency, which counts back from today: here *large* is recent.
        - ``weeks_observed``: from the first purchase day to ``as_of``; T in the papers.
        - ``first_amount``: net amount of the first purchase day, Int64 minor units.
        - ``repeat_amount``: net amount of the later purchase days together, Int64 minor units.

        Weeks are days / 7, Float64. With ``unit="day"`` the columns are ``days_first_to_last``
        and ``days_observed``, Int64. A table without such customers is empty.

    Raises
    ------
    ValueError
        If the table is not one of the contract (a ContractError names every column), ``as_of`` is
        not a day, or ``unit`` is another one.

    Notes
    -----
    A return on a day of its own takes nothing off: which purchase it belongs to is not known
    here, and a purchase count that fell because of it would say that the customer came less
    often. The amounts are therefore what was bought net of returns on the same day; where goods
    come back later, compare with ``sum(amount)`` before calling this revenue.

    The first day's amount comes from one packed minimum, ``day * 2**46 + amount``, which costs
    about half of what a window or a join back does. It is exact while a customer's total on one
    day stays below 2**46 minor units, 64 times the largest amount that the contract allows.

    References
    ----------
    Fader, P. S., Hardie, B. G. S. and Lee, K. L. (2005). "Counting Your Customers" the Easy Way:
    An Alternative to the Pareto/NBD Model. Marketing Science 24(2), 275-284: x, t_x and T.

    Examples
    --------
    >>> import polars
    >>> orders = polars.DataFrame({
    ...     "customer_id": ["00042"] * 4,
    ...     "order_id": ["1", "2", "3", "4"],
    ...     "day": [100, 100, 121, 142],
    ...     "amount": [2000, 500, 1500, 9900],
    ... })
    >>> purchase_summary(orders, as_of=135, unit="week").rows()
    [('00042', 1, 3.0, 5.0, 2500, 1500)]
    """
    table = check_transactions(transactions)
    last_day, days_per_unit = day_number(as_of), check_unit(unit)
    histories = _histories(purchase_days(table.filter(nw.col("day") <= last_day)))
    return _named(histories, last_day, unit, days_per_unit).to_native()


def _histories(days: nw.DataFrame | nw.LazyFrame) -> nw.DataFrame | nw.LazyFrame:
    return (
        days.with_columns(packed=nw.col("day") * PACK + nw.col("amount"))
        .group_by("customer_id")
        .agg(
            purchases=nw.len(),
            first_day=nw.col("day").min(),
            final_day=nw.col("day").max(),
            total=nw.col("amount").sum(),
            packed=nw.col("packed").min(),
        )
        # Counts are unsigned on Polars, where 0 - 1 would be 4294967295.
        .with_columns(nw.col("purchases", "total").cast(nw.Int64))
        .with_columns(first_amount=nw.col("packed") - nw.col("first_day") * PACK)
    )


def _named(
    histories: nw.DataFrame | nw.LazyFrame, last_day: int, unit: str, days_per_unit: int
) -> nw.DataFrame | nw.LazyFrame:
    times = {
        f"{unit}s_first_to_last": nw.col("final_day") - nw.col("first_day"),
        f"{unit}s_observed": nw.lit(last_day, dtype=nw.Int64) - nw.col("first_day"),
    }
    if days_per_unit > 1:
        times = {name: days / days_per_unit for name, days in times.items()}
    return histories.select(
        "customer_id",
        repeat_purchases=nw.col("purchases") - 1,
        **times,
        first_amount=nw.col("first_amount"),
        repeat_amount=nw.col("total") - nw.col("first_amount"),
    )
