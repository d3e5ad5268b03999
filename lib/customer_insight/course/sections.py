"""A notebook's headings: its title, and the section that each of its cells stands in."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise


class HeadingError(ValueError):
    """A notebook whose headings cannot make a page of the book."""


@dataclass(frozen=True, slots=True)
class Section:
    """A heading: its text, its level (1 is the title), and its anchor on the page."""

    title: str
    level: int
    anchor: str


def sections_of_cells(notebook: Mapping) -> list[Section | None]:
    """Return for every cell the section that it stands in: the last heading up to its end.

    Parameters
    ----------
    notebook : Mapping
        A notebook of format 4, as nbformat reads it.

    Returns
    -------
    list of Section or None
        One entry a cell; None before the first heading.

    Examples
    --------
    >>> cells = [{"cell_type": "markdown", "source": "## The data"},
    ...          {"cell_type": "code", "source": "1"}]
    >>> [section.anchor for section in sections_of_cells({"cells": cells})]
    ['the-data', 'the-data']
    """
    from myst_parser.slugs import github_slugify, unique_slug

    anchors: set[str] = set()
    last, found = None, []
    for cell in notebook["cells"]:
        for level, title in _headings(cell):
            anchor = unique_slug(github_slugify(title), anchors)
            anchors.add(anchor)
            last = Section(title.strip(), level, anchor)
        found.append(last)
    return found


def lesson_title(notebook: Mapping, name: str) -> str:
    """Return the title of a notebook: its only heading of level 1, which stands first.

    Parameters
    ----------
    notebook : Mapping
        A notebook of format 4.
    name : str
        What to call it in an error.

    Returns
    -------
    str
        The title's text.

    Raises
    ------
    HeadingError
        If the first heading is not of level 1, or a second one is.
    """
    headings = [heading for cell in notebook["cells"] for heading in _headings(cell)]
    titles = [title for level, title in headings if level == 1]
    if not headings or headings[0][0] != 1 or len(titles) != 1:
        raise HeadingError(
            f"{name} has {len(titles)} headings of level 1 ('# ...'), and must have one, before "
            "all others: it is the lesson's title in the book. Give sections level 2 ('## ...')."
        )
    return titles[0].strip()


def _headings(cell: Mapping) -> Iterator[tuple[int, str]]:
    """Yield level and text of a cell's headings; a line of code that starts with # is none."""
    if cell["cell_type"] != "markdown":
        return
    from markdown_it import MarkdownIt
    from mdit_py_plugins.dollarmath import dollarmath_plugin

    tokens = MarkdownIt("commonmark").use(dollarmath_plugin).parse(cell["source"])
    for opening, inline in pairwise(tokens):
        if opening.type == "heading_open" and opening.level == 0:
            # A formula is no part of an anchor, neither here nor in the book.
            kept = (c.content for c in inline.children if c.type in ("text", "code_inline"))
            yield int(opening.tag[1]), "".join(kept)
