"""The glossary: every term that a lesson introduces, in both languages, with its meaning."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from customer_insight.course.house import House, lesson_texts
from customer_insight.course.notebook import read_text
from customer_insight.course.writing_markdown import Block, blocks

if TYPE_CHECKING:
    from nbformat import NotebookNode

TERM_COLUMNS = ("term", "中文", "what it means here")


@dataclass(frozen=True, slots=True)
class Term:
    """A term in English and in Chinese, what it means, and the lessons that introduce it."""

    en: str
    zh: str
    meaning: str
    lessons: tuple[str, ...]


def terms(house: House) -> list[Term]:
    """Return every term of the lessons' term tables, in alphabetical order of the English ones.

    A term that lessons explain in the same words stands once, with all of them. Where they differ
    in Chinese or in meaning it stands once for each; ``course writing`` names such terms.

    Parameters
    ----------
    house : House
        The repository; the lessons' texts are read, not what was run.

    Returns
    -------
    list of Term
        Lessons are names such as "05_clv/3_buy_till_you_die", in reading order.

    Raises
    ------
    NotebookError
        If a lesson's text cannot be read.
    """
    return terms_of({house.name(text): read_text(text) for text in lesson_texts(house)})


def terms_of(notebooks: Mapping[str, NotebookNode]) -> list[Term]:
    r"""Return the terms of these lessons, as `terms` does.

    Parameters
    ----------
    notebooks : mapping of str to NotebookNode
        Lessons by name, in reading order; the term table stands in the first cell.

    Returns
    -------
    list of Term
        A row of a table that lacks a column is left out.

    Examples
    --------
    >>> from nbformat import v4
    >>> table = "| term | 中文 | what it means here |\n|---|---|---|\n| churn | 流失 | to leave |"
    >>> terms_of({"1_a": v4.new_notebook(cells=[v4.new_markdown_cell(table)])})
    [Term(en='churn', zh='流失', meaning='to leave', lessons=('1_a',))]
    """
    found: dict[tuple[str, ...], Term] = {}
    for name, notebook in notebooks.items():
        first = next((c.source for c in notebook.cells[:1] if c.cell_type == "markdown"), "")
        for row in term_rows(blocks(first)):
            if not all(row.cells):
                continue
            key = tuple(alike(column) for column in row.cells)
            known = found.get(key, Term(*row.cells, lessons=()))
            places = tuple(dict.fromkeys((*known.lessons, name)))
            found[key] = Term(known.en, known.zh, known.meaning, places)
    return sorted(found.values(), key=lambda term: (alike(term.en), term.zh, term.meaning))


def term_rows(lesson: Iterable[Block]) -> list[Block]:
    """Return the rows of a lesson's term table: in its first cell, with the three known columns."""
    rows: list[Block] = []
    inside = False
    for block in lesson:
        if block.cell == 1 and block.kind == "head":
            inside = block.cells == TERM_COLUMNS
        elif block.cell == 1 and block.kind == "row" and inside:
            rows.append(block)
    return rows


def alike(text: str) -> str:
    """Return a text by which equal terms are known: without case, extra spaces, a last stop.

    Examples
    --------
    >>> alike("The customer  stops.") == alike("the customer stops")
    True
    """
    return " ".join(text.casefold().split()).rstrip(".。")
