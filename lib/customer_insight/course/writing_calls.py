"""What a cell of code calls: names of functions, texts that it shows."""

import ast
from collections.abc import Iterator

from customer_insight.course.writing_lesson import Cell


def dotted(node: ast.expr) -> str:
    """Return a name such as "np.random.seed", or nothing where it is no plain chain of names.

    Examples
    --------
    >>> dotted(ast.parse("np.random.seed", mode="eval").body)
    'np.random.seed'
    """
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and (above := dotted(node.value)):
        return f"{above}.{node.attr}"
    return ""


def calls(cell: Cell) -> list[ast.Call]:
    """Return every call in a cell of code."""
    nodes = ast.walk(cell.tree) if cell.tree else ()
    return [node for node in nodes if isinstance(node, ast.Call)]


def show_calls(cell: Cell, *names: str) -> list[ast.Call]:
    """Return the calls of functions of ``show``, of these or of all."""
    found = [(call, dotted(call.func).partition(".")) for call in calls(cell)]
    return [
        call
        for call, (room, _, name) in found
        if room == "show" and name and (not names or name in names)
    ]


def literal_text(node: ast.expr) -> str | None:
    """Return a text written out in code, "0" for each computed part; None where it is computed.

    Examples
    --------
    >>> literal_text(ast.parse("f'{n} customers ' 'came'", mode="eval").body)
    '0 customers came'
    """
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(
            str(getattr(part, "value", 0)) if isinstance(part, ast.Constant) else "0"
            for part in node.values
        )
    return None


def shown_texts(cell: Cell, *, questions: bool = True) -> Iterator[tuple[int, str]]:
    """Yield the texts that a cell hands to ``show``, each with its line in the lesson's text."""
    asked = () if questions else show_calls(cell, "question")
    for call in (call for call in show_calls(cell) if call not in asked):
        for part in (*call.args, *(keyword.value for keyword in call.keywords)):
            for node in ast.walk(part):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    yield cell.line + node.lineno - 1, node.value
