"""RFM scores by the ranges that they had in an earlier table."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import narwhals as nw

from customer_insight.features.rfm_groups import MEASURES

COLUMNS = "measure", "score", "lowest", "highest"
# A score with the lowest and the highest value of the customers who had it.
Range = tuple[int, int, int]


def read_cut_points(table: Any, *, groups: int) -> dict[str, list[Range]]:
    """Return the range of each score that somebody had, by measure, from low scores to high.

    Parameters
    ----------
    table : table as ``rfm_groups`` returns it
        On any of the four engines; a lazy one is read.
    groups : int
        Highest score that is allowed.

    Returns
    -------
    dict of str to list of tuple of int
        For "r", "f" and "m" the triples (score, lowest, highest), rising in all three. Recency
        counts as minus its days, so that more is better in all measures.

    Raises
    ------
    ValueError
        If a column or a measure is not there, a value is not a whole number, a score is not one
        from 1 to ``groups`` or is there twice, or the ranges overlap or do not follow the scores.

    Examples
    --------
    >>> import polars
    >>> ranges = polars.DataFrame({
    ...     "measure": ["recency_days", "recency_days", "purchase_days", "amount"],
    ...     "score": [5, 1, 1, 1],
    ...     "lowest": [0, 31, 1, 100],
    ...     "highest": [30, 90, 4, 9900],
    ... })
    >>> read_cut_points(ranges, groups=5)["r"]
    [(1, -90, -31), (5, -30, 0)]
    """
    found = nw.from_native(table)
    missing = set(COLUMNS) - set(found.collect_schema())
    if missing:
        raise _refusal(f"have no column {', '.join(sorted(missing))}")
    found = found.select(*COLUMNS)
    if isinstance(found, nw.LazyFrame):
        found = found.collect("pyarrow")
    rows = found.rows()
    if not all(type(number) is int for _, *numbers in rows for number in numbers):
        raise _refusal("have values that are not whole numbers")
    ranges = {}
    for letter, measure in MEASURES.items():
        of_measure = [row[1:] for row in rows if row[0] == measure]
        if letter == "r":
            of_measure = [(score, -highest, -lowest) for score, lowest, highest in of_measure]
        ranges[letter] = sorted(of_measure)
        _check_ranges(ranges[letter], measure, groups)
    return ranges


def score_by_range(value: nw.Expr, ranges: Sequence[Range]) -> nw.Expr:
    """Return the score in whose range a value lies, or else the one whose range is nearest.

    Parameters
    ----------
    value : narwhals.Expr
        Whole numbers; minus the days for recency.
    ranges : sequence of tuple of int
        Of one measure, as `read_cut_points` returns them.

    Returns
    -------
    narwhals.Expr
        Int64. A value half-way between two ranges has the lower score.

    Examples
    --------
    >>> import polars
    >>> orders = nw.from_native(polars.DataFrame({"orders": [0, 2, 5, 6, 99]}))
    >>> orders.select(f=score_by_range(nw.col("orders"), [(1, 1, 2), (4, 8, 9)]))["f"].to_list()
    [1, 1, 1, 4, 4]
    """
    (lowest_score, *_), *_ = ranges
    score = 0 * value + lowest_score
    for (below, _, highest), (above, lowest, _) in pairwise(ranges):
        nearer = value >= (highest + lowest) // 2 + 1
        score = score + nearer.cast(nw.Int64) * (above - below)
    return score


def _check_ranges(ranges: list[Range], measure: str, groups: int) -> None:
    scores = [score for score, *_ in ranges]
    borders = [border for _, *both in ranges for border in both]
    if not ranges:
        raise _refusal(f"have no row for {measure}")
    if len(set(scores)) < len(scores) or not set(scores) <= set(range(1, groups + 1)):
        raise _refusal(f"have a score of {measure} twice, or one that is not from 1 to {groups}")
    if borders != sorted(borders) or any(a[2] == b[1] for a, b in pairwise(ranges)):
        raise _refusal(f"have ranges of {measure} that overlap or do not follow the scores")


def _refusal(what: str) -> ValueError:
    return ValueError(
        f"the cut points {what}. Without one range for each score, customers cannot be given the "
        "scores of an earlier table. Pass what features.rfm_groups returned for it, unchanged, and "
        "the same groups; a table without customers has no cut points."
    )
