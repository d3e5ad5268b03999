"""What students receive: a copy of the course without solutions, checked before it is there."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from customer_insight.course import notebook as notebooks
from customer_insight.course.exercise.build import exercise_differences
from customer_insight.course.exercise.catalogue import choose, exercise_names, places_of
from customer_insight.course.exercise.gates import GateError
from customer_insight.course.exercise.leak_places import places
from customer_insight.course.exercise.leaks import leaks
from customer_insight.course.exercise.rehearsal import stored_rehearsal
from customer_insight.course.exercise.secret_texts import secret_lines
from customer_insight.course.exercise.tasks import read_exercise
from customer_insight.course.house import House, HouseError

_FOLDERS = ("notebooks", "datasets", "lib")
_FILES = (
    "pyproject.toml",
    "requirements.lock",
    "requirements-spark.lock",
    "environment.yml",
    "Makefile",
    "README.md",
    "LICENSE",
    "CONTRIBUTING.md",
)
_LEFT_OUT = ("fetched", "__pycache__", "executed")
_TEXTS = {".py", ".md", ".ipynb", ".yml", ".json", ".txt", ".toml"}


@dataclass(frozen=True)
class Handout:
    """A copy for students: its folder, the exercises in it, and how many files it has."""

    folder: Path
    exercises: tuple[str, ...]
    files: int


def hand_out(house: House, folder: Path, wanted: Iterable[str | Path] = ()) -> Handout:
    """Write a copy of what students need: lessons, data, library, exercises, how to set it up.

    Solutions, tests and the history are not in it, nor are files that begin with a dot, fetched
    data sets (their publishers' terms hold) and answers that somebody left in ``exercises/``. The
    folder appears only when all checks have passed.

    Parameters
    ----------
    house : House
        Where the solutions are.
    folder : Path
        Where to; it must not be there yet, or be empty.
    wanted : iterable of str or Path
        Exercises, chapters or paths; nothing means all. All lessons are handed out.

    Raises
    ------
    HouseError
        If there is something in the folder, it lies inside the course, a name fits no exercise, or
        an exercise is not what its solution gives, such as one that somebody worked in.
    GateError
        If a file holds a line that gives an answer, or one of a scorer or a rubric, or an exercise
        holds what `leaks` finds. Steps to an answer may stand in lessons: they teach them.
    """
    names = choose(exercise_names(house), wanted)
    _check_folder(house, folder)
    differing = exercise_differences(house, names) if names else []
    if differing:
        raise HouseError(
            "What is handed out must be what the solutions give, and it is not:\n"
            + "\n".join(f"- {one}" for one in differing)
        )
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".handout-", dir=folder.parent) as place:
        copy = House(Path(place, folder.name))
        files = _copy(house, copy, names)
        problems = [*_solution_files(house, files), *_solution_texts(house, files)]
        problems += [said for name in names for said in _leaks(house, copy, name)]
        if problems:
            raise GateError(", ".join(names) or "handout", problems)
        if folder.exists():
            folder.rmdir()
        copy.root.rename(folder)
    return Handout(folder, tuple(names), len(files))


def _check_folder(house: House, folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise HouseError(f"{folder} is there already. Name a folder that is not, or an empty one.")
    if folder.resolve().is_relative_to(house.root.resolve()):
        raise HouseError(
            f"{folder} lies inside the course, beside its solutions. Name a folder outside of it."
        )


def _copy(house: House, copy: House, names: list[str]) -> dict[Path, Path]:
    """Copy the files, and return each copy with its path below the root."""
    chosen = [path for name in _FOLDERS for path in _files(house.root / name)]
    chosen += [house.root / name for name in _FILES if (house.root / name).is_file()]
    chosen += [places_of(house, name).student for name in names]
    made = {}
    for path in chosen:
        below = path.relative_to(house.root)
        target = copy.root / below
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
        made[target] = below
    copy.exercises.mkdir(parents=True, exist_ok=True)
    return made


def _files(folder: Path) -> Iterator[Path]:
    """Yield the files below a folder that are handed out, in order."""
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder.parent).parts
        hidden = any(part.startswith(".") or part in _LEFT_OUT for part in parts)
        if path.is_file() and not hidden:
            yield path


def _solution_files(house: House, files: dict[Path, Path]) -> list[str]:
    """Name the copies that are a file of the solutions under another name."""
    own = {_hash(path): path for path in house.solutions.rglob("*") if path.is_file()}
    return [
        f"{below.as_posix()} is a copy of {own[_hash(path)].relative_to(house.root).as_posix()}."
        for path, below in files.items()
        if _hash(path) in own
    ]


def _solution_texts(house: House, files: dict[Path, Path]) -> list[str]:
    """Name the copies that hold a whole line of what a student must not see."""
    secret = {}
    for name in exercise_names(house):  # those that are handed out later, too
        exercise = read_exercise(places_of(house, name).text, name)
        lines = secret_lines(exercise, steps=False)
        secret |= {line: f"{what} in {name}" for what, line in lines}
    return [
        f"{below.as_posix()} holds a line of {secret[line]}: {line[:60]!r}."
        for path, below in files.items()
        if path.suffix in _TEXTS
        for line in _lines(path)
        if line in secret
    ]


def _lines(path: Path) -> list[str]:
    """Return a file's lines, those of a notebook's cells and outputs as they are read."""
    if path.suffix == ".ipynb":
        text = "\n".join(place.text for place in places(notebooks.read_notebook(path)))
    else:
        text = path.read_text(encoding="utf-8", errors="replace")
    lines = (line.strip().removeprefix("# ").strip() for line in text.splitlines())
    return list(dict.fromkeys(lines))


def _leaks(house: House, copy: House, name: str) -> list[str]:
    """Look for answers in the copy of an exercise."""
    place = places_of(house, name)
    known = stored_rehearsal(place.answers)
    student = notebooks.read_notebook(places_of(copy, name).student)
    said = leaks(student, read_exercise(place.text, name), known.answers, known.wrong)
    return [f"{name}: {one}" for one in said]


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
