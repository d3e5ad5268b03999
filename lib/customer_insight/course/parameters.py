"""A lesson's settings: what its `parameters` cell offers, and values typed by its defaults."""

from __future__ import annotations

import ast
import datetime as dt
import difflib
import math
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nbformat import NotebookNode

_TRUE, _FALSE = {"true", "yes", "1"}, {"false", "no", "0"}
_PLAIN = (bool, int, float, str, list, dict, type(None))


class ParameterError(ValueError):
    """A setting is not one of the lesson's, or its value has the wrong type."""


def defaults(notebook: NotebookNode) -> dict[str, Any]:
    r"""Read what the cells tagged ``parameters`` assign, without running them.

    Parameters
    ----------
    notebook : NotebookNode
        The lesson.

    Returns
    -------
    dict
        Name to default, for values written out as text, number, truth value, None, list or
        dictionary. A value that is computed cannot be set from outside and is left out.

    Examples
    --------
    >>> from nbformat import v4
    >>> cell = v4.new_code_cell("weeks = 39\nend = weeks * 2", metadata={"tags": ["parameters"]})
    >>> defaults(v4.new_notebook(cells=[cell]))
    {'weeks': 39}
    """
    found: dict[str, Any] = {}
    for cell in notebook.cells:
        if cell.cell_type == "code" and "parameters" in cell.metadata.get("tags", []):
            found |= _literals(cell.source)
    return found


def values(
    wanted: Iterable[tuple[str, str]], offered: Mapping[str, Any], *, lesson: str
) -> dict[str, Any]:
    """Turn names and texts from the command line into typed values.

    Parameters
    ----------
    wanted : iterable of (str, str)
        Name and value of each setting, as typed by a person.
    offered : mapping
        The lesson's defaults, from `defaults`.
    lesson : str
        The lesson's name, for messages.

    Returns
    -------
    dict
        Name to value, each of its default's type. Where the default is None, a value that is
        written as a number, list or the like is read as one, and anything else is a text. Where
        the default is a day such as "1997-09-30", the value is a day of the calendar, too.

    Raises
    ------
    ParameterError
        If a name is not offered or given twice, or a value does not fit its default.

    Examples
    --------
    >>> values([("weeks", "26")], {"weeks": 39}, lesson="05_clv/3_buy_till_you_die")
    {'weeks': 26}
    """
    typed: dict[str, Any] = {}
    for name, text in wanted:
        if name in typed:
            raise ParameterError(f"The setting {name!r} is given twice; give it once.")
        if name not in offered:
            raise ParameterError(_unknown(name, offered, lesson))
        try:
            typed[name] = _value(text, offered[name])
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            kind, example = _kind(offered[name]), repr(offered[name])
            raise ParameterError(
                f"The setting {name!r} of lesson {lesson} is {kind}, such as {example}, and "
                f"{text[:80]!r} is not. Write: -p {name} {example}"
            ) from None
    return typed


def _literals(source: str) -> dict[str, Any]:
    """Return the names that a cell assigns to values written out."""
    try:
        statements = ast.parse(source).body
    except SyntaxError:
        return {}
    found = {}
    for statement in statements:
        targets = statement.targets if isinstance(statement, ast.Assign) else []
        if isinstance(statement, ast.AnnAssign) and statement.value is not None:
            targets = [statement.target]
        if len(targets) == 1 and isinstance(targets[0], ast.Name):
            try:
                value = ast.literal_eval(statement.value)
            except (ValueError, TypeError):
                continue
            if type(value) in _PLAIN:
                found[targets[0].id] = value
    return found


def _value(text: str, default: Any) -> Any:
    """Read a text as a value of the default's type; ValueError where it is none."""
    if isinstance(default, bool):
        if text.lower() not in _TRUE | _FALSE:
            raise ValueError
        return text.lower() in _TRUE
    if isinstance(default, int):
        return int(text)
    if isinstance(default, float):
        number = float(text)
        if not math.isfinite(number):
            raise ValueError
        return number
    if isinstance(default, str):
        return dt.date.fromisoformat(text).isoformat() if _is_day(default) else text
    if default is None:
        return _literal_or_text(text)
    value = ast.literal_eval(text)
    if type(value) is not type(default):
        raise ValueError
    return value


def _literal_or_text(text: str) -> Any:
    try:
        value = ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return text
    return value if type(value) in _PLAIN else text


def _is_day(text: str) -> bool:
    try:
        return dt.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _kind(default: Any) -> str:
    return {
        str: "a day of the calendar as year-month-day",
        bool: "true or false",
        int: "a whole number",
        float: "a finite number",
        list: "a list",
        dict: "a dictionary",
    }[type(default)]


def _unknown(name: str, offered: Mapping[str, Any], lesson: str) -> str:
    """Say that a lesson has no such setting, and which it has."""
    if not offered:
        return (
            f"Lesson {lesson} has no settings, so {name!r} cannot be set. Name a lesson that has: "
            f"course run LESSON -p {name} VALUE"
        )
    close = difflib.get_close_matches(name, offered, n=1)
    hint = f"Did you mean {close[0]}? " if close else ""
    listed = ", ".join(f"{known} ({default!r})" for known, default in offered.items())
    return f"Lesson {lesson} has no setting {name!r}. {hint}It has: {listed}."
