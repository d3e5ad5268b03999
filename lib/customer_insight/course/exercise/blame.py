"""Where in a solution text a failed rehearsal broke: the task, and the author's line."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from customer_insight.course.exercise.cells import CHECK, Cell
from customer_insight.course.exercise.rehearsal import rehearsed
from customer_insight.course.exercise.tasks import Exercise
from customer_insight.course.results import LessonRun


def blamed(run: LessonRun, exercise: Exercise, text: Path) -> LessonRun:
    """Return a failed run that says in which task and line of the text it broke.

    Library frames are left out: what an author can mend is a line of the author's.

    Parameters
    ----------
    run : LessonRun
        Of a rehearsal that failed.
    exercise : Exercise
        From the text.
    text : Path
        The solution's ``.py``.
    """
    failure = run.failure
    place = failure.cell - 2  # the first cell opens the exercise
    if not 0 <= place < len(rehearsed(exercise)):
        return run
    cell, number = rehearsed(exercise)[place]
    what, source, mark = _what(cell), cell.source, f'{cell.role}="{cell.task}"'
    if number is not None:
        wrong = exercise.task(cell.task).wrongs[number]
        what, source = f"Task {cell.task}, wrong answer {wrong.called!r}", wrong.code
        mark = f'called="{wrong.called}"'
    error = f"{what}{_line(text, mark, source, failure.line)}\n{failure.error}"
    return replace(
        run, failure=replace(failure, error=error, section="", cell=0, code="", traceback=())
    )


def _what(cell: Cell) -> str:
    """Say what a cell is for."""
    if cell.role == CHECK:
        return f"The check of task {cell.task}"
    return f"Task {cell.task}" if cell.task else "Given code"


def _line(text: Path, mark: str, source: str, line: int) -> str:
    """Return where a cell's line stands in the text, and what it says.

    A line of 0, where the cell is not in the traceback, means the cell's first.
    """
    whole = text.read_text(encoding="utf-8")
    begins = whole.find(source, max(whole.find(mark), 0))
    if begins < 0:  # the text is written in another way than the cell, as commented-out magics
        return ""
    lines = source.split("\n")
    own = min(max(line, 1), len(lines)) - 1
    number = whole.count("\n", 0, begins) + own + 1
    return f", {text.name}, line {number}: {lines[own].strip()}"
