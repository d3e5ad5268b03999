"""The student's notebook, made from a solution with nbgrader's preprocessors."""

from __future__ import annotations

import functools
import hashlib
import json
import logging
import os
import sys
import tempfile
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from customer_insight.course import notebook as notebooks
from customer_insight.course.exercise.cells import CHECK, GIVEN, TASK, WORDS, Cell
from customer_insight.course.exercise.rehearsal import begin_source
from customer_insight.course.exercise.tasks import Exercise

if TYPE_CHECKING:
    from nbformat import NotebookNode

CODE_STUB = 'check.unanswered("{task}")  # put your answer in place of this line'
TEXT_STUB = "*Your answer to {task} goes here, in place of this line.*"
_TASK = "{task}"
COURSE = "course"  # our part of a notebook's metadata
BEGIN = "begin"  # the cell that opens an exercise; it holds points and locked hints


def student_notebook(
    exercise: Exercise, hints: Mapping[str, list[str]], *, database: str | None = None
) -> NotebookNode:
    """Make what a student receives.

    The answers become a line that stops the notebook and names the task; scorers, wrong answers
    and rubrics are left out; checks and given code are locked. In the notebook's metadata stands
    how each task looked at first, so that one can be given back fresh, and which release it is.

    Parameters
    ----------
    exercise : Exercise
        From `read_exercise`.
    hints : mapping
        Locked hints of each task.
    database : str, optional
        Address of nbgrader's gradebook, which learns the cells; default: one that is thrown away.

    Returns
    -------
    NotebookNode
        Equal for equal texts and hints, ids included.
    """
    from nbformat import NotebookNode

    cells = _cells(exercise, hints)
    with tempfile.TemporaryDirectory(prefix="course-release-") as folder:
        url = database or _thrown_away(Path(folder))
        made = notebooks.tidy(NotebookNode(cells=cells))
        _preprocess(made, exercise.name, url)
    made = notebooks.tidy(made)
    fresh = {cell.id: cell.source for cell in made.cells}
    made.metadata[COURSE] = {
        "exercise": exercise.name,
        "release": release_of(made),
        "tasks": {
            task.name: {"points": task.points, "fresh": fresh[task.name]} for task in exercise.tasks
        },
    }
    return made


def release_of(notebook: NotebookNode) -> str:
    """Return a text that changes with what a student receives, and tells nothing else.

    It is made from the cells that the student can read, and written in letters alone, so that it
    cannot be taken for an answer.
    """
    shown = [[cell.id, cell.source, cell.metadata.get("nbgrader")] for cell in notebook.cells]
    digest = hashlib.sha256(json.dumps(shown, sort_keys=True).encode()).digest()
    return "".join(chr(ord("a") + byte % 26) for byte in digest[:12])


def assignment_of(exercise: str) -> str:
    """Return nbgrader's name of an exercise: it allows no slash.

    Examples
    --------
    >>> assignment_of("05_clv/3_buy_till_you_die")
    '05_clv-3_buy_till_you_die'
    """
    return exercise.replace("/", "-")


@contextmanager
def quiet_nbgrader() -> Iterator[None]:
    """Let nbgrader find its tools, and keep what its libraries warn of to itself."""
    before, level = os.environ.get("PATH", os.defpath), logging.root.manager.disable
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), before])
    logging.disable(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        os.environ["PATH"] = before
        logging.disable(level)


def _thrown_away(folder: Path) -> str:
    """Return the address of a new gradebook."""
    path = folder / "gradebook.db"
    path.write_bytes(empty_gradebook())
    return f"sqlite:///{path}"


@functools.cache
def empty_gradebook() -> bytes:
    """Return the bytes of a new gradebook; making one takes seconds, copying one does not."""
    with quiet_nbgrader(), tempfile.TemporaryDirectory(prefix="course-release-") as folder:
        from nbgrader.api import Gradebook

        path = Path(folder, "gradebook.db")
        with Gradebook(f"sqlite:///{path}"):
            pass
        return path.read_bytes()


def _cells(exercise: Exercise, hints: Mapping[str, list[str]]) -> list[NotebookNode]:
    """Return the cells that a student sees, with nbgrader's marks, answers still in them."""
    first, *rest = exercise.cells
    begin = Cell(GIVEN, begin_source(exercise, hints))
    opened = _cell(exercise, begin, BEGIN)
    opened.metadata["jupyter"] = {"source_hidden": True}
    shown = [cell for cell in rest if cell.role in {WORDS, GIVEN, TASK, CHECK}]
    return [_cell(exercise, first, ""), opened, *(_named(exercise, cell) for cell in shown)]


def _named(exercise: Exercise, cell: Cell) -> NotebookNode:
    """Return a cell under its own id; given code is named after what it says."""
    name = {TASK: cell.task, CHECK: f"{cell.task}-check"}.get(cell.role, "")
    if cell.role == GIVEN:
        name = f"given-{hashlib.sha256(cell.source.encode()).hexdigest()[:8]}"
    return _cell(exercise, cell, name)


def _cell(exercise: Exercise, cell: Cell, name: str) -> NotebookNode:
    from nbformat import v4

    new = v4.new_markdown_cell if cell.markdown else v4.new_code_cell
    made = new(cell.source)
    made.id = name
    if cell.role != WORDS:
        made.metadata["nbgrader"] = _marks(exercise, cell, name)
    return made


def _marks(exercise: Exercise, cell: Cell, name: str) -> dict[str, Any]:
    """Return nbgrader's marks: which cell is an answer, which gives points, which is locked."""
    points = exercise.points.get(cell.task)
    judged = bool(cell.task) and bool(exercise.task(cell.task).rubric)
    answer = cell.role == TASK
    graded = (answer and judged) or (cell.role == CHECK and not judged)
    marks = {
        "grade_id": name,
        "grade": graded,
        "solution": answer,
        "locked": not answer,
        "task": False,
        "schema_version": 3,
    }
    return marks | ({"points": points} if graded else {})


def _preprocess(notebook: NotebookNode, name: str, url: str) -> None:
    """Run nbgrader's preprocessors in their order, in this process."""
    with quiet_nbgrader():
        import nbgrader.preprocessors as steps
        from nbgrader.api import Gradebook
        from traitlets.config import Config

        config = Config()
        config.ClearSolutions.code_stub = {"python": CODE_STUB}
        config.ClearSolutions.text_stub = TEXT_STUB
        config.ClearSolutions.begin_solution_delimeter = "### BEGIN SOLUTION"
        config.ClearSolutions.end_solution_delimeter = "### END SOLUTION"
        assignment = assignment_of(name)
        resources = {
            "nbgrader": {
                "assignment": assignment,
                "notebook": assignment,
                "db_url": url,
                "student": ".",
                "redistribute": True,
            },
            "unique_key": assignment,
        }
        with Gradebook(url) as gradebook:
            gradebook.update_or_create_assignment(assignment)
        for step in ("LockCells", "ClearSolutions", "ClearHiddenTests", "ClearMarkScheme"):
            getattr(steps, step)(config=config).preprocess(notebook, resources)
        for cell in notebook.cells:
            cell.source = cell.source.replace(_TASK, cell.id) if _answer(cell) else cell.source
        for step in ("ClearOutput", "CheckCellMetadata", "ComputeChecksums", "SaveCells"):
            getattr(steps, step)(config=config).preprocess(notebook, resources)
        steps.ComputeChecksums(config=config).preprocess(notebook, resources)


def _answer(cell: NotebookNode) -> bool:
    return bool(cell.metadata.get("nbgrader", {}).get("solution"))
