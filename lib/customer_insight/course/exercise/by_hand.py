"""Points that a person enters: taken over at each grading, asked for where they are missing."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from customer_insight.course.exercise.gradebook import Recorded
from customer_insight.course.exercise.scoring import (
    BY_HAND,
    CHANGED,
    READ_BY_HAND,
    SCORER_FAILED,
    Score,
)

BY_RUBRIC = "A person judges it by the rubric."
WAITING = {READ_BY_HAND, CHANGED, SCORER_FAILED}
COMMAND = ".venv/bin/course judge"


@dataclass(frozen=True)
class Asked:
    """An answer that a person is to judge: whose, where it stands, and how to enter points."""

    student: str
    task: str
    possible: int
    why: str
    notebook: str
    enter: str


def take_over(
    scores: Iterable[Score],
    recorded: Mapping[str, Recorded],
    before: Mapping[str, Mapping[str, Any]],
) -> tuple[Score, ...]:
    """Let points that were entered by hand stand in place of what a scorer gives.

    Points belong to the answer that was read. Where the answer is another by now, they still count
    and are asked for again.

    Parameters
    ----------
    scores : iterable of Score
        What the scorers gave to one student.
    recorded : mapping of str to Recorded
        What the gradebook holds of the student, by task.
    before : mapping
        What was stored of the student at the last grading, by task.
    """
    return tuple(
        _entered(score, recorded[score.task], before.get(score.task))
        if score.task in recorded and recorded[score.task].by_hand
        else score
        for score in scores
    )


def stored_scores(path: Path, exercise: str | None) -> dict[str, dict[str, Any]]:
    """Read what the last grading stored, by student and task; of another exercise, nothing."""
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
        return {
            row["student"]: {task["task"]: task for task in row["tasks"]}
            for row in rows
            if exercise in {None, row["exercise"]}
        }
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def asked_of(graded: Iterable[Any], out: Path) -> list[Asked]:
    """List the answers that wait for a person, by student and task.

    Parameters
    ----------
    graded : iterable of Graded
        A class.
    out : Path
        The folder of its gradebook.
    """
    return [
        Asked(
            one.student,
            score.task,
            score.possible,
            score.said,
            one.notebook,
            f"{COMMAND} {shlex.join([str(out), one.student, score.task])} POINTS",
        )
        for one in graded
        for score in one.tasks
        if score.ended in WAITING
    ]


def as_json(asked: Iterable[Asked]) -> list[dict[str, Any]]:
    """Return what is asked as lists and dictionaries that JSON can hold."""
    return [asdict(one) for one in asked]


def in_words(asked: list[Asked], to_read: Path, rubric: Path) -> str:
    """Say which answers wait, where they are read, and how points are entered."""
    if not asked:
        return "\nNo answer waits for a reader."
    count = "1 answer waits" if len(asked) == 1 else f"{len(asked)} answers wait"
    lines = [
        f"\n{count} for a reader:",
        *map(_line, asked),
        f"Read them beside their rubrics in {to_read}",
        f"(the model answers are in {rubric})",
        "and enter the points, for example:",
        f"  {asked[0].enter}",
        "Then call course grade again: points entered by hand are counted and kept.",
    ]
    return "\n".join(lines)


def _line(one: Asked) -> str:
    why = "" if one.why == BY_RUBRIC else f". {one.why}"
    return f"  {one.student}, {one.task}, {one.possible} points, in {one.notebook}{why}"


def _entered(score: Score, recorded: Recorded, before: Mapping[str, Any] | None) -> Score:
    """Return a score with the points that were entered."""
    read = _read(score, recorded, before)
    if read == score.answer:
        said, ended = "A person entered these points.", BY_HAND
    else:
        said, ended = (
            "The answer changed after a person entered these points. Read it again.",
            CHANGED,
        )
    return replace(score, points=recorded.points, ended=ended, said=said, answer=read)


def _read(score: Score, recorded: Recorded, before: Mapping[str, Any] | None) -> str:
    """Return the fingerprint of the answer that was read when the points were entered."""
    if before is None:
        return score.answer
    entered_before = before["ended"] in {BY_HAND, CHANGED}
    other_points = before["points"] != recorded.points
    again = before["ended"] == CHANGED and not recorded.waiting
    return score.answer if entered_before and (other_points or again) else before["answer"]
