"""Grade submissions: run each, score its answers, record the points.

For submissions that you trust. A submission's code runs with all your rights, and could read the
solutions.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from customer_insight.course import notebook as notebooks
from customer_insight.course.exercise import gradebook
from customer_insight.course.exercise.answers import folder_of, write_probes
from customer_insight.course.exercise.catalogue import choose, exercise_names, places_of
from customer_insight.course.exercise.hints import locked
from customer_insight.course.exercise.rehearsal import Rehearsal, key_of, stored_rehearsal
from customer_insight.course.exercise.scoring import NO_ANSWER, Score, ScorerLimits, score_folder
from customer_insight.course.exercise.submission import Assembled, assemble
from customer_insight.course.exercise.tasks import Exercise, ExerciseError, read_exercise
from customer_insight.course.files import write_whole
from customer_insight.course.house import House, HouseError
from customer_insight.course.notebook import NotebookError
from customer_insight.course.results import LessonRun
from customer_insight.course.supervise import Limits, Task, execute

if TYPE_CHECKING:
    from nbformat import NotebookNode

TRUSTED = (
    "For trusted code: every submission runs with all your rights on this machine. Grade only what "
    "comes from people whom you trust."
)
READ_BY_HAND, EMPTY = "waits for a reader", "empty"


@dataclass(frozen=True)
class Graded:
    """One student's exercise.

    ``tasks`` has a `Score` for each task; one in words has no points yet. ``notes`` are what the
    instructor should know: changed cells, a cell that ran too long, a notebook that cannot be read.
    """

    student: str
    exercise: str
    tasks: tuple[Score, ...]
    notes: tuple[str, ...] = ()

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
        Where ``gradebook.db`` (nbgrader's) and ``grades.json`` go.
    exercise : str, optional
        Which one, where the submissions do not all have the file name of the same.
    limits, report
        As in `execute`; the time is for a cell of a submission.
    scorer_limits : ScorerLimits, optional
        Time and memory of a scorer.

    Returns
    -------
    list of Graded
        In the order of the students' names.

    Raises
    ------
    HouseError
        If there are no submissions, or it is not clear of which exercise.
    ExerciseError
        If the exercise is not built, or its tasks are not those in the gradebook.
    """
    found = find_submissions(submissions)
    solved = _solved(house, _which(house, found, exercise))
    out.mkdir(parents=True, exist_ok=True)
    database = out / "gradebook.db"
    released = gradebook.open_exercise(
        database, solved.exercise, locked(solved.exercise, solved.known.wrong)
    )
    with tempfile.TemporaryDirectory(prefix="course-grade-") as folder:
        work = _Work(solved, released, Path(folder))
        read = {student: work.prepare(student, path) for student, path in found.items()}
        runs = execute([t for t in work.jobs if t], limits=limits, report=report)
        ended = {run.lesson: run for run in runs}
        graded = [work.grade(student, one, ended, scorer_limits) for student, one in read.items()]
    for one in graded:
        written = {score.task for score in one.tasks if score.ended == READ_BY_HAND}
        scored = [score for score in one.tasks if not solved.exercise.task(score.task).rubric]
        gradebook.record(database, solved.exercise, one.student, scored, written)
    write_whole(out / "grades.json", json.dumps(as_json(graded), indent=1).encode() + b"\n")
    return graded


def find_submissions(folder: Path) -> dict[str, Path]:
    """Return each student's notebook: the one in the folder that bears the student's name.

    Raises
    ------
    HouseError
        If there is none, or a student has several.
    """
    if not folder.is_dir():
        raise HouseError(f"There is no folder {folder}. Name the folder with the submissions.")
    found = {}
    for student in sorted(path for path in folder.iterdir() if path.is_dir()):
        notebooks_ = sorted(
            path
            for path in student.rglob("*.ipynb")
            if not any(part.startswith(".") for part in path.relative_to(student).parts)
        )
        if len(notebooks_) > 1:
            names = ", ".join(path.relative_to(folder).as_posix() for path in notebooks_)
            raise HouseError(f"{student.name} has {len(notebooks_)} notebooks: {names}. Leave one.")
        if notebooks_:
            found[student.name] = notebooks_[0]
    if not found:
        raise HouseError(
            f"{folder} holds no submission. Each student has a folder of that name in it, with the "
            "notebook inside: SUBMISSIONS/STUDENT/3_buy_till_you_die.ipynb"
        )
    return found


