"""The texts of a notebook, each with the words that say where it stands."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from customer_insight.course.notebook import heading_above

if TYPE_CHECKING:
    from nbformat import NotebookNode

_BLOB = re.compile(r"[A-Za-z0-9+/]{24,}={0,2}")
_NO_TEXT = {"checksum", "id", "grade_id"}  # nbgrader's checksums, and cells' ids


@dataclass(frozen=True)
class Place:
    """A text of a notebook: ``where`` it stands, and whether its lines are those of a cell."""

    where: str
    text: str
    lines: bool = False

    def at(self, position: int) -> str:
        """Return where a position of the text is, in words."""
        if not self.lines:
            return self.where
        return f"{self.where}, line {self.text.count(chr(10), 0, position) + 1} of its cell"


def places(notebook: NotebookNode) -> list[Place]:
    """Return all texts of a notebook, what is hidden in base64 included.

    Parameters
    ----------
    notebook : NotebookNode
        Of nbformat 4.

    Returns
    -------
    list of Place
        For each cell what is written in it, and all else that is stored with it; then the
        notebook's metadata. Ids and checksums are left out.
    """
    found = []
    for index, cell in enumerate(notebook.cells):
        under = f"under {heading_above(notebook, index)!r}"
        found.append(Place(under, cell.source, lines=True))
        rest = {name: part for name, part in cell.items() if name != "source"}
        found.append(Place(f"in what is stored with a cell {under}", _joined(rest)))
    found.append(Place("in the notebook's metadata", _joined(notebook.metadata)))
    return found + [hidden for place in found for hidden in _hidden(place)]


def _joined(part: Any) -> str:
    return "\n".join(_texts(part))


def _hidden(place: Place) -> Iterator[Place]:
    """Yield what base64 in a text says."""
    for blob in _BLOB.findall(place.text):
        padded = blob + "=" * (-len(blob) % 4)
        try:
            yield Place(f"{place.where}, in base64", base64.b64decode(padded).decode())
        except ValueError:
            continue


def _texts(part: Any) -> Iterator[str]:
    if isinstance(part, str):
        yield part
    elif isinstance(part, Mapping):
        for name, value in part.items():
            if name not in _NO_TEXT:
                yield from _texts(value)
    elif isinstance(part, (list, tuple)):
        for value in part:
            yield from _texts(value)
    elif isinstance(part, float):
        yield json.dumps(part)
