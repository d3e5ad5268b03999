"""Build exercises: the solution's notebook, its known answers, and the student's notebook."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from customer_insight.course import notebook as notebooks
from customer_insight.course.build import CODE, SAME, WORDS, Built, build_lessons, differences
from customer_insight.course.exercise.blame import blamed
from customer_insight.course.exercise.catalogue import (
    Places,
    choose,
    exercise_names,
    lessons_and_exercises,
    places_of,
)
from customer_insight.course.exercise.gates import GateError, first_stop, gate
from customer_insight.course.exercise.hints import locked
from customer_insight.course.exercise.leaks import not_looked_for
from customer_insight.course.exercise.rehearsal import (
    Rehearsal,
    key_of,
    rehearse,
    run_cells,
    stored_rehearsal,
)
from customer_insight.course.exercise.release import COURSE, student_notebook
from customer_insight.course.exercise.solution import solution_notebook, stored_outputs
from customer_insight.course.exercise.tasks import Exercise, ExerciseError, read_exercise
from customer_insight.course.exercise.workplace import open_workplace
from customer_insight.course.house import House
from customer_insight.course.notebook import NotebookError
from customer_insight.course.results import LessonRun
from customer_insight.course.stable import unstable_outputs
from customer_insight.course.supervise import Limits
from customer_insight.data.files import write_whole

if TYPE_CHECKING:
    from nbformat import NotebookNode


@dataclass(frozen=True)
class BuiltExercise:
    """What became of one exercise: ``same``, ``words`` (written without running) or ``code``.

    ``notes`` are what its author should know: what handed-out notebooks will be called, and which
    answers are too short to be looked for in the student's notebook.
    """

    exercise: str
    change: str
    run: LessonRun | None = None
    notes: tuple[str, ...] = ()

    @property
    def fine(self) -> bool:
        """Whether the files are those that the text asks for."""
        return self.run is None or self.run.ran


def build_exercises(
    house: House,
    wanted: Iterable[str | Path] = (),
    *,
    force: bool = False,
    limits: Limits | None = None,
    report: Callable[[LessonRun], None] | None = None,
) -> list[BuiltExercise]:
    """Bring each exercise's three files up to its text, running it only where its code changed.

    Everything is read, run and passed through the gates first; an exercise that fails one keeps
    the files it had.

    Parameters
    ----------
    house : House
        Where the solutions are.
    wanted : iterable of str or Path
        Exercises, chapters or paths; nothing means all.
    force : bool, default False
        Run also where the code did not change.
    limits, report
        As in `execute`.

    Raises
    ------
    HouseError
        If a name fits no exercise.
    ExerciseError, GateError
        If a text makes no exercise, or one that must not be released.
    """
    names = choose(exercise_names(house), wanted)
    places = [places_of(house, name) for name in names]
    read = [read_exercise(place.text, place.name) for place in places]
    return [
        _build(house, place, exercise, force=force, limits=limits, report=report)
        for place, exercise in zip(places, read, strict=True)
    ]


def exercise_differences(house: House, wanted: Iterable[str | Path] = ()) -> list[str]:
    """Say which exercises' files differ from their texts, and which command mends each.

    Returns
    -------
    list of str
        One sentence a file; empty where all are exactly what their texts give.
    """
    wanted, said = list(wanted), []
    for name in choose(exercise_names(house), wanted):
        place = places_of(house, name)
        exercise = read_exercise(place.text, name)
        mend = f"Mend it with: course build {name}"
        known = _known(place, exercise)
        if known is None:
            said.append(f"{name}: code differs from its solution's notebook or answers. {mend}")
            continue
        said += [
            f"{path.relative_to(house.root).as_posix()} differs from its text. {mend}"
            for path, content in _files(place, exercise, known)[0].items()
            if not path.is_file() or path.read_bytes() != content
        ]
    return said if wanted else said + _strays(house)


def build_both(
    house: House, wanted: Iterable[str | Path] = (), **options: Any
) -> tuple[list[Built], list[BuiltExercise]]:
    """Build lessons and exercises, chosen as in `lessons_and_exercises`; options as in both."""
    texts, names = lessons_and_exercises(house, wanted)
    return (
        build_lessons(house, texts, **options) if texts else [],
        build_exercises(house, names, **options) if names else [],
    )


def differences_of_both(house: House, wanted: Iterable[str | Path] = ()) -> list[str]:
    """Say which lessons and exercises differ from their texts; nothing means all, strays too."""
    wanted = list(wanted)
    if not wanted:
        return differences(house) + exercise_differences(house)
    texts, names = lessons_and_exercises(house, wanted)
    said = differences(house, texts) if texts else []
    return said + (exercise_differences(house, names) if names else [])


def as_json(built: Iterable[BuiltExercise]) -> list[dict[str, Any]]:
    """Return what was built as lists and dictionaries that JSON can hold."""
    return [
        {"exercise": one.exercise, "change": one.change, "fine": one.fine, "notes": [*one.notes]}
        for one in built
    ]


def _build(
    house: House,
    place: Places,
    exercise: Exercise,
    *,
    force: bool,
    limits: Limits | None,
    report: Callable[[LessonRun], None] | None,
) -> BuiltExercise:
    """Build one exercise."""
    known, run = None if force else _known(place, exercise), None
    if known is None:
        run, known = rehearse(exercise, limits=limits, report=report)
        if known is None:
            return BuiltExercise(exercise.name, CODE, blamed(run, exercise, place.text))
    files, student, solution = _files(place, exercise, known)
    changed = {
        path: content
        for path, content in files.items()
        if not path.is_file() or path.read_bytes() != content
    }
    if changed or run is not None:
        gate(exercise, known, student)
        problems = unstable_outputs(solution, house.root)
        if run is not None:
            problems += first_stop(exercise, student, limits=limits)
        if problems:
            raise GateError(exercise.name, problems)
    notes = _notes(place.student, student, known) if changed else ()
    if place.student in changed:
        _spare_answers(place.student)
    for path, content in changed.items():
        write_whole(path, content)
    change = CODE if run is not None else WORDS if changed else SAME
    return BuiltExercise(exercise.name, change, run, notes)


def _notes(path: Path, student: NotebookNode, known: Rehearsal) -> tuple[str, ...]:
    """Say what a change means for notebooks that were handed out, and what no gate looked for."""
    said, short = [], not_looked_for(known.answers)
    if _release_on_disk(path) not in {None, student.metadata[COURSE]["release"]}:
        said.append(
            "Notebooks that were handed out before are of an older release now, and `course grade` "
            "will name them as such."
        )
    if short:
        said.append(
            "Too short to be looked for in the student's notebook, so look there yourself: "
            f"{'; '.join(short)}."
        )
    return tuple(said)


def _release_on_disk(path: Path) -> str | None:
    try:
        return notebooks.read_notebook(path).metadata[COURSE]["release"]
    except (NotebookError, KeyError, TypeError):
        return None


def _spare_answers(student: Path) -> None:
    """Refuse to write over a notebook in which somebody has answered tasks."""
    try:
        answered = open_workplace(student).answered_tasks
    except (NotebookError, ExerciseError):
        return
    if answered:
        raise ExerciseError(
            f"{student} holds answers ({', '.join(answered)}), and building would write over them. "
            "Move the notebook to another place first, then build again."
        )


def _known(place: Places, exercise: Exercise) -> Rehearsal | None:
    """Return answers and outputs of the last run, where they belong to this text's code."""
    from dataclasses import replace

    stored = stored_rehearsal(place.answers)
    if stored is None or stored.key != key_of(exercise):
        return None
    try:
        outputs = stored_outputs(notebooks.read_notebook(place.solution))
    except NotebookError:
        return None
    if len(outputs) != len(run_cells(exercise)) + 1:
        return None
    return replace(stored, outputs=tuple(outputs))


def _files(
    place: Places, exercise: Exercise, known: Rehearsal
) -> tuple[dict[Path, bytes], NotebookNode, NotebookNode]:
    """Return the content of an exercise's three files, and the two notebooks."""
    hints = locked(exercise, known.wrong)
    student = student_notebook(exercise, hints)
    solution = solution_notebook(exercise, hints, known.outputs)
    files = {
        place.answers: known.to_bytes(),
        place.solution: notebooks.to_bytes(solution),
        place.student: notebooks.to_bytes(student),
    }
    return files, student, solution


def _strays(house: House) -> list[str]:
    """Name the student's notebooks that no solution stands behind."""
    from customer_insight.course.exercise.catalogue import student_names

    known = set(exercise_names(house))
    if not known:  # a student's copy of the course has no solutions
        return []
    return [
        f"exercises/{name}.ipynb has no solution. Remove it, or write solutions/{name}.py."
        for name in student_names(house)
        if name not in known
    ]
