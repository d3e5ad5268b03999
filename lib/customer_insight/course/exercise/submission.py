"""A submission made fit to be run: the student's answers in the released notebook's order."""

from __future__ import annotations

import copy
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from customer_insight.course import notebook as notebooks
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
    of the student's own stays behind the released cell that it stood behind.

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
    known = {cell.id for cell in released.cells}
    own = _own_cells(submitted, known)
    cells, answers, notes = list(own.get("", [])), {}, _notes_on_marks(submitted, known)
    for cell in released.cells:
        new, theirs = copy.deepcopy(cell), find_cell(submitted, cell.id)
        marks = cell.metadata.get("nbgrader", {})
        if marks.get("solution"):
            if theirs is None:
                notes.append(f"Task {cell.id} is not there: its cell was deleted or renamed.")
            else:
                new.source = theirs.source
                if is_answered(theirs.source, cell.source):
                    answers[cell.id] = theirs.source
        elif marks.get("locked") and (theirs is None or theirs.source != cell.source):
            what = "is missing" if theirs is None else "was changed"
            notes.append(f"Locked cell {cell.id} {what}; the released one was run.")
        cells += [new, *own.get(cell.id, [])]
    return Assembled(_runnable(cells), answers, tuple(notes))


def _own_cells(submitted: NotebookNode, known: set[str]) -> dict[str, list[Any]]:
    """Return the student's own code cells by the released cell that they stood behind."""
    behind, found = "", {}
    for cell in submitted.cells:
        name = mark_of(cell) or cell.get("id", "")
        if name in known:
            behind = name
        elif not mark_of(cell) and cell.cell_type == "code":
            found.setdefault(behind, []).append(copy.deepcopy(cell))
    return found


def _notes_on_marks(submitted: NotebookNode, known: set[str]) -> list[str]:
    marks = Counter(mark_of(cell) for cell in submitted.cells if mark_of(cell))
    notes = [f"Cell {name} stands {count} times; the first was taken."
             for name, count in marks.items() if count > 1]  # fmt: skip
    strange = [name for name in marks if name not in known]
    return notes + [f"Cell {name!r} is not one of the exercise's; it was left out."
                    for name in strange]  # fmt: skip


def _runnable(cells: list[Any]) -> NotebookNode:
    """Return a notebook of these cells that goes on after errors, without their outputs."""
    from nbformat import NotebookNode as Notebook

    for cell in cells:
        cell.metadata = Notebook(tags=[_GO_ON]) if cell.cell_type == "code" else Notebook()
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return notebooks.tidy(Notebook(cells=cells))
