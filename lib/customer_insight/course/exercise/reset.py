"""Give a task back fresh, and keep the old answer aside."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from customer_insight.course.exercise.answers import remove_answer
from customer_insight.course.exercise.progress import find_notebooks
from customer_insight.course.exercise.tasks import ExerciseError
from customer_insight.course.exercise.workplace import Workplace, open_workplace
from customer_insight.course.house import House, HouseError
from customer_insight.data.files import write_whole


@dataclass(frozen=True)
class Reset:
    """What was given back: the task, its notebook, and where the old answer is (None: none)."""

    task: str
    notebook: Path
    kept: Path | None


def reset_task(house: House, task: str, exercise: str | Path | None = None) -> Reset:
    """Give one task back as it was at first.

    The old answer goes to a file beside the notebook, such as ``3_buy_till_you_die_t2_kept_1.py``,
    and what its check exported is removed. Other cells stay as they are.

    Parameters
    ----------
    house : House
        Where the exercises are.
    task : str
        Such as "t2".
    exercise : str or Path, optional
        Name or path; may be left out where there is one exercise only.

    Raises
    ------
    HouseError
        If no exercise, or more than one, is meant, or it has no such task.
    ExerciseError
        If the task's cell is gone.
    """
    found = find_notebooks(house, [] if exercise is None else [exercise])
    if len(found) != 1:
        names = ", ".join(path.stem for path in found) or "none"
        raise HouseError(
            f"Which exercise's {task}? {len(found)} are meant ({names}). Say: "
            f".venv/bin/course reset {task} --exercise NAME"
        )
    place = open_workplace(found[0])
    if task not in place.points:
        raise HouseError(
            f"{place.exercise} has no task {task!r}. It has: {', '.join(place.points)}."
        )
    return _reset(place, task)


def _reset(place: Workplace, task: str) -> Reset:
    """Keep the old answer, then write the notebook with the fresh cell."""
    cell = place.cell(task)
    if cell is None:
        raise ExerciseError(
            f"The cell of task {task} is no longer in {place.path}, so it cannot be given back "
            "alone. Take a fresh copy of the notebook and move your other answers into it."
        )
    kept = None
    if cell.source.strip() not in ("", place.fresh[task].strip()):
        kept = _aside(place.path, task, ".md" if cell.cell_type == "markdown" else ".py")
        write_whole(kept, cell.source.encode() + b"\n")
    cell.source = place.fresh[task]
    for own in (cell, place.cell(f"{task}-check")):
        if own is not None and own.cell_type == "code":
            own.outputs, own.execution_count = [], None
    write_whole(place.path, _bytes(place))
    remove_answer(place.answers, task)
    return Reset(task, place.path, kept)


def _bytes(place: Workplace) -> bytes:
    import nbformat

    text = nbformat.writes(place.notebook, indent=1, ensure_ascii=False, sort_keys=True)
    return (text.rstrip("\n") + "\n").encode()


def _aside(notebook: Path, task: str, ending: str) -> Path:
    """Return the first free name beside the notebook."""
    number = 1
    while (path := notebook.with_name(f"{notebook.stem}_{task}_kept_{number}{ending}")).exists():
        number += 1
    return path
