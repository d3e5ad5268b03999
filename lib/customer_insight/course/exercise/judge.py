"""A person's points for one answer: entered, or taken back."""

from __future__ import annotations

from pathlib import Path

from customer_insight.course.exercise import gradebook
from customer_insight.course.exercise.by_hand import stored_scores
from customer_insight.course.exercise.scoring import NOT_GRADED
from customer_insight.course.house import HouseError

_DATABASE, _GRADES = "gradebook.db", "grades.json"


def enter(
    out: Path,
    student: str,
    task: str,
    points: float,
    *,
    exercise: str | None = None,
    even_if_empty: bool = False,
) -> int:
    """Enter a person's points for one task, in place of a scorer's.

    Parameters
    ----------
    out : Path
        Where `course grade` wrote to.
    student, task, points, exercise
        As in `enter_points`.
    even_if_empty : bool, default False
        Enter them also where the student has answered nothing.

    Returns
    -------
    int
        The points that are possible.

    Raises
    ------
    HouseError
        If the answer is empty, or `enter_points` refuses.
    """
    if not even_if_empty and _is_empty(out, student, task, exercise):
        raise HouseError(
            f"{student} has not answered {task}, so there is nothing to judge. Check student and "
            "task; if points are due all the same, add --even-if-empty."
        )
    return gradebook.enter_points(out / _DATABASE, student, task, points, exercise=exercise)


def withdraw(out: Path, student: str, task: str, *, exercise: str | None = None) -> None:
    """Take back the points that a person entered for one task; a scorer's count again.

    Raises
    ------
    HouseError
        If there are none, or no such gradebook, exercise, student or task.
    """
    gradebook.withdraw_points(out / _DATABASE, student, task, exercise=exercise)


def _is_empty(out: Path, student: str, task: str, exercise: str | None) -> bool:
    """Whether the last grading found no answer."""
    score = stored_scores(out / _GRADES, exercise).get(student, {}).get(task)
    return score is not None and score["ended"] != NOT_GRADED and score.get("answer") == ""
