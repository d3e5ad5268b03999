"""What a person sees of a run: progress on standard error, a table and failures on output."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from customer_insight.course.build import CODE, SAME, WORDS, Built
from customer_insight.course.results import Failure, LessonRun

_DONE = {SAME: "as its text", WORDS: "words written", CODE: "run and written"}


@contextmanager
def progress(what: str, total: int | None = None) -> Iterator[Callable[[LessonRun], None]]:
    """Show progress while the block runs: a bar on a terminal, a line a lesson elsewhere.

    Parameters
    ----------
    what : str
        What is going on, such as "Running".
    total : int, optional
        How many lessons there will be, if known.

    Yields
    ------
    callable
        To be called with each `LessonRun` when it is done.
    """
    console = Console(stderr=True, highlight=False)
    if not console.is_terminal:
        yield lambda run: console.print(Text(f"{run.lesson}: {_ended(run)}"), soft_wrap=True)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeElapsedColumn(), console=console, transient=True) as bar:
        task = bar.add_task(what, total=total)

        def report(run: LessonRun) -> None:
            bar.print(Text(f"{run.lesson}: {_ended(run)}"))
            bar.advance(task)

        yield report


@contextmanager
def counting(what: str) -> Iterator[Callable[[int, int], None]]:
    """Show on a terminal how much is done while the block runs; elsewhere nothing.

    Parameters
    ----------
    what : str
        What is going on, such as "Drawing".

    Yields
    ------
    callable
        To be called with what is done and what there is in all.
    """
    console = Console(stderr=True, highlight=False)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(
        *columns,
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    ) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, of: bar.update(task, completed=done, total=of)


def print_runs(runs: Sequence[LessonRun], console: Console | None = None) -> None:
    """Print the lessons' seconds and peak memory, where the copies are, what failed and where."""
    console = console or Console(highlight=False)
    table = Table("Lesson", "Ended", box=None, pad_edge=False)
    table.add_column("Seconds", justify="right")
    table.add_column("Peak MB", justify="right")
    for run in runs:
        ended = "ran" if run.failure is None else run.failure.kind
        memory = f"{run.peak_bytes / 1e6:.0f}" if run.peak_bytes else "-"
        table.add_row(Text(run.lesson), ended, f"{run.seconds:.1f}", memory)
    console.print(table)
    copies = [run.executed for run in runs if run.executed is not None]
    if copies:
        place = copies[0] if len(copies) == 1 else os.path.commonpath(copies)
        console.print(Text(f"Executed {'copy' if len(copies) == 1 else 'copies'}: {place}"),
                      soft_wrap=True)  # fmt: skip
    for run in runs:
        if run.failure is not None:
            console.print(failure_text(run.lesson, run.failure), soft_wrap=True)


def print_built(built: Sequence[Built], console: Console | None = None) -> None:
    """Print what became of each notebook, and below it what failed and where."""
    console = console or Console(highlight=False)
    table = Table("Lesson", "Notebook", box=None, pad_edge=False)
    for one in built:
        table.add_row(Text(one.lesson), _DONE[one.change] if one.fine else "not written")
    console.print(table)
    for one in built:
        if one.run is not None and one.run.failure is not None:
            console.print(failure_text(one.lesson, one.run.failure), soft_wrap=True)


def print_data_sets(found: Sequence[Any], console: Console | None = None) -> None:
    """Print which data sets there are, where each was found, and how to get the rest."""
    console = console or Console(highlight=False)
    table = Table(box=None, pad_edge=False)
    table.add_column("Data set", no_wrap=True)
    table.add_column("What it is")
    table.add_column("Rows", justify="right")
    table.add_column("Found in")
    for one in found:
        table.add_row(one.name, Text(one.title), f"{one.rows:,}", one.found or "-")
    console.print(table)
    missing = [one.get for one in found if not one.found]
    if missing:
        console.print("\nGet one that is not there:", *missing, sep="\n  ", soft_wrap=True)


def failure_text(lesson: str, failure: Failure) -> Text:
    r"""Return a failure in words: the lesson, the section, the cell, the error, the traceback.

    Examples
    --------
    >>> failure = Failure("raised", "ZeroDivisionError: division by zero", "Fit", 2, "1 / 0")
    >>> print(failure_text("05_clv/1_worth", failure))
    <BLANKLINE>
    05_clv/1_worth, section 'Fit', code cell 2 (1 / 0), raised:
      ZeroDivisionError: division by zero
    """
    section = f", section {failure.section!r}" if failure.section else ""
    cell = f", code cell {failure.cell} ({failure.code})" if failure.cell else ""
    lines = [f"\n{lesson}{section}{cell}, {failure.kind}:", *failure.error.splitlines()]
    return Text("\n  ".join([*lines, *(f"| {line}" for line in failure.traceback)]))


def _ended(run: LessonRun) -> str:
    how = "ran" if run.failure is None else run.failure.kind
    return f"{how} in {run.seconds:.1f} s"
