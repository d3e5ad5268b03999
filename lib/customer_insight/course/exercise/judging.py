"""What scorers share: how close two answers are, as a share between 0 and 1."""

from __future__ import annotations

from collections.abc import Mapping


def close(answer: object, expected: float, *, within: float) -> bool:
    """Tell whether a number is within a share of the expected one.

    Examples
    --------
    >>> close(101.0, 100.0, within=0.02), close("101", 100.0, within=0.02)
    (True, False)
    """
    if not isinstance(answer, (int, float)) or isinstance(answer, bool):
        return False
    return abs(answer - expected) <= within * abs(expected)


def share_close(answer: list, expected: list, *, within: float) -> float:
    """Return the share of numbers in two lists, place by place, that are close.

    Examples
    --------
    >>> share_close([1.0, 2.0], [1.0, 3.0], within=0.01)
    0.5
    """
    if len(answer) != len(expected) or not expected:
        return 0.0
    pairs = zip(answer, expected, strict=True)
    return sum(close(a, e, within=within) for a, e in pairs) / len(expected)


def overlap(answer: list, expected: list) -> float:
    """Return how far two lists name the same things: those in both, over those in either.

    Examples
    --------
    >>> overlap(["a", "b"], ["b", "c"])
    0.3333333333333333
    """
    either = set(answer) | set(expected)
    return len(set(answer) & set(expected)) / len(either) if either else 1.0


def rows_close(
    answer: Mapping[str, list], expected: Mapping[str, list], *, key: str, within: float
) -> float:
    """Return the share of expected numbers that a table has in the row of the same key.

    Examples
    --------
    >>> right = {"rule": ["a", "b"], "off": [0.1, 0.2]}
    >>> rows_close({"rule": ["b"], "off": [0.2]}, right, key="rule", within=0.01)
    0.5
    """
    places = {name: place for place, name in enumerate(answer[key])}
    numbers = [name for name in expected if name != key]
    found = [
        name in answer
        and row in places
        and close(answer[name][places[row]], expected[name][place], within=within)
        for place, row in enumerate(expected[key])
        for name in numbers
    ]
    return sum(found) / len(found)
