"""What an exercise must pass before a student sees it."""

from __future__ import annotations

import ast
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from customer_insight.course import notebook as notebooks
from customer_insight.course.exercise.hints import keys_of, locked
from customer_insight.course.exercise.leaks import leaks
from customer_insight.course.exercise.locked_hints import slip_key, unseal
from customer_insight.course.exercise.rehearsal import Rehearsal
from customer_insight.course.exercise.scoring import ScorerLimits, score_content
from customer_insight.course.exercise.tasks import Exercise, Task
from customer_insight.course.supervise import Limits, execute
from customer_insight.course.supervise import Task as Job

if TYPE_CHECKING:
    from nbformat import NotebookNode

# By which people multiply or divide a number that they know: units of time, money and per cent.
_FACTORS = (7, 10, 12, 30, 52, 100, 365, 1000, 360, 4.345, 365 / 7, 365.25)
_NEAR = 0.01
_ROOM = 1.5


class GateError(ValueError):
    """An exercise that must not be released; ``problems`` say why."""

    def __init__(self, exercise: str, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        listed = "\n".join(f"- {problem}" for problem in problems)
        super().__init__(f"The exercise {exercise} cannot be released:\n{listed}")


def gate(exercise: Exercise, rehearsal: Rehearsal, student: NotebookNode) -> None:
    """Refuse an exercise that gives something away, or whose scorers and hints do not hold.

    Raises
    ------
    GateError
        With everything that was found.
    """
    problems = [
        *leaks(student, exercise, rehearsal.answers, rehearsal.wrong),
        *telling_ranges(exercise, rehearsal.answers),
        *hint_problems(exercise, rehearsal),
        *score_problems(exercise, rehearsal),
    ]
    if problems:
        raise GateError(exercise.name, problems)


def hint_problems(exercise: Exercise, rehearsal: Rehearsal) -> list[str]:
    """Say which wrong answers do not get their hint, and which hints tell the answer."""
    hints, said = locked(exercise, rehearsal.wrong), []
    for task in exercise.tasks:
        place, sealed = f"{exercise.name}/{task.name}", hints.get(task.name, ())
        right = rehearsal.answers.get(task.name)
        met = unseal(place, keys_of(right), sealed)
        if met:
            said.append(
                f"The right answer of {task.name} gets the hint {met.splitlines()[0]!r}: the wrong "
                "answer of that name is the same or too near."
            )
        for wrong in task.wrongs:
            known = rehearsal.wrong[task.name][wrong.called]
            keys = [
                *keys_of(known["content"]),
                *([slip_key(known["slip"])] if known["slip"] else []),
            ]
            found = (unseal(place, keys, sealed) or known["slip"]).split("\n")
            if found[0] != wrong.called:
                said.append(
                    f"The wrong answer {wrong.called!r} of {task.name} gets the hint {found[0]!r}."
                )
            elif known["slip"] != wrong.called:
                said += _multiple(task, wrong.called, known["content"], right)
    return said


def score_problems(
    exercise: Exercise, rehearsal: Rehearsal, limits: ScorerLimits | None = None
) -> list[str]:
    """Say where the right answer lacks points, and where a known wrong one has all of them."""
    said = []
    for task in exercise.tasks:
        if not task.scorer:
            continue
        right = rehearsal.answers[task.name]
        score = score_content(exercise, task, right, right, limits=limits)
        if score.points != task.points:
            said.append(
                f"The solution's own answer of {task.name} gets {score.points:g} of {task.points} "
                f"points ({score.ended}). {score.said}".strip()
            )
        for called, known in rehearsal.wrong.get(task.name, {}).items():
            score = score_content(exercise, task, known["content"], right, limits=limits)
            if score.points >= task.points or score.ended != "scored":
                said.append(
                    f"The wrong answer {called!r} of {task.name} gets {score.points:g} of "
                    f"{task.points} points ({score.ended}). {score.said}".strip()
                )
    return said


def telling_ranges(exercise: Exercise, answers: Mapping[str, Any]) -> list[str]:
    """Say which plausible ranges tell the answer: too narrow, or with the answer in the middle."""
    return [
        f"The range of {task.name} ({low:g} to {high:g}) tells the answer: leave at least half as "
        "much again on both sides, and do not put the answer in the middle."
        for task in exercise.tasks
        for low, high, values in _ranges(task, answers.get(task.name))
        if any(_tells(low, high, value) for value in values)
    ]


def first_stop(
    exercise: Exercise, student: NotebookNode, *, limits: Limits | None = None
) -> list[str]:
    """Run a student's fresh notebook; say what is wrong unless it stops at the first code task.

    Returns
    -------
    list of str
        Empty where the notebook runs to its first unanswered task and names it.
    """
    wanted = next(task.name for task in exercise.tasks if not task.answer.markdown)
    with tempfile.TemporaryDirectory(prefix="course-fresh-") as folder:
        source = Path(folder, "fresh.ipynb")
        source.write_bytes(notebooks.to_bytes(student))
        job = Job(exercise.name, source, Path(folder, "run.ipynb"), Path(folder))
        (run,) = execute([job], limits=limits)
    if run.failure is None:
        return [f"The fresh notebook runs to its end, and should stop at {wanted}."]
    if run.failure.error.startswith(f"UnansweredError: task {wanted} is not answered yet"):
        return []
    return [f"The fresh notebook should stop at {wanted}, and stops with: {run.failure.error}"]


def _multiple(task: Task, called: str, wrong: Any, right: Any) -> list[str]:
    """Say if a wrong number is the right one times a factor that everybody would try."""
    if not isinstance(wrong, (int, float)) or not wrong or not right:
        return []
    ratio = max(abs(wrong / right), abs(right / wrong))
    if not any(abs(ratio / factor - 1) < _NEAR for factor in _FACTORS):
        return []
    return [
        f"The wrong answer {called!r} of {task.name} is the right one times or over {ratio:.4g}, "
        "so its hint would give the answer away. Name it among the check's slips instead."
    ]


def _ranges(task: Task, answer: Any) -> Iterator[tuple[float, float, list]]:
    """Yield the ranges that a check names, each with the right values it is for."""
    given = _keywords(task.check)
    if "low" in given and "high" in given:
        yield given["low"], given["high"], [answer]
    for column, (low, high) in (given.get("ranges") or {}).items():
        yield low, high, [min(answer[column]), max(answer[column])]
    if "rows" in given:
        low, high = given["rows"]
        count = len(next(iter(answer.values())))
        if low != high:  # how many rows a table has may be part of the question
            yield low, high, [count]


def _keywords(check: str) -> dict[str, Any]:
    """Return the options of a check's call that are written as plain values."""
    calls = [step.value for step in ast.parse(check).body if isinstance(step, ast.Expr)]
    given = {}
    for word in calls[0].keywords if calls else ():
        try:
            given[word.arg] = ast.literal_eval(word.value)
        except ValueError:
            continue
    return given


def _tells(low: float, high: float, value: float) -> bool:
    """Whether a range tells a value: little room on a side, or the value in its middle."""
    if {low, high} & {value}:
        return True
    middle = abs((low + high) / 2 - value) <= _NEAR * abs(value)
    if low < 0 < high:
        return middle or (high / value if value > 0 else low / value) < _ROOM
    return middle or (low > 0 and value / low < _ROOM) or high / value < _ROOM
