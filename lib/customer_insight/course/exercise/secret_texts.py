"""What of an exercise's text a student must not see: lines, and the right-hand sides in them."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterable, Iterator
from textwrap import dedent

from customer_insight.course.exercise.cells import GIVEN, WORDS, solution_lines
from customer_insight.course.exercise.tasks import Exercise

SHORTEST = 12  # signs; what is shorter stands in many texts


def secret_lines(exercise: Exercise, *, steps: bool = True) -> Iterator[tuple[str, str]]:
    """Yield the lines that a student must not see, unless an open line is equal.

    Parameters
    ----------
    exercise : Exercise
        From `read_exercise`.
    steps : bool, default True
        Whether a line counts that only leads to an answer. A lesson teaches such steps: looked for
        there, of code that answers, are the lines alone that give the task's name its value.

    Yields
    ------
    tuple of str
        Whose line it is, such as "the scorer of t2", and the line.
    """
    open_lines = _open_lines(exercise)
    for what, task, lines in _secrets(exercise):
        for line in map(str.strip, lines):
            gives = steps or not task or line.startswith((f"{task} = ", f"{task}["))
            if len(line) >= SHORTEST and line not in open_lines and gives:
                yield what, line


def secret_values(exercise: Exercise) -> Iterator[tuple[str, str]]:
    """Yield what solutions and wrong answers give to a task's name, or return in its function.

    Yields
    ------
    tuple of str
        Whose it is, and the right-hand side as `squeezed`. It is secret under any name; what
        belongs to a statement that stands openly as a whole is left out.
    """
    open_lines = _open_lines(exercise)
    for what, task, code in _codes(exercise):
        for step in ast.walk(_parsed(code)):
            if not _gives(step, task):
                continue
            whole = ast.get_source_segment(code, step).split("\n")
            value = squeezed(ast.get_source_segment(code, step.value))
            if len(value) >= SHORTEST and not open_lines.issuperset(map(str.strip, whole)):
                yield what, value


def squeezed(text: str) -> str:
    r"""Return a text without spaces and line ends, all quotes alike.

    Examples
    --------
    >>> squeezed("f( x,\n  'a' )")
    'f(x,"a")'
    """
    return re.sub(r"\s", "", text).replace("'", '"')


def _secrets(exercise: Exercise) -> Iterator[tuple[str, str, Iterable[str]]]:
    """Yield whose each secret text is, the task's name where it is code of an answer, its lines."""
    for task in exercise.tasks:
        own = f"the {{}} of {task.name}"
        code = "" if task.answer.markdown else task.name
        yield own.format("solution"), code, solution_lines(task.answer.source)
        scorer = [line for line in task.scorer.split("\n") if not line.startswith("def score(")]
        yield own.format("scorer"), "", scorer
        yield own.format("rubric"), "", task.rubric.split("\n")
        yield own.format("probes"), "", [json.dumps(probe)[1:-1] for probe in task.probes]
        for wrong in task.wrongs:
            what = own.format(f"wrong answer {wrong.called!r}")
            yield what, task.name, wrong.code.split("\n")
            yield what, "", [wrong.hint]


def _codes(exercise: Exercise) -> Iterator[tuple[str, str, str]]:
    """Yield whose each secret code is, its task's name, and the code."""
    for what, task, lines in _secrets(exercise):
        if task:
            yield what, task, dedent("\n".join(lines))


def _gives(step: ast.AST, task: str) -> bool:
    """Whether a statement gives the task's name its value, or a function its result."""
    if isinstance(step, ast.Return):
        return step.value is not None
    return isinstance(step, ast.Assign) and any(
        isinstance(target, ast.Name) and target.id == task for target in step.targets
    )


def _parsed(code: str) -> ast.AST:
    """Return the code's tree, an empty one where it is no code by itself."""
    try:
        return ast.parse(code)
    except SyntaxError:
        return ast.Module(body=[], type_ignores=[])


def _open_lines(exercise: Exercise) -> set[str]:
    return {line.strip() for cell in exercise.cells for line in _shown(cell.role, cell.source)}


def _shown(role: str, source: str) -> Iterable[str]:
    if role in {WORDS, GIVEN, "check"}:
        return source.split("\n")
    if role != "task":
        return ()
    hidden = set(solution_lines(source))
    return [line for line in source.split("\n") if line not in hidden]
