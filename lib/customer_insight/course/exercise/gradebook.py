"""nbgrader's gradebook: the released cells, and the points of each student."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from customer_insight.course.exercise.release import (
    assignment_of,
    empty_gradebook,
    quiet_nbgrader,
    student_notebook,
)
from customer_insight.course.exercise.scoring import Score
from customer_insight.course.exercise.tasks import Exercise, ExerciseError
from customer_insight.course.house import HouseError
from customer_insight.data.files import write_whole

if TYPE_CHECKING:
    from nbformat import NotebookNode
    from nbgrader.api import Gradebook

_CHECK = "-check"


@dataclass(frozen=True)
class Recorded:
    """What the gradebook holds of a task: points, who gave them, whether a person is waited for."""

    points: float
    by_hand: bool
    waiting: bool


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
    if not database.exists():
        write_whole(database, empty_gradebook())
    try:
        return student_notebook(exercise, hints, database=_url(database))
    except RuntimeError as error:
        raise ExerciseError(
            f"The tasks of {exercise.name} are not those under which {database.name} has "
            "submissions: a task was added, removed or renamed after the release. Grade into "
            "another folder (--out), or give the tasks their old names back."
        ) from error


def record(
    database: Path, exercise: Exercise, student: str, scores: Iterable[Score], waiting: set[str]
) -> None:
    """Record what scorers gave to one student; points entered by hand stay as they are.

    Parameters
    ----------
    database : Path
        The gradebook's file.
    exercise : Exercise
        Whose cells were entered by `open_exercise`.
    student : str
        The student's name.
    scores : iterable of Score
        Of the tasks with a scorer; the others get no points here.
    waiting : set of str
        Tasks that a person is to judge.
    """
    name = assignment_of(exercise.name)
    points = {score.task: score.points for score in scores}
    with _open(database) as book:
        book.update_or_create_student(student)
        book.update_or_create_submission(name, student)
        for task in exercise.tasks:
            cell = task.name if task.rubric else f"{task.name}{_CHECK}"
            grade = book.find_grade(cell, name, name, student)
            grade.auto_score = points.get(task.name, 0.0)
            grade.needs_manual_grade = task.name in waiting
        book.db.commit()


def read_grades(database: Path, exercise: str) -> dict[str, dict[str, Recorded]]:
    """Return what the gradebook holds of an exercise, by student and task."""
    name = assignment_of(exercise)
    with _open(database) as book:
        return {
            submission.student.id: {
                grade.name.removesuffix(_CHECK): Recorded(
                    grade.score, grade.manual_score is not None, grade.needs_manual_grade
                )
                for grade in submission.grades
            }
            for submission in book.notebook_submissions(name, name)
        }


def enter_points(
    database: Path, student: str, task: str, points: float, *, exercise: str | None = None
) -> int:
    """Enter a person's points for one task, in place of a scorer's.

    Parameters
    ----------
    database : Path
        The gradebook's file, from `course grade`.
    student, task : str
        As in the table of `course grade`.
    points : float
        From 0 to what is possible.
    exercise : str, optional
        Which one, where the gradebook holds several.

    Returns
    -------
    int
        The points that are possible.

    Raises
    ------
    HouseError
        If there is no such gradebook, exercise, student or task, or too many or too few points.
    """
    with _open(_there(database)) as book:
        grade = _grade(book, student, task, exercise)
        if not 0 <= points <= grade.max_score:
            raise HouseError(
                f"Task {task} has 0 to {grade.max_score:g} points; {points:g} cannot be entered."
            )
        grade.manual_score, grade.needs_manual_grade = points, False
        book.db.commit()
        return int(grade.max_score)


def withdraw_points(
    database: Path, student: str, task: str, *, exercise: str | None = None
) -> None:
    """Take a person's points for one task back, so that a scorer's count or a reader is waited for.

    Parameters
    ----------
    database, student, task, exercise
        As in `enter_points`.

    Raises
    ------
    HouseError
        If no person entered points for it, or there is no such gradebook, exercise, student or
        task.
    """
    with _open(_there(database)) as book:
        grade = _grade(book, student, task, exercise)
        if grade.manual_score is None:
            raise HouseError(f"Nobody has entered points of {student} for {task} by hand.")
        grade.manual_score = None
        grade.needs_manual_grade = not grade.name.endswith(_CHECK)
        book.db.commit()


def _there(database: Path) -> Path:
    if not database.is_file():
        raise HouseError(
            f"There is no gradebook {database}. Name the folder that `course grade` wrote to with "
            "--out."
        )
    return database


def _grade(book: Gradebook, student: str, task: str, exercise: str | None) -> Any:
    """Return a student's grade of one task."""
    name = _only([one.name for one in book.assignments], exercise)
    found = {one.student.id: one for one in book.notebook_submissions(name, name)}
    _known(student, found, "student")
    grades = {one.name.removesuffix(_CHECK): one for one in found[student].grades}
    _known(task, grades, "task")
    return grades[task]


def _only(names: list[str], exercise: str | None) -> str:
    """Return the assignment that is meant."""
    if exercise is not None:
        _known(assignment_of(exercise), names, "exercise")
        return assignment_of(exercise)
    if len(names) != 1:
        raise HouseError(
            f"The gradebook holds {len(names)} exercises ({', '.join(names) or 'none'}). Say which "
            "with --exercise NAME."
        )
    return names[0]


def _known(wanted: str, there: Iterable[str], what: str) -> None:
    if wanted not in there:
        names = ", ".join(sorted(there)) or "none"
        raise HouseError(f"The gradebook holds no {what} {wanted!r}. It holds: {names}.")


@contextmanager
def _open(database: Path) -> Iterator[Gradebook]:
    """Open the gradebook, and close it whatever happens."""
    with quiet_nbgrader():
        from nbgrader.api import Gradebook

        with Gradebook(_url(database)) as book:
            yield book


def _url(database: Path) -> str:
    return f"sqlite:///{database.absolute()}"
