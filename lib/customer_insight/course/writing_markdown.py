"""A cell of prose taken apart: headings, paragraphs, bullets, tables, words and sentences."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_WORD = re.compile(r"\w+(?:['’.,/-]\w+)*")
_SENTENCE_END = re.compile(r"[.!?][\"'”’)\]]*(?=\s|$)|[。！？]")
_LABEL = re.compile(r"\*\*(.+?)\*\*\s*")


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, paragraph, bullet, table row or listing in a cell of prose.

    ``kind`` is heading, paragraph, item, head, row or code; ``text`` what a reader sees without
    its formulas, a line break where the source has one; ``prose`` the same with a dot for each
    piece of code; ``raw`` the source; ``cells`` the columns of a table's row.
    """

    kind: str
    text: str
    prose: str
    raw: str
    cell: int
    line: int
    level: int = 0
    cells: tuple[str, ...] = ()
    pictures: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """Return the words in bold at the start, such as "Reading.", or nothing."""
        match = _LABEL.match(self.raw) if self.kind == "paragraph" else None
        return match[1] if match else ""

    @property
    def unlabelled(self) -> str:
        """Return the text after the label."""
        return self.text.removeprefix(self.label).strip() if self.label else self.text


def blocks(source: str, *, cell: int = 1, line: int = 1) -> Iterator[Block]:
    r"""Yield the blocks of a cell of prose, in order.

    Parameters
    ----------
    source : str
        Markdown, as the book reads it: with tables and formulas.
    cell : int
        The cell's number.
    line : int
        The line on which its source begins.

    Yields
    ------
    Block
        Formulas on lines of their own are left out.

    Examples
    --------
    >>> [(b.kind, b.text, b.line) for b in blocks("## The data\n\n- *one*\n- $x^2$ and `two`")]
    [('heading', 'The data', 1), ('item', 'one', 3), ('item', '· and two', 4)]
    """
    above: list[Token] = []
    columns: list[Token] = []
    for token in _parser().parse(source):
        if token.nesting == 1:
            above.append(token)
        elif token.nesting == -1:
            if above.pop().type == "tr_open":
                yield _row(columns, cell, line)
                columns = []
        elif token.type == "inline" and above[-1].type in ("th_open", "td_open"):
            token.meta["head"] = above[-1].type == "th_open"
            columns.append(token)
        elif token.type == "inline":
            yield _block(token, above, cell, line)
        elif token.type in ("fence", "code_block"):
            yield Block("code", token.content, "", token.content, cell, line + token.map[0])


def words(text: str) -> int:
    """Return how many words a text has.

    Examples
    --------
    >>> words("A one-time buyer's 1,411 visits - no more.")
    7
    """
    return len(_WORD.findall(text))


def sentences(text: str) -> Iterator[tuple[int, str]]:
    """Yield the sentences of a text, each with the place where it begins.

    Examples
    --------
    >>> [sentence.strip() for _, sentence in sentences('It is 3.7. "Why?" Nobody knows')]
    ['It is 3.7.', '"Why?"', 'Nobody knows']
    """
    start = 0
    for end in _SENTENCE_END.finditer(text):
        yield start, text[start : end.end()]
        start = end.end()
    if text[start:].strip():
        yield start, text[start:]


def _block(token: Token, above: list[Token], cell: int, line: int) -> Block:
    """Return a heading, a bullet or a paragraph."""
    kinds = {"heading_open": "heading", "list_item_open": "item"}
    kind = next((kinds[t.type] for t in reversed(above) if t.type in kinds), "paragraph")
    return Block(
        kind=kind,
        text=_plain(token),
        prose=_plain(token, code=False),
        raw=token.content,
        cell=cell,
        line=line + token.map[0],
        level=int(above[-1].tag[1]) if kind == "heading" else 0,
        pictures=tuple(child.content for child in token.children if child.type == "image"),
    )


def _row(columns: list[Token], cell: int, line: int) -> Block:
    """Return a row of a table, or its head."""
    return Block(
        kind="head" if columns[0].meta["head"] else "row",
        text=" | ".join(_plain(column) for column in columns),
        prose=" | ".join(_plain(column, code=False) for column in columns),
        raw=" | ".join(column.content for column in columns),
        cell=cell,
        line=line + columns[0].map[0],
        cells=tuple(_plain(column).strip() for column in columns),
    )


def _plain(inline: Token, *, code: bool = True) -> str:
    """Return what a reader sees of a piece of Markdown, without its formulas."""
    breaks = {"softbreak": "\n", "hardbreak": "\n", "math_inline": "·", "html_inline": ""}
    parts = []
    for child in inline.children or ():
        if child.type == "code_inline" and not code:
            parts.append("·")
        else:
            parts.append(breaks.get(child.type, child.content))
    return "".join(parts)


@functools.cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt
    from mdit_py_plugins.dollarmath import dollarmath_plugin

    return MarkdownIt("commonmark").enable("table").use(dollarmath_plugin)
