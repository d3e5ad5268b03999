"""The cells of a solution text, and what each is for.

A solution is written as text in jupytext's percent format. What stands behind ``# %%`` says what a
cell is for:

- nothing: words or given code, which the student receives as they are;
- ``task="t1" points=2``: the answer, between ``### BEGIN SOLUTION`` and ``### END SOLUTION``; as
  ``[markdown]`` an answer in words;
- ``check="t1"``: the visible check, one call of ``customer_insight.course.check``;
- ``wrong="t1" called="orders, not days"``: code that gives a known wrong answer; it starts with
  ``# hint:`` and what to say about it;
- ``probes="t4"``: a list of further probes for a function, called only where it is graded;
- ``scorer="t1"``: a function ``score(answer, expected)``; ``scorer="all"`` holds what all share;
- ``[markdown] rubric="t5"``: by what a reader judges an answer in words.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
WORDS, GIVEN = "words", "given"
TASK, CHECK, WRONG, SCORER, RUBRIC = "task", "check", "wrong", "scorer", "rubric"
PROBES = "probes"
SHARED = "all"
ROLES = {TASK: {"points"}, CHECK: set(), WRONG: {"called"}, SCORER: set(), RUBRIC: set()}
ROLES |= {PROBES: set()}


@dataclass(frozen=True)
class Cell:
    """A cell of a solution text; ``role`` says what it is for, ``task`` whose it is."""

    role: str
    source: str
    markdown: bool = False
    task: str = ""
    points: int = 0
    called: str = ""


def read_cell(cell: Any, problems: list[str]) -> Cell:
    """Say what one cell of the text is for; what is wrong with it goes to ``problems``."""
    metadata, markdown = dict(cell.metadata), cell.cell_type == "markdown"
    role = next((role for role in ROLES if role in metadata), WORDS if markdown else GIVEN)
    allowed = ROLES.get(role, set()) | {role}
    unknown = sorted(set(metadata) - allowed)
    if unknown:
        problems.append(
            f"{_place(cell)} has {', '.join(unknown)} behind '# %%', which nothing reads. Known "
            f"are: {', '.join(ROLES)}; points beside task, called beside wrong."
        )
    if markdown != (role in {WORDS, RUBRIC}) and role != TASK:
        problems.append(f"{_place(cell)}: a cell for {role} cannot be {cell.cell_type}.")
    return Cell(
        role,
        cell.source,
        markdown,
        str(metadata.get(role, "")),
        metadata.get("points", 0),
        str(metadata.get("called", "")),
    )


def solution_lines(source: str) -> list[str]:
    r"""Return the lines between the solution's marks.

    Examples
    --------
    >>> solution_lines("a = 1\n### BEGIN SOLUTION\nb = 2\n### END SOLUTION")
    ['b = 2']
    """
    inside, lines = False, []
    for line in source.split("\n"):
        if BEGIN in line or END in line:
            inside = BEGIN in line
        elif inside:
            lines.append(line)
    return lines


def _place(cell: Any) -> str:
    from customer_insight.course.notebook import first_line

    return f"The cell `{first_line(cell.source)}`"
