"""Grade submissions: run each, score its answers, record the points.

For submissions that you trust. A submission's code runs with all your rights, and could read the
solutions.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from customer_insight.course import notebook as notebooks
from customer_insight.course.exercise import gradebook, to_read
from customer_insight.course.exercise.answers import folder_of, write_probes
from customer_insight.course.exercise.by_hand import (
    BY_RUBRIC,
    WAITING,
    asked_of,
    stored_scores,
    take_over,
)
from customer_insight.course.exercise.catalogue import exercise_names, places_of
from customer_insight.course.exercise.faults import faults_of, first_fault, place_of, why_missing
from customer_insight.course.exercise.handed_in import find_submissions
from customer_insight.course.exercise.hints import locked
from customer_insight.course.exercise.rehearsal import Rehearsal, key_of, stored_rehearsal
from customer_insight.course.exercise.scoring import (
    EMPTY,
    NO_ANSWER,
    NOT_GRADED,
    READ_BY_HAND,
    Score,
    ScorerLimits,
    score_folder,
)
from customer_insight.course.exercise.submission import Assembled, assemble
from customer_insight.course.exercise.tasks import Exercise, ExerciseError, read_exercise
from customer_insight.course.house import House, HouseError
from customer_insight.course.notebook import NotebookError
from customer_insight.course.results import LessonRun
from customer_insight.course.supervise import Limits, Task, execute
from customer_insight.data.files import write_whole

if TYPE_CHECKING:
    from nbformat import NotebookNode

TRUSTED = (
    "For trusted code: every submission runs with all your rights on this machine. Grade only what "
    "comes from people whom you trust."
)


@dataclass(frozen=True)
class Graded:
    """One student's exercise.

    ``tasks`` has a `Score` for each task; one in words has no points until a person enters them.
    ``notes`` are what the instructor should know: changed cells, an older release, a cell that ran
    too long, why a notebook was not graded. ``notebook`` is where it lies.
    """

    student: str
    exercise: str
    tasks: tuple[Score, ...]
    notes: tuple[str, ...] = ()
    notebook: str = ""

    @property
    def was_graded(self) -> bool:
        """Whether the notebook was found and could be read."""
        return not any(score.ended == NOT_GRADED for score in self.tasks)

    @property
    def points(self) -> float:
        """Points so far."""
        return sum(score.points for score in self.tasks)


def grade_submissions(
    house: House,
    submissions: Path,
    out: Path,
    *,
    exercise: str | None = None,
    limits: Limits | None = None,
    scorer_limits: ScorerLimits | None = None,
    report: Callable[[LessonRun], None] | None = None,
) -> list[Graded]:
    """Run and score all submissions of one exercise, and record the points.

    Parameters
    ----------
    house : House
        Where the solutions are.
    submissions : Path
        A folder with a folder for each student, the notebook somewhere in it.
    out : Path
        Where ``gradebook.db`` (nbgrader's), ``grades.json`` and ``to_read.md`` (the answers that
        wait for a reader, with their rubrics) go.
    exercise : str, optional
        Which one, where several were handed in.
    limits, report
        As in `execute`; the time is for a cell of a submission.
    scorer_limits : ScorerLimits, optional
        Time and memory of a scorer.

    Returns
    -------
    list of Graded
        In the order of the students' names; those that could not be graded come last, with the
        reason among their notes.

    Raises
    ------
    HouseError
        If there are no solutions, no submissions, or it is not clear of which exercise.
    ExerciseError
        If the exercise is not built, or its tasks are not those in the gradebook.
    """
    _check_solutions(house)
    name, handed_in = find_submissions(submissions, exercise_names(house), exercise)
    solved = _solved(house, name)
    out.mkdir(parents=True, exist_ok=True)
    database = out / "gradebook.db"
    released = gradebook.open_exercise(
        database, solved.exercise, locked(solved.exercise, solved.known.wrong)
    )
    with tempfile.TemporaryDirectory(prefix="course-grade-") as folder:
        work = _Work(solved, released, Path(folder))
        read = {student: work.prepare(path, student) for student, path in handed_in.found.items()}
        runs = execute(work.jobs, limits=limits, report=report)
        ended = {run.lesson: run for run in runs}
        graded = [work.grade(one, ended.get(one.student), scorer_limits) for one in read.values()]
    graded = _recorded(graded, solved.exercise, out)
    graded += [_not_graded(solved.exercise, *refused) for refused in handed_in.refused.items()]
    graded.sort(key=lambda one: not one.was_graded)
    write_whole(out / "grades.json", json.dumps(as_json(graded), indent=1).encode() + b"\n")
    written = {student: one.assembled.answers for student, one in read.items() if one.assembled}
    page = to_read.in_markdown(asked_of(graded, out), solved.exercise, written)
    write_whole(out / to_read.FILE, page.encode())
    return graded


def as_json(graded: Iterable[Graded]) -> list[dict[str, Any]]:
    """Return grades as lists and dictionaries that JSON can hold."""
    return [asdict(one) | {"points": one.points} for one in graded]


@dataclass(frozen=True)
class _Solved:
    """An exercise with its known answers."""

    exercise: Exercise
    known: Rehearsal


@dataclass(frozen=True)
class _Read:
    """A submission as it was read; where it could not be, there is a reason and nothing else."""

    student: str
    path: Path
    assembled: Assembled | None = None
    reason: str = ""


class _Work:
    """The submissions of one call, on their way from file to points."""

    def __init__(self, solved: _Solved, released: NotebookNode, folder: Path) -> None:
        self.solved, self.released, self.folder = solved, released, folder
        self.jobs: list[Task] = []

    def prepare(self, path: Path, student: str) -> _Read:
        """Assemble one submission and plan its run."""
        exercise = self.solved.exercise
        try:
            submitted = notebooks.read_notebook(path)
        except NotebookError as error:
            said = f"The notebook cannot be read. {error}".split(" Remove it")[0]
            return _Read(student, path, reason=said)
        assembled = assemble(self.released, submitted)
        place = self._place(student)
        if assembled.answers:
            write_whole(place / "submission.ipynb", notebooks.to_bytes(assembled.notebook))
            write_probes(folder_of(exercise.name, place), exercise.probes)
            source, target = place / "submission.ipynb", place / "run.ipynb"
            self.jobs.append(Task(student, source, target, place, goes_on=True))
        return _Read(student, path, assembled)

    def grade(self, one: _Read, run: LessonRun | None, limits: ScorerLimits | None) -> Graded:
        """Score one student's answers."""
        exercise = self.solved.exercise
        if one.assembled is None:
            return _not_graded(exercise, one.student, one.reason, str(one.path))
        answers, notes = one.assembled.answers, list(one.assembled.notes)
        exported = folder_of(exercise.name, self._place(one.student))
        known = self.solved.known.answers
        scored = {s.task: s for s in score_folder(exercise, exported, known, limits=limits)}
        tasks = [
            scored[task.name]
            if task.scorer and task.name in answers
            else _without_score(task.name, task.points, answered=task.name in answers)
            for task in exercise.tasks
        ]
        missing = {score.task for score in tasks if score.ended == NO_ANSWER}
        if run is not None and run.executed is not None:
            executed = notebooks.read_notebook(run.executed)
            faults = faults_of(executed, answers)
            notes += filter(None, [first_fault(faults, missing)])
            tasks = [
                replace(score, said=why_missing(executed, faults, score.task))
                if score.task in missing
                else score
                for score in tasks
            ]
        elif run is not None:
            notes.append(_ended_early(run, one.assembled.notebook))
        marked = [replace(s, answer=_fingerprint(answers.get(s.task))) for s in tasks]
        return Graded(one.student, exercise.name, tuple(marked), tuple(notes), str(one.path))

    def _place(self, student: str) -> Path:
        return self.folder / student


