"""A submission made fit to be run: the student's answers in the released notebook's order."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from customer_insight.course import notebook as notebooks
from customer_insight.course.exercise.release import BEGIN, COURSE
from customer_insight.course.exercise.workplace import find_cell, is_answered, mark_of

if TYPE_CHECKING:
    from nbformat import NotebookNode

_GO_ON = "raises-exception"  # nbclient runs on after an error in a cell that has this tag


@dataclass(frozen=True)
class Assembled:
    """A notebook to run, the answers' sources by task, and what was found in the submission.

    ``answers`` lacks the tasks that are empty or not there; ``notes`` are sentences for the
    instructor, empty for an honest submission.
    """

    notebook: NotebookNode
    answers: dict[str, str]
    notes: tuple[str, ...]


def assemble(released: NotebookNode, submitted: NotebookNode) -> Assembled:
    """Put a student's answers and own cells among the released cells.

    Every locked cell comes from the released notebook, whatever the submission holds in its place.
    An answer is found by its mark, or by its cell's id where a program dropped the marks. A cell
    of the student's own stays behind the released cell that it stood behind, and so does a task
    whose mark was renamed: later tasks may need what it makes.

    Parameters
    ----------
    released : NotebookNode
        What the student received.
    submitted : NotebookNode
        What came back.

    Returns
    -------
    Assembled
        Its notebook goes on after an error, so that one broken task does not hide the others.
    """
    submitted, known = _plain_lines(submitted), {cell.id for cell in released.cells}
    own, before = _own_cells(submitted, known), older_release(released, submitted)
    cells, answers, edited, missing = list(own.get("", [])), {}, [], []
    notes = _notes_on_release(released, submitted, before)
    notes += _notes_on_marks(submitted, known, before)
    for cell in released.cells:
        new, theirs = copy.deepcopy(cell), find_cell(submitted, cell.id)
        marks = cell.metadata.get("nbgrader", {})
        if marks.get("solution"):
            if theirs is None:
                if before is None or cell.id in before:
                    notes.append(f"Task {cell.id} is not there: its cell was deleted or renamed.")
            else:
                new.source = theirs.source
                if is_answered(theirs.source, cell.source):
                    answers[cell.id] = theirs.source
        elif marks.get("locked") and _edited(theirs, cell, before):
            (missing if theirs is None else edited).append(cell.id)
        cells += [new, *own.get(cell.id, [])]
    notes += _notes_on_locked(released, edited, "changed by hand")
    notes += _notes_on_locked(released, missing, "missing")
    return Assembled(_runnable(cells), answers, tuple(notes))


def older_release(released: NotebookNode, submitted: NotebookNode) -> dict[str, int] | None:
    """Return the points of each task as they were in another release, or None for this one.

    A submission that does not say its release, because a program dropped that, counts as of this
    one.
    """
    ours, theirs = released.metadata[COURSE]["release"], _dictionary(submitted.metadata, COURSE)
    if theirs.get("release", ours) == ours:
        return None
    tasks = _dictionary(theirs, "tasks")
    return {name: _dictionary(tasks, name).get("points", 0) for name in tasks}


def _dictionary(holder: Any, name: str) -> dict[str, Any]:
    """Return a part of a submission's metadata, or nothing where it was spoilt."""
    part = holder.get(name)
    return part if isinstance(part, dict) else {}


def _notes_on_release(
    released: NotebookNode, submitted: NotebookNode, before: dict[str, int] | None
) -> list[str]:
    """Say what a student who received another release could not know."""
    if before is None:
        return []
    now = {name: task["points"] for name, task in released.metadata[COURSE]["tasks"].items()}
    changes = [
        f"points of {name}: {before[name]}, now {points}" if name in before else f"{name} is new"
        for name, points in now.items()
        if before.get(name) != points
    ]
    changes += [f"{name} is gone" for name in before if name not in now]
    changes += _other_cells(released, submitted, before)
    what = "; ".join(changes) or "nothing that is left was in other words"
    return [
        f"Handed out from an older release ({what}). It was graded by the present one; compare, or "
        "have the student move the answers into the present notebook."
    ]