def as_json(graded: Iterable[Graded]) -> list[dict[str, Any]]:
    """Return grades as lists and dictionaries that JSON can hold."""
    return [asdict(one) | {"points": one.points} for one in graded]


@dataclass(frozen=True)
class _Solved:
    """An exercise with its known answers."""

    exercise: Exercise
    known: Rehearsal


class _Work:
    """The submissions of one call, on their way from file to points."""

    def __init__(self, solved: _Solved, released: NotebookNode, folder: Path) -> None:
        self.solved, self.released, self.folder = solved, released, folder
        self.jobs: list[Task | None] = []

    def prepare(self, student: str, path: Path) -> Assembled | str:
        """Assemble one submission and plan its run; a text says why it cannot be."""
        try:
            assembled = assemble(self.released, notebooks.read_notebook(path))
        except NotebookError as error:
            return f"The notebook cannot be read. {error}".split(" Remove it")[0]
        place = self._place(student)
        write_whole(place / "submission.ipynb", notebooks.to_bytes(assembled.notebook))
        if assembled.answers:
            exercise = self.solved.exercise
            write_probes(folder_of(exercise.name, place), exercise.probes)
            job = Task(student, place / "submission.ipynb", place / "run.ipynb", place)
            self.jobs.append(job)
        return assembled

    def grade(
        self,
        student: str,
        one: Assembled | str,
        ended: dict[str, LessonRun],
        limits: ScorerLimits | None,
    ) -> Graded:
        """Score one student's answers."""
        exercise = self.solved.exercise
        answers = one.answers if isinstance(one, Assembled) else {}
        notes = list(one.notes if isinstance(one, Assembled) else [one])
        run = ended.get(student)
        exported = folder_of(exercise.name, self._place(student))
        known = self.solved.known.answers
        scored = {s.task: s for s in score_folder(exercise, exported, known, limits=limits)}
        tasks = tuple(
            scored[task.name]
            if task.scorer and task.name in answers
            else Score(task.name, 0.0, task.points, _without_score(task.name in answers))
            for task in exercise.tasks
        )
        notes += _errors(answers, {t.task for t in tasks if t.ended == NO_ANSWER}, run)
        return Graded(student, exercise.name, tasks, tuple(notes))

    def _place(self, student: str) -> Path:
        return self.folder / student


def _errors(answers: dict[str, str], missing: set[str], run: LessonRun | None) -> list[str]:
    """Say why answers that were given did not come out, as far as it is known."""
    notes = [
        f"Task {task} is not valid Python, so its answer does not exist."
        for task, source in answers.items()
        if task in missing and not _compiles(source)
    ]
    if run is None or run.failure is None:
        return notes
    if run.failure.kind != "raised":
        return [*notes, f"The run ended early ({run.failure.kind}). {run.failure.error}"]
    # An unanswered task raises too; only where an answer is missing does the error matter.
    return [*notes, f"The last error of the run: {run.failure.error}"] if missing else notes


def _compiles(source: str) -> bool:
    from IPython.core.inputtransformer2 import TransformerManager

    try:
        compile(TransformerManager().transform_cell(source), "answer", "exec")
    except (SyntaxError, ValueError):
        return False
    return True


def _without_score(answered: bool) -> str:
    return READ_BY_HAND if answered else EMPTY


def _which(house: House, found: dict[str, Path], exercise: str | None) -> str:
    """Return the exercise that the submissions are of."""
    wanted = {exercise} if exercise else {path.stem for path in found.values()}
    names = choose(exercise_names(house), sorted(wanted))
    if len(names) != 1:
        raise HouseError(
            f"The submissions could be of {len(names)} exercises ({', '.join(names)}). Say which: "
            "course grade SUBMISSIONS --out OUT --exercise NAME"
        )
    return names[0]


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


__all__ = ["NO_ANSWER", "Graded", "as_json", "find_submissions", "grade_submissions"]
