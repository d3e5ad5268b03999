"""Look for answers in a student's notebook: by their text, by their numbers, by what is stored."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from customer_insight.course.exercise.cells import GIVEN, WORDS, solution_lines
from customer_insight.course.exercise.release import COURSE
from customer_insight.course.exercise.tasks import Exercise

if TYPE_CHECKING:
    from nbformat import NotebookNode

_CELL_METADATA = {"nbgrader", "deletable", "editable", "jupyter"}
_MARKS = ("BEGIN SOLUTION", "END SOLUTION", "BEGIN HIDDEN", "BEGIN MARK", "def score(", "# hint:")
_BLOB = re.compile(r"[A-Za-z0-9+/]{24,}={0,2}")
_SHORTEST_LINE, _FEWEST_DIGITS = 12, 3


def leaks(
    notebook: NotebookNode,
    exercise: Exercise,
    answers: Mapping[str, Any],
    wrong: Mapping[str, Mapping[str, Any]],
) -> list[str]:
    """List what a student's notebook gives away.

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
        wrong answer or rubric, or an answer's value, however it is rounded or written.
    """
    said = [*_stored(notebook), *_marks(notebook)]
    whole = _everything(notebook)
    said += [
        f"It holds a line of {what}: {line.strip()[:60]!r}."
        for what, line in _secret_lines(exercise)
        if line.strip() in whole
    ]
    for task in exercise.tasks:
        found = _values_in(answers.get(task.name), whole)
        said += [f"It holds the answer of {task.name}, written as {text!r}." for text in found]
        for called, known in wrong.get(task.name, {}).items():
            found = _values_in(known["content"], whole)
            said += [
                f"It holds the wrong answer {called!r} of {task.name}, written as {text!r}."
                for text in found
            ]
    return list(dict.fromkeys(said))


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


def _everything(notebook: NotebookNode) -> str:
    """Return all texts of a notebook, what is hidden in base64 included."""
    texts = list(_texts(notebook))
    for blob in _BLOB.findall("\n".join(texts)):
        padded = blob + "=" * (-len(blob) % 4)
        try:
            texts.append(base64.b64decode(padded).decode())
        except ValueError:
            continue
    return "\n".join(texts)


def _texts(part: Any) -> Iterator[str]:
    """Yield every text in a notebook but nbgrader's checksums and cells' ids."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, Mapping):
        for name, value in part.items():
            if name not in {"checksum", "id", "grade_id"}:
                yield from _texts(value)
    elif isinstance(part, (list, tuple)):
        for value in part:
            yield from _texts(value)
    elif isinstance(part, float):
        yield json.dumps(part)


def _secret_lines(exercise: Exercise) -> Iterator[tuple[str, str]]:
    """Yield the lines that a student must not see, unless an open line is equal."""
    open_lines = {
        line.strip() for cell in exercise.cells for line in _shown(cell.role, cell.source)
    }
    for task in exercise.tasks:
        own = f"the {{}} of {task.name}"
        secret = [(own.format("solution"), solution_lines(task.answer.source))]
        secret += [(own.format("scorer"), task.scorer.split("\n"))]
        secret += [(own.format("rubric"), task.rubric.split("\n"))]
        secret += [(own.format("probes"), [json.dumps(probe)[1:-1] for probe in task.probes])]
        for wrong in task.wrongs:
            what = own.format(f"wrong answer {wrong.called!r}")
            secret += [(what, [*wrong.code.split("\n"), wrong.hint])]
        for what, lines in secret:
            for line in lines:
                if len(line.strip()) >= _SHORTEST_LINE and line.strip() not in open_lines:
                    yield what, line


def _shown(role: str, source: str) -> Iterable[str]:
    if role in {WORDS, GIVEN, "check"}:
        return source.split("\n")
    if role != "task":
        return ()
    hidden = set(solution_lines(source))
    return [line for line in source.split("\n") if line not in hidden]


def _values_in(content: Any, whole: str) -> list[str]:
    """Return the writings of an answer's values that stand in a text."""
    return sorted({text for value in _values(content) for text in _found(value, whole)})


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


def _found(value: Any, whole: str) -> list[str]:
    """Return how a value stands in a text: a number between other signs, or a text's words."""
    if isinstance(value, str):
        first, _, second = value.partition("|")
        pattern = re.escape(first) + (r"\W{1,6}" + re.escape(second) if second else "")
        return [value] if len(value) >= _SHORTEST_LINE and re.search(pattern, whole) else []
    return [
        text
        for text in writings(value)
        if re.search(rf"(?<![\d.,]){re.escape(text)}(?![\d]|[.,]\d)", whole)
    ]
