"""What a student calls: looks at an answer's form, unit and known mistakes, and exports it.

A check never says that an answer is right. It says when the form or the unit is another than asked
for, when the answer is far from anything plausible, and when it is a mistake that people often
make. What it has looked at goes to ``.answers`` beside the notebook, where the scorer finds it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NoReturn

from customer_insight.course.exercise import forms
from customer_insight.course.exercise.answers import Answer, remove_answer, write_answer
from customer_insight.course.exercise.locked_hints import content_key, number_keys, slip_key, unseal
from customer_insight.course.exercise.sitting import (
    CheckError,
    UnansweredError,
    current,
    hidden_probes,
    new_sitting,
    open_sitting,
)

__all__ = [
    "CheckError",
    "UnansweredError",
    "begin",
    "function",
    "number",
    "record",
    "table",
    "text",
    "unanswered",
]


_RETURNED = {
    "number": "numbers",
    "whole": "whole numbers",
    "text": "texts",
    "yes or no": "True or False",
}


def begin(
    exercise: str,
    points: Mapping[str, int],
    hints: Mapping[str, Sequence[str]] | None = None,
) -> None:
    """Open an exercise: the first code cell of each exercise does this.

    Parameters
    ----------
    exercise : str
        Its name, such as "05_clv/3_buy_till_you_die".
    points : mapping of str to int
        Points of each task.
    hints : mapping of str, optional
        Locked hints of each task; they open only for the mistake they belong to.
    """
    open_sitting(new_sitting(exercise, points, hints))
    print(f"{len(points)} tasks, {sum(points.values())} points.")


def unanswered(task: str) -> NoReturn:
    """Stop here: the task has no answer yet. A student replaces this line.

    Raises
    ------
    UnansweredError
        Always; it names the task.
    """
    raise UnansweredError(f"task {task} is not answered yet.")


def number(
    task: str,
    answer: Any,
    *,
    unit: str,
    low: float,
    high: float,
    whole: bool = False,
    slips: Mapping[str, float] | None = None,
) -> None:
    """Check an answer that is one number.

    Parameters
    ----------
    task : str
        Such as "t1".
    answer : int or float
        The student's number.
    unit : str
        What it counts or measures, such as "repeat purchases" or "dollars".
    low, high : float
        Outside these no answer is plausible; wide, so that they do not tell the answer.
    whole : bool, default False
        Whether it must be a whole number.
    slips : mapping of str to float, optional
        Slips of units by name, each with the factor by which it makes the answer too large: a
        number outside the range that would lie inside without the factor gets the slip's name.

    Examples
    --------
    >>> begin("doctest", {"t1": 2})
    1 tasks, 2 points.
    >>> number("t1", True, unit="weeks", low=0, high=52)
    t1: not yet. A number of weeks is wanted, and this is True or False.
    """

    def read() -> tuple[Any, list[str], str]:
        value = forms.number(answer, unit=unit, whole=whole)
        return value, number_keys(value, whole=whole), _range(value, unit, low, high, slips or {})

    kind = f"a {'whole ' if whole else ''}number of {unit} in a plausible range"
    _look(task, "number", read, fits=kind, unit=unit)


def text(task: str, answer: Any, *, words: tuple[int, int]) -> None:
    """Check an answer in words: only that it is a text, and its number of words.

    Parameters
    ----------
    task : str
        Such as "t1".
    answer : str
        The student's text.
    words : (int, int)
        Least and most words.
    """

    def read() -> tuple[Any, list[str], str]:
        return forms.text(answer, least=words[0], most=words[1]), [], ""

    _look(task, "text", read, fits="a text of the length asked for", judged=True)


def record(task: str, answer: Any, *, fields: Mapping[str, Any]) -> None:
    """Check an answer of named texts, such as a short description of an enterprise.

    Parameters
    ----------
    task : str
        Such as "t1".
    answer : dict of str
        A text for each field.
    fields : mapping of str
        For each field the list of texts to choose from, or the least number of words.
    """

    def read() -> tuple[Any, list[str], str]:
        return forms.record(answer, fields), [], ""

    _look(task, "record", read, fits="all fields are there", judged=True)


def table(
    task: str,
    answer: Any,
    *,
    columns: Mapping[str, Any],
    key: str | None = None,
    rows: tuple[int, int] = (1, 1_000_000),
    ranges: Mapping[str, tuple[float, float]] | None = None,
    slips: Mapping[str, tuple[str, float]] | None = None,
) -> None:
    """Check an answer that is a table.

    Parameters
    ----------
    task : str
        Such as "t1".
    answer : pandas or Polars frame
        The student's table, its rows in any order.
    columns : mapping of str
        For each column asked for "text", "number", "whole" or "yes or no", or the list of texts to
        choose from, such as the names that the rows are to have.
    key : str, optional
        A column whose values must all differ.
    rows : (int, int)
        Least and most rows that are plausible.
    ranges : mapping of str to (float, float), optional
        Plausible lowest and highest value of a column.
    slips : mapping of str to (str, float), optional
        Slips of units by name, each with the column and the factor, as in `number`.
    """

    def read() -> tuple[Any, list[str], str]:
        made = forms.table(answer, columns, key=key)
        return made, [content_key(made)], _table_hint(made, columns, rows, ranges, slips)

    _look(task, "table", read, fits=f"a table with {', '.join(columns)}")


def function(
    task: str,
    answer: Any,
    *,
    parameters: Sequence[str],
    probes: Iterable[Mapping[str, Any]],
    returns: str = "number",
) -> None:
    """Check an answer that is a function, by calling it on probes.

    Parameters
    ----------
    task : str
        Such as "t1".
    answer : callable
        The student's function.
    parameters : sequence of str
        Names that it must take.
    probes : iterable of dict
        Arguments to call it with; what it returns is what is exported and scored. Where answers
        are graded, the grader adds further probes that the notebook does not show.
    returns : {"number", "whole", "text", "yes or no"}
        What each call gives.
    """

    def read() -> tuple[Any, list[str], str]:
        shown, hidden = list(probes), hidden_probes(task)
        gave = forms.function(answer, parameters, [*shown, *hidden], returns)["output"]
        made = {"output": gave[: len(shown)]}
        more = {"hidden": gave[len(shown) :]} if hidden else {}
        return made | more, [content_key(made)], ""

    kind = f"a function that takes {', '.join(parameters)} and returns {_RETURNED[returns]}"
    _look(task, "function", read, fits=kind)


def _look(
    task: str,
    form: str,
    read: Callable[[], tuple[Any, list[str], str]],
    *,
    fits: str,
    unit: str = "",
    judged: bool = False,
) -> None:
    """Look at one answer, say what is to be said, and export it where its form fits."""
    sitting = current(task)
    try:
        content, keys, hint = read()
    except forms.FormError as error:
        remove_answer(sitting.folder, task)
        print(f"{task}: not yet. {error}")
        return
    except UnansweredError:
        remove_answer(sitting.folder, task)
        raise
    place, hints = sitting.place(task), sitting.hints.get(task, ())
    known, guessed = unseal(place, keys, hints), None
    if hint and not known:
        # only the size speaks for the slip, and another mistake may have that size
        guessed = unseal(place, [slip_key(hint.split("\n", maxsplit=1)[0])], hints)
    called, _, words = (known or guessed or hint).partition("\n")
    made_from = sitting.made_from(task)
    write_answer(sitting.folder, Answer(task, form, content, unit, called, made_from))
    if called:
        name = f"Perhaps {called}" if guessed else f"{called[0].upper()}{called[1:]}"
        print(f"{task}: not yet. {name}: {words}")
    else:
        who = "a reader judges it" if judged else "the scorer says whether it is right"
        print(f"{task}: {fits}. Kept; {who}.")


def _range(value: float, unit: str, low: float, high: float, slips: Mapping[str, float]) -> str:
    """Return a hint where a number is not plausible: its slip, or that it is out of range."""
    if low <= value <= high:
        return ""
    for called, factor in slips.items():
        if low <= value / factor <= high:
            return f"{called}\nthe size of your number speaks for it. Which unit does it have?"
    size = "small" if value < low else "large"
    look = "at the unit" if not low <= -value <= high else "at the sign: what is taken from what"
    return (
        f"too {size}\nbetween {low:,} and {high:,} {unit} is plausible. Look {look}, and at "
        "which rows went in."
    )


def _table_hint(
    made: Mapping[str, list],
    columns: Mapping[str, str],
    rows: tuple[int, int],
    ranges: Mapping[str, tuple[float, float]] | None,
    slips: Mapping[str, tuple[str, float]] | None,
) -> str:
    """Return a hint where a table has too many rows or a column is not plausible."""
    count = len(next(iter(made.values())))
    if not rows[0] <= count <= rows[1]:
        return f"{count:,} rows\n{rows[0]:,} to {rows[1]:,} are plausible. What is one row to be?"
    for name, (low, high) in (ranges or {}).items():
        factors = {called: by for called, (column, by) in (slips or {}).items() if column == name}
        for edge in (min(made[name]), max(made[name])):
            hint = _range(edge, f"in {name!r}", low, high, factors)
            if hint:
                return hint
    return ""
