"""How far a student is: what is answered, what is checked, what is next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from itertools import takewhile
from pathlib import Path
from typing import Any

from customer_insight.course.exercise.answers import AnswerError, read_answer
from customer_insight.course.exercise.catalogue import choose, student_names
from customer_insight.course.exercise.made_from import as_run, makers
from customer_insight.course.exercise.sitting import tasks_up_to
from customer_insight.course.exercise.workplace import Workplace, open_workplace
from customer_insight.course.house import House

EMPTY, GONE, UNCHECKED, CHANGED, NO_FORM, MISTAKE, CHECKED, WRITTEN = (
    "not answered",
    "its cell is gone",
    "answered, check not run",
    "changed since its check: run it again",
    "checked: not yet in form",
    "checked: known mistake",
    "checked: in form",
    "written, for a reader",
)
_DONE = {CHECKED, WRITTEN}
_FOR_A_READER = {"text", "record"}  # forms of answers that no scorer judges


@dataclass(frozen=True)
class TaskProgress:
    """One task: its points, how it stands, and the mistake that its check named."""

    task: str
    points: int
    state: str
    mistake: str = ""


@dataclass(frozen=True)
class Progress:
    """One exercise; "checked" says that the form is as asked for, not that it is right."""

    exercise: str
    notebook: Path
    tasks: tuple[TaskProgress, ...]

    @property
    def next(self) -> str:
        """The first task that has something left to do, or an empty text."""
        return next((one.task for one in self.tasks if one.state not in _DONE), "")

    @property
    def possible(self) -> int:
        """Points of all tasks."""
        return sum(one.points for one in self.tasks)

    @property
    def ready(self) -> int:
        """Points of the tasks that can be handed in: written, or of the form asked for."""
        return sum(one.points for one in self.tasks if one.state in _DONE)


def read_progress(house: House, wanted: Iterable[str | Path] = ()) -> list[Progress]:
    """Read how far the student's notebooks are.

    Parameters
    ----------
    house : House
        Where the exercises are.
    wanted : iterable of str or Path
        Exercises, chapters, or paths of notebooks anywhere; nothing means all.

    Raises
    ------
    HouseError
        If a name fits no exercise.
    ExerciseError, NotebookError
        If a notebook is no exercise or cannot be read.
    """
    return [progress_of(open_workplace(path)) for path in find_notebooks(house, wanted)]


def find_notebooks(house: House, wanted: Iterable[str | Path] = ()) -> list[Path]:
    """Return the paths of students' notebooks by name or path."""
    wanted = [str(one) for one in wanted]
    files = [Path(one) for one in wanted if one.endswith(".ipynb") and Path(one).is_file()]
    named = [one for one in wanted if Path(one) not in files]
    if named or not wanted:
        names = choose(student_names(house), named)
        files += [house.exercises / f"{name}.ipynb" for name in names]
    return files


def progress_of(place: Workplace) -> Progress:
    """Return how far one notebook is."""
    tasks = tuple(_task(place, task) for task in place.points)
    return Progress(place.exercise, place.path, tasks)


def as_json(found: Iterable[Progress]) -> list[dict[str, Any]]:
    """Return progress as lists and dictionaries that JSON can hold."""
    return [
        asdict(one)
        | {
            "notebook": str(one.notebook),
            "next": one.next,
            "points_possible": one.possible,
            "points_ready": one.ready,
        }
        for one in found
    ]


def in_words(one: Progress) -> str:
    """Return progress as lines of text."""
    states = [", ".join(filter(None, [task.state, task.mistake])) for task in one.tasks]
    width = max(map(len, states))
    lines = [f"{one.exercise}: {one.ready} of {one.possible} points ready to hand in, not scored."]
    for task, state in zip(one.tasks, states, strict=True):
        lines.append(f"  {task.task}  {state:<{width}}  {task.points} points")
    lines.append(f"  Next: {one.next}" if one.next else "  All tasks are answered.")
    lines.append(f"  Read as saved in {one.notebook}")
    return "\n".join(lines)


def _spoke(place: Workplace, task: str) -> bool:
    """Whether the notebook as saved shows what the task's check said, and not an error."""
    check = place.cell(f"{task}-check")
    kinds = {output.output_type for output in check.get("outputs", ())} if check else set()
    return bool(kinds) and "error" not in kinds


def _task(place: Workplace, task: str) -> TaskProgress:
    """Say how one task stands."""
    points, cell = place.points[task], place.cell(task)
    if cell is None:
        return TaskProgress(task, points, GONE)
    if not place.answered(task):
        return TaskProgress(task, points, EMPTY)
    if cell.cell_type == "markdown":
        return TaskProgress(task, points, WRITTEN)
    return TaskProgress(task, points, *_kept(place, task))


def _kept(place: Workplace, task: str) -> tuple[str, str]:
    """Say how an answer stands by what its check kept, and which mistake the check named."""
    try:
        answer = read_answer(place.answers, task)
    except AnswerError:
        answer = None
    if answer is None:
        return (NO_FORM if _spoke(place, task) else UNCHECKED), ""
    written = answer.form in _FOR_A_READER
    if not as_run(_saved(place, task, alone=written), answer.made_from):
        return CHANGED, ""
    if written:
        return WRITTEN, ""
    return (MISTAKE if answer.hint else CHECKED), answer.hint


def _saved(place: Workplace, task: str, *, alone: bool) -> dict[str, list[str]]:
    """Return which cells above a task's check give it and the tasks before it their answers.

    An answer in words rests on no cell but its own: it is looked at ``alone``.
    """
    check = place.cell(f"{task}-check")
    above = takewhile(lambda cell: cell is not check, place.notebook.cells)
    codes = [cell.source for cell in above if cell.cell_type == "code"]
    names = [task] if alone else tasks_up_to(place.points, task)
    return makers(codes, [one for one in names if place.answered(one)])
