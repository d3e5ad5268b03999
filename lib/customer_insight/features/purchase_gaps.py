"""Purchase gaps: how long customers stayed away, those who are still away among them."""

import datetime as dt
import operator
from typing import TypeVar

import narwhals as nw

from customer_insight.data.contract import check_transactions
from customer_insight.data.days import day_number
from customer_insight.features.purchase_days import purchase_days

Frame = TypeVar("Frame")


def purchase_gaps(
    transactions: Frame, *, as_of: dt.date | int, told_apart: int | None = None
) -> Frame:
    """Return how often customers came back after how many days, and how many are still away.

    A gap goes from one purchase day of a customer to the next, or from the last one to ``as_of``;
    the last one is still open. Purchases are counted by the rule of ``purchase_summary``: a day
    counts if its net amount is positive, or if it is zero and nothing was returned that day.

    Parameters
    ----------
    transactions : table of the transaction contract
        Made by ``data.transactions``, on any of the four engines.
    as_of : datetime.date or int
        Last day that is counted (an int is days since 1970-01-01). Nothing after it is ever
        looked at.
    told_apart : int, optional
        Purchases of a customer after which gaps are told apart: 5 for those after the first,
        second, third and fourth, and after the fifth or a later one. Without it they are not.

    Returns
    -------
    same kind as ``transactions``, lazy where that is lazy
        One row for each length of a gap, in no promised order, all Int64:

        - ``after``: number of the purchase that the gaps follow; only with ``told_apart``, and
          then one row for each of them and each length.
        - ``gap_days``: length in days; 0 only where a gap is open on its first day.
        - ``returned``: gaps of this length that a purchase ended.
        - ``still_away``: customers whose last purchase day was that many days before ``as_of``.

        ``returned`` adds up to the repeat purchases, ``still_away`` to the customers. A table
        without purchases up to ``as_of`` gives none.

    Raises
    ------
    ValueError
        If the table is not one of the contract (a ContractError names every column), ``as_of``
        is not a day, or ``told_apart`` is not a whole number from 1.

    Notes
    -----
    Who is still away may come back tomorrow: such a gap is censored, not ended. The mean or the
    median of ``returned`` alone leaves the long gaps out and is too short. A Kaplan-Meier curve
    uses both: of the gaps that lasted at least so many days, ``returned`` ended on that day.

    A customer with many purchases has many gaps, so that the curve is one of gaps, not of
    customers, and frequent customers weigh most in its beginning: ``told_apart`` sets those with
    few purchases beside those with many. Gaps of one customer resemble each other; an interval
    that takes them as independent is too narrow.

    References
    ----------
    Kaplan, E. L. and Meier, P. (1958). Nonparametric Estimation from Incomplete Observations.
    Journal of the American Statistical Association 53(282), 457-481.

    Examples
    --------
    >>> import polars
    >>> orders = polars.DataFrame({
    ...     "customer_id": ["00042", "00042", "00042", "00077", "00081"],
    ...     "order_id": ["1", "2", "3", "4", "5"],
    ...     "day": [100, 121, 142, 110, 129],
    ...     "amount": [2000, 500, 1500, 9900, 700],
    ... })
    >>> for row in purchase_gaps(orders, as_of=150).sort("gap_days").rows():
    ...     print(*row)
    8 0 1
    21 2 1
    40 0 1

    After the first purchase, and after later ones:

    >>> for row in purchase_gaps(orders, as_of=150, told_apart=2).sort("after", "gap_days").rows():
    ...     print(*row)
    1 21 1 1
    1 40 0 1
    2 8 0 1
    2 21 1 0
    """
    keys = ["gap_days"] if told_apart is None else ["after", "gap_days"]
    most = 1 if told_apart is None else _checked(told_apart)
    table, last_day = check_transactions(transactions), day_number(as_of)
    day, next_day = nw.col("day"), nw.col("next_day")
    return (
        purchase_days(table.filter(day <= last_day))
        .with_columns(next_day=day.shift(-1).over("customer_id", order_by="day"))
        # What has no next row is missing, which makes floats of days on pandas.
        .with_columns(
            still_away=next_day.is_null().cast(nw.Int64),
            gap_days=(next_day.fill_null(last_day) - day).cast(nw.Int64),
        )
        .with_columns(returned=1 - nw.col("still_away"), after=_number(most))
        .group_by(*keys)
        .agg(nw.col("returned", "still_away").sum())
        .select(nw.col(*keys, "returned", "still_away").cast(nw.Int64))
        .to_native()
    )


def _checked(told_apart: int) -> int:
    try:
        number = operator.index(told_apart)
    except TypeError:
        number = 0
    if isinstance(told_apart, bool) or number < 1:
        raise ValueError(
            f"told_apart is {told_apart!r}, and must be a whole number from 1: with 5, gaps after "
            "the first four purchases and after all later ones stand apart, new customers beside "
            "regular ones."
        )
    return number


def _number(most: int) -> nw.Expr:
    """Return the number of a customer's purchase, ``most`` for all later ones."""
    number = nw.col("day").rank("ordinal").over("customer_id").cast(nw.Int64)
    return nw.when(number < most).then(number).otherwise(most)
