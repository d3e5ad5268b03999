"""Cohorts: customers by the period of their first purchase, and how many came back when."""

import datetime as dt
from typing import TypeVar

import narwhals as nw

from customer_insight.data.contract import check_transactions
from customer_insight.data.days import day_number
from customer_insight.features.calendar_periods import (
    check_period,
    period_number,
    with_period_texts,
    with_periods,
)
from customer_insight.features.counting_numbers import counting_numbers
from customer_insight.features.purchase_days import first_day, purchase_days

Frame = TypeVar("Frame")
Table = nw.DataFrame | nw.LazyFrame


def cohorts(transactions: Frame, *, as_of: dt.date | int, period: str) -> Frame:
    """Return how many customers of each cohort bought in each later period, and for how much.

    A cohort is the customers whose first purchase day fell into the same calendar month or quarter.
    Purchases are counted by the rule of ``purchase_summary``: a day counts if its net amount is
    positive, or if it is zero and nothing was returned that day.

    Parameters
    ----------
    transactions : table of the transaction contract
        Made by ``data.transactions``, on any of the four engines. Its first day up to ``as_of`` is
        read once, also where it is lazy, to know how many periods there are.
    as_of : datetime.date or int
        Last day that is counted (an int is days since 1970-01-01). Nothing after it is ever
        counted.
    period : {"month", "quarter"}
        Calendar period, both of the cohort and of its age.

    Returns
    -------
    same kind as ``transactions``, lazy where that is lazy
        One row for each cohort and each period from its first to that of ``as_of``, also where
        nobody bought, in no promised order:

        - ``cohort``: text, the first period, such as "2011-03" or "2011-Q1".
        - ``age``: periods after the first; 0 is the first itself. Int64.
        - ``customers``: size of the cohort, the same at every age. Int64.
        - ``active``: those of them who bought in the period; all at age 0. Int64.
        - ``amount``: net amount of their purchase days in the period, Int64 minor units.
        - ``complete``: whether the period was over at ``as_of``. Boolean.

        A table without purchases up to ``as_of`` gives none.

    Raises
    ------
    ValueError
        If the table is not one of the contract (a ContractError names every column), ``as_of`` is
        not a day, or ``period`` is another one.

    Notes
    -----
    A period that is not over looks like a fall: leave cells out of means and comparisons where
    ``complete`` is False. At age 0 it says that the cohort itself still grows.

    The age is one of the calendar: who began on the last day of a month has age 1 on the next day.
    The first cohort of a file holds whoever had bought before the file begins, too; they are old
    customers and come back more often than new ones. Customers who appear in a single period
    (CDNOW: one quarter) make one cohort, and there is nothing to compare it with.

    Returns on days of their own take nothing off, as in ``purchase_summary``.

    References
    ----------
    Ryder, N. B. (1965). The Cohort as a Concept in the Study of Social Change. American
    Sociological Review 30(6), 843-861.

    Examples
    --------
    >>> import polars
    >>> orders = polars.DataFrame({
    ...     "customer_id": ["00042", "00042", "00077", "00081"],
    ...     "order_id": ["1", "2", "3", "4"],
    ...     "day": [15034, 15080, 15040, 15065],
    ...     "amount": [2000, 500, 1500, 9900],
    ... })
    >>> table = cohorts(orders, as_of=dt.date(2011, 4, 20), period="month")
    >>> for row in table.sort("cohort", "age").rows():
    ...     print(*row)
    2011-03 0 2 2 3500 True
    2011-03 1 2 1 500 False
    2011-04 0 1 1 9900 False
    """
    table = check_transactions(transactions)
    last_day, months = day_number(as_of), check_period(period)
    known = table.filter(nw.col("day") <= last_day)
    first, last = (
        period_number(day, months=months)
        for day in (first_day(known, otherwise=last_day), last_day)
    )
    over = period_number(last_day + 1, months=months)
    bought_in = nw.col("cohort") + nw.col("age")
    ages = counting_numbers(table, "age", below=last - first + 1)
    cells = (
        _with_empty_cells(_cells(known, months), ages)
        .filter(bought_in <= last)
        .with_columns(complete=bought_in < over)
    )
    columns = "cohort", "age", "customers", "active", "amount", "complete"
    return with_period_texts(cells, "cohort", months=months).select(*columns).to_native()


def _cells(known: Table, months: int) -> Table:
    """Return customers and money of each cohort (its period number) and age that has any."""
    return (
        with_periods(purchase_days(known), months=months)
        .group_by("customer_id", "period")
        .agg(nw.col("amount").sum())
        .with_columns(nw.col("amount").cast(nw.Int64))
        .with_columns(cohort=nw.col("period").min().over("customer_id"))
        .with_columns(came_at=nw.col("period") - nw.col("cohort"))
        .group_by("cohort", "came_at")
        .agg(active=nw.len(), amount=nw.col("amount").sum())
        .with_columns(nw.col("active", "amount").cast(nw.Int64))
    )


def _with_empty_cells(cells: Table, ages: Table) -> Table:
    """Add cells of nobody, and the size of the cohort, which is its number at age 0, to each cell.

    Each cell is repeated for every age; it counts at its own, and that of age 0 stands for the
    cohort at all others. A join of cells with cells would make DuckDB compute them twice.
    """
    own, first = nw.col("came_at") == nw.col("age"), nw.col("came_at") == 0
    return (
        cells.join(ages, how="cross")
        .filter(own | first)
        .with_columns(
            customers=nw.when(first).then(nw.col("active")).otherwise(0),
            active=nw.when(own).then(nw.col("active")).otherwise(0),
            amount=nw.when(own).then(nw.col("amount")).otherwise(0),
        )
        .group_by("cohort", "age")
        .agg(nw.col("customers", "active", "amount").sum())
        .with_columns(nw.col("customers", "active", "amount").cast(nw.Int64))
    )
