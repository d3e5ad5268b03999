"""Score an exported answer, in a process that sees nothing else."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from customer_insight.course.exercise.answers import AnswerError, read_answer
from customer_insight.course.exercise.tasks import Exercise, Task
from customer_insight.course.kernel import THREADS

_START = "from customer_insight.course.exercise import scorer_process; scorer_process.main()"
SCORED, UNREADABLE, SCORER_FAILED = "scored", "unreadable", "scorer failed"
NO_ANSWER, EMPTY, NOT_GRADED = "no answer", "empty", "not graded"
READ_BY_HAND, BY_HAND, CHANGED = "waits for a reader", "by hand", "changed since by hand"


@dataclass(frozen=True)
class ScorerLimits:
    """What a scorer may take: seconds, and bytes of memory."""

    seconds: int = 10
    size: int = 2_000_000_000


@dataclass(frozen=True)
class Score:
    """What became of one answer.

    ``ended`` is "scored"; "empty" (the task is as it was), "no answer" (it has an answer that did
    not pass its check), "unreadable" or "not graded"; "waits for a reader", "by hand" (a person
    entered the points) or "changed since by hand"; or "scorer failed", after which a person has to
    look. ``said`` says why in words. ``mistake`` is the name of the known mistake that the check
    had found, and ``hint`` what the check says about it. ``answer`` is a fingerprint of the text
    that the points are for.
    """

    task: str
    points: float
    possible: int
    ended: str
    said: str = ""
    mistake: str = ""
    hint: str = ""
    answer: str = ""


def score_folder(
    exercise: Exercise,
    folder: Path,
    expected: Mapping[str, Any],
    *,
    limits: ScorerLimits | None = None,
) -> list[Score]:
    """Score the exported answers of one student.

    Parameters
    ----------
    exercise : Exercise
        With its scorers.
    folder : Path
        Where the checks exported to.
    expected : mapping
        The solution's own answers, by task.
    limits : ScorerLimits, optional
        Time and memory of each scorer.

    Returns
    -------
    list of Score
        One for each task that has a scorer, in order.
    """
    return [
        _score_file(exercise, task, folder, expected.get(task.name), limits)
        for task in exercise.tasks
        if task.scorer
    ]


def score_content(
    exercise: Exercise,
    task: Task,
    content: Any,
    expected: Any,
    *,
    limits: ScorerLimits | None = None,
) -> Score:
    """Score one answer's content; the scorer runs in a process of its own.

    A scorer that fails, or takes too long or too much memory, gives no points and is said to have
    failed: that is not the student's fault, and a person has to look.
    """
    limits = limits or ScorerLimits()
    source = f"{exercise.shared}\n\n{task.scorer}"
    result = _run(source, _whole(content), _whole(expected), limits)
    if result["share"] is None:
        return Score(task.name, 0.0, task.points, SCORER_FAILED, result["said"])
    points = round(result["share"] * task.points * 2) / 2  # halves of points
    if points == task.points and result["share"] < 1:
        points -= 0.5  # full points are for a full share alone
    return Score(task.name, points, task.points, SCORED, result["said"] or _said(result["share"]))


def _said(share: float) -> str:
    """Say how right an answer is, where its scorer says nothing."""
    return {0: "Not what is expected.", 1: "As expected."}.get(share, "As expected in part.")


def _whole(content: Any) -> Any:
    """Return a function's outputs, those of hidden probes behind the others, as one list."""
    if isinstance(content, dict) and set(content) == {"output", "hidden"}:
        return {"output": [*content["output"], *content["hidden"]]}
    return content


def _score_file(
    exercise: Exercise, task: Task, folder: Path, expected: Any, limits: ScorerLimits | None
) -> Score:
    """Score one exported file, if it is there and can be read."""
    try:
        answer = read_answer(folder, task.name)
    except AnswerError as error:
        return Score(task.name, 0.0, task.points, UNREADABLE, str(error))
    if answer is None:
        said = "No answer passed the check."
        return Score(task.name, 0.0, task.points, NO_ANSWER, said)
    if expected is None:
        raise ValueError(
            f"Task {task.name} of {exercise.name} has no expected answer to score by. "
            f"Build the exercise again: course build {exercise.name} --force"
        )
    scored = score_content(exercise, task, answer.content, expected, limits=limits)
    hint = next((wrong.hint for wrong in task.wrongs if wrong.called == answer.hint), "")
    return replace(scored, mistake=answer.hint, hint=hint)


def _run(source: str, content: Any, expected: Any, limits: ScorerLimits) -> dict[str, Any]:
    """Start the process, hand it the job and wait for the result."""
    job = {
        "source": source,
        "answer": content,
        "expected": expected,
        "seconds": limits.seconds,
        "bytes": limits.size,
    }
    slow = f"The scorer took more than {limits.seconds} s."
    with tempfile.TemporaryDirectory(prefix="course-scorer-") as empty:
        try:
            done = subprocess.run(
                # Isolated (-I): no folder and no variable of this process says what is imported.
                [sys.executable, "-I", "-c", _START],
                input=json.dumps(job).encode(),
                capture_output=True,
                cwd=empty,
                env={"PATH": os.defpath} | dict.fromkeys(THREADS, "1"),
                timeout=limits.seconds + 5,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return {"share": None, "said": slow}
    try:
        return json.loads(done.stdout)
    except ValueError:
        ended = slow if done.returncode < 0 else "The scorer ended before it said anything."
        return {"share": None, "said": ended}
