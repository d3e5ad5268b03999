"""The locked hints of an exercise, made from its known wrong answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from customer_insight.course.exercise.locked_hints import content_key, number_keys, seal, slip_key
from customer_insight.course.exercise.tasks import Exercise

Known = Mapping[str, Mapping[str, Mapping[str, Any]]]


def keys_of(content: Any) -> list[str]:
    """Return the keys of an exported answer, as a check makes them.

    Examples
    --------
    >>> keys_of(3), keys_of({"output": [True]}), keys_of("words")
    (['3'], ['[["output", ["True"]]]'], [])
    """
    if isinstance(content, (int, float)) and not isinstance(content, bool):
        return number_keys(content, whole=isinstance(content, int))
    if isinstance(content, dict) and all(isinstance(part, list) for part in content.values()):
        return [content_key({name: part for name, part in content.items() if name != "hidden"})]
    return []


def hint_keys(known: Mapping[str, Any], called: str) -> list[str]:
    """Return the keys that open a wrong answer's hint: its slip's name, or else its content."""
    return [slip_key(called)] if known["slip"] == called else keys_of(known["content"])


def locked(exercise: Exercise, known: Known) -> dict[str, list[str]]:
    """Lock the hints of all tasks.

    Parameters
    ----------
    exercise : Exercise
        With the wrong answers' names and hints.
    known : mapping
        For each task and each wrong answer's name its ``content``, and in ``slip`` what the check
        says without a locked hint.

    Returns
    -------
    dict of list of str
        For each task its hints, in an order that says nothing. A slip of units, found by a number's
        size, is locked with its name: with the wrong number, it would tell the right one, which is
        that number over a factor that everybody can guess.
    """
    made = {}
    for task in exercise.tasks:
        found = known.get(task.name, {})
        sealed = [
            seal(f"{exercise.name}/{task.name}", key, f"{wrong.called}\n{wrong.hint}")
            for wrong in task.wrongs
            if wrong.called in found
            for key in hint_keys(found[wrong.called], wrong.called)[:1]
        ]
        if sealed:
            made[task.name] = sorted(sealed)
    return made
