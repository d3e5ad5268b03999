"""nbgrader's gradebook: the released cells, and the points of each student."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from customer_insight.course.exercise.release import (
    assignment_of,
    quiet_nbgrader,
    student_notebook,
)
from customer_insight.course.exercise.scoring import SCORER_FAILED, Score
from customer_insight.course.exercise.tasks import Exercise, ExerciseError

if TYPE_CHECKING:
    from nbformat import NotebookNode


def open_exercise(
    database: Path, exercise: Exercise, hints: Mapping[str, list[str]]
) -> NotebookNode:
    """Enter an exercise's cells in the gradebook, and return the notebook as released.

    Raises
    ------
    ExerciseError
        If the gradebook holds submissions of this exercise with other tasks: points would be given
        to tasks that these students never saw.
    """
    database.parent.mkdir(parents=True, exist_ok=True)
    try:
        return student_notebook(exercise, hints, database=_url(database))
    except RuntimeError as error:
        raise ExerciseError(
            f"The tasks of {exercise.name} are not those under which {database.name} has "
            "submissions: a task was added, removed or renamed after the release. Grade into "
            "another folder (--out), or give the tasks their old names back."
        ) from error


def record(
    database: Path, exercise: Exercise, student: str, scores: Iterable[Score], written: set[str]
) -> None:
    """Record one student's points.

    Parameters
    ----------
    database : Path
        The gradebook's file.
    exercise : Exercise
        Whose cells were entered by `open_exercise`.
    student : str
        The student's name.
    scores : iterable of Score
        Of the tasks with a scorer.
    written : set of str
        Tasks answered in words, which wait for a reader; the others have no points.
    """
    name = assignment_of(exercise.name)
    by_task = {score.task: score for score in scores}
    with quiet_nbgrader():
        from nbgrader.api import Gradebook

        with Gradebook(_url(database)) as book:
            book.update_or_create_student(student)
            book.update_or_create_submission(name, student)
            for task in exercise.tasks:
                cell = task.name if task.rubric else f"{task.name}-check"
                grade = book.find_grade(cell, name, name, student)
                score = by_task.get(task.name)
                grade.auto_score = score.points if score else 0.0
                grade.needs_manual_grade = (
                    score.ended == SCORER_FAILED if score else task.name in written
                )
            book.db.commit()


def read_points(database: Path, exercise: str) -> dict[str, dict[str, float]]:
    """Return the points in the gradebook, by student and cell."""
    name = assignment_of(exercise)
    with quiet_nbgrader():
        from nbgrader.api import Gradebook

        with Gradebook(_url(database)) as book:
            return {
                submission.student.id: {grade.name: grade.score for grade in submission.grades}
                for submission in book.notebook_submissions(name, name)
            }


def _url(database: Path) -> str:
    return f"sqlite:///{database.absolute()}"
