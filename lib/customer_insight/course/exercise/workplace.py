"""A student's notebook on disk: its tasks, their cells, and how each looked at first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from customer_insight.course.exercise.answers import folder_of
from customer_insight.course.exercise.release import COURSE
from customer_insight.course.exercise.tasks import ExerciseError
from customer_insight.course.notebook import read_notebook

if TYPE_CHECKING:
    from nbformat import NotebookNode

_OPEN_LINE = "check.unanswered("


@dataclass(frozen=True)
class Workplace:
    """A student's notebook: where it lies, what it is, its points and fresh cells by task."""

    path: Path
    notebook: NotebookNode
    exercise: str
    points: Mapping[str, int]
    fresh: Mapping[str, str]

    @property
    def answers(self) -> Path:
        """Where its checks export to."""
        return folder_of(self.exercise, self.path.parent)

    def cell(self, name: str) -> NotebookNode | None:
        """Return a cell by its mark, or else by its id; None where it is gone."""
        return find_cell(self.notebook, name)

    @property
    def answered_tasks(self) -> list[str]:
        """The tasks that hold an answer."""
        return [task for task in self.points if self.answered(task)]

    def answered(self, task: str) -> bool:
        """Whether a task's cell holds something else than at first."""
        cell = self.cell(task)
        return cell is not None and is_answered(cell.source, self.fresh[task])


def open_workplace(path: Path) -> Workplace:
    """Read a student's notebook.

    Raises
    ------
    NotebookError
        If it cannot be read.
    ExerciseError
        If it is not an exercise.
    """
    notebook = read_notebook(path)
    known = notebook.metadata.get(COURSE)
    try:
        tasks = known["tasks"]
        points = {name: task["points"] for name, task in tasks.items()}
        fresh = {name: task["fresh"] for name, task in tasks.items()}
        return Workplace(path, notebook, known["exercise"], points, fresh)
    except (TypeError, KeyError):
        raise ExerciseError(
            f"{path} is a notebook, and not one of the course's exercises: what the course writes "
            "into an exercise is not there. Some programs drop it on saving. Take a fresh copy and "
            "move your answers into it."
        ) from None


def find_cell(notebook: NotebookNode, name: str) -> NotebookNode | None:
    """Return the first cell with this mark, or else the cell with this id."""
    marked = [cell for cell in notebook.cells if mark_of(cell) == name]
    plain = [cell for cell in notebook.cells if cell.get("id") == name and not mark_of(cell)]
    return next(iter([*marked, *plain]), None)


def mark_of(cell: Any) -> str:
    """Return nbgrader's name of a cell, or an empty text."""
    marks = cell.metadata.get("nbgrader")
    return str(marks.get("grade_id", "")) if isinstance(marks, dict) else ""


def is_answered(source: str, fresh: str) -> bool:
    r"""Tell an answer from a cell that is as it was, or that still stops the notebook.

    Examples
    --------
    >>> is_answered("t1 = 3", 'check.unanswered("t1")')
    True
    >>> is_answered('t1 = 3\ncheck.unanswered("t1")', 'check.unanswered("t1")')
    False
    """
    live = [line for line in source.split("\n") if not line.lstrip().startswith("#")]
    return (
        bool(source.strip())
        and source.strip() != fresh.strip()
        and not any(_OPEN_LINE in line for line in live)
    )
