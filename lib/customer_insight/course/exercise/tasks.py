"""The tasks that a solution text makes up; `cells` says how the text is written."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from customer_insight.course.exercise.cells import (
    CHECK,
    PROBES,
    ROLES,
    RUBRIC,
    SCORER,
    SHARED,
    TASK,
    WRONG,
    Cell,
    read_cell,
)
from customer_insight.course.exercise.task_rules import (
    headings_that_differ,
    lacks,
    misnamed,
    strangers,
)

_HINT = re.compile(r"\A# hint: ?(?P<first>.+)\n(?P<rest>(?:#.*\n)*)")


class ExerciseError(ValueError):
    """A solution text that does not make an exercise."""


@dataclass(frozen=True)
class Wrong:
    """A known wrong answer: its name, what is said about it, and the code that makes it."""

    called: str
    hint: str
    code: str


@dataclass(frozen=True)
class Task:
    """One task; ``check`` is empty for an answer in words, ``scorer`` where a rubric judges."""

    name: str
    points: int
    answer: Cell
    check: str = ""
    scorer: str = ""
    rubric: str = ""
    wrongs: tuple[Wrong, ...] = ()
    probes: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True)
class Exercise:
    """An exercise: its name, its cells in order, its tasks, and what the scorers share."""

    name: str
    cells: tuple[Cell, ...]
    tasks: tuple[Task, ...]
    shared: str = ""

    @property
    def points(self) -> dict[str, int]:
        """Points of each task."""
        return {task.name: task.points for task in self.tasks}

    @property
    def probes(self) -> dict[str, list]:
        """Hidden probes of the tasks that have some."""
        return {task.name: list(task.probes) for task in self.tasks if task.probes}

    def task(self, name: str) -> Task:
        """Return a task by its name."""
        return next(task for task in self.tasks if task.name == name)


def read_exercise(text: Path, name: str) -> Exercise:
    """Read a solution text.

    Parameters
    ----------
    text : Path
        The ``.py`` file.
    name : str
        The exercise's name, such as "05_clv/3_buy_till_you_die".

    Raises
    ------
    NotebookError
        If the text cannot be read.
    ExerciseError
        If a task stands twice, is not numbered in order, lacks its solution, check, scorer or
        rubric, a heading names other points than its task, or a cell belongs to a task that is not
        there. All that is wrong is said at once.
    """
    from customer_insight.course.notebook import read_text

    problems: list[str] = []
    cells = [read_cell(cell, problems) for cell in read_text(text).cells]
    named = [cell.task for cell in cells if cell.role == TASK]
    problems += misnamed(named) + strangers(cells, set(named)) + headings_that_differ(cells)
    tasks = [_task(one, cells, problems) for one in dict.fromkeys(named)]
    if not cells or not cells[0].markdown or not cells[0].source.startswith("# "):
        problems.append("The first cell is to hold the title, in markdown: '# Title'.")
    if problems:
        listed = "\n".join(f"- {problem}" for problem in problems)
        raise ExerciseError(f"The solution {name} does not make an exercise:\n{listed}")
    shared = "\n\n".join(c.source for c in cells if c.role == SCORER and c.task == SHARED)
    return Exercise(name, tuple(cells), tuple(tasks), shared)


def _task(name: str, cells: list[Cell], problems: list[str]) -> Task:
    """Gather one task from its cells, and say what it lacks."""
    own = {role: [c for c in cells if c.role == role and c.task == name] for role in ROLES}
    for role in (CHECK, SCORER, RUBRIC):
        if len(own[role]) > 1:
            problems.append(f"Task {name} has {len(own[role])} cells for its {role}; it needs one.")
    check, scorer, rubric = (
        own[role][0].source if own[role] else "" for role in (CHECK, SCORER, RUBRIC)
    )
    answer = own[TASK][0]
    wrongs = tuple(_wrong(cell, problems) for cell in own[WRONG])
    problems += [f"Task {name}: {said}" for said in lacks(answer, check, scorer, rubric)]
    twice = [called for called, count in Counter(w.called for w in wrongs).items() if count > 1]
    problems += [f"Task {name} has two wrong answers called {called!r}." for called in twice]
    probes = _probes(name, own[PROBES], check, problems)
    return Task(name, answer.points, answer, check, scorer, rubric, wrongs, probes)


def _probes(name: str, cells: list[Cell], check: str, problems: list[str]) -> tuple:
    """Read a function's hidden probes."""
    if not cells:
        if "check.function(" in check:
            problems.append(
                f"Task {name} asks for a function and has no hidden probes: a function that "
                f'knows the shown ones by heart would do. Add a cell: # %% probes="{name}"'
            )
        return ()
    try:
        found = ast.literal_eval(cells[0].source)
        if not all(isinstance(probe, dict) for probe in found) or len(cells) > 1:
            raise ValueError
    except (SyntaxError, ValueError, TypeError):
        problems.append(f"The probes of task {name} are to be one list of dictionaries.")
        return ()
    return tuple(found)


def _wrong(cell: Cell, problems: list[str]) -> Wrong:
    """Split a wrong answer into its hint and its code."""
    found = _HINT.match(cell.source + "\n")
    if not found or not cell.called:
        problems.append(
            f"A wrong answer of task {cell.task} has no name or no hint. Write "
            f'`# %% wrong="{cell.task}" called="orders, not days"`, and start the cell with '
            "'# hint: ' and what to say."
        )
        return Wrong(cell.called, "", cell.source)
    lines = [found["first"], *(line.lstrip("#").strip() for line in found["rest"].splitlines())]
    code = (cell.source + "\n")[found.end() :].strip("\n")
    return Wrong(cell.called, " ".join(line for line in lines if line), code)
