"""The exercise that is open in this kernel: its name, its tasks, its hints, its answers' folder."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from customer_insight.course.exercise.answers import folder_of, read_probes
from customer_insight.course.exercise.made_from import codes_run, makers


class UnansweredError(Exception):
    """A task that has no answer yet; stops the notebook there, in one line."""

    def _render_traceback_(self) -> list[str]:
        """Return what IPython shows instead of a traceback."""
        return [f"Stopped: {self}"]


class CheckError(ValueError):
    """A check that was called in a way that the exercise does not know."""


@dataclass(frozen=True)
class Sitting:
    """An open exercise; ``hints`` holds the locked hints of each task."""

    name: str
    points: Mapping[str, int]
    hints: Mapping[str, Sequence[str]] = field(default_factory=dict)
    folder: Path = Path()
    probes: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)

    def place(self, task: str) -> str:
        """Return what the task's hints are locked for."""
        return f"{self.name}/{task}"

    def made_from(self, task: str) -> dict[str, list[str]]:
        """Return from which code this kernel made the task's answer and those before it."""
        return makers(codes_run(), tasks_up_to(self.points, task))


def tasks_up_to(tasks: Iterable[str], last: str) -> list[str]:
    """Return the tasks from the first to this one.

    Examples
    --------
    >>> tasks_up_to(["t1", "t2", "t3"], "t2")
    ['t1', 't2']
    """
    tasks = list(tasks)
    return tasks[: tasks.index(last) + 1]


_OPEN: list[Sitting] = []


def open_sitting(sitting: Sitting) -> None:
    """Open an exercise in this kernel, in place of the one that was open."""
    _OPEN[:] = [sitting]


def current(task: str) -> Sitting:
    """Return the open exercise.

    Raises
    ------
    CheckError
        If none is open, or it has no such task.
    """
    if not _OPEN:
        raise CheckError(
            "No exercise is open. Run the notebook's first code cell, which calls check.begin."
        )
    if task not in _OPEN[0].points:
        raise CheckError(
            f"This exercise has no task {task!r}. It has: {', '.join(_OPEN[0].points)}. If you "
            "changed a check's cell, take it from a fresh copy of the notebook."
        )
    return _OPEN[0]


def hidden_probes(task: str) -> list[Mapping[str, Any]]:
    """Return the probes that a grader laid beside the answers; a student has none."""
    return list(current(task).probes.get(task, ()))


@contextmanager
def writing_to(folder: Path) -> Iterator[None]:
    """Let the checks of this block export elsewhere."""
    before = list(_OPEN)
    _OPEN[:] = [replace(sitting, folder=folder) for sitting in before]
    try:
        yield
    finally:
        _OPEN[:] = before


def new_sitting(
    name: str, points: Mapping[str, int], hints: Mapping[str, Sequence[str]] | None
) -> Sitting:
    """Describe an exercise whose notebook runs in the working folder."""
    folder = folder_of(name, Path.cwd())
    return Sitting(name, dict(points), dict(hints or {}), folder, read_probes(folder))
