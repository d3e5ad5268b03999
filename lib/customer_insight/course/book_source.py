"""What the book is made from: the lessons as executed, readied for pages that hold no scripts."""

import re
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from pathlib import Path

_WIDGET = "application/vnd.jupyter.widget-view+json"
_PLAY = (
    '<p class="play">Here the lesson has controls to play with. They work where its code runs: '
    "open the lesson in JupyterLab with <code>make lab</code>.</p>"
)
_LOADED = {
    "audio": "src", "embed": "src", "iframe": "src", "img": "src", "input": "src", "link": "href",
    "object": "data", "script": "src", "source": "src", "track": "src", "video": "src",
}  # fmt: skip
_OUTSIDE = re.compile(r"\s*(https?:)?//", re.IGNORECASE)
_CSS_OUTSIDE = re.compile(
    r"""(?:url\(|@import)\s*["']?\s*((?:https?:)?//[^"')\s;]+)""", re.IGNORECASE
)
_NO_REQUEST = {"canonical", "license", "author"}


def page_notebook(notebook: dict) -> dict:
    """Return a copy of an executed notebook as the book shows it.

    The state of widgets goes; where a widget stood with nothing static beside it, a line says where
    it can be played with. Cells are coloured as Python.

    Parameters
    ----------
    notebook : dict
        A notebook of format 4.

    Returns
    -------
    dict
        The same cells, text and figures.
    """
    cells = [_page_cell(cell) for cell in notebook["cells"]]
    language = {"name": "python", "pygments_lexer": "ipython3"}
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    metadata = {"kernelspec": kernel, "language_info": language}
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": cells}


def failures(notebook: Mapping) -> list[str]:
    """Return what a notebook's cells raised, "cell 3: KeyError"; an error on purpose is tagged.

    The tag is "raises-exception": a lesson may break something in public.
    """
    return [
        f"cell {number}: {output['ename']}"
        for number, cell in enumerate(notebook["cells"], 1)
        if cell["cell_type"] == "code"
        and "raises-exception" not in cell["metadata"].get("tags", ())
        for output in cell["outputs"]
        if output["output_type"] == "error"
    ]


def outside_requests(folder: Path) -> list[str]:
    """Return every address outside that a built page or style sheet would load from by itself.

    Links that a reader may click do not count.

    Parameters
    ----------
    folder : Path
        The built book.

    Returns
    -------
    list of str
        "page.html loads https://...", in the order of the pages' names.
    """
    found = []
    for path in sorted(folder.rglob("*")):
        if path.suffix in (".html", ".css"):
            text = path.read_text(encoding="utf-8")
            loaded = _css_loads(text) if path.suffix == ".css" else _page_loads(text)
            name = path.relative_to(folder).as_posix()
            found += [f"{name} loads {address}" for address in dict.fromkeys(loaded)]
    return found


def _page_cell(cell: Mapping) -> dict:
    """Return one cell with outputs that a page without scripts can show."""
    if cell["cell_type"] != "code":
        return dict(cell)
    return {**cell, "outputs": [_page_output(output) for output in cell["outputs"]]}


def _page_output(output: Mapping) -> dict:
    """Return one output without its widget."""
    data = output.get("data", {})
    if _WIDGET not in data:
        return dict(output)
    kept = {kind: content for kind, content in data.items() if kind != _WIDGET}
    if not any(kind == "text/html" or kind.startswith("image/") for kind in kept):
        kept = {"text/html": _PLAY}
    return {**output, "data": kept}


def _css_loads(text: str) -> Iterator[str]:
    """Yield the outside addresses that a style sheet loads."""
    return (match[1] for match in _CSS_OUTSIDE.finditer(text))


def _page_loads(text: str) -> list[str]:
    """Return the outside addresses that a page loads."""
    reader = _Loads()
    reader.feed(text)
    reader.close()
    return reader.found


class _Loads(HTMLParser):
    """Collects what a page loads from outside, styles inside the page included."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element that loads something by itself."""
        given = {name: value or "" for name, value in attrs}
        address = given.get(_LOADED.get(tag, ""), "")
        if _OUTSIDE.match(address) and given.get("rel", "") not in _NO_REQUEST:
            self.found.append(address)
        self.found += [a for a in given.get("srcset", "").split() if _OUTSIDE.match(a)]
        self.found += _css_loads(given.get("style", ""))
        self._style = tag == "style"

    def handle_data(self, data: str) -> None:
        """Note what a style inside the page loads."""
        if self._style:
            self.found += _css_loads(data)

    def handle_endtag(self, tag: str) -> None:
        """Leave a style."""
        self._style = False
