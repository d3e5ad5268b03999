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

    ``share`` is points given over points possible; None where a reader has still to judge.
    ``full``, ``some`` and ``none`` count students; ``empty`` those without an answer, ``no_form``
    those whose answer had not the form asked for. ``mistakes`` are known ones, most frequent first.
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
    def tried(self) -> int:
        """Students with an answer, right or not."""
        return self.students - self.empty


def by_task(graded: Sequence[Graded]) -> list[TaskOfClass]:
    """Return how the class did in each task, in the exercise's order."""
    seen = [one for one in graded if one.was_graded]
    places = range(len(seen[0].tasks)) if seen else ()
    return [_task([one.tasks[place] for one in seen]) for place in places]


def hardest(tasks: Sequence[TaskOfClass]) -> str:
    """Return the task with the smallest share of points among those that somebody has tried.

    An empty text where nobody is stuck: nothing was tried, or all that was tried has full points.
    """
    tried = [task for task in tasks if task.share is not None and task.tried and task.share < 1]
    return min(tried, key=lambda task: task.share).task if tried else ""


def as_json(tasks: Sequence[TaskOfClass]) -> list[dict[str, Any]]:
    """Return the tasks as lists and dictionaries that JSON can hold."""
    return [asdict(task) for task in tasks]


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
    stuck = Table("Task", "Points given", "Full", "Some", "None", "Empty", "Most frequent mistake",
                  box=None, pad_edge=False)  # fmt: skip
    for task in tasks:
        share = "?" if task.share is None else f"{task.share:.0%}"
        mistake = f"{task.mistakes[0][0]} ({task.mistakes[0][1]})" if task.mistakes else ""
        counts = (str(n) for n in (task.full, task.some, task.none, task.empty))
        stuck.add_row(task.task, share, *counts, Text(mistake))
    console.print(stuck)
    if hardest(tasks):
        console.print(f"\nThe class is stuck most at {hardest(tasks)}.")
    elif not any(task.tried for task in tasks):
        console.print("\nNobody has answered a task yet.")
    for one in graded:
        for note in one.notes:
            console.print(Text(f"{one.student}: {note}"), soft_wrap=True)


def _task(scores: Sequence[Any]) -> TaskOfClass:
    """Count one task."""
    first = scores[0]
    scored = [score for score in scores if score.ended in {SCORED, BY_HAND, CHANGED}]
    waiting = sum(score.ended in WAITING for score in scores)
    given = sum(score.points for score in scores)
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
        waiting=waiting,
        share=None if waiting else given / (first.possible * len(scores)),
        mistakes=tuple(mistakes.most_common()),
    )


def _mark(score: Any) -> str:
    """Return what stands in a student's row for one task."""
    signs = {EMPTY: "-", NO_ANSWER: "x", READ_BY_HAND: "?", NOT_GRADED: "!"}
    asked = "?" if score.ended in WAITING else ""
    return signs.get(score.ended, f"{score.points:g}{asked}")
