"""A lesson's text and its notebook: read, joined, tidied and written."""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from customer_insight.course.sections import sections_of_cells

if TYPE_CHECKING:
    from nbformat import NotebookNode

PERCENT = {"extension": ".py", "format_name": "percent"}
KERNELSPEC = {"display_name": "Python 3", "language": "python", "name": "python3"}
_NOISE = {"papermill", "execution", "lines_to_next_cell", "jupytext", "collapsed", "scrolled"}
_WIDGET = "application/vnd.jupyter.widget-view+json"


class NotebookError(ValueError):
    """A text or a notebook cannot be read as one."""


def read_text(path: Path) -> NotebookNode:
    """Read a lesson's text (jupytext's percent format) as a notebook without outputs.

    Parameters
    ----------
    path : Path
        The ``.py`` file. What stands behind ``# %%`` (``tags=["C1.2f"]``) becomes the cell's
        metadata.

    Returns
    -------
    NotebookNode
        Cells with source and metadata, each with an id made from what it says; empty ones without
        metadata are left out.

    Raises
    ------
    NotebookError
        If the file is missing, is not UTF-8 text, has a broken header or no cells.
    """
    import jupytext

    try:
        notebook = jupytext.reads(path.read_text(encoding="utf-8"), fmt=PERCENT)
    except Exception as error:
        raise NotebookError(
            f"The lesson's text {path} cannot be read ({first_line(error)}). A lesson is a "
            "UTF-8 text in jupytext's percent format; get it again from the repository."
        ) from error
    cells = [
        cell for cell in notebook.cells if cell.source.strip() or _kept_metadata(cell.metadata)
    ]
    if not cells:
        raise NotebookError(f"The lesson's text {path} has no cells: a cell starts with `# %%`.")
    return _settle(_without_ids(cells))


def read_notebook(path: Path) -> NotebookNode:
    """Read a notebook file of format 4.

    Raises
    ------
    NotebookError
        If the file is missing or is no notebook.
    """
    import nbformat

    if not path.is_file():
        raise NotebookError(
            f"There is no notebook at {path}. It is built from the text beside it: call "
            "`course build`."
        )
    try:
        notebook = nbformat.read(path, as_version=4)
        nbformat.validate(notebook)
    except Exception as error:
        raise NotebookError(
            f"{path} is not a notebook that can be read ({first_line(error)}). Remove it and call "
            "`course build`, which makes it again from the text beside it."
        ) from error
    return notebook


def join(text: NotebookNode, stored: NotebookNode | None) -> NotebookNode:
    """Join a text's cells with the ids and outputs of the notebook built from it before.

    A cell keeps its id when it moves, when it is edited, and when another is inserted before it;
    it keeps its outputs too, so a caller that finds changed code has to run it.

    Parameters
    ----------
    text : NotebookNode
        From `read_text`.
    stored : NotebookNode, optional
        The notebook as last built; left out where it is built from nothing.

    Returns
    -------
    NotebookNode
        Sources and metadata of ``text``, ids and tidied outputs of ``stored``.
    """
    from jupytext.combine import combine_inputs_with_outputs

    if stored is None:
        return tidy(text)
    source = text.copy()
    source.cells = _without_ids(text.cells)
    joined = combine_inputs_with_outputs(source, stored, fmt=PERCENT)
    for cell, own in zip(joined.cells, text.cells, strict=True):
        cell.metadata = own.metadata
    return tidy(joined)


def tidy(notebook: NotebookNode) -> NotebookNode:
    """Leave out of a notebook all that changes from run to run or from machine to machine.

    Timings, widget state, the language's version, papermill's and jupytext's notes go. Printed
    text that arrived in pieces becomes one piece. Cells without an id of their own get one.
    """
    return _settle(notebook.cells)


def to_bytes(notebook: NotebookNode) -> bytes:
    """Return the bytes of a notebook file; equal notebooks give equal bytes."""
    import nbformat

    nbformat.validate(notebook)
    text = nbformat.writes(notebook, indent=1, ensure_ascii=False, sort_keys=True)
    return (text.rstrip("\n") + "\n").encode("utf-8")


def heading_above(notebook: Mapping, index: int) -> str:
    """Return the heading nearest above a cell, or an empty text.

    Parameters
    ----------
    notebook : NotebookNode
        The notebook.
    index : int
        Place of the cell among all cells, from 0.

    Examples
    --------
    >>> from nbformat import v4
    >>> cells = [v4.new_markdown_cell("# Title"), v4.new_code_cell("1")]
    >>> heading_above(v4.new_notebook(cells=cells), 1)
    'Title'
    """
    section = sections_of_cells(notebook)[index]
    return section.title if section else ""


def first_line(error: object) -> str:
    """Return the first line of what an error says, at most 200 characters."""
    lines = str(error).strip().splitlines()
    return (lines[0] if lines else type(error).__name__)[:200]


def _settle(cells: list[NotebookNode]) -> NotebookNode:
    """Make a notebook of these cells with nothing in it but what we mean to store."""
    from nbformat import v4

    settled = []
    for cell, own_id in zip(cells, _ids(cells), strict=True):
        kept = getattr(v4, f"new_{cell.cell_type}_cell")(
            cell.source, metadata=_kept_metadata(cell.metadata)
        )
        kept.id = own_id
        if cell.cell_type == "code":
            kept.execution_count = cell.get("execution_count")
            kept.outputs = _tidy_outputs(cell.get("outputs", []))
        settled.append(kept)
    notebook = v4.new_notebook(cells=settled, metadata={"kernelspec": dict(KERNELSPEC)})
    notebook.nbformat_minor = 5
    return notebook


def _kept_metadata(metadata: dict) -> dict:
    """Return a cell's metadata without noise; an empty list of tags is noise too."""
    return {
        key: value
        for key, value in metadata.items()
        if key not in _NOISE and not (key == "tags" and not value)
    }


def _without_ids(cells: list[NotebookNode]) -> list[NotebookNode]:
    """Return copies without the random ids that reading a text gives to cells."""
    bare = [cell.copy() for cell in cells]
    for cell in bare:
        cell.pop("id", None)
    return bare


def _ids(cells: list[NotebookNode]) -> list[str]:
    """Return an id for each cell: its own, or one made from what it says where it has none.

    Where two cells have the same id, the first keeps it.
    """
    ids: list[str] = []
    for cell in cells:
        known = cell.get("id", "")
        ids.append("" if known in ids else known)
    for place, cell in enumerate(cells):
        turn = 0
        while not ids[place]:
            said = f"{turn}:{cell.cell_type}:{cell.source}"
            made = hashlib.sha256(said.encode()).hexdigest()[:8]
            ids[place] = "" if made in ids else made
            turn += 1
    return ids


def _tidy_outputs(outputs: list[NotebookNode]) -> list[NotebookNode]:
    """Join neighbouring pieces of one stream, and drop what only a living widget could show."""
    tidied: list[NotebookNode] = []
    for output in copy.deepcopy(outputs):
        last = tidied[-1] if tidied else None
        if _stream(output) and last is not None and _stream(output) == _stream(last):
            last.text += output.text
        else:
            output.get("data", {}).pop(_WIDGET, None)
            tidied.append(output)
    return tidied


def _stream(output: NotebookNode) -> str:
    return output.name if output.output_type == "stream" else ""
