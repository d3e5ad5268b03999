"""What customers bought in the time after a day: the outcome that a forecast is judged by."""

import datetime as dt
from typing import TypeVar

import narwhals as nw

from customer_insight.data.contract import check_transactions
from customer_insight.data.days import day_number
from customer_insight.data.time_units import horizon_days
from customer_insight.features.purchase_days import purchase_days

Frame = TypeVar("Frame")


def holdout_purchases(transactions: Frame, *, as_of: dt.date | int, horizon: str) -> Frame:
    """Return purchases and money of each known customer in the time after a day.

    Known is who bought up to ``as_of``: the same customers as in ``purchase_summary`` of that day,
    also those who then bought nothing. Purchases are counted by the same rule, a day at a time.

    Parameters
    ----------
    transactions : table of the transaction contract
        Made by ``data.transactions``, on any of the four engines. It must reach to the end of the
        horizon: days that are not in it cannot be told from days without purchases.
    as_of : datetime.date or int
        Last day that the forecast may know; the horizon begins on the next one.
    horizon : str
        Length with its unit, such as "39 weeks".

    Returns
    -------
    same kind as ``transactions``, lazy where that is lazy
        ``customer_id`` (text), ``later_purchases`` (purchase days in the horizon, Int64) and
        ``later_amount`` (their net amount, Int64 minor units), in no promised order.

    Raises
    ------
    ValueError
        If the table is not one of the contract, or ``as_of`` or ``horizon`` cannot be read.

    Examples
    --------
    >>> import polars
    >>> orders = polars.DataFrame({
    ...     "customer_id": ["00042", "00042", "00042", "00077"],
    ...     "order_id": ["1", "2", "3", "4"],
    ...     "day": [100, 121, 142, 110],
    ...     "amount": [2000, 500, 1500, 9900],
    ... })
    >>> holdout_purchases(orders, as_of=120, horizon="2 weeks").sort("customer_id").rows()
    [('00042', 1, 500), ('00077', 0, 0)]
    """
    table = check_transactions(transactions)
    last_day = day_number(as_of)
    end = last_day + horizon_days(horizon)
    later = nw.col("day") > last_day
    return (
        purchase_days(table.filter(nw.col("day") <= end))
        .with_columns(
            later_purchases=later.cast(nw.Int64),
            later_amount=nw.when(later).then(nw.col("amount")).otherwise(0),
        )
        .group_by("customer_id")
        .agg(nw.col("day").min(), nw.col("later_purchases", "later_amount").sum())
        .with_columns(nw.col("later_purchases", "later_amount").cast(nw.Int64))
        .filter(nw.col("day") <= last_day)
        .select("customer_id", "later_purchases", "later_amount")
        .to_native()
    )
