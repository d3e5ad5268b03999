"""Where things are in the repository, and which lessons there are."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

_PACKAGE = Path("lib", "customer_insight")


class HouseError(ValueError):
    """A folder, a lesson or a path that the course needs is not there."""


@dataclass(frozen=True)
class House:
    """The repository's folders, all below one root.

    Examples
    --------
    >>> house = House(Path("course"))
    >>> house.executed.as_posix()
    'course/build/executed'
    """

    root: Path

    @property
    def notebooks(self) -> Path:
        """The lessons: a text and the notebook built from it, in a folder for each chapter."""
        return self.root / "notebooks"

    @property
    def exercises(self) -> Path:
        """What a student receives; built from the solutions."""
        return self.root / "exercises"

    @property
    def solutions(self) -> Path:
        """Questions, answers and scorers, at the same paths as the exercises."""
        return self.root / "solutions"

    @property
    def datasets(self) -> Path:
        """The catalogue of data sets and the company's tables."""
        return self.root / "datasets"

    @property
    def build(self) -> Path:
        """What can be made again at any time and is never committed."""
        return self.root / "build"

    @property
    def executed(self) -> Path:
        """The lessons as last run, at the same paths as in ``notebooks``."""
        return self.build / "executed"

    @property
    def book(self) -> Path:
        """The built book."""
        return self.build / "book"

    def name(self, text: Path) -> str:
        """Name a lesson by its path below ``notebooks``, without its ending."""
        return text.relative_to(self.notebooks).with_suffix("").as_posix()


def find_house(start: Path | None = None) -> House:
    """Find the repository that holds this package.

    Parameters
    ----------
    start : Path, optional
        Where to look; this folder and those above it are tried in turn. Default: where the
        package is installed.

    Returns
    -------
    House
        At the first folder that has both ``pyproject.toml`` and ``notebooks``.

    Raises
    ------
    HouseError
        If no folder above ``start`` has both, or, without ``start``, the current folder lies in
        another copy of the repository: what is meant there would be done here.
    """
    if start is not None:
        return _house_above(start.resolve())
    house = _house_above(Path(__file__).resolve())
    _refuse_another_copy(house, Path.cwd())
    return house


def _house_above(start: Path) -> House:
    """Return the house at a folder or above it."""
    root = _root_above(start)
    if root is not None:
        return House(root)
    raise HouseError(
        f"No course was found at {start} or above it: a folder with pyproject.toml and notebooks/ "
        "is wanted. The lessons are not part of the installed package. Get the repository and "
        "call `make course` in it; then use the `course` command of its own environment, "
        ".venv/bin/course."
    )


def _refuse_another_copy(house: House, here: Path) -> None:
    """Raise where a person stands in another copy than the one that the command belongs to."""
    there = _root_above(here.resolve())
    if there is None or there == house.root or not (there / _PACKAGE).is_dir():
        return
    raise HouseError(
        f"You are in the copy of the course at {there}, and this `course` command belongs to the "
        f"copy at {house.root}: it would read and write there, not here. Call the command of this "
        f"copy, {there / '.venv' / 'bin' / 'course'} (if it is not there, call `make course` in "
        f"{there} first), or go to {house.root}."
    )


def _root_above(start: Path) -> Path | None:
    """Return the first folder, from here upwards, that holds a course."""
    for folder in (start, *start.parents):
        if (folder / "pyproject.toml").is_file() and (folder / "notebooks").is_dir():
            return folder
    return None


def lesson_texts(house: House) -> list[Path]:
    """List the texts of all lessons, in the order in which they are read.

    A lesson is a ``.py`` file in ``notebooks`` or in a chapter's folder there. Chapters and lessons
    start with their number, so the order is that of their names (``10_`` comes after ``9_``).
    """
    return sorted(
        (path for path in house.notebooks.rglob("*.py") if not _hidden(path, house.notebooks)),
        key=lambda path: [_place(part) for part in path.relative_to(house.notebooks).parts],
    )


def choose_lessons(house: House, wanted: Iterable[str | Path] = ()) -> list[Path]:
    """Find the texts of the lessons that a person names.

    Parameters
    ----------
    house : House
        Where the lessons are.
    wanted : iterable of str or Path
        Each is a lesson's name (``05_clv/3_buy_till_you_die``), a chapter's (``05_clv``), or the
        path of a text, a notebook or a folder. Nothing means every lesson.

    Returns
    -------
    list of Path
        Texts in reading order, each once.

    Raises
    ------
    HouseError
        If a name fits no lesson, or there is no lesson at all.
    """
    lessons = lesson_texts(house)
    if not lessons:
        raise HouseError(
            f"There is no lesson in {house.notebooks}: a lesson is a .py text in a chapter's "
            "folder. Get the repository again if its notebooks/ folder was emptied."
        )
    wanted = [str(name) for name in wanted]
    if not wanted:
        return lessons
    chosen = {path for name in wanted for path in _fitting(house, lessons, name)}
    return [path for path in lessons if path in chosen]


def _fitting(house: House, lessons: list[Path], wanted: str) -> list[Path]:
    """Return the lessons that one name stands for."""
    here, there = Path(wanted).resolve(), (house.notebooks / wanted).resolve()
    for place in (here, there) if wanted else ():
        text = place if place.is_dir() else place.with_suffix(".py")
        found = [path for path in lessons if text == path.resolve() or text in _above(path)]
        if found:
            return found
    names = [house.name(path) for path in lessons]
    close = difflib.get_close_matches(wanted.removesuffix(".ipynb").removesuffix(".py"), names, n=1)
    hint = f"Did you mean {close[0]}? " if close else ""
    raise HouseError(
        f"No lesson is called {wanted!r}, and no lesson's file or chapter lies there. {hint}"
        f"The lessons are: {', '.join(names)}."
    )


def _above(path: Path) -> tuple[Path, ...]:
    return tuple(path.resolve().parents)


def _hidden(path: Path, top: Path) -> bool:
    return any(part.startswith((".", "__")) for part in path.relative_to(top).parts)


def _place(part: str) -> tuple[int, str]:
    """Sort key of a name: its leading number, then the name."""
    number = part.split("_", maxsplit=1)[0]
    return (int(number) if number.isdecimal() else 10**6, part)
