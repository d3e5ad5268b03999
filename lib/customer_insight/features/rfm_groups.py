"""Where RFM scores are cut, in days, purchases and money, and how many customers each has."""

from typing import TypeVar

import narwhals as nw

MEASURES = {"r": "recency_days", "f": "purchase_days", "m": "amount"}

Frame = TypeVar("Frame")


def rfm_groups(scores: Frame) -> Frame:
    """Return the range of each score in real units and the number of customers who have it.

    Parameters
    ----------
    scores : table as ``rfm`` returns it
        On any of the four engines. Where it is lazy, it is read once a measure: keep it first
        (``collect``, ``cache``) if it comes from many purchases.

    Returns
    -------
    same kind as ``scores``, lazy where that is lazy
        One row for each measure and each score that a customer has, in no promised order:

        - ``measure``: "recency_days", "purchase_days" or "amount".
        - ``score``: 1 is long ago, seldom, little. Int64. Scores that nobody has are not there.
        - ``lowest``, ``highest``: of the measure among these customers, in its unit (days,
          purchase days, minor units). The ranges of two scores never overlap. Int64.
        - ``customers``: how many have the score. Int64.
        - ``groups``: how many scores the measure has. Where it is less than ``rfm`` was asked for,
          customers are too alike for so many groups. Int64.

    Raises
    ------
    ValueError
        If ``scores`` lacks a column that ``rfm`` makes.

    Examples
    --------
    >>> import polars
    >>> from customer_insight.features import rfm
    >>> orders = polars.DataFrame({
    ...     "customer_id": ["00042", "00042", "00077", "00081"],
    ...     "order_id": ["1", "2", "3", "4"],
    ...     "day": [100, 142, 110, 142],
    ...     "amount": [2000, 500, 1500, 9900],
    ... })
    >>> groups = rfm_groups(rfm(orders, as_of=150))
    >>> for row in groups.filter(measure="purchase_days").sort("score").rows():
    ...     print(*row)
    purchase_days 1 1 1 2 2
    purchase_days 4 2 2 1 2
    """
    table = nw.from_native(scores)
    missing = {*MEASURES, *MEASURES.values()} - set(table.collect_schema())
    if missing:
        raise ValueError(
            f"the table has no column {', '.join(sorted(missing))}, without which scores cannot "
            "be set against what they were made from. Pass what features.rfm returns, unchanged."
        )
    return nw.concat(
        [_groups(table, score, measure) for score, measure in MEASURES.items()]
    ).to_native()


def _groups(
    table: nw.DataFrame | nw.LazyFrame, score: str, measure: str
) -> nw.DataFrame | nw.LazyFrame:
    value = nw.col(measure)
    return (
        table.group_by(score)
        .agg(lowest=value.min(), highest=value.max(), customers=nw.len())
        .with_columns(nw.col("customers").cast(nw.Int64), groups=nw.len())
        .select(
            nw.lit(measure).alias("measure"),
            nw.col(score).alias("score"),
            "lowest",
            "highest",
            "customers",
            nw.col("groups").cast(nw.Int64),
        )
    )
