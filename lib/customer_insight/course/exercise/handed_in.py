"""What was handed in: each student's notebook, and what cannot be graded and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from customer_insight.course.exercise.catalogue import choose
from customer_insight.course.house import HouseError

_WANTED = (
    "Each student has a folder of that name in it, with the notebook inside: "
    "SUBMISSIONS/STUDENT/3_buy_till_you_die.ipynb"
)


@dataclass(frozen=True)
class HandedIn:
    """Notebooks by student, and why others were refused, by student (or by file, without one)."""

    found: dict[str, Path]
    refused: dict[str, str] = field(default_factory=dict)


def find_submissions(folder: Path) -> HandedIn:
    """Find each student's notebook: the one in the folder that bears the student's name.

    A student with several notebooks or none, and a notebook in no student's folder, are refused;
    the others can be graded.

    Raises
    ------
    HouseError
        If there is no such folder, or nothing in it.
    """
    if folder.is_file():
        raise HouseError(
            f"{folder} is a file. Give the folder with all submissions instead. {_WANTED}"
        )
    if not folder.is_dir():
        raise HouseError(f"There is no folder {folder}. Name the folder with the submissions.")
    found, refused = {}, {}
    for place in sorted(path for path in folder.iterdir() if not path.name.startswith((".", "__"))):
        if not place.is_dir():
            if place.suffix == ".ipynb":
                refused[place.name] = "It lies in no student's folder. Put it into one."
            continue
        own = sorted(path for path in place.rglob("*.ipynb") if not _hidden(path, place))
        if len(own) == 1:
            found[place.name] = own[0]
        elif own:
            names = ", ".join(path.relative_to(folder).as_posix() for path in own)
            refused[place.name] = f"There are {len(own)} notebooks: {names}. Leave one."
        else:
            refused[place.name] = "The folder holds no notebook. Put it there, as .ipynb."
    if not found:
        listed = "".join(f"\n- {name}: {why}" for name, why in refused.items())
        raise HouseError(f"{folder} holds no submission. {_WANTED}{listed}")
    return HandedIn(found, refused)


def of_one_exercise(
    handed_in: HandedIn, names: Iterable[str], wanted: str | None = None
) -> tuple[str, HandedIn]:
    """Find out of which exercise the submissions are, and refuse those of none or another.

    Parameters
    ----------
    handed_in : HandedIn
        From `find_submissions`.
    names : iterable of str
        The exercises there are.
    wanted : str, optional
        The exercise, where file names do not tell: then a notebook of any name is taken, unless it
        has the name of another exercise.

    Raises
    ------
    HouseError
        If that leaves no exercise, or several.
    """
    names = list(names)
    named = {path.stem: _called(names, path.stem) for path in handed_in.found.values()}
    chosen = (
        choose(names, [wanted]) if wanted else sorted({n for own in named.values() for n in own})
    )
    if not chosen:
        choose(names, sorted(named)[:1])  # says which exercises there are
    if len(chosen) != 1:
        raise HouseError(
            f"The submissions could be of {len(chosen)} exercises ({', '.join(chosen)}). Say "
            "which: course grade SUBMISSIONS --out OUT --exercise NAME"
        )
    (exercise,) = chosen
    found, refused = {}, dict(handed_in.refused)
    for student, path in handed_in.found.items():
        fits = named[path.stem]
        if exercise in fits or (wanted and not fits):
            found[student] = path
        else:
            refused[student] = _strange(path, exercise, fits)
    if not found:
        raise HouseError(f"No submission is of {exercise}. Name the exercise that was handed in.")
    return exercise, HandedIn(found, refused)


def _called(names: list[str], stem: str) -> list[str]:
    return [name for name in names if name.rsplit("/", maxsplit=1)[-1] == stem]


def _strange(path: Path, exercise: str, fits: list[str]) -> str:
    """Say why a notebook is not taken for the exercise, and what to do."""
    if fits:
        return f"{path.name} has the name of {fits[0]}, not of {exercise}. Grade it on its own."
    stem = exercise.rsplit("/", maxsplit=1)[-1]
    return (
        f"{path.name} has the name of no exercise. Rename it to {stem}.ipynb, or pass "
        f"--exercise {exercise}, which takes a notebook of any name."
    )


def _hidden(path: Path, top: Path) -> bool:
    return any(part.startswith((".", "__")) for part in path.relative_to(top).parts)
