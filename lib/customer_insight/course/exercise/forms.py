"""The forms of an answer: what fits, and what to say where it does not.

Each function takes what the student made and gives back what is exported, in plain Python.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

_CHINESE = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_WORD = re.compile(r"[^\W_]+(?:(?:['’./&-]|(?<=\d),(?=\d))[^\W_]+)*")


class FormError(ValueError):
    """An answer of another form than asked for; the message tells the student what to change."""


def number(answer: Any, *, unit: str = "", whole: bool) -> int | float:
    """Return a number as int or float; without a unit where it is one cell of a table.

    Raises
    ------
    FormError
        If it is a text, a truth value, a table or column, missing, or not whole where it should be.

    Examples
    --------
    >>> number(3.0, unit="letters", whole=True)
    3
    """
    wanted = f"A {'whole ' if whole else ''}number{' of ' if unit else ''}{unit} is wanted"
    if isinstance(answer, str):
        raise FormError(f"{wanted}, and this is a text. Take away the quotes and any signs.")
    if _is_truth(answer):
        raise FormError(f"{wanted}, and this is True or False.")
    if _length(answer) is not None:
        raise FormError(f"{wanted}, and this {_holds(_length(answer), type(answer).__name__)}")
    try:
        value = float(answer)
    except (TypeError, ValueError):
        raise FormError(f"{wanted}, and this is of type {type(answer).__name__}.") from None
    if not math.isfinite(value):
        raise FormError(f"{wanted}, and this is {value}: a value is missing, or something was "
                        "divided by zero.")  # fmt: skip
    if whole and value != round(value):
        raise FormError(f"{wanted}, and this has a fraction. What do you count?")
    return round(value) if whole else value


def text(answer: Any, *, least: int, most: int) -> str:
    """Return a text of so many words.

    Raises
    ------
    FormError
        If it is no text, or too short or too long.
    """
    if not isinstance(answer, str):
        raise FormError(f"A text in quotes is wanted, and this is of type {type(answer).__name__}.")
    words = count_words(answer)
    if not least <= words <= most:
        raise FormError(
            f"{least} to {most} words are wanted, and this has {words}.{_counted(answer)}"
        )
    return answer.strip()


def record(answer: Any, fields: Mapping[str, Any]) -> dict[str, str]:
    """Return named texts.

    Parameters
    ----------
    answer : dict
        A text for each field.
    fields : mapping of str
        For each field the texts to choose from, or the least number of words.

    Raises
    ------
    FormError
        If a field is missing, unknown, empty, or none of its choices.
    """
    if not isinstance(answer, Mapping):
        raise FormError(f"A dictionary is wanted, and this is of type {type(answer).__name__}.")
    _same_names(answer, fields, "field")
    return {name: _field(name, answer[name], wanted) for name, wanted in fields.items()}


def table(answer: Any, columns: Mapping[str, Any], *, key: str | None) -> dict[str, list]:
    """Return a table's columns, its rows sorted by the key.

    Parameters
    ----------
    answer : pandas or Polars frame
        The rows in any order; further columns are left out.
    columns : mapping of str
        "text", "number", "whole" or "yes or no" for each column, or the texts to choose from.
    key : str, optional
        A column whose values must differ.

    Raises
    ------
    FormError
        If it is no table, lacks a column, or a column holds something else or nothing.
    """
    import narwhals as nw

    try:
        frame = nw.from_native(answer, eager_only=True)
    except TypeError:
        kind = type(answer).__name__
        how = " One column becomes a table by reset_index." if kind == "Series" else ""
        raise FormError(
            f"A table (data frame) is wanted, and this is of type {kind}.{how}"
        ) from None
    missing = [name for name in columns if name not in frame.columns]
    if missing:
        raise FormError(
            f"The table has no column {', '.join(missing)}. It is to have: {', '.join(columns)}; "
            "a name that stands in the index is not a column (reset_index)."
        )
    made = {name: _column(name, frame[name].to_list(), kind) for name, kind in columns.items()}
    return _sorted(made, key) if key else made


def function(
    answer: Any, parameters: Sequence[str], probes: Iterable[Mapping[str, Any]], returns: str
) -> dict[str, list]:
    """Call a function on probes and return what it gave.

    Raises
    ------
    FormError
        If it is no function, does not take these names, fails, or returns something else.
    """
    if not callable(answer):
        raise FormError(f"A function is wanted, and this is of type {type(answer).__name__}. "
                        "Leave out the brackets: the name alone.")  # fmt: skip
    names = _parameters(answer)
    if names is not None and not set(parameters) <= set(names):
        raise FormError(
            f"The function is to take {', '.join(parameters)}, and it takes "
            f"{', '.join(names) or 'nothing'}."
        )
    gave = [_call(answer, probe) for probe in probes]
    return {"output": _column("what the function returns", gave, returns)}


def count_words(text: str) -> int:
    """Count words; a Chinese character counts as half a word, for two of them often make one.

    Examples
    --------
    >>> count_words("They don't buy – 1,200 left"), count_words("客户终身价值，BG/NBD模型")
    (5, 5)
    """
    rest, chinese = _CHINESE.subn(" ", text)
    return len(_WORD.findall(rest)) + (chinese + 1) // 2


def _counted(text: str) -> str:
    """Say how Chinese is counted, where there is any."""
    return " Two Chinese characters count as one word." if _CHINESE.search(text) else ""


def _length(answer: Any) -> int | None:
    if getattr(answer, "shape", None) == ():
        return None
    try:
        return len(answer)
    except TypeError:
        return None


def _is_truth(answer: Any) -> bool:
    return type(answer).__name__ in {"bool", "bool_"}  # NumPy's own has had both names


def _holds(count: int, kind: str) -> str:
    """Say what stands in place of one number, and how to get the number out of it."""
    if count == 0:
        return f"is empty ({kind}): no row was left. Look at what you chose the rows by."
    if count == 1:
        how = "[0]" if kind in {"list", "tuple"} else ".item(), or .iloc[0] of a column"
        return f"is one value in a container ({kind}). Take it out with {how}."
    return f"holds {count:,} values ({kind}). Choose one of them, or add them up, as the task asks."


def _same_names(answer: Mapping, wanted: Iterable[str], what: str) -> None:
    missing = [name for name in wanted if name not in answer]
    unknown = [str(name) for name in answer if name not in set(wanted)]
    if missing or unknown:
        what += "s" if len(missing) > 1 else ""
        lacks = f"It lacks the {what} {', '.join(map(repr, missing))}. " if missing else ""
        more = f"It has {', '.join(map(repr, unknown))}, which nobody asked for." if unknown else ""
        raise FormError(lacks + more)


def _field(name: str, value: Any, wanted: Any) -> str:
    if not isinstance(value, str):
        raise FormError(f"{name!r} is to be a text, and is of type {type(value).__name__}.")
    if isinstance(wanted, int):
        if (words := count_words(value)) < wanted:
            raise FormError(
                f"{name!r} is to have {wanted} words or more, and has {words}.{_counted(value)}"
            )
    elif value.strip() not in wanted:
        raise FormError(f"{name!r} is to be {_one_of(wanted)}.")
    return value.strip()


def _one_of(choices: Iterable[str]) -> str:
    return f"one of: {', '.join(map(repr, choices))}"


def _column(name: str, values: list, kind: str | Sequence[str]) -> list:
    """Check a column's values one by one; a message never shows them."""
    readers: dict[str, Callable[[Any], Any]] = {
        "text": _text_cell,
        "number": lambda value: number(value, whole=False),
        "whole": lambda value: number(value, whole=True),
        "yes or no": _truth_cell,
    }
    read = readers[kind] if isinstance(kind, str) else lambda value: _chosen_cell(value, kind)
    made = []
    for place, value in enumerate(values, 1):
        try:
            made.append(read(value))
        except FormError as error:
            raise FormError(f"Value {place} of {name!r}: {error}") from None
    return made


