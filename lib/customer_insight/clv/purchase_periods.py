"""Purchases by calendar period: who bought in which month, quarter or year."""

import datetime as dt
from typing import TypeVar

import narwhals as nw

from customer_insight.data.contract import check_transactions
from customer_insight.data.days import EPOCH, day_number
from customer_insight.features.calendar_periods import (
    MONTHS_PER_PERIOD,
    period_number,
    with_periods,
)
from customer_insight.features.purchase_days import purchase_days

Frame = TypeVar("Frame")

MONTHS = {**MONTHS_PER_PERIOD, "year": 12}


def purchase_periods(transactions: Frame, *, as_of: dt.date | int, period: str) -> Frame:
    """Return the calendar periods in which each customer bought, counted back from the last one.

    Purchases are counted by the rule of ``features.purchase_summary``: a day counts if its net
    amount is positive, or if it is zero and nothing was returned that day.

    Parameters
    ----------
    transactions : table of the transaction contract
        Made by ``data.transactions``, on any of the four engines.
    as_of : datetime.date or int
        Last day that is counted, the last one of a period. Nothing after it is ever counted.
    period : {"month", "quarter", "year"}
        Calendar period.

    Returns
    -------
    same kind as ``transactions``, lazy where that is lazy
        One row for each customer and period with a purchase, in no promised order:

        - ``customer_id``: text.
        - ``periods_ago``: Int64, 0 for the period that ends with ``as_of``, 1 for that before it.
        - ``amount``: Int64, net amount of the purchase days of the period, in minor units.

    Raises
    ------
    ValueError
        If the table is not one of the contract, ``period`` is another one, or ``as_of`` is not a
        day or not the last one of a period.

    Notes
    -----
    Customers whose first purchase lies before the table begins look like new ones of its first
    period. Leave them out where they are known.

    Examples
    --------
    >>> import polars
    >>> orders = polars.DataFrame({
    ...     "customer_id": ["00042", "00042", "00077"],
    ...     "order_id": ["1", "2", "3"],
    ...     "day": [15034, 15080, 15135],
    ...     "amount": [2000, 500, 1500],
    ... })
    >>> table = purchase_periods(orders, as_of=dt.date(2011, 6, 30), period="quarter")
    >>> table.sort("customer_id", "periods_ago").rows()
    [('00042', 0, 500), ('00042', 1, 2000), ('00077', 0, 1500)]
    """
    if period not in MONTHS:
        raise ValueError(
            f"period is {period!r}, and must be one of {', '.join(map(repr, MONTHS))}. Choose one "
            "in which most customers who are still there buy at least once."
        )
    months, last_day = MONTHS[period], day_number(as_of)
    last = period_number(last_day, months=months)
    if period_number(last_day + 1, months=months) == last:
        raise ValueError(
            f"as_of is {EPOCH + dt.timedelta(last_day)}, and must be the last day of a {period}: "
            "customers who still buy before its end would count as having stayed away."
        )
    known = check_transactions(transactions).filter(nw.col("day") <= last_day)
    return (
        with_periods(purchase_days(known), months=months)
        .group_by("customer_id", "period")
        .agg(nw.col("amount").sum())
        .with_columns(nw.col("amount").cast(nw.Int64), periods_ago=last - nw.col("period"))
        .select("customer_id", "periods_ago", "amount")
        .to_native()
    )
