"""What customers bought in the time after a day: the outcome that a forecast is judged by."""

import datetime as dt
from typing import TypeVar

import narwhals as nw

from customer_insight.data.contract import check_transactions
from customer_insight.data.days import day_number
from customer_insight.data.time_units import horizon_days
from customer_insight.features.purchase_days import purchase_days

Frame = TypeVar("Frame")


def holdout_purchases(
    transactions: Frame,
    *,
    as_of: dt.date | int,
    horizon: str,
    observed_until: dt.date | int | None = None,
) -> Frame:
    """Return purchases and money of each known customer in the time after a day.

    Known is who bought up to ``as_of``: the same customers as in ``purchase_summary`` of that day,
    also those who then bought nothing. Purchases are counted by the same rule, a day at a time.

    Parameters
    ----------
    transactions : table of the transaction contract
        Made by ``data.transactions``, on any of the four engines.
    as_of : datetime.date or int
        Last day that the forecast may know; the horizon begins on the next one.
    horizon : str
        Length with its unit, such as "39 weeks".
    observed_until : datetime.date or int, optional
        Last day up to which the table holds every purchase. By default the last day in the table,
        which is read once for it, also where it is lazy. Give it where nobody bought on the last
        days, or where the last days of the table are not complete yet.

    Returns
    -------
    same kind as ``transactions``, lazy where that is lazy
        ``customer_id`` (text), ``later_purchases`` (purchase days in the horizon, Int64) and
        ``later_amount`` (their net amount, Int64 minor units), in no promised order.

    Raises
    ------
    ValueError
        If the table is not one of the contract, ``as_of``, ``horizon`` or ``observed_until``
        cannot be read, or the horizon ends after ``observed_until``: days that nobody recorded
        would count as days without purchases, and every forecast would look too high.

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

    The last order is of day 142, so that nothing is known of a horizon that ends on day 148:

    >>> holdout_purchases(orders, as_of=120, horizon="4 weeks")
    Traceback (most recent call last):
    ...
    ValueError: the horizon of 28 days after as_of ends 6 days after the last day in the table. ...
    """
    table = check_transactions(transactions)
    last_day = day_number(as_of)
    end = last_day + horizon_days(horizon)
    _check_reach(table, last_day, end, observed_until)
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


def _check_reach(
    table: nw.DataFrame | nw.LazyFrame,
    last_day: int,
    end: int,
    observed_until: dt.date | int | None,
) -> None:
    """Refuse a horizon of which the table cannot know all days."""
    if observed_until is None:
        until, what = _last_day(table), "the last day in the table"
    else:
        until, what = day_number(observed_until, name="observed_until"), "observed_until"
    known, beyond = until - last_day, end - until
    if beyond <= 0:
        return
    shorten = f"Shorten the horizon to {known:,} days, or set" if known > 0 else "Set"
    raise ValueError(
        f"the horizon of {end - last_day:,} days after as_of ends {beyond:,} days after {what}. "
        "Days that nobody recorded would count as days without purchases, and every forecast would "
        f"look too high. {shorten} as_of {beyond:,} days earlier. Where nobody bought on the last "
        "days and the table is complete all the same, say until when with observed_until."
    )


def _last_day(table: nw.DataFrame | nw.LazyFrame) -> int:
    found = table.select(rows=nw.len(), day=nw.col("day").max())
    if isinstance(found, nw.LazyFrame):
        found = found.collect("pyarrow")
    rows, day = found.row(0)
    if not rows:
        raise ValueError(
            "the table has no rows, so that it tells of no day. Look at the step that made it; "
            "where it is meant to be empty, say until when it is complete with observed_until."
        )
    return int(day)
