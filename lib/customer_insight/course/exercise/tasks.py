"""A solution text: its cells, and the tasks that they make up.

A solution is written as text in jupytext's percent format. What stands behind ``# %%`` says what a
cell is for:

- nothing: words or given code, which the student receives as they are;
- ``task="t1" points=2``: the answer, between ``### BEGIN SOLUTION`` and ``### END SOLUTION``; as
  ``[markdown]`` an answer in words;
- ``check="t1"``: the visible check, one call of ``customer_insight.course.check``;
- ``wrong="t1" called="orders, not days"``: code that gives a known wrong answer; it starts with
  ``# hint:`` and what to say about it;
- ``probes="t4"``: a list of further probes for a function, called only where it is graded;
- ``scorer="t1"``: a function ``score(answer, expected)``; ``scorer="all"`` holds what all share;
- ``[markdown] rubric="t5"``: by what a reader judges an answer in words.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
WORDS, GIVEN = "words", "given"
TASK, CHECK, WRONG, SCORER, RUBRIC = "task", "check", "wrong", "scorer", "rubric"
PROBES = "probes"
SHARED = "all"
_ROLES = {TASK: {"points"}, CHECK: set(), WRONG: {"called"}, SCORER: set(), RUBRIC: set()}
_ROLES |= {PROBES: set()}
_HINT = re.compile(r"\A# hint: ?(?P<first>.+)\n(?P<rest>(?:#.*\n)*)")
_FORMS = {"number", "text", "record", "table", "function"}


class ExerciseError(ValueError):
    """A solution text that does not make an exercise."""


@dataclass(frozen=True)
class Cell:
    """A cell of a solution text; ``role`` says what it is for, ``task`` whose it is."""

    role: str
    source: str
    markdown: bool = False
    task: str = ""
    points: int = 0
    called: str = ""


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
        rubric, or a cell belongs to a task that is not there. All that is wrong is said at once.
    """
    from customer_insight.course.notebook import read_text

    problems: list[str] = []
    cells = [_cell(cell, problems) for cell in read_text(text).cells]
    named = [cell.task for cell in cells if cell.role == TASK]
    problems += _names(named) + _strangers(cells, set(named))
    tasks = [_task(one, cells, problems) for one in dict.fromkeys(named)]
    if not cells or not cells[0].markdown or not cells[0].source.startswith("# "):
        problems.append("The first cell is to hold the title, in markdown: '# Title'.")
    if problems:
        listed = "\n".join(f"- {problem}" for problem in problems)
        raise ExerciseError(f"The solution {name} does not make an exercise:\n{listed}")
    shared = "\n\n".join(c.source for c in cells if c.role == SCORER and c.task == SHARED)
    return Exercise(name, tuple(cells), tuple(tasks), shared)


def solution_lines(source: str) -> list[str]:
    r"""Return the lines between the solution's marks.

    Examples
    --------
    >>> solution_lines("a = 1\n### BEGIN SOLUTION\nb = 2\n### END SOLUTION")
    ['b = 2']
    """
    inside, lines = False, []
    for line in source.split("\n"):
        if BEGIN in line or END in line:
            inside = BEGIN in line
        elif inside:
            lines.append(line)
    return lines


def _cell(cell: Any, problems: list[str]) -> Cell:
    """Say what one cell of the text is for."""
    metadata, markdown = dict(cell.metadata), cell.cell_type == "markdown"
    role = next((role for role in _ROLES if role in metadata), WORDS if markdown else GIVEN)
    allowed = _ROLES.get(role, set()) | {role}
    unknown = sorted(set(metadata) - allowed)
    if unknown:
        problems.append(
            f"{_place(cell)} has {', '.join(unknown)} behind '# %%', which nothing reads. Known "
            f"are: {', '.join(_ROLES)}; points beside task, called beside wrong."
        )
    if markdown != (role in {WORDS, RUBRIC}) and role != TASK:
        problems.append(f"{_place(cell)}: a cell for {role} cannot be {cell.cell_type}.")
    return Cell(
        role,
        cell.source,
        markdown,
        str(metadata.get(role, "")),
        metadata.get("points", 0),
        str(metadata.get("called", "")),
    )


