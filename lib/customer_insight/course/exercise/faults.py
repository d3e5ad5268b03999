"""What went wrong in the run of a submission, the first fault first."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from customer_insight.course.notebook import first_line
from customer_insight.course.results import plain

if TYPE_CHECKING:
    from nbformat import NotebookNode

_CHECK = "-check"
_FILE = re.compile(r" \(\d+\.py, line (\d+)\)")  # the kernel's own name of a cell
_LONGEST = 300


@dataclass(frozen=True)
class Fault:
    """A cell that raised: its id, its place in words, and the error."""

    cell: str
    place: str
    error: str


def faults_of(executed: NotebookNode, answered: Container[str]) -> list[Fault]:
    """List the cells that raised, in order, without those that follow from a task left open.

    Examples
    --------
    >>> from nbformat import v4
    >>> error = v4.new_output("error", ename="NameError", evalue="no x", traceback=[])
    >>> cells = [v4.new_code_cell("x", id=name, outputs=[error]) for name in ("t1", "t2-check")]
    >>> faults_of(v4.new_notebook(cells=cells), {"t1"})
    [Fault(cell='t1', place='task t1', error='NameError: no x')]
    """
    return [
        Fault(cell.id, place_of(cell), _error(output))
        for cell in executed.cells
        for output in _outputs(cell, "error")
        if output.ename != "UnansweredError"
        and (not cell.id.endswith(_CHECK) or cell.id.removesuffix(_CHECK) in answered)
    ]


def first_fault(faults: list[Fault], missing: Container[str]) -> str:
    """Say which fault came first, if one kept an answer from coming out; else an empty text."""
    if not any(fault.cell.removesuffix(_CHECK) in missing for fault in faults):
        return ""
    return f"The first fault is in {faults[0].place}: {faults[0].error}"


def why_missing(executed: NotebookNode, faults: list[Fault], task: str) -> str:
    """Say why a task has no answer although something stands there: its error, or its check."""
    own = [fault for fault in faults if fault.cell.removesuffix(_CHECK) == task]
    if own:
        return f"It raised {own[0].error}"
    (check,) = (cell for cell in executed.cells if cell.id == f"{task}{_CHECK}")
    words = "".join(output.text for output in _outputs(check, "stream")).strip()
    return f"Its check said: {plain(words)[:_LONGEST]}" if words else "Its check did not take it."


def place_of(cell: Any) -> str:
    """Return in words which cell of a submission it is."""
    task = cell.id.removesuffix(_CHECK)
    if re.fullmatch(r"t\d+", task):
        return f"task {task}" if task == cell.id else f"the check of task {task}"
    return f"the cell `{plain(first_line(cell.source))}`"


def _outputs(cell: Any, kind: str) -> Iterator[Any]:
    return (output for output in cell.get("outputs", ()) if output.output_type == kind)


def _error(output: Any) -> str:
    words = plain(f"{output.ename}: {output.evalue}").split("\n")[0]
    return _FILE.sub(r" (line \1)", words)
