"""A lesson as its reader meets it: cells, blocks of prose and sections, each with its line."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from customer_insight.course.notebook import join, read_notebook, read_text
from customer_insight.course.writing_markdown import Block, blocks


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """Something that a lesson lacks: where, and in words what and how to mend it."""

    lesson: str
    line: int
    cell: int
    section: str
    what: str

    def __str__(self) -> str:
        """Return the problem with its place in words."""
        section = f", section {self.section!r}" if self.section else ""
        return f"{self.lesson}{section}, cell {self.cell}, line {self.line}: {self.what}"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: its number among all cells from 1, and the text's line where its source begins.

    ``tree`` is the parsed code, None for a cell of prose and for code that Python cannot read.
    """

    number: int
    kind: str
    source: str
    line: int
    tags: tuple[str, ...] = ()
    outputs: tuple[Mapping, ...] = ()
    tree: ast.Module | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A heading of level 2 with all that stands below it, up to the next of its kind."""

    title: str
    line: int
    blocks: tuple[Block, ...]
    code: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Lesson:
    """A parsed lesson.

    ``topics`` are the terms that the curriculum gives it, in the source's language; ``size`` is
    the built notebook's in bytes, None where it is not built.
    """

    name: str
    cells: tuple[Cell, ...]
    blocks: tuple[Block, ...]
    sections: tuple[Section, ...]
    topics: tuple[str, ...] = ()
    size: int | None = None

    @property
    def code(self) -> tuple[Cell, ...]:
        """Return the cells of code."""
        return tuple(cell for cell in self.cells if cell.kind == "code")

    def problem(self, line: int, what: str) -> Problem:
        """Return a problem at a line of the text, with its section and cell."""
        cell = max((c.number for c in self.cells if c.line <= line), default=1)
        section = next((s.title for s in reversed(self.sections) if s.line <= line), "")
        return Problem(self.name, line, cell, section, what)


def read_lesson(text: Path, *, name: str, topics: tuple[str, ...] = ()) -> Lesson:
    """Read a lesson's text, with the outputs of the notebook beside it where there is one.

    Parameters
    ----------
    text : Path
        The ``.py`` file.
    name : str
        What to call the lesson, such as "05_clv/3_buy_till_you_die".
    topics : tuple of str
        The curriculum's terms for it.

    Returns
    -------
    Lesson
        Cells, blocks and sections; lines count from 1 in the text.

    Raises
    ------
    NotebookError
        If the text or the notebook cannot be read as one.
    """
    built = text.with_suffix(".ipynb")
    stored = read_notebook(built) if built.is_file() else None
    nodes = join(read_text(text), stored).cells
    lines = _first_lines(text.read_text(encoding="utf-8"), [node.source for node in nodes])
    cells = tuple(
        _cell(number, node, line)
        for number, (node, line) in enumerate(zip(nodes, lines, strict=True), 1)
    )
    found = tuple(
        block
        for cell in cells
        if cell.kind == "markdown"
        for block in blocks(cell.source, cell=cell.number, line=cell.line)
    )
    size = built.stat().st_size if stored is not None else None
    return Lesson(name, cells, found, tuple(_sections(found, cells)), topics, size)


def source_blocks(lesson: Lesson) -> frozenset[Block]:
    """Return the blocks of the section "Sources", which quotes what others wrote."""
    return frozenset(b for s in lesson.sections if s.title == "Sources" for b in s.blocks)


def _first_lines(text: str, sources: list[str]) -> list[int]:
    """Return for each cell the line of the text on which its source begins, from 1."""
    lines = text.splitlines()
    found, at = [], 0
    for source in sources:
        first = source.lstrip("\n").split("\n", 1)[0].strip()
        starts = (n for n in range(at, len(lines)) if n == 0 or lines[n - 1].startswith("# %%"))
        near = (k for n in starts for k in range(n, min(n + 3, len(lines))) if first in lines[k])
        begin = next(near, at)
        found.append(begin + 1)
        at = begin + 1
    return found


def _cell(number: int, node: Mapping, line: int) -> Cell:
    """Return one cell with its code parsed."""
    tree = None
    if node["cell_type"] == "code":
        try:
            tree = ast.parse(node["source"])
        except SyntaxError:
            tree = None
    return Cell(
        number=number,
        kind=node["cell_type"],
        source=node["source"],
        line=line,
        tags=tuple(node["metadata"].get("tags", ())),
        outputs=tuple(node.get("outputs", ())),
        tree=tree,
    )


def _sections(blocks: tuple[Block, ...], cells: tuple[Cell, ...]) -> Iterator[Section]:
    """Yield the sections, each with its blocks and its cells of code."""
    heads = [block for block in blocks if block.kind == "heading" and block.level == 2]
    ends = [head.line for head in heads[1:]] + [10**9]
    for head, end in zip(heads, ends, strict=True):
        inside = tuple(block for block in blocks if head.line < block.line < end)
        code = tuple(c for c in cells if c.kind == "code" and head.line < c.line < end)
        yield Section(head.text.strip(), head.line, inside, code)
