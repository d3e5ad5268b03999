"""What a solution text must hold to make an exercise: rules for its cells, task by task."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Sequence

from customer_insight.course.exercise.cells import (
    BEGIN,
    END,
    ROLES,
    SCORER,
    SHARED,
    TASK,
    WORDS,
    Cell,
    solution_lines,
)

_FORMS = {"number", "text", "record", "table", "function"}
_POINTS = re.compile(r"^#+ .*\((?P<points>\d+) points?\) *$", re.MULTILINE)


def misnamed(named: Sequence[str]) -> list[str]:
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


def strangers(cells: Sequence[Cell], named: set[str]) -> list[str]:
    """Say which cells belong to a task that is not there."""
    return [
        f"A {cell.role} belongs to task {cell.task!r}, which is not there. Was a task renamed?"
        for cell in cells
        if cell.role in ROLES
        and cell.task not in named
        and not (cell.role == SCORER and cell.task == SHARED)
    ]


def headings_that_differ(cells: Sequence[Cell]) -> list[str]:
    """Say where the heading above a task names other points than the task has."""
    said, heading, points = [], "", None
    for cell in cells:
        if cell.role == WORDS:
            for found in _POINTS.finditer(cell.source):
                heading, points = found[0].strip(), int(found["points"])
        elif cell.role == TASK:
            if points not in {None, cell.points}:
                said.append(
                    f"A heading and its task differ: {heading!r} stands above "
                    f'`# %% task="{cell.task}" points={cell.points}`. Students read the one and '
                    "are graded by the other: write the same number in both."
                )
            heading, points = "", None
    return said


def lacks(answer: Cell, check: str, scorer: str, rubric: str) -> list[str]:
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