def _text_cell(value: Any) -> str:
    if not isinstance(value, str):
        raise FormError(f"a text is wanted, and this is of type {type(value).__name__}.")
    return value


def _chosen_cell(value: Any, choices: Sequence[str]) -> str:
    if _text_cell(value).strip() not in choices:
        raise FormError(f"it is to be {_one_of(choices)}.")
    return value.strip()


def _truth_cell(value: Any) -> bool:
    if not _is_truth(value):
        raise FormError(f"True or False is wanted, and this is of type {type(value).__name__}.")
    return bool(value)


def _sorted(columns: dict[str, list], key: str) -> dict[str, list]:
    values = columns[key]
    if len(set(values)) != len(values):
        twice = len(values) - len(set(values))
        raise FormError(f"Each {key} is to stand once, and {twice:,} rows repeat one.")
    order = sorted(range(len(values)), key=values.__getitem__)
    return {name: [column[place] for place in order] for name, column in columns.items()}


def _parameters(function: Callable) -> list[str] | None:
    import inspect

    try:
        return list(inspect.signature(function).parameters)
    except (TypeError, ValueError):
        return None


def _call(function: Callable, probe: Mapping[str, Any]) -> Any:
    from customer_insight.course.exercise.sitting import UnansweredError

    try:
        return function(**probe)
    except UnansweredError:
        raise
    except Exception as error:
        called = ", ".join(f"{name}={value!r}" for name, value in probe.items())
        raise FormError(
            f"Called with {called}, the function raised {type(error).__name__}: {error}"
        ) from error
