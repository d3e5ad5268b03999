"""What was handed in: each student's notebook, and what cannot be graded and why."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from customer_insight.course.exercise.catalogue import choose
from customer_insight.course.exercise.release import COURSE
from customer_insight.course.house import HouseError

_WANTED = (
    "Each student has a folder of that name in it, with the notebook inside: "
    "SUBMISSIONS/STUDENT/3_buy_till_you_die.ipynb"
)
_FEW = 3


@dataclass(frozen=True)
class HandedIn:
    """Notebooks by student, and why others were refused, by student (or by file, without one)."""

    found: dict[str, Path]
    refused: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class _Notebook:
    """A notebook and the exercises that it can be of: none, where nothing tells."""

    path: Path
    fits: frozenset[str]


def find_submissions(
    folder: Path, names: Iterable[str], wanted: str | None = None
) -> tuple[str, HandedIn]:
    """Find out which exercise was handed in, and each student's notebook of it.

    A notebook is of the exercise that it names itself (the course writes that into it), whatever
    its file is called; where a program dropped that, of the one that its file is called after. The
    students' folders may hold notebooks of other exercises, too.

    Parameters
    ----------
    folder : Path
        A folder with a folder for each student, the notebook somewhere in it.
    names : iterable of str
        The exercises there are.
    wanted : str, optional
        The exercise, where several were handed in: then a notebook that tells nothing is taken
        for it.

    Returns
    -------
    (str, HandedIn)
        The exercise, and the notebooks of it. A student with none or several, and a notebook in no
        student's folder, are refused; the others can be graded.

    Raises
    ------
    HouseError
        If there is no such folder or nothing in it, or if that leaves no exercise, or several.
    """
    names, refused = list(names), {}
    own = {
        student: [_Notebook(path, _fits(path, names)) for path in paths]
        for student, paths in _notebooks(folder, refused).items()
    }
    exercise = _exercise(own, names, wanted)
    found = {}
    for student, notebooks in own.items():
        fitting = [one.path for one in notebooks if exercise in one.fits]
        if wanted and not fitting:
            fitting = [one.path for one in notebooks if not one.fits]
        if len(fitting) == 1:
            found[student] = fitting[0]
        elif fitting:
            listed = ", ".join(path.relative_to(folder).as_posix() for path in fitting)
            refused[student] = f"There are {len(fitting)} notebooks: {listed}. Leave one."
        else:
            refused[student] = _strange(notebooks, exercise)
    if not found:
        raise HouseError(f"No submission is of {exercise}. Name the exercise that was handed in.")
    return exercise, HandedIn(found, refused)


def _notebooks(folder: Path, refused: dict[str, str]) -> dict[str, list[Path]]:
    """List the notebooks in each student's folder; what is none goes to ``refused``."""
    if folder.is_file():
        raise HouseError(
            f"{folder} is a file. Give the folder with all submissions instead. {_WANTED}"
        )
    if not folder.is_dir():
        raise HouseError(f"There is no folder {folder}. Name the folder with the submissions.")
    found = {}
    for place in sorted(path for path in folder.iterdir() if not path.name.startswith((".", "__"))):
        if not place.is_dir():
            if place.suffix == ".ipynb":
                refused[place.name] = "It lies in no student's folder. Put it into one."
            continue
        own = sorted(path for path in place.rglob("*.ipynb") if not _hidden(path, place))
        if own:
            found[place.name] = own
        else:
            refused[place.name] = "The folder holds no notebook. Put it there, as .ipynb."
    if not found:
        listed = "".join(f"\n- {name}: {why}" for name, why in refused.items())
        raise HouseError(f"{folder} holds no submission. {_WANTED}{listed}")
    return found


def _fits(path: Path, names: list[str]) -> frozenset[str]:
    """Return the exercise that a notebook names itself, or else those that its file's name fits."""
    try:
        said = json.loads(path.read_bytes())["metadata"][COURSE]["exercise"]
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        said = None
    if said in names:
        return frozenset({said})
    return frozenset(name for name in names if name.rsplit("/", maxsplit=1)[-1] == path.stem)


def _exercise(own: Mapping[str, list[_Notebook]], names: list[str], wanted: str | None) -> str:
    """Return the one exercise that is meant."""
    fits = {student: {n for one in own[student] for n in one.fits} for student in own}
    handed_in = sorted(set().union(*fits.values()))
    chosen = choose(names, [wanted]) if wanted else handed_in
    if not chosen:
        choose(names, sorted(one.path.stem for each in own.values() for one in each)[:1])
    if len(chosen) != 1:
        by = {name: [student for student in own if name in fits[student]] for name in chosen}
        listed = "; ".join(f"{name} from {_who(by[name])}" for name in chosen)
        raise HouseError(
            f"The submissions could be of {len(chosen)} exercises ({listed}). Say "
            "which: course grade SUBMISSIONS --out OUT --exercise NAME"
        )
    return chosen[0]


def _who(students: list[str]) -> str:
    return ", ".join(students) if len(students) <= _FEW else f"{len(students)} students"


def _strange(notebooks: list[_Notebook], exercise: str) -> str:
    """Say why none of a student's notebooks is taken for the exercise, and what to do."""
    other = [f"{one.path.name} is of {min(one.fits)}" for one in notebooks if one.fits]
    unknown = [one.path.name for one in notebooks if not one.fits]
    said = "; ".join([*other, *(f"{name} does not tell of which it is" for name in unknown)])
    if not unknown:
        return f"There is no notebook of {exercise}: {said}."
    stem = exercise.rsplit("/", maxsplit=1)[-1]
    return (
        f"There is no notebook of {exercise}: {said}. Rename it to {stem}.ipynb, or pass "
        f"--exercise {exercise}, which takes a notebook that tells nothing."
    )


def _hidden(path: Path, top: Path) -> bool:
    return any(part.startswith((".", "__")) for part in path.relative_to(top).parts)