def _names(named: list[str]) -> list[str]:
    """Say which tasks stand twice or are not numbered in order."""
    problems = [
        f"Task {name} stands {count} times. Give each task a name of its own."
        for name, count in Counter(named).items()
        if count > 1
    ]
    wanted = [f"t{number}" for number in range(1, len(set(named)) + 1)]
    if list(dict.fromkeys(named)) != wanted:
        problems.append(
            f"The tasks are called {', '.join(dict.fromkeys(named)) or 'nothing'}; in their order "
            f"they are to be called {', '.join(wanted) or 't1, t2, ...'}."
        )
    return problems


def _strangers(cells: list[Cell], named: set[str]) -> list[str]:
    """Say which cells belong to a task that is not there."""
    return [
        f"A {cell.role} belongs to task {cell.task!r}, which is not there. Was a task renamed?"
        for cell in cells
        if cell.role in _ROLES
        and cell.task not in named
        and not (cell.role == SCORER and cell.task == SHARED)
    ]


def _task(name: str, cells: list[Cell], problems: list[str]) -> Task:
    """Gather one task from its cells, and say what it lacks."""
    own = {role: [c for c in cells if c.role == role and c.task == name] for role in _ROLES}
    for role in (CHECK, SCORER, RUBRIC):
        if len(own[role]) > 1:
            problems.append(f"Task {name} has {len(own[role])} cells for its {role}; it needs one.")
    check, scorer, rubric = (
        own[role][0].source if own[role] else "" for role in (CHECK, SCORER, RUBRIC)
    )
    answer = own[TASK][0]
    wrongs = tuple(_wrong(cell, problems) for cell in own[WRONG])
    problems += [f"Task {name}: {said}" for said in _lacks(answer, check, scorer, rubric)]
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


def _lacks(answer: Cell, check: str, scorer: str, rubric: str) -> list[str]:
    """Say what a task lacks."""
    said = []
    if not isinstance(answer.points, int) or isinstance(answer.points, bool) or answer.points < 1:
        said.append("points are to be a whole number, 1 or more.")
    if answer.source.count(BEGIN) != 1 or answer.source.count(END) != 1:
        said.append(f"its answer is to stand once between {BEGIN!r} and {END!r}.")
    elif not any(line.strip() for line in solution_lines(answer.source)):
        said.append("there is nothing between the solution's marks.")
    if bool(scorer) == bool(rubric):
        said.append("it is to have a scorer or a rubric, one of them.")
    if answer.markdown and (check or scorer):
        said.append("an answer in markdown is judged by a rubric, with no check and no scorer.")
    if not answer.markdown and _checked(check) != answer.task:
        said.append(
            f'its check is to be one call, such as check.number("{answer.task}", ...); the forms '
            f"are {', '.join(sorted(_FORMS))}."
        )
    if scorer and not _defines(scorer, "score", 2):
        said.append("its scorer is to define score(answer, expected).")
    return said


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


def _checked(check: str) -> str:
    """Return the task that a check's one call names, or an empty text."""
    try:
        body = ast.parse(check).body
    except SyntaxError:
        return ""
    calls = [s.value for s in body if isinstance(s, ast.Expr) and isinstance(s.value, ast.Call)]
    found = [
        call.args[0].value
        for call in calls
        if isinstance(call.func, ast.Attribute)
        and isinstance(call.func.value, ast.Name)
        and (call.func.value.id, call.func.attr in _FORMS) == ("check", True)
        and call.args
        and isinstance(call.args[0], ast.Constant)
    ]
    return str(found[0]) if len(found) == 1 else ""


def _defines(source: str, name: str, parameters: int) -> bool:
    try:
        body = ast.parse(source).body
    except SyntaxError:
        return False
    return any(
        isinstance(step, ast.FunctionDef)
        and step.name == name
        and len(step.args.args) == parameters
        for step in body
    )


def _place(cell: Any) -> str:
    from customer_insight.course.notebook import first_line

    return f"The cell `{first_line(cell.source)}`"
