"""Where a class is stuck: points by task, and the mistakes that were made most."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from customer_insight.course.exercise.by_hand import WAITING
from customer_insight.course.exercise.grade import Graded
from customer_insight.course.exercise.scoring import (
    BY_HAND,
    CHANGED,
    EMPTY,
    NO_ANSWER,
    NOT_GRADED,
    READ_BY_HAND,
    SCORED,
)


@dataclass(frozen=True)
class TaskOfClass:
    """One task over all students whose submissions were graded.

    ``share`` is points given over points possible, of the ``judged`` students: all but the
    ``waiting`` ones, whom a reader has still to judge; None where there are none. ``full``,
    ``some`` and ``none`` count answers with so many points; ``empty`` students without an answer,
    ``no_form`` those whose answer had not the form asked for. ``mistakes`` are known ones, most
    frequent first.
    """

    task: str
    possible: int
    students: int
    full: int
    some: int
    none: int
    empty: int
    no_form: int
    waiting: int
    share: float | None
    mistakes: tuple[tuple[str, int], ...]

    @property
    def judged(self) -> int:
        """Students whose points are known."""
        return self.students - self.waiting

    @property
    def tried(self) -> int:
        """Students with an answer, right or not."""
        return self.students - self.empty


def by_task(graded: Sequence[Graded]) -> list[TaskOfClass]:
    """Return how the class did in each task, in the exercise's order."""
    seen = [one for one in graded if one.was_graded]
    places = range(len(seen[0].tasks)) if seen else ()
    return [_task([one.tasks[place] for one in seen]) for place in places]


def hardest(tasks: Sequence[TaskOfClass]) -> list[str]:
    """Return the tasks with the smallest share of points among those with an answer judged.

    Several where they are equal; none where nobody is stuck: nothing was tried and judged, or all
    that was has full points.
    """
    tried = [task for task in tasks if task.judged > task.empty and task.share < 1]
    least = min((task.share for task in tried), default=1)
    return [task.task for task in tried if task.share == least]


def as_json(tasks: Sequence[TaskOfClass]) -> list[dict[str, Any]]:
    """Return the tasks as lists and dictionaries that JSON can hold."""
    return [asdict(task) | {"judged": task.judged} for task in tasks]


def print_class(graded: Sequence[Graded], console: Any = None) -> None:
    """Print points by student and task, then where the class is stuck, then the notes."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = console or Console(highlight=False)
    tasks = by_task(graded)
    students = Table("Student", box=None, pad_edge=False)
    for score in graded[0].tasks:
        students.add_column(f"{score.task} ({score.possible})", justify="right")
    students.add_column("Points", justify="right")
    for one in graded:
        marks = [_mark(score) for score in one.tasks]
        students.add_row(Text(one.student), *marks, f"{one.points:g}" if one.was_graded else "!")
    console.print(students)
    console.print("\n- empty, x no answer passed the check, ? waits for a reader, ! not graded\n")
    stuck = Table("Task", "Points given", "Full", "Some", "Wrong", "No form", "Empty", "To read",
                  "Most frequent mistake", box=None, pad_edge=False)  # fmt: skip
    for task in tasks:
        mistake = f"{task.mistakes[0][0]} ({task.mistakes[0][1]})" if task.mistakes else ""
        counts = (task.full, task.some, task.none, task.no_form, task.empty, task.waiting)
        stuck.add_row(task.task, _share(task), *map(str, counts), Text(mistake))
    console.print(stuck)
    if hardest(tasks):
        console.print(f"\nThe class is stuck most at {' and '.join(hardest(tasks))}.")
    elif not any(task.tried for task in tasks):
        console.print("\nNobody has answered a task yet.")
    for note, students in _by_note(graded).items():
        console.print(Text(f"{', '.join(students)}: {note}"), soft_wrap=True)


def _by_note(graded: Sequence[Graded]) -> dict[str, list[str]]:
    """Return who has each note, in the order in which notes come first."""
    found: dict[str, list[str]] = {}
    for one in graded:
        for note in one.notes:
            found.setdefault(note, []).append(one.student)
    return found


def _share(task: TaskOfClass) -> str:
    """Return the share of points, and of how many students where not all are judged."""
    if task.share is None:
        return "?"
    of = f" of {task.judged}" if task.waiting else ""
    return f"{task.share:.0%}{of}"


def _task(scores: Sequence[Any]) -> TaskOfClass:
    """Count one task."""
    first = scores[0]
    scored = [score for score in scores if score.ended in {SCORED, BY_HAND, CHANGED}]
    judged = [score for score in scores if score.ended not in WAITING]
    given = sum(score.points for score in judged)
    mistakes = Counter(score.mistake for score in scores if score.mistake)
    return TaskOfClass(
        task=first.task,
        possible=first.possible,
        students=len(scores),
        full=sum(score.points == score.possible for score in scored),
        some=sum(0 < score.points < score.possible for score in scored),
        none=sum(score.points == 0 for score in scored),
        empty=sum(score.ended == EMPTY for score in scores),
        no_form=sum(score.ended == NO_ANSWER for score in scores),
        waiting=len(scores) - len(judged),
        share=given / (first.possible * len(judged)) if judged else None,
        mistakes=tuple(mistakes.most_common()),
    )


def _mark(score: Any) -> str:
    """Return what stands in a student's row for one task."""
    signs = {EMPTY: "-", NO_ANSWER: "x", READ_BY_HAND: "?", NOT_GRADED: "!"}
    asked = "?" if score.ended in WAITING else ""
    return signs.get(score.ended, f"{score.points:g}{asked}")