def _recorded(graded: list[Graded], exercise: Exercise, out: Path) -> list[Graded]:
    """Record the scorers' points, and return the grades with those that a person entered."""
    database = out / "gradebook.db"
    recorded = gradebook.read_grades(database, exercise.name)
    before = stored_scores(out / "grades.json", exercise.name)
    made = []
    for one in graded:
        if one.was_graded:
            known = recorded.get(one.student, {})
            tasks = take_over(one.tasks, known, before.get(one.student, {}))
            waiting = {score.task for score in tasks if score.ended in WAITING}
            scored = [score for score in one.tasks if not exercise.task(score.task).rubric]
            gradebook.record(database, exercise, one.student, scored, waiting)
            made.append(replace(one, tasks=tasks))
        else:
            made.append(one)
    return made


def _ended_early(run: LessonRun, notebook: NotebookNode) -> str:
    """Say in which cell a run ended before its end, and how."""
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    place = f", in {place_of(code[run.failure.cell - 1])}" if run.failure.cell else ""
    return f"The run ended early ({run.failure.kind}{place}). {run.failure.error}"


def _without_score(task: str, possible: int, *, answered: bool) -> Score:
    """Return what stands for a task that no scorer has seen."""
    if answered:
        return Score(task, 0.0, possible, READ_BY_HAND, BY_RUBRIC)
    return Score(task, 0.0, possible, EMPTY, "There is no answer.")


def _not_graded(exercise: Exercise, student: str, why: str, notebook: str = "") -> Graded:
    """Return what stands for a submission that could not be graded."""
    tasks = tuple(Score(task.name, 0.0, task.points, NOT_GRADED, why) for task in exercise.tasks)
    return Graded(student, exercise.name, tasks, (why,), notebook)


def _fingerprint(answer: str | None) -> str:
    return hashlib.sha256(answer.encode()).hexdigest()[:16] if answer else ""


def _check_solutions(house: House) -> None:
    if not house.solutions.is_dir():
        raise HouseError(
            f"{house.solutions.name}/ is missing here ({house.root}), so nothing can be scored: "
            "this is a copy for students. Grade in the repository that the copy was made from."
        )


def _solved(house: House, name: str) -> _Solved:
    """Read an exercise with its known answers."""
    place = places_of(house, name)
    exercise = read_exercise(place.text, name)
    known = stored_rehearsal(place.answers)
    if known is None or known.key != key_of(exercise):
        raise ExerciseError(
            f"The known answers of {name} are missing or older than its text, so nothing can be "
            f"scored. Build it first: course build {name}"
        )
    return _Solved(exercise, known)
