"""The writing gate: reads each lesson as its reader would, and says what is missing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from customer_insight.course.curriculum import read_curriculum
from customer_insight.course.house import House, choose_lessons, lesson_texts
from customer_insight.course.writing_cells import (
    code_length,
    parameters_cell,
    prose_before_code,
    prose_length,
)
from customer_insight.course.writing_lesson import Lesson, Problem, read_lesson
from customer_insight.course.writing_numbers import typed_numbers
from customer_insight.course.writing_shown import alt_texts, displays, local_random, outputs
from customer_insight.course.writing_structure import (
    closing_sections,
    heading_levels,
    objectives,
    section_endings,
    section_order,
    term_table,
    time_needed,
    title_cell,
    topics_named,
)
from customer_insight.course.writing_terms import differing_terms
from customer_insight.course.writing_words import fillers, shared_sentences

# How a lesson is built; a page that stands before the first chapter is built as it likes.
FORM: tuple[Callable[[Lesson], Iterator[Problem]], ...] = (
    title_cell,
    time_needed,
    objectives,
    term_table,
    topics_named,
    parameters_cell,
    section_order,
    closing_sections,
    section_endings,
    prose_before_code,
)
# How anything in the course is written.
CRAFT: tuple[Callable[[Lesson], Iterator[Problem]], ...] = (
    heading_levels,
    code_length,
    prose_length,
    typed_numbers,
    displays,
    alt_texts,
    local_random,
    fillers,
    outputs,
)
# What only two lessons side by side show.
BETWEEN: tuple[Callable[[Iterable[Lesson]], Iterator[Problem]], ...] = (
    shared_sentences,
    differing_terms,
)


def check(house: House, wanted: Iterable[str | Path] = ()) -> list[Problem]:
    """Return what is missing in the lessons, in reading order.

    Parameters
    ----------
    house : House
        The repository; the lessons' texts are read, and the notebooks built from them.
    wanted : iterable of str or Path
        As in `choose_lessons`; nothing means every lesson. The chosen ones are compared with all.

    Returns
    -------
    list of Problem
        Each with lesson, line, cell, section, and in words what is missing; none is good news.

    Raises
    ------
    HouseError
        If a name fits no lesson, or there is no lesson at all.
    CurriculumError, NotebookError
        If the curriculum, a text or a notebook cannot be read.
    """
    chosen = {house.name(text) for text in choose_lessons(house, wanted)}
    lessons = read_lessons(house)
    problems = [p for lesson in lessons if lesson.name in chosen for p in of_lesson(lesson)]
    problems += [p for p in between(lessons) if p.lesson in chosen]
    order = {lesson.name: place for place, lesson in enumerate(lessons)}
    return sorted(problems, key=lambda problem: (order[problem.lesson], problem))


def read_lessons(house: House) -> list[Lesson]:
    """Return every lesson parsed, in reading order, with the curriculum's terms for it."""
    curriculum = read_curriculum(house.notebooks / "curriculum.yml")
    topics = {one.path: tuple(t.zh for t in one.topics) for one in curriculum.lessons()}
    names = [(text, house.name(text)) for text in lesson_texts(house)]
    return [read_lesson(text, name=name, topics=topics.get(name, ())) for text, name in names]


def of_lesson(lesson: Lesson) -> list[Problem]:
    """Return what is missing in one lesson, seen alone."""
    rules = (*FORM, *CRAFT) if "/" in lesson.name else CRAFT
    return sorted({problem for rule in rules for problem in rule(lesson)})


def between(lessons: Iterable[Lesson]) -> list[Problem]:
    """Return what is wrong between lessons: shared sentences, terms that differ."""
    lessons = tuple(lessons)
    return sorted({problem for rule in BETWEEN for problem in rule(lessons)})


def as_json(problems: Iterable[Problem]) -> list[dict[str, Any]]:
    """Return the problems as dictionaries that JSON can hold."""
    return [asdict(problem) for problem in problems]
