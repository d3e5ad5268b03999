"""Look for answers in a student's notebook: by their text, by their numbers, by what is stored."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from customer_insight.course.exercise.leak_places import Place, places
from customer_insight.course.exercise.release import COURSE
from customer_insight.course.exercise.secret_texts import (
    SHORTEST,
    secret_lines,
    secret_values,
    squeezed,
)
from customer_insight.course.exercise.tasks import Exercise

if TYPE_CHECKING:
    from nbformat import NotebookNode

_CELL_METADATA = {"nbgrader", "deletable", "editable", "jupyter"}
_MARKS = ("BEGIN SOLUTION", "END SOLUTION", "BEGIN HIDDEN", "BEGIN MARK", "def score(", "# hint:")
_FEWEST_DIGITS = 3


def leaks(
    notebook: NotebookNode,
    exercise: Exercise,
    answers: Mapping[str, Any],
    wrong: Mapping[str, Mapping[str, Any]],
) -> list[str]:
    """List what a student's notebook gives away, and where it stands.

    Parameters
    ----------
    notebook : NotebookNode
        What a student would receive.
    exercise : Exercise
        Its solution.
    answers : mapping
        The right content of each checked task.
    wrong : mapping
        For each task and known mistake its ``content``.

    Returns
    -------
    list of str
        One sentence a find: a stored output, metadata that tells, a line of a solution, scorer,
        wrong answer or rubric, what one of them assigns, under whatever name, or an answer's
        value, however it is rounded or written.
    """
    said, there = [*_stored(notebook), *_marks(notebook)], places(notebook)
    for what, line in secret_lines(exercise):
        at = _where(there, re.escape(line))
        said += [f"It holds a line of {what}: {line[:60]!r}, {at}."] if at else []
    said += _assigned(there, exercise)
    for task in exercise.tasks:
        said += _values_found(there, answers.get(task.name), f"the answer of {task.name}")
        for called, known in wrong.get(task.name, {}).items():
            what = f"the wrong answer {called!r} of {task.name}"
            said += _values_found(there, known["content"], what)
    return list(dict.fromkeys(said))


def not_looked_for(answers: Mapping[str, Any]) -> list[str]:
    """Say of which answers' values `leaks` cannot tell whether they are given away.

    Parameters
    ----------
    answers : mapping
        The right content of each checked task.

    Returns
    -------
    list of str
        Such as "t1: 2 digits": what is so short stands in many texts and means nothing there.

    Examples
    --------
    >>> not_looked_for({"t1": 47, "t2": {"n": [47, 1234.5]}, "t3": 47.123, "t4": [True]})
    ['t1: 2 digits', 't2: 1 of 2 values', 't4: no number and no long text']
    """
    said = []
    for task, content in answers.items():
        values = list(_values(content))
        short = [value for value in values if not _can_be_found(value)]
        if not values:
            said.append(f"{task}: no number and no long text")
        elif short == values and all(isinstance(value, str) for value in values):
            said.append(f"{task}: no long text")
        elif short and len(values) == 1:
            said.append(f"{task}: {_counted(_significant(repr(short[0])), 'digit')}")
        elif short:
            said.append(f"{task}: {len(short)} of {_counted(len(values), 'value')}")
    return said


def writings(value: float) -> set[str]:
    """Return the ways in which people write a number, with three digits or more.

    Examples
    --------
    >>> {"1,235", "1234.6", "1.23e+03", "123,456"} <= writings(1234.56)
    True
    """
    made = {repr(value), str(value)} | {f"{value:.{places}e}" for places in (2, 3, 4)}
    for scaled in (value, value * 100) if isinstance(value, float) else (value,):
        for digits in range(3, 10):
            rounded = float(f"{scaled:.{digits}g}")
            made |= {f"{rounded:g}", f"{rounded:.0f}", f"{rounded:,.0f}"}
        made |= {f"{scaled:.{places}f}" for places in range(7)}
        made |= {f"{scaled:,.{places}f}" for places in range(7)}
        made |= {f"{scaled:.{digits}g}" for digits in range(3, 10)}
    return {text for text in made if _significant(text) >= _FEWEST_DIGITS}


def _significant(text: str) -> int:
    digits = re.sub(r"e.*", "", text)
    return len(re.sub(r"[^0-9]", "", digits).strip("0"))


def _stored(notebook: NotebookNode) -> Iterator[str]:
    """Say which outputs and which metadata a student's notebook must not have."""
    for cell in notebook.cells:
        extra = sorted(set(cell.metadata) - _CELL_METADATA)
        if extra:
            yield f"Cell {cell.id} has metadata that tells: {', '.join(extra)}."
        if cell.get("outputs") or cell.get("execution_count") is not None:
            yield f"Cell {cell.id} has a stored output or number."
        if cell.get("attachments"):
            yield f"Cell {cell.id} has an attachment."
    extra = sorted(set(notebook.metadata) - {"kernelspec", COURSE})
    if extra:
        yield f"The notebook has metadata that tells: {', '.join(extra)}."


