"""RFM: how recently, how often and for how much each customer bought, and scores by rank."""

import datetime as dt
import operator
from collections.abc import Sequence
from typing import TypeVar

import narwhals as nw

from customer_insight.data.contract import check_transactions
from customer_insight.data.days import day_number
from customer_insight.features.purchase_days import purchase_days
from customer_insight.features.rfm_segments import (
    SEGMENTS,
    SegmentRule,
    check_segments,
    segment_of_scores,
)

FEWEST_GROUPS, MOST_GROUPS = 2, 10

Frame = TypeVar("Frame")


def rfm(
    transactions: Frame,
    *,
    as_of: dt.date | int,
    groups: int = 5,
    segments: Sequence[SegmentRule] = SEGMENTS,
) -> Frame:
    """Return recency, frequency and money of each customer up to a day, their scores and segment.

    A score is ``lower * groups // n + 1``: of ``n`` customers, ``lower`` have a lower value (for
    recency: bought last on an earlier day). Equal customers get equal scores, so that groups are
    of equal size only where no two customers are equal; ``rfm_groups`` tells how large they are
    and where they are cut.

    Parameters
    ----------
    transactions : table of the transaction contract
        Made by ``data.transactions``, on any of the four engines.
    as_of : datetime.date or int
        Last day that is counted (an int is days since 1970-01-01). Nothing after it is ever
        looked at.
    groups : int, default 5
        Highest score, from 2 to 10. The lowest is always 1.
    segments : sequence of SegmentRule, default SEGMENTS
        Rules that give every pair of scores ``r`` and ``f`` exactly one segment. ``SEGMENTS`` is
        written for five groups; for other groups, pass rules of your own.

    Returns
    -------
    same kind as ``transactions``, lazy where that is lazy
        One row for each customer with a purchase day up to ``as_of``, in no promised order:

        - ``customer_id``: text.
        - ``recency_days``: from the last purchase day to ``as_of``; *small* is recent. Int64.
        - ``purchase_days``: days on which the customer bought. Int64.
        - ``amount``: net amount of those days together, Int64 minor units.
        - ``r``, ``f``, ``m``: scores of the three, 1 to ``groups``; high is recent, often, much.
          Int64.
        - ``segment``: text, the code of the rule for ``r`` and ``f``.

        A table without such customers is empty.

    Raises
    ------
    ValueError
        If the table is not one of the contract (a ContractError names every column), ``as_of`` is
        not a day, ``groups`` is not a whole number from 2 to 10, or ``segments`` does not name
        every pair of scores exactly once.

    Notes
    -----
    Purchase days and not orders are counted, by the rule of ``purchase_summary``: what a file
    calls an order is a basket in one shop, a line or a parcel in another, and a day with returns
    alone would be an order, too. ``purchase_days`` is ``repeat_purchases + 1`` of that summary. A
    return on a day of its own takes nothing off ``amount``; compare with ``sum(amount)`` before
    calling it revenue.

    A block of equal customers has the score of its lowest place. Where 60 % bought once, all of
    them have f = 1 and nobody has 2 or 3; where all bought on the same day, all have r = 1.
    Cutting such a block into equal groups would score equal customers by the order of the rows.

    Scores compare customers with each other: a customer who did nothing may change score because
    others bought. Segment names are names of two scores, nothing more; the money is not in them.

    Ranks need all customers in one place: on PySpark the customers, not the transactions, are
    sorted on one worker.

    References
    ----------
    Hughes, A. M. (1994). Strategic Database Marketing. Chicago: Probus.
    Fader, P. S., Hardie, B. G. S. and Lee, K. L. (2005). RFM and CLV: Using Iso-Value Curves for
    Customer Base Analysis. Journal of Marketing Research 42(4), 415-430.

    Examples
    --------
    >>> import polars
    >>> orders = polars.DataFrame({
    ...     "customer_id": ["00042", "00042", "00042", "00077", "00081"],
    ...     "order_id": ["1", "2", "3", "4", "5"],
    ...     "day": [100, 121, 142, 110, 142],
    ...     "amount": [2000, 500, 1500, 9900, 700],
    ... })
    >>> for row in rfm(orders, as_of=150).sort("customer_id").rows():
    ...     print(*row)
    00042 8 3 4000 2 4 2 at_risk
    00077 40 1 9900 1 1 4 hibernating
    00081 8 1 700 2 1 1 hibernating
    """
    table, last_day = check_transactions(transactions), day_number(as_of)
    groups = _check_groups(groups)
    check_segments(segments, groups=groups)
    scores = {"r": "last_day", "f": "purchase_days", "m": "amount"}
    return (
        _customers(purchase_days(table.filter(nw.col("day") <= last_day)))
        .with_columns(
            nw.len().alias("customers"),
            *(nw.col(source).rank("min").alias(score) for score, source in scores.items()),
        )
        .with_columns(nw.col("customers", *scores).cast(nw.Int64))
        .with_columns(**{score: _score(score, groups) for score in scores})
        .with_columns(segment=segment_of_scores(segments))
        .select(
            "customer_id",
            nw.lit(last_day, dtype=nw.Int64).alias("recency_days") - nw.col("last_day"),
            "purchase_days",
            "amount",
            *scores,
            "segment",
        )
        .to_native()
    )


def _check_groups(groups: int) -> int:
    try:
        number = operator.index(groups)
    except TypeError:
        number = 0
    if isinstance(groups, bool) or not FEWEST_GROUPS <= number <= MOST_GROUPS:
        raise ValueError(
            f"groups is {groups!r}, and must be a whole number from {FEWEST_GROUPS} to "
            f"{MOST_GROUPS}. One group tells nobody apart, and more than tenths are better read "
            "from the values themselves; 5 is usual."
        )
    return number


def _customers(days: nw.DataFrame | nw.LazyFrame) -> nw.DataFrame | nw.LazyFrame:
    return (
        days.group_by("customer_id")
        .agg(
            last_day=nw.col("day").max(),
            purchase_days=nw.len(),
            amount=nw.col("amount").sum(),
        )
        # Counts are unsigned on Polars, sums are HUGEINT on DuckDB.
        .with_columns(nw.col("purchase_days", "amount").cast(nw.Int64))
    )


def _score(rank: str, groups: int) -> nw.Expr:
    """Return ``(rank - 1) * groups // customers + 1`` without a division, a float on PySpark."""
    lower = (nw.col(rank) - 1) * groups
    steps = [lower >= nw.col("customers") * step for step in range(1, groups)]
    return nw.sum_horizontal(*(step.cast(nw.Int64) for step in steps)) + 1
