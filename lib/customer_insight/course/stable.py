"""What a stored output must not hold, because it changes from run to run or place to place."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from customer_insight.course.notebook import first_line, heading_above
from customer_insight.course.results import plain

if TYPE_CHECKING:
    from nbformat import NotebookNode

_ADDRESS = re.compile(r"<[^<>\n]{1,200} at 0x[0-9a-fA-F]{6,}>")


def unstable_outputs(notebook: NotebookNode, root: Path) -> list[str]:
    """List the outputs that would differ in another run or on another machine.

    Three things are looked for: text on standard error (a warning, with the path of a temporary
    file in it), the address of an object in memory, and a path of this machine.

    Parameters
    ----------
    notebook : NotebookNode
        An executed notebook.
    root : Path
        The repository's folder, whose path must not be stored.

    Returns
    -------
    list of str
        One sentence a problem, naming section and cell and what to do.

    Examples
    --------
    >>> from nbformat import v4
    >>> bad = v4.new_output("stream", name="stdout", text="<Model object at 0x7f00aa00bb00>")
    >>> cells = [v4.new_markdown_cell("# Fit"), v4.new_code_cell("model", outputs=[bad])]
    >>> print(*unstable_outputs(v4.new_notebook(cells=cells), Path("/repository")))
    Section 'Fit', cell `model`: the output holds an object's address ('<Model object at \
0x7f00aa00bb00>'). Show a table or a number instead.
    """
    problems = []
    for index, cell in enumerate(notebook.cells):
        for output in cell.get("outputs", []):
            problem = _problem(output, str(root.resolve()))
            if problem:
                place = f"Section {heading_above(notebook, index)!r}"
                problems.append(f"{place}, cell `{first_line(cell.source)}`: {problem}")
    return problems


def _problem(output: Any, root: str) -> str:
    """Say what is wrong with one output, or nothing."""
    text = _text(output)
    if output.output_type == "stream" and output.name == "stderr":
        return (
            f"it writes to standard error ({plain(first_line(text))!r}). Mend what the warning is "
            "about; a stored lesson has none."
        )
    address = _ADDRESS.search(text)
    if address:
        return (
            f"the output holds an object's address ({address.group()!r}). Show a table or a number "
            "instead."
        )
    if root in text:
        return "the output holds a path of this machine. Show the file's name alone."
    return ""


def _text(output: Any) -> str:
    """Return all that an output says in words."""
    if output.output_type == "stream":
        return output.text
    parts = [value for kind, value in output.get("data", {}).items() if kind.startswith("text/")]
    return "\n".join([*(str(part) for part in parts), *output.get("traceback", [])])