def _other_cells(
    released: NotebookNode, submitted: NotebookNode, before: dict[str, int]
) -> list[str]:
    """Name the tasks whose words, given code or check are not those that the student received."""
    theirs = {cell.source.strip() for cell in submitted.cells}
    changed: dict[str, list[str]] = {"words": [], "given code": [], "check": []}
    now = released.metadata[COURSE]["tasks"]
    for cell, what, task in _helpers(released):
        new = task in now and task not in before
        if not new and cell.id != BEGIN and cell.source.strip() not in theirs:
            changed[what].append(task)
    return [f"{what} of {', '.join(dict.fromkeys(own))}" for what, own in changed.items() if own]


def _helpers(released: NotebookNode) -> Iterator[tuple[Any, str, str]]:
    """Yield each cell that is no answer, what it is, and the task that it is for.

    Words and given code are for the task that they stand before.
    """
    tasks = list(released.metadata[COURSE]["tasks"])
    left = iter([*tasks[1:], "the end"])
    task = tasks[0]
    for cell in released.cells:
        checked = cell.id.removesuffix("-check")
        if cell.id == task:
            task = next(left)
        elif checked in tasks:
            yield cell, "check", checked
        else:
            yield cell, "words" if cell.cell_type == "markdown" else "given code", task


def _notes_on_locked(released: NotebookNode, names: list[str], what: str) -> list[str]:
    """Say which locked cells a student changed or lost, by the tasks that they are for."""
    places = [
        "the opening cell" if cell.id == BEGIN else f"{kind} of {task}"
        for cell, kind, task in _helpers(released)
        if cell.id in names
    ]
    listed = ", ".join(dict.fromkeys(places))
    return [f"Locked cells are {what} ({listed}); the released ones were run."] if names else []


def _plain_lines(submitted: NotebookNode) -> NotebookNode:
    """Return the notebook with the line ends of the released one, whatever system it was on."""
    plain = copy.deepcopy(submitted)
    for cell in plain.cells:
        cell.source = cell.source.replace("\r\n", "\n")
    return plain


def _edited(theirs: Any, cell: Any, before: dict[str, int] | None) -> bool:
    """Tell whether a student changed or lost a locked cell; an older release's own are neither."""
    if before is None:
        return theirs is None or theirs.source != cell.source
    if theirs is None:
        return False
    from nbgrader.utils import compute_checksum

    marks = _dictionary(theirs.metadata, "nbgrader")
    try:
        return bool(marks) and compute_checksum(theirs) != marks.get("checksum")
    except (KeyError, TypeError, ValueError):  # marks that were spoilt by hand
        return True


def _own_cells(submitted: NotebookNode, known: set[str]) -> dict[str, list[Any]]:
    """Return the student's own code cells by the released cell that they stood behind."""
    behind, found = "", {}
    for cell in submitted.cells:
        name = mark_of(cell) or cell.get("id", "")
        if name in known:
            behind = name
        elif _is_own(cell):
            found.setdefault(behind, []).append(copy.deepcopy(cell))
    return found


def _is_own(cell: Any) -> bool:
    """Tell a student's code, or an answer's under a strange mark, from other strange cells."""
    code = cell.cell_type == "code"
    return code and (not mark_of(cell) or bool(cell.metadata["nbgrader"].get("solution")))


def _notes_on_marks(
    submitted: NotebookNode, known: set[str], before: dict[str, int] | None
) -> list[str]:
    """Say which marked cells stand twice or are strange."""
    marks = Counter(mark_of(cell) for cell in submitted.cells if mark_of(cell))
    notes = [f"Cell {name} stands {count} times; the first was taken."
             for name, count in marks.items() if count > 1]  # fmt: skip
    if before is not None:
        return notes
    return notes + [
        f"Cell {mark_of(cell)!r} is not one of the exercise's; it was "
        + ("run as a cell of the student's own." if _is_own(cell) else "left out.")
        for cell in submitted.cells
        if mark_of(cell) and mark_of(cell) not in known
    ]


def _runnable(cells: list[Any]) -> NotebookNode:
    """Return a notebook of these cells that goes on after errors, without their outputs."""
    from nbformat import NotebookNode as Notebook

    for cell in cells:
        cell.metadata = Notebook(tags=[_GO_ON]) if cell.cell_type == "code" else Notebook()
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return notebooks.tidy(Notebook(cells=cells))
