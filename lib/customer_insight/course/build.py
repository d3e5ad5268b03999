"""Build the notebooks from their texts, and say where the two differ."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from customer_insight.course import notebook as notebooks
from customer_insight.course.house import House, choose_lessons
from customer_insight.course.results import Failure, LessonRun
from customer_insight.course.results import as_json as run_as_json
from customer_insight.course.stable import unstable_outputs
from customer_insight.course.supervise import Limits, Task, execute
from customer_insight.data.files import write_whole

if TYPE_CHECKING:
    from nbformat import NotebookNode

SAME, WORDS, CODE = "same", "words", "code"
_RUNNING = {"raises-exception", "skip-execution"}


@dataclass(frozen=True)
class Built:
    """What became of one lesson's notebook.

    ``change`` is ``same`` (nothing written), ``words`` (only words, tags or stored notes differed:
    written without running) or ``code`` (run, then written); ``run`` is there where it was run.
    """

    lesson: str
    notebook: Path
    change: str
    run: LessonRun | None = None

    @property
    def fine(self) -> bool:
        """Whether the notebook on disk is the one its text asks for."""
        return self.run is None or self.run.ran


def build_lessons(
    house: House,
    wanted: Iterable[str | Path] = (),
    *,
    force: bool = False,
    limits: Limits | None = None,
    report: Callable[[LessonRun], None] | None = None,
) -> list[Built]:
    """Bring each lesson's notebook up to its text, running it only where its code changed.

    Cells keep their ids and, where no code changed, their outputs. A second build writes nothing.
    A lesson that fails to run, or whose outputs would differ from run to run, keeps the notebook it
    had.

    Parameters
    ----------
    house : House
        Where the lessons are.
    wanted : iterable of str or Path
        Lessons, chapters or paths as in `choose_lessons`; nothing means all.
    force : bool, default False
        Run each lesson even where its code did not change, as after a change in the library.
    limits, report
        As in `execute`.

    Returns
    -------
    list of Built
        In reading order.

    Raises
    ------
    HouseError
        If a name fits no lesson.
    NotebookError
        If a text cannot be read.
    """
    texts = choose_lessons(house, wanted)
    planned = [_plan(text) for text in texts]
    plans = [(built, CODE if force else change) for built, change in planned]
    with tempfile.TemporaryDirectory(prefix="course-build-") as folder:
        place = Path(folder)
        tasks = [
            _task(house, text, notebook, place / str(number))
            for number, (text, (notebook, change)) in enumerate(zip(texts, plans, strict=True))
            if change == CODE
        ]
        runs = {run.lesson: run for run in execute(tasks, limits=limits, report=report)}
        return [
            _settle(house, text, notebook, change, runs.get(house.name(text)))
            for text, (notebook, change) in zip(texts, plans, strict=True)
        ]


def as_json(built: Iterable[Built]) -> list[dict[str, Any]]:
    """Return what was built as lists and dictionaries that JSON can hold."""
    return [
        {
            "lesson": one.lesson,
            "notebook": str(one.notebook),
            "change": one.change,
            "fine": one.fine,
            "run": run_as_json([one.run])[0] if one.run else None,
        }
        for one in built
    ]


def differences(house: House, wanted: Iterable[str | Path] = ()) -> list[str]:
    """Say which notebooks differ from their texts, and which command mends each.

    Parameters
    ----------
    house : House
        Where the lessons are.
    wanted : iterable of str or Path
        Lessons, chapters or paths as in `choose_lessons`; nothing means all, and then a notebook
        without a text is named too.

    Returns
    -------
    list of str
        One sentence a notebook; empty where all are as their texts ask.
    """
    wanted = list(wanted)
    said = []
    for text in choose_lessons(house, wanted):
        name, change = house.name(text), _plan(text)[1]
        if change != SAME:
            what = "code differs" if change == CODE else "words, tags or stored notes differ"
            if not text.with_suffix(".ipynb").exists():
                what = "notebook is not built yet"
            said.append(f"{name}: {what} from its text. Mend it with: course build {name}")
    return said if wanted else said + _without_text(house)


def _without_text(house: House) -> list[str]:
    """Name the notebooks that no text stands behind."""
    found = sorted(house.notebooks.rglob("*.ipynb"))
    return [
        f"{house.name(path)}: the notebook has no text beside it. Lessons are written as text; "
        f"make one with: jupytext --to py:percent {path.relative_to(house.root).as_posix()}"
        for path in found
        if ".ipynb_checkpoints" not in path.parts and not path.with_suffix(".py").exists()
    ]


def _plan(text: Path) -> tuple[NotebookNode, str]:
    """Return the notebook that a text asks for, and how it differs from the one on disk."""
    wanted, path = notebooks.read_text(text), text.with_suffix(".ipynb")
    try:
        stored = notebooks.read_notebook(path)
    except notebooks.NotebookError:
        return wanted, CODE
    joined = notebooks.join(wanted, stored)
    if _code(joined) != _code(stored) or not _has_run(joined):
        return joined, CODE
    return joined, SAME if notebooks.to_bytes(joined) == path.read_bytes() else WORDS


def _code(notebook: NotebookNode) -> list[tuple[str, list[str]]]:
    """Return what decides a notebook's outputs: its code, and tags that say how cells are run."""
    return [
        (cell.source, sorted(_RUNNING.intersection(cell.metadata.get("tags", []))))
        for cell in notebook.cells
        if cell.cell_type == "code"
    ]


def _has_run(notebook: NotebookNode) -> bool:
    cells = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()]
    return [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))


def _task(house: House, text: Path, notebook: NotebookNode, place: Path) -> Task:
    """Write the notebook that is to be run into a temporary place, and describe its run."""
    write_whole(place / "text.ipynb", notebooks.to_bytes(notebook))
    return Task(house.name(text), place / "text.ipynb", place / "run.ipynb", text.parent)


def _settle(
    house: House, text: Path, notebook: NotebookNode, change: str, run: LessonRun | None
) -> Built:
    """Write one lesson's notebook, if it is fit to be stored and not stored already."""
    path, name = text.with_suffix(".ipynb"), house.name(text)
    if run is not None and run.executed is not None:
        notebook = notebooks.read_notebook(run.executed)
        problems = unstable_outputs(notebook, house.root)
        failure = Failure("unstable", " ".join(problems)) if problems else None
        run = LessonRun(name, run.seconds, run.peak_bytes, None if problems else path, failure)
    built = Built(name, path, change, run)
    content = notebooks.to_bytes(notebook)
    if built.fine and change != SAME and not (path.exists() and path.read_bytes() == content):
        write_whole(path, content)
    return built
