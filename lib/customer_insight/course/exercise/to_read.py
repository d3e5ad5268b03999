"""What a reader is to judge, as one page: each rubric, then the answers with their commands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from customer_insight.course.exercise.by_hand import Asked
from customer_insight.course.exercise.tasks import Exercise
from customer_insight.show.escape import visible

FILE = "to_read.md"
_FEWEST_TICKS = 3


def in_markdown(
    asked: Iterable[Asked], exercise: Exercise, answers: Mapping[str, Mapping[str, str]]
) -> str:
    """Return the answers that wait for a reader, task by task, in Markdown.

    Parameters
    ----------
    asked : iterable of Asked
        From `asked_of`.
    exercise : Exercise
        With its rubrics.
    answers : mapping
        What each student wrote, by student and task.

    Returns
    -------
    str
        For each task its rubric once (what is expected, of code), then for each student the answer,
        why it is asked for, and the command that enters its points. What students wrote stands
        fenced: it is shown as it is and can neither format the page nor hide anything.
    """
    asked = list(asked)
    parts = [f"# Answers to read: {exercise.name}"]
    if not asked:
        return f"{parts[0]}\n\nNo answer waits for a reader.\n"
    for task in exercise.tasks:
        own = [one for one in asked if one.task == task.name]
        if own:
            rubric = task.rubric or "A scorer judges this task. Compare with the solution."
            parts += [f"## {task.name}, {task.points} points", rubric]
        for one in own:
            parts += [
                f"### {_code(one.student)}, {task.name}",
                one.why,
                fenced(answers.get(one.student, {}).get(one.task, "")),
                fenced(one.enter, "sh"),
            ]
    return "\n\n".join(parts) + "\n"


def fenced(text: str, language: str = "text") -> str:
    """Return a text as a code block that nothing in it can end.

    Examples
    --------
    >>> print(fenced("a ```` b"))
    `````text
    a ```` b
    `````
    """
    longest = max(map(len, re.findall("`+", text)), default=0)
    fence = "`" * max(_FEWEST_TICKS, longest + 1)
    return f"{fence}{language}\n{visible(text).strip(chr(10))}\n{fence}"


def _code(text: str) -> str:
    """Return a text on one line as code, so that a folder's name formats nothing."""
    plain = " ".join(visible(text).split()).replace("`", "'")
    return f"`{plain}`"