def _marks(notebook: NotebookNode) -> Iterator[str]:
    for cell in notebook.cells:
        for mark in _MARKS:
            if mark in cell.source:
                yield f"Cell {cell.id} holds {mark!r}."


def _where(there: list[Place], pattern: str) -> str:
    """Return in words where a pattern stands, or an empty text."""
    found = [(place, re.search(pattern, place.text)) for place in there]
    return "; ".join(dict.fromkeys(place.at(hit.start()) for place, hit in found if hit))


def _assigned(there: list[Place], exercise: Exercise) -> Iterator[str]:
    """Say where a right-hand side of the solution stands, whatever it is called and spaced."""
    texts = [(place, squeezed(place.text)) for place in there]
    for what, value in secret_values(exercise):
        at = "; ".join(dict.fromkeys(place.where for place, text in texts if value in text))
        if at:
            yield f"It holds what {what} assigns or returns: {value[:60]!r}, {at}."


def _values_found(there: list[Place], content: Any, what: str) -> list[str]:
    """Say where the values of an answer stand, each as it is written there."""
    whole = "\n".join(place.text for place in there)
    ways = [
        (text, pattern)
        for text, pattern in _patterns(content)
        # a plain look first: nearly all ways of writing a value are nowhere in the text
        if text.partition("|")[0] in whole and re.search(pattern, whole)
    ]
    found = {text: _where(there, pattern) for text, pattern in ways}
    return [
        f"It holds {what}, written as {text!r}, {at}." for text, at in sorted(found.items()) if at
    ]


def _patterns(content: Any) -> Iterator[tuple[str, str]]:
    """Yield each way of writing an answer's values, and the pattern that finds it in a text.

    A number stands between other signs, so that 477 is not found in 1477.
    """
    for value in _values(content):
        if not _can_be_found(value):
            continue
        if isinstance(value, str):
            first, _, second = value.partition("|")
            yield value, re.escape(first) + (r"\W{1,6}" + re.escape(second) if second else "")
        else:
            for text in writings(value):
                yield text, rf"(?<![\d.,]){re.escape(text)}(?![\d]|[.,]\d)"


def _can_be_found(value: Any) -> bool:
    """Whether a value is long enough to mean something wherever it stands."""
    return len(value) >= SHORTEST if isinstance(value, str) else bool(writings(value))


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _values(content: Any) -> Iterator[Any]:
    if isinstance(content, Mapping):
        for part in content.values():
            yield from _values(part)
    elif isinstance(content, list):
        numbers = [v for v in content if isinstance(v, (int, float)) and not isinstance(v, bool)]
        yield from numbers[:200]
        if len(content) >= 100:
            yield len(content)  # how many rows were chosen is an answer too
        yield from (f"{a}|{b}" for a, b in pairwise(content[:50])
                    if isinstance(a, str) and isinstance(b, str))  # fmt: skip
    elif not isinstance(content, bool) and content is not None:
        yield content
