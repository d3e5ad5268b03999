"""RFM: how recently, how often and for how much each customer bought, and scores by rank."""

import datetime as dt
import operator
from collections.abc import Sequence
from typing import Any, TypeVar

import narwhals as nw

from customer_insight.data.contract import check_transactions
from customer_insight.data.days import day_number
from customer_insight.features.purchase_days import purchase_days
from customer_insight.features.rfm_cut_points import Range, read_cut_points, score_by_range
from customer_insight.features.rfm_segments import (
    SEGMENTS,
    SegmentRule,
    check_segments,
    segment_of_scores,
)

FEWEST_GROUPS, MOST_GROUPS = 2, 10

Frame = TypeVar("Frame")
Table = nw.DataFrame | nw.LazyFrame


def rfm(
    transactions: Frame,
    *,
    as_of: dt.date | int,
    groups: int = 5,
    cut_points: Any = None,
    segments: Sequence[SegmentRule] = SEGMENTS,
) -> Frame:
    """Return recency, frequency and money of each customer up to a day, their scores and segment.

    A score is ``lower * groups // n + 1``: of ``n`` customers, ``lower`` have a lower value (for
    recency: bought last on an earlier day). Equal customers get equal scores, so that groups are
    of equal size only where no two customers are equal; ``rfm_groups`` tells how large they are
    and where they are cut. With ``cut_points``, a score says instead in which range of an earlier
    table a customer's value lies.

    Parameters
    ----------
    transactions : table of the transaction contract
        Made by ``data.transactions``, on any of the four engines.
    as_of : datetime.date or int
        Last day that is counted (an int is days since 1970-01-01). Nothing after it is ever
        looked at.
    groups : int, default 5
        Highest score, from 2 to 10. The lowest is always 1.
    cut_points : table as ``rfm_groups`` returns it, optional
        Ranges of the scores of an earlier table, made with the same ``groups``, on any of the four
        engines; a lazy one is read. A value outside all of them has the score of the nearest
        range, the lower one half-way; a score that nobody had then is not given.
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
        not a day, ``groups`` is not a whole number from 2 to 10, ``cut_points`` is not what
        ``rfm_groups`` returns for so many groups, or ``segments`` does not name every pair of
        scores exactly once.

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
    others bought. Leave ``cut_points`` out to choose among the customers of one day, such as the
    fifth that is worth a letter. Pass those of the first day to follow customers from day to day:
    then f and m of a customer who did nothing stay, r falls with the days away alone, and groups
    may grow or empty. Purchases and money add up, so that both rise with the length of the table;
    give each day a table of equal length, such as its last 365 days, to see who became better.

    Segment names are names of two scores, nothing more; the money is not in them.

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
    ranges = None if cut_points is None else read_cut_points(cut_points, groups=groups)
    customers = _customers(purchase_days(table.filter(nw.col("day") <= last_day))).with_columns(
        recency_days=nw.lit(last_day, dtype=nw.Int64) - nw.col("last_day")
    )
    scored = _ranked(customers, groups) if ranges is None else _placed(customers, ranges)
    measures = "recency_days", "purchase_days", "amount"
    return (
        scored.with_columns(segment=segment_of_scores(segments))
        .select("customer_id", *measures, "r", "f", "m", "segment")
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


def _customers(days: Table) -> Table:
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


def _ranked(customers: Table, groups: int) -> Table:
    """Add scores by the share of customers who have less."""
    scores = {"r": "last_day", "f": "purchase_days", "m": "amount"}
    return (
        customers.with_columns(
            nw.len().alias("customers"),
            *(nw.col(source).rank("min").alias(score) for score, source in scores.items()),
        )
        .with_columns(nw.col("customers", *scores).cast(nw.Int64))
        .with_columns(**{score: _score(score, groups) for score in scores})
    )


def _placed(customers: Table, ranges: dict[str, list[Range]]) -> Table:
    """Add scores by the ranges of an earlier table."""
    values = {
        "r": 0 - nw.col("recency_days"),
        "f": nw.col("purchase_days"),
        "m": nw.col("amount"),
    }
    return customers.with_columns(
        **{score: score_by_range(value, ranges[score]) for score, value in values.items()}
    )


def _score(rank: str, groups: int) -> nw.Expr:
    """Return ``(rank - 1) * groups // customers + 1`` without a division, a float on PySpark."""
    lower = (nw.col(rank) - 1) * groups
    steps = [lower >= nw.col("customers") * step for step in range(1, groups)]
    return nw.sum_horizontal(*(step.cast(nw.Int64) for step in steps)) + 1
