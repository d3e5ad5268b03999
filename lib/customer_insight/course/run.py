"""Run lessons and keep the executed copies, from which the book is made."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from customer_insight.course import parameters
from customer_insight.course.house import House, choose_lessons
from customer_insight.course.notebook import NotebookError, read_notebook
from customer_insight.course.results import LessonRun
from customer_insight.course.supervise import Limits, Task, execute


def run_lessons(
    house: House,
    wanted: Iterable[str | Path] = (),
    *,
    settings: Iterable[tuple[str, str]] = (),
    limits: Limits | None = None,
    report: Callable[[LessonRun], None] | None = None,
) -> list[LessonRun]:
    """Run lessons in parallel and write the executed copies to ``house.executed``.

    Names and settings are checked before anything starts. The copy of an earlier run is replaced
    when the lesson has run to its end; after a failure it is as it was. A copy that ran with other
    settings than those of the lesson says so below its title.

    Parameters
    ----------
    house : House
        Where the lessons are.
    wanted : iterable of str or Path
        Lessons, chapters or paths as in `choose_lessons`; nothing means all.
    settings : iterable of (str, str)
        Names and values for the lessons' ``parameters`` cells, as typed.
    limits : Limits, optional
        How many lessons run at once, time a cell, output a lesson.
    report : callable, optional
        Called with each `LessonRun` as soon as it is known.

    Returns
    -------
    list of LessonRun
        In reading order.

    Raises
    ------
    HouseError
        If a name fits no lesson.
    ParameterError
        If a setting is unknown to one of the lessons, or its value does not fit.
    """
    texts = choose_lessons(house, wanted)
    settings = list(settings)
    tasks = [_task(house, text, settings) for text in texts]
    return execute(tasks, limits=limits, report=report)


def _task(house: House, text: Path, settings: list[tuple[str, str]]) -> Task:
    """Describe the run of one lesson; its settings are checked here."""
    name, notebook = house.name(text), text.with_suffix(".ipynb")
    return Task(
        name=name,
        source=notebook,
        target=house.executed / f"{name}.ipynb",
        folder=notebook.parent,
        parameters=_values(notebook, settings, name) if settings else {},
    )


def _values(notebook: Path, settings: list[tuple[str, str]], name: str) -> dict[str, Any]:
    try:
        offered = parameters.defaults(read_notebook(notebook))
    except NotebookError as error:
        raise parameters.ParameterError(f"The settings of {name} cannot be read. {error}") from None
    return parameters.values(settings, offered, lesson=name)
