"""Rules on single cells: settings, lengths, and prose before code."""

import ast
import io
import tokenize
from collections.abc import Iterable, Iterator

from customer_insight.course.writing_calls import show_calls
from customer_insight.course.writing_lesson import Cell, Lesson, Problem, source_blocks
from customer_insight.course.writing_markdown import Block, words

LOGICAL_LINES, PHYSICAL_LINES = 16, 24
LONGEST_PROSE, SHORTEST_LEAD, CODE_IN_A_ROW = 180, 20, 3


def parameters_cell(lesson: Lesson) -> Iterator[Problem]:
    """Check that the second cell alone is tagged ``parameters`` and explains each setting."""
    tagged = [cell for cell in lesson.cells if "parameters" in cell.tags]
    if [cell.number for cell in tagged] != [2] or tagged[0].kind != "code":
        found = ", ".join(str(cell.number) for cell in tagged) or "none"
        yield lesson.problem(
            1, f'the second cell, and no other, is code with tags=["parameters"]; found: {found}'
        )
        return
    (cell,) = tagged
    if cell.tree is not None and not cell.tree.body:
        yield lesson.problem(cell.line, "the parameters cell sets nothing")
    beside, above = _comment_lines(cell.source)
    for statement in cell.tree.body if cell.tree else ():
        line = cell.line + statement.lineno - 1
        if not _sets_a_literal(statement):
            yield lesson.problem(
                line, "the parameters cell holds only NAME = VALUE, the value written out"
            )
        elif statement.lineno - 1 not in above and not beside & set(
            range(statement.lineno, statement.end_lineno + 1)
        ):
            yield lesson.problem(
                line, f"setting {ast.unparse(statement)!r} has no comment on its unit or meaning"
            )


def code_length(lesson: Lesson) -> Iterator[Problem]:
    """Check that a cell of code is plain Python of at most 16 logical and 24 physical lines.

    A logical line is a statement, however the formatter wraps it. Blank lines and lines that hold
    only a comment count neither way; a cell that is one ``show.question`` is words, and longer.
    """
    for cell in lesson.code:
        if cell.tree is None:
            yield lesson.problem(cell.line, "the cell is not plain Python: no magics, no shell")
            continue
        logical, physical = _lines(cell.source)
        if len(cell.tree.body) == 1 and show_calls(cell, "question"):
            continue
        if logical > LOGICAL_LINES or physical > PHYSICAL_LINES:
            yield lesson.problem(
                cell.line,
                f"the cell has {logical} statements on {physical} lines; at most {LOGICAL_LINES} "
                f"on {PHYSICAL_LINES}. Split it, or move work into the library",
            )


def prose_length(lesson: Lesson) -> Iterator[Problem]:
    """Check that a cell of prose has at most 180 words, tables, formulas and sources apart."""
    sources = source_blocks(lesson)
    for cell in lesson.cells:
        count = _prose_words([block for block in lesson.blocks if block not in sources], cell)
        if count > LONGEST_PROSE:
            yield lesson.problem(
                cell.line, f"the cell has {count} words; at most {LONGEST_PROSE}, so split it"
            )


def prose_before_code(lesson: Lesson) -> Iterator[Problem]:
    """Check that three cells of code at most stand in a row, after 20 words or more.

    Cells that only ask by ``show.question`` need no words before them and break no row.
    """
    said = [block for block in lesson.blocks if block.kind != "heading"]
    row, before = 0, None
    for cell in lesson.cells:
        if cell.kind != "code":
            row, before = 0, cell
            continue
        if cell.tree is not None and show_calls(cell, "question"):
            continue
        row += 1
        if row == 1 and (before is None or _prose_words(said, before) < SHORTEST_LEAD):
            yield lesson.problem(
                cell.line,
                f"say in {SHORTEST_LEAD} words or more, in a cell before it, what the code will "
                "show and why",
            )
        elif row == CODE_IN_A_ROW + 1:
            yield lesson.problem(
                cell.line, f"more than {CODE_IN_A_ROW} cells of code in a row; put prose between"
            )


def _prose_words(blocks: Iterable[Block], cell: Cell) -> int:
    kinds = ("heading", "paragraph", "item")
    return sum(words(b.text) for b in blocks if b.cell == cell.number and b.kind in kinds)


def _sets_a_literal(statement: ast.stmt) -> bool:
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    if isinstance(statement, ast.AnnAssign):
        targets = [statement.target]
    if len(targets) != 1 or not isinstance(targets[0], ast.Name) or statement.value is None:
        return False
    try:
        ast.literal_eval(statement.value)
    except (ValueError, TypeError):
        return False
    return True


def _comment_lines(source: str) -> tuple[set[int], set[int]]:
    """Return the lines with a comment behind code, and those that are a comment alone."""
    beside: set[int] = set()
    alone: set[int] = set()
    for token in _tokens(source):
        if token.type == tokenize.COMMENT and words(token.string):
            (beside if token.line[: token.start[1]].strip() else alone).add(token.start[0])
    return beside, alone


def _lines(source: str) -> tuple[int, int]:
    """Return how many logical and physical lines of code a source has."""
    skipped = (
        tokenize.COMMENT,
        tokenize.NL,
        tokenize.NEWLINE,
        tokenize.INDENT,
        tokenize.DEDENT,
        tokenize.ENDMARKER,
        tokenize.ENCODING,
    )
    physical: set[int] = set()
    logical = 0
    for token in _tokens(source):
        logical += token.type == tokenize.NEWLINE
        if token.type not in skipped:
            physical |= set(range(token.start[0], token.end[0] + 1))
    return logical, len(physical)


def _tokens(source: str) -> list[tokenize.TokenInfo]:
    try:
        return list(tokenize.generate_tokens(io.StringIO(source).readline))
    except (tokenize.TokenError, IndentationError):
        return []
