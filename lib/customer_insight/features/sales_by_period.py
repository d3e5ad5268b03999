"""Sales by calendar period: customers, orders and money, and how much of it is of new customers."""

import datetime as dt
from typing import TypeVar

import narwhals as nw

from customer_insight.data.contract import check_transactions
from customer_insight.data.days import DAY_LIMIT, day_number
from customer_insight.features.calendar_periods import (
    check_period,
    period_number,
    with_first_days,
    with_period_texts,
    with_periods,
)
from customer_insight.features.counting_numbers import counting_numbers
from customer_insight.features.purchase_days import first_day, is_purchase, purchase_days

COUNTS = "customers", "new_customers", "orders", "amount", "new_amount"
# Later than the last day of every period that a day of the contract can lie in.
NEVER = 2 * DAY_LIMIT

Frame = TypeVar("Frame")
Table = nw.DataFrame | nw.LazyFrame


def sales_by_period(transactions: Frame, *, as_of: dt.date | int, period: str) -> Frame:
    """Return customers, orders and money of each calendar period, and those of new customers.

    Purchases are counted by the rule of ``purchase_summary``: a day counts if its net amount is
    positive, or if it is zero and nothing was returned that day. A customer is new in the period
    of their first purchase day.

    Parameters
    ----------
    transactions : table of the transaction contract
        Made by ``data.transactions``, on any of the four engines. Its first day up to ``as_of`` is
        read once, also where it is lazy, to know how many periods there are.
    as_of : datetime.date or int
        Last day that is counted (an int is days since 1970-01-01). Nothing after it is ever
        counted.
    period : {"month", "quarter"}
        Calendar period.

    Returns
    -------
    same kind as ``transactions``, lazy where that is lazy
        One row for each period from that of the first purchase to that of ``as_of``, also where
        nobody bought, in no promised order; all Int64 but ``period``:

        - ``period``: text that sorts by time, such as "2011-03" or "2011-Q1".
        - ``first_day``: of the period, days since 1970-01-01.
        - ``days``: of the whole period.
        - ``days_seen``: those from the first purchase day of the table to ``as_of``. The period is
          complete where ``days_seen`` is ``days``.
        - ``customers``: who bought in the period.
        - ``new_customers``: those of them who had never bought before it.
        - ``orders``: different ``order_id`` of a customer on purchase days of the period, those of
          returns alone left out.
        - ``amount``: net amount of the purchase days, minor units.
        - ``new_amount``: the part of ``amount`` that the new customers bought, all period long.

        A table without purchases up to ``as_of`` gives none.

    Raises
    ------
    ValueError
        If the table is not one of the contract (a ContractError names every column), ``as_of`` is
        not a day, or ``period`` is another one.

    Notes
    -----
    Set only complete periods beside each other, or divide by ``days_seen``: a month of which ten
    days are known looks like a collapse. The first period of a file counts whoever bought before
    the file begins as new; the share of new customers falls over its first periods for that reason
    alone. A file that begins on days without sales begins with its first purchase here.

    Customers must not be added over periods: who bought in two of them is in both. New customers
    and amounts may. An order with lines in two periods is in both, and one ``order_id`` of two
    customers is two orders. Returns on days of their own take nothing off.

    Examples
    --------
    >>> import polars
    >>> orders = polars.DataFrame({
    ...     "customer_id": ["00042", "00042", "00077", "00042", "00081"],
    ...     "order_id": ["1", "1", "2", "3", "4"],
    ...     "day": [15034, 15034, 15040, 15100, 15105],
    ...     "amount": [2000, 500, 1500, 800, 9900],
    ... })
    >>> table = sales_by_period(orders, as_of=dt.date(2011, 5, 20), period="month")
    >>> for row in table.sort("period").rows():
    ...     print(*row)
    2011-03 15034 31 31 2 2 2 4000 4000
    2011-04 15065 30 30 0 0 0 0 0
    2011-05 15095 31 20 2 1 2 10700 9900
    """
    table = check_transactions(transactions)
    last_day, months = day_number(as_of), check_period(period)
    known = table.filter(nw.col("day") <= last_day)
    first = period_number(first_day(known, otherwise=last_day), months=months)
    last = period_number(last_day, months=months)
    numbers = counting_numbers(table, "period", below=last - first + 1)
    periods = _with_empty_periods(_sales(known, months), numbers, first)
    columns = "period", "first_day", "days", "days_seen", *COUNTS
    seen = _with_days_seen(with_first_days(periods, months=months), last_day)
    return with_period_texts(seen, "period", months=months).select(*columns).to_native()


def _sales(known: Table, months: int) -> Table:
    """Return the counts of each period that has any, and its first purchase day as ``began``."""
    on = ["customer_id", "day"]
    # A window over the days would take longer on DuckDB, and periods after the join would make it
    # plan the query for many seconds.
    lines = with_periods(known, months=months)
    return (
        lines.join(purchase_days(known).select(*on), on=on, how="semi")
        .group_by("customer_id", "period", "order_id")
        .agg(nw.col("amount").sum(), smallest=nw.col("amount").min(), began=nw.col("day").min())
        .with_columns(nw.col("amount").cast(nw.Int64), orders=is_purchase().cast(nw.Int64))
        .group_by("customer_id", "period")
        .agg(nw.col("amount", "orders").sum(), nw.col("began").min())
        .with_columns(nw.col("amount", "orders").cast(nw.Int64))
        .with_columns(joined=nw.col("period").min().over("customer_id"))
        .with_columns(new_customers=(nw.col("period") == nw.col("joined")).cast(nw.Int64))
        .with_columns(new_amount=nw.col("amount") * nw.col("new_customers"))
        .group_by("period")
        .agg(
            nw.col("began").min(),
            nw.col("new_customers", "orders", "amount", "new_amount").sum(),
            customers=nw.len(),
        )
        .select(nw.col("period", "began", *COUNTS).cast(nw.Int64))
    )


def _with_empty_periods(sales: Table, numbers: Table, first: int) -> Table:
    """Add periods of nobody, and leave out those before the first purchase.

    Zeros are added to each period: a join would make floats of the numbers on pandas.
    """
    zeros = dict.fromkeys(COUNTS, nw.lit(0, dtype=nw.Int64))
    empty = numbers.select(
        nw.col("period") + first, began=nw.lit(NEVER, dtype=nw.Int64), **zeros
    ).select("period", "began", *COUNTS)
    return (
        nw.concat([sales, empty])
        .group_by("period")
        .agg(nw.col("began").min(), nw.col(*COUNTS).sum())
        .with_columns(nw.col("began", *COUNTS).cast(nw.Int64))
        .with_columns(began=nw.col("began").min())
    )


def _with_days_seen(periods: Table, last_day: int) -> Table:
    start, after = nw.col("first_day"), nw.col("first_day") + nw.col("days")
    return periods.filter(after > nw.col("began")).with_columns(
        days_seen=nw.when(after <= last_day).then(after).otherwise(last_day + 1)
        - nw.when(start > nw.col("began")).then(start).otherwise(nw.col("began"))
    )
