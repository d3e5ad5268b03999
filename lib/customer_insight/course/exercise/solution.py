"""The instructor's notebook: the solution run, with mistakes, scorers and rubrics to read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from customer_insight.course import notebook as notebooks
from customer_insight.course.exercise.cells import (
    BEGIN,
    END,
    PROBES,
    RUBRIC,
    SCORER,
    WRONG,
    Cell,
)
from customer_insight.course.exercise.rehearsal import begin_source, run_cells
from customer_insight.course.exercise.tasks import Exercise

if TYPE_CHECKING:
    from nbformat import NotebookNode


def solution_notebook(
    exercise: Exercise, hints: Mapping[str, list[str]], outputs: Sequence[Any]
) -> NotebookNode:
    """Make the instructor's notebook.

    Parameters
    ----------
    exercise : Exercise
        All cells of the text.
    hints : mapping
        Locked hints, for the cell that opens the exercise.
    outputs : sequence
        Outputs of that cell and of the cells that run, in order.

    Returns
    -------
    NotebookNode
        Runs from top to bottom. Wrong answers, scorers and rubrics stand in words, so that a run
        passes over them.
    """
    from nbformat import NotebookNode

    running, left = {id(cell) for cell in run_cells(exercise)}, list(outputs)
    cells = [_words(exercise.cells[0])]
    cells.append(_code(begin_source(exercise, hints), left.pop(0), 1, "begin"))
    for cell in exercise.cells[1:]:
        if id(cell) in running:
            number = len(outputs) - len(left) + 1
            name = {"task": cell.task, "check": f"{cell.task}-check"}.get(cell.role, "")
            cells.append(_code(cell.source, left.pop(0), number, name))
        else:
            cells.append(_words(cell))
    return notebooks.tidy(NotebookNode(cells=cells))


def stored_outputs(stored: NotebookNode) -> list[Any]:
    """Return the outputs of a stored solution's code cells, in order."""
    return [cell.outputs for cell in stored.cells if cell.cell_type == "code"]


def _code(source: str, outputs: Any, number: int, name: str) -> NotebookNode:
    from nbformat import v4

    made = v4.new_code_cell(source, outputs=outputs, execution_count=number)
    made.id = name
    return made


def _words(cell: Cell) -> NotebookNode:
    from nbformat import v4

    made = v4.new_markdown_cell(_said(cell))
    made.id = cell.task if cell.role == "task" else ""
    return made


def _said(cell: Cell) -> str:
    """Return what stands in words for a cell."""
    if cell.role == WRONG:
        title = f"**Known wrong answer of {cell.task}: {cell.called}**"
    elif cell.role == SCORER:
        title = f"**Scorer of {'all tasks' if cell.task == 'all' else cell.task}**"
    elif cell.role == PROBES:
        title = f"**Hidden probes of {cell.task}**"
    elif cell.role == RUBRIC:
        return f"**Rubric of {cell.task}**\n\n{cell.source}"
    else:
        return cell.source.replace(f"{BEGIN}\n", "").replace(f"\n{END}", "")
    return f"{title}\n\n```python\n{cell.source}\n```"
