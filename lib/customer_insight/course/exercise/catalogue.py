"""Which exercises there are, and where their files lie."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from customer_insight.course.house import House, HouseError


@dataclass(frozen=True)
class Places:
    """The files of one exercise: text, built solution, known answers, and the student's notebook.

    Examples
    --------
    >>> places_of(House(Path("h")), "05_clv/3_buy").student.as_posix()
    'h/exercises/05_clv/3_buy.ipynb'
    """

    name: str
    text: Path
    solution: Path
    answers: Path
    student: Path


def places_of(house: House, name: str) -> Places:
    """Return where the files of an exercise lie."""
    text = house.solutions / f"{name}.py"
    return Places(
        name=name,
        text=text,
        solution=text.with_suffix(".ipynb"),
        answers=text.with_suffix(".answers.json"),
        student=house.exercises / f"{name}.ipynb",
    )


def exercise_names(house: House) -> list[str]:
    """Name all exercises that have a solution text, in reading order."""
    return _names(house.solutions, ".py")


def student_names(house: House) -> list[str]:
    """Name all exercises that have a student's notebook, in reading order."""
    return _names(house.exercises, ".ipynb")


def choose(names: Iterable[str], wanted: Iterable[str | Path] = ()) -> list[str]:
    """Choose exercises by name, chapter or path.

    Parameters
    ----------
    names : iterable of str
        The exercises there are.
    wanted : iterable of str or Path
        "05_clv/3_buy_till_you_die", "05_clv", "3_buy_till_you_die" or the path of one of its files.
        Nothing means all.

    Raises
    ------
    HouseError
        If one fits none.
    """
    names, wanted = list(names), [_bare(str(one)) for one in wanted]
    if not wanted:
        return names
    chosen = set()
    for one in wanted:
        fitting = {name for name in names if _fits(name, one)}
        if not fitting:
            close = difflib.get_close_matches(one, names, n=1)
            hint = f"Did you mean {close[0]}? " if close else ""
            raise HouseError(
                f"No exercise is called {one!r}. {hint}The exercises are: "
                f"{', '.join(names) or 'none yet'}."
            )
        chosen |= fitting
    return [name for name in names if name in chosen]


def exercises_of(house: House, lessons: Iterable[str | Path]) -> list[str]:
    """Name the exercises that belong to lessons, chapters or paths; nothing means all.

    Unlike `choose`, it asks for none: a lesson may be without an exercise.
    """
    names, wanted = exercise_names(house), [_bare(str(one)) for one in lessons]
    return [name for name in names if not wanted or any(_fits(name, one) for one in wanted)]


def _names(folder: Path, ending: str) -> list[str]:
    found = [
        path.relative_to(folder).with_suffix("").as_posix()
        for path in folder.rglob(f"*{ending}")
        if not any(part.startswith((".", "__")) for part in path.relative_to(folder).parts)
    ]
    return sorted(found)


def _bare(wanted: str) -> str:
    path = Path(wanted).as_posix().removesuffix("/")
    for ending in (".ipynb", ".py"):
        path = path.removesuffix(ending)
    for folder in ("exercises/", "solutions/", "notebooks/"):
        path = path.rsplit(folder, maxsplit=1)[-1]
    return path


def _fits(name: str, wanted: str) -> bool:
    return wanted in (name, name.rsplit("/", maxsplit=1)[-1]) or name.startswith(f"{wanted}/")
