"""Small counts hidden, and with them others, so that they cannot be worked out from totals."""

import heapq
from collections.abc import Iterable, Sequence
from typing import TypeVar

from customer_insight.workbook.section import HIDDEN, Hidden
from customer_insight.workbook.wording import FEWEST_SHOWN

Count = int | None
Place = tuple[int, int]  # row, column
Line = tuple[int, int]  # 0 and the row, or 1 and the column
Key = TypeVar("Key")


def hide_small(counts: Sequence[Count], *, total_known: bool = True) -> list[Count | Hidden]:
    """Return counts in which those from 1 to 9 are hidden, and others that would give them away.

    Who knows the total works out a single hidden count, and also hidden ones that are all 1. The
    next smallest count is hidden then, the first of equal ones, until there is another solution.

    Parameters
    ----------
    counts : sequence of int or None, shape (n,)
        People or things counted; None where there is no count.
    total_known : bool, default True
        Whether readers know what the counts add up to.

    Returns
    -------
    list, shape (n,)
        Each count, None or HIDDEN. Zero stays zero.

    Raises
    ------
    ValueError
        If something is neither None nor a whole number of 0 or more.

    Notes
    -----
    Where no other count is above zero nothing else can be hidden: the total gives them away and
    must not be shown. If it is under 10, it is hidden by the same rule.

    References
    ----------
    Hundepool, A. et al. (2012). Statistical Disclosure Control. Wiley, chapter 4.

    Examples
    --------
    >>> hide_small([120, 4, 0, 35])
    [120, hidden, 0, hidden]
    >>> hide_small([120, 4, 0, 35], total_known=False)
    [120, hidden, 0, 35]
    """
    _check([counts])
    hidden = _small(enumerate(counts))
    others = iter(sorted((number, at) for at, number in enumerate(counts) if number))
    while total_known and hidden and (len(hidden) == 1 or set(hidden.values()) == {1}):
        number, at = next(((n, at) for n, at in others if at not in hidden), (0, -1))
        if not number:
            break
        hidden[at] = number
    return [HIDDEN if at in hidden else number for at, number in enumerate(counts)]


def hide_small_table(rows: Sequence[Sequence[Count]]) -> list[list[Count | Hidden]]:
    """Return a two-way table in which counts from 1 to 9 cannot be worked out from its margins.

    Each small count is put on a closed path of hidden counts along rows and columns, the cheapest
    in customers: adding one and taking one away in turn along it changes no total, so that the
    margins fit another table, too. A line with a hidden count has at least two, unless no other
    count of the line is above zero.

    Parameters
    ----------
    rows : sequence of sequences of int or None, shape (r, c)
        Counts; None where there is none. Totals that are shown beside them go in as a last row and
        column, and are hidden like the rest.

    Returns
    -------
    list of lists, shape (r, c)
        Each count, None or HIDDEN. Zero stays zero.

    Raises
    ------
    ValueError
        If the rows are not of one length, or something is neither None nor a whole number of 0 or
        more.

    Notes
    -----
    A count with no other above zero in its row or column is equal to that total. Pass the totals
    with the table, or do not show them.

    References
    ----------
    Cox, L. H. (1980). Suppression Methodology and Statistical Disclosure Control. Journal of the
    American Statistical Association 75(370), 377-385.

    Examples
    --------
    >>> for row in hide_small_table([[4, 50, 60], [70, 30, 90], [80, 40, 99]]):
    ...     print(row)
    [hidden, hidden, 60]
    [hidden, hidden, 90]
    [80, 40, 99]
    """
    _check(rows)
    counts = {(r, c): n for r, row in enumerate(rows) for c, n in enumerate(row) if n}
    hidden = _small(counts.items())
    lines = _lines(counts)
    for place in list(hidden):
        for also in _closed_path(counts, lines, hidden, place):
            hidden[also] = counts[also]
    _pair_lonely(counts, lines, hidden)
    return [
        [HIDDEN if (r, c) in hidden else number for c, number in enumerate(row)]
        for r, row in enumerate(rows)
    ]


def _check(rows: Sequence[Sequence[Count]]) -> None:
    if len({len(row) for row in rows}) > 1:
        raise ValueError(
            "the rows of the table are not of one length, so that it has no columns to add up; "
            "put None where there is no count."
        )
    wrong = sum(
        number is not None and (type(number) is not int or number < 0)
        for row in rows
        for number in row
    )
    if wrong:
        raise ValueError(
            f"{wrong} of the counts are not whole numbers of 0 or more. What is no count cannot be "
            "judged by its size: pass counts as int, and None where there is none."
        )


def _small(counts: Iterable[tuple[Key, Count]]) -> dict[Key, int]:
    return {at: number for at, number in counts if number and number < FEWEST_SHOWN}


def _closed_path(
    counts: dict[Place, int], lines: dict[Line, list[Place]], hidden: dict[Place, int], start: Place
) -> list[Place]:
    """Return the counts to hide so that one small count can be another number."""
    best = _way(counts, lines, hidden, start, up=True)
    if counts[start] > 1 and (best is None or best[0]):
        down = _way(counts, lines, hidden, start, up=False)
        best = min((way for way in (best, down) if way), default=None)
    return best[1] if best else []


def _way(
    counts: dict[Place, int],
    lines: dict[Line, list[Place]],
    hidden: dict[Place, int],
    start: Place,
    *,
    up: bool,
) -> tuple[int, list[Place]] | None:
    """Return the cheapest way from a count's row to its column past it, and what it costs.

    If the count goes up, those met on the way from a row to a column go down, and cannot be 1.
    """
    goal: Line = (1, start[1])
    waiting: list[tuple[int, Line, Place | None]] = [(0, (0, start[0]), None)]
    came: dict[Line, Place | None] = {}
    while waiting:
        cost, line, by = heapq.heappop(waiting)
        if line in came:
            continue
        came[line] = by
        if line == goal:
            return cost, _walked(came, goal)
        axis = line[0]
        goes_down = up == (axis == 0)
        for place in lines[line]:
            other: Line = (1 - axis, place[1 - axis])
            if place != start and other not in came and not (goes_down and counts[place] == 1):
                price = 0 if place in hidden else counts[place]
                heapq.heappush(waiting, (cost + price, other, place))
    return None


def _walked(came: dict[Line, Place | None], line: Line) -> list[Place]:
    places = []
    while (place := came[line]) is not None:
        places.append(place)
        axis = 1 - line[0]
        line = (axis, place[axis])
    return places


def _pair_lonely(
    counts: dict[Place, int], lines: dict[Line, list[Place]], hidden: dict[Place, int]
) -> None:
    """Hide another count in each line that has a single hidden one, as long as there is one."""
    changed = True
    while changed:
        changed = False
        for places in lines.values():
            shown = [place for place in places if place not in hidden]
            if shown and len(places) - len(shown) == 1:
                least = min(shown, key=lambda place: (counts[place], place))
                hidden[least], changed = counts[least], True


def _lines(counts: dict[Place, int]) -> dict[Line, list[Place]]:
    """Return the counts of each row (0, r) and each column (1, c)."""
    lines: dict[Line, list[Place]] = {}
    for place in counts:
        for axis in (0, 1):
            lines.setdefault((axis, place[axis]), []).append(place)
    return lines
