"""Which topic runs where: tags on code cells, against the curriculum."""

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from customer_insight.course.curriculum import Curriculum
from customer_insight.course.sections import Section, sections_of_cells

_LIKE_A_TOPIC = re.compile(r"[A-Za-z][ ._-]?\d+([._-]\d+)*[ ._-]?[A-Za-z]?")


class CoverageError(ValueError):
    """Tags, or a list of uncovered topics, that cannot be believed."""


@dataclass(frozen=True, slots=True)
class Place:
    """A tagged code cell: its notebook without suffix, section, and number among all cells."""

    notebook: str
    section: Section | None
    cell: int

    def __str__(self) -> str:
        """Return the place in words."""
        section = f", section '{self.section.title}'" if self.section else ""
        return f"{self.notebook}{section}, cell {self.cell}"


@dataclass(frozen=True, slots=True)
class Coverage:
    """Where each topic runs.

    ``places`` holds for every topic, in the curriculum's order, the cells that run it, in its own
    lesson first; ``covered`` the topics that run in their own lesson; ``silent`` the tagged cells
    that show nothing and so do not count.
    """

    curriculum: Curriculum
    places: Mapping[str, tuple[Place, ...]]
    covered: frozenset[str]
    silent: tuple[tuple[str, Place], ...]

    def uncovered(self) -> tuple[str, ...]:
        """Return the topics that do not run in their own lesson, in the curriculum's order."""
        return tuple(topic for topic in self.places if topic not in self.covered)

    def rows(self) -> list[dict]:
        """Return one plain row a topic, for programs to read."""
        return [
            {
                "topic": topic.id,
                "zh": topic.zh,
                "en": topic.en,
                "lesson": lesson.path,
                "covered": topic.id in self.covered,
                "cells": [
                    {
                        "notebook": place.notebook,
                        "section": place.section.title if place.section else None,
                        "cell": place.cell,
                    }
                    for place in self.places[topic.id]
                ],
            }
            for lesson, topic in self.curriculum.topics()
        ]


def read_coverage(notebooks: Path, curriculum: Curriculum) -> Coverage:
    """Return where each topic runs, from the tags of the notebooks' code cells.

    A topic runs where a code cell carries its id as a tag and has shown an output; errors, noise on
    standard error and blank text are no output. It is covered when that cell stands in the lesson
    under which the curriculum lists it; other places are told beside.

    Parameters
    ----------
    notebooks : Path
        A folder with executed notebooks: the course's own, or the copies of a run.
    curriculum : Curriculum
        What must run.

    Returns
    -------
    Coverage
        Places of every topic, and tagged cells that show nothing.

    Raises
    ------
    CoverageError
        If a tag looks like a topic's id and is none, or stands on a cell that is not code; all
        such tags are named, each with the ids that it may mean.
    """
    owners = {topic.id: lesson.path for lesson, topic in curriculum.topics()}
    places: dict[str, list[Place]] = {topic: [] for topic in owners}
    silent, problems = [], []
    for tag, cell, place in _tagged(notebooks):
        if tag not in owners:
            problems.append(f"{place}: tag {tag!r} is no topic's id.{_did_you_mean(tag, owners)}")
        elif cell["cell_type"] != "code":
            problems.append(
                f"{place}: topic {tag} is tagged on a cell of text, and prose alone never covers "
                "a topic. Tag the code cell whose output shows it."
            )
        elif _shows(cell):
            places[tag].append(place)
        else:
            silent.append((tag, place))
    if problems:
        raise CoverageError("\n".join(problems))
    own_first = {
        topic: tuple(sorted(found, key=lambda place: place.notebook != owners[topic]))
        for topic, found in places.items()
    }
    covered = {t for t, found in own_first.items() if found and found[0].notebook == owners[t]}
    return Coverage(curriculum, own_first, frozenset(covered), tuple(silent))


def _tagged(notebooks: Path) -> Iterator[tuple[str, Mapping, Place]]:
    """Yield every tag that looks like a topic's id, with its cell and the cell's place."""
    import nbformat

    for path in sorted(notebooks.rglob("*.ipynb")):
        inside = path.relative_to(notebooks)
        if any(part.startswith(".") for part in inside.parts):
            continue
        notebook = nbformat.read(path, as_version=4)
        sections = sections_of_cells(notebook)
        for number, cell in enumerate(notebook["cells"], 1):
            for tag in cell["metadata"].get("tags", ()):
                if _LIKE_A_TOPIC.fullmatch(tag):
                    place = Place(inside.with_suffix("").as_posix(), sections[number - 1], number)
                    yield tag, cell, place


def _shows(cell: Mapping) -> bool:
    """Return whether a code cell has shown a result."""
    for output in cell["outputs"]:
        if output["output_type"] == "stream":
            if output["name"] == "stdout" and output["text"].strip():
                return True
        elif output["output_type"] != "error" and any(output["data"].values()):
            return True
    return False


def _did_you_mean(tag: str, ids: Mapping) -> str:
    """Return a hint with the ids nearest to a tag."""
    bare = re.sub(r"[ ._-]", "", tag).lower()
    same = [topic for topic in ids if topic.replace(".", "").lower() == bare]
    near = same or difflib.get_close_matches(tag, ids, n=3)
    hint = f" Did you mean {' or '.join(near)}?" if near else ""
    return f"{hint} The ids stand in curriculum.yml; a tag of another kind needs another form."
