"""Which exercises there are, and where their files lie."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from customer_insight.course.house import House, HouseError, choose_lessons, lesson_texts


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


def lessons_and_exercises(
    house: House, wanted: Iterable[str | Path] = ()
) -> tuple[list[Path], list[str]]:
    """Choose lessons and exercises together, by the name or chapter that they share, or by path.

    Parameters
    ----------
    house : House
        Where both are.
    wanted : iterable of str or Path
        "05_clv/3_buy_till_you_die" and "05_clv" mean the lesson and its exercise; a path below
        ``notebooks`` means the lesson alone, one below ``solutions`` or ``exercises`` the exercise
        alone. Nothing means all.

    Returns
    -------
    (list of Path, list of str)
        Texts of lessons, names of exercises, both in reading order.

    Raises
    ------
    HouseError
        If one fits neither.
    """
    names, wanted = exercise_names(house), [str(one) for one in wanted]
    if not wanted:
        return choose_lessons(house), names
    lessons, exercises = set(), set()
    for one in wanted:
        texts, fitting = _lessons(house, one), _exercises(house, names, one)
        if not texts and not fitting:
            raise _unknown(one, [house.name(text) for text in lesson_texts(house)], names)
        lessons |= set(texts)
        exercises |= set(fitting)
    return (
        [text for text in lesson_texts(house) if text in lessons],
        [name for name in names if name in exercises],
    )


def _lessons(house: House, wanted: str) -> list[Path]:
    if _inside(house, wanted, house.solutions, house.exercises):
        return []
    for place in (wanted, house.root / wanted):
        with suppress(HouseError):
            return choose_lessons(house, [place])
    return []


def _exercises(house: House, names: list[str], wanted: str) -> list[str]:
    if _inside(house, wanted, house.notebooks):
        return []
    if _seen_from(house, wanted) & {house.solutions.resolve(), house.exercises.resolve()}:
        return names
    return [name for name in names if _fits(name, _bare(wanted))]


def _inside(house: House, wanted: str, *folders: Path) -> bool:
    """Whether a path lies in one of the folders."""
    return any(
        place.is_relative_to(folder.resolve())
        for place in _seen_from(house, wanted)
        for folder in folders
    )


def _seen_from(house: House, wanted: str) -> set[Path]:
    """Return what a path is seen from here, and from the house's root."""
    return {Path(wanted).resolve(), (house.root / wanted).resolve()}


def _unknown(wanted: str, lessons: list[str], exercises: list[str]) -> HouseError:
    close = difflib.get_close_matches(_bare(wanted), [*lessons, *exercises], n=1)
    hint = f"Did you mean {close[0]}? " if close else ""
    return HouseError(
        f"No lesson or exercise is called {wanted!r}, and none lies there. {hint}The lessons are: "
        f"{', '.join(lessons) or 'none yet'}. The exercises are: "
        f"{', '.join(exercises) or 'none yet'}."
    )


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
