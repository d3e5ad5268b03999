"""Segments by recency and frequency: rules that name every pair of scores exactly once."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import narwhals as nw


@dataclass(frozen=True)
class SegmentRule:
    """One segment: which recency scores together with which frequency scores.

    Attributes
    ----------
    segment : str
        Code that stands in tables, such as "at_risk". Two rules may share one, where a segment is
        not a rectangle.
    name : str
        What people call it, such as "At risk".
    name_zh : str
        The same in Chinese, such as "有流失风险客户".
    r, f : tuple of int
        Lowest and highest score, both included.
    """

    segment: str
    name: str
    name_zh: str
    r: tuple[int, int]
    f: tuple[int, int]

    def cells(self) -> list[tuple[int, int]]:
        """Return the pairs of scores (r, f) that the rule names.

        Examples
        --------
        >>> SegmentRule("sleepy", "About to sleep", "即将沉睡客户", r=(3, 3), f=(1, 2)).cells()
        [(3, 1), (3, 2)]
        """
        (r_low, r_high), (f_low, f_high) = self.r, self.f
        return list(product(range(r_low, r_high + 1), range(f_low, f_high + 1)))


# For scores from 1 to 5.
SEGMENTS = (
    SegmentRule("champions", "Champions", "冠军客户", r=(5, 5), f=(4, 5)),
    SegmentRule("loyal", "Loyal customers", "忠诚客户", r=(3, 4), f=(4, 5)),
    SegmentRule("potential_loyalists", "Potential loyalists", "潜力客户", r=(4, 5), f=(2, 3)),
    SegmentRule("new", "New customers", "新客户", r=(5, 5), f=(1, 1)),
    SegmentRule("promising", "Promising", "有望客户", r=(4, 4), f=(1, 1)),
    SegmentRule("need_attention", "Need attention", "需关注客户", r=(3, 3), f=(3, 3)),
    SegmentRule("about_to_sleep", "About to sleep", "即将沉睡客户", r=(3, 3), f=(1, 2)),
    SegmentRule("cannot_lose", "Cannot lose them", "不可失去客户", r=(1, 2), f=(5, 5)),
    SegmentRule("at_risk", "At risk", "有流失风险客户", r=(1, 2), f=(3, 4)),
    SegmentRule("hibernating", "Hibernating", "沉睡客户", r=(1, 2), f=(1, 2)),
)


def check_segments(rules: Sequence[SegmentRule], *, groups: int) -> None:
    """Refuse rules that do not give every pair of scores exactly one segment.

    Parameters
    ----------
    rules : sequence of SegmentRule
    groups : int
        Highest score of r and f.

    Raises
    ------
    ValueError
        If a pair of scores has no rule or more than one, or a rule names a score out of range.

    Examples
    --------
    >>> check_segments(SEGMENTS, groups=5)
    >>> check_segments(SEGMENTS[1:], groups=5)
    Traceback (most recent call last):
    ...
    ValueError: of the 25 pairs of scores r and f from 1 to 5, 2 have no rule (r 5 f 4, ...
    """
    named = Counter(cell for rule in rules for cell in rule.cells())
    grid = list(product(range(1, groups + 1), repeat=2))
    found = {
        "have no rule": [cell for cell in grid if cell not in named],
        "have more than one": [cell for cell in grid if named[cell] > 1],
        "are named besides": sorted(named.keys() - set(grid)),
    }
    wrong = [f"{len(cells)} {what} ({_first_of(cells)})" for what, cells in found.items() if cells]
    if wrong:
        raise ValueError(
            f"of the {len(grid)} pairs of scores r and f from 1 to {groups}, {', '.join(wrong)}. "
            "Customers without a segment would be missed, and those with two counted twice: "
            "segments must name each pair exactly once. SEGMENTS is written for groups=5; for "
            "other groups, pass rules of your own."
        )


def segment_of_scores(rules: Sequence[SegmentRule]) -> nw.Expr:
    """Return the segment code of the scores in the columns ``r`` and ``f``.

    Parameters
    ----------
    rules : sequence of SegmentRule
        Rules that `check_segments` let pass.

    Returns
    -------
    narwhals.Expr
        Text.

    Examples
    --------
    >>> import polars
    >>> scores = nw.from_native(polars.DataFrame({"r": [5, 1], "f": [5, 1]}))
    >>> scores.select(segment=segment_of_scores(SEGMENTS))["segment"].to_list()
    ['champions', 'hibernating']
    """
    *others, rule = rules
    segment = nw.lit(rule.segment)
    for rule in others:
        inside = nw.col("r").is_between(*rule.r) & nw.col("f").is_between(*rule.f)
        segment = nw.when(inside).then(nw.lit(rule.segment)).otherwise(segment)
    return segment


def _first_of(cells: list[tuple[int, int]], most: int = 5) -> str:
    shown = ", ".join(f"r {r} f {f}" for r, f in cells[:most])
    return f"{shown}, ..." if len(cells) > most else shown
