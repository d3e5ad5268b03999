"""The rule on terms: one English term has one Chinese word and one meaning in all lessons."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from customer_insight.course.glossary import alike, term_rows
from customer_insight.course.writing_lesson import Lesson, Problem
from customer_insight.course.writing_markdown import Block


def differing_terms(lessons: Iterable[Lesson]) -> Iterator[Problem]:
    """Check that lessons give a term equal Chinese and equal meaning, so that it stands once."""
    places: dict[str, list[tuple[Lesson, Block]]] = defaultdict(list)
    for lesson in lessons:
        for row in term_rows(lesson.blocks):
            places[alike(row.cells[0])].append((lesson, row))
    for found in places.values():
        for lesson, row in found:
            for column, what in ((1, "Chinese"), (2, "meaning")):
                others = [
                    f"{other_row.cells[column]!r} in {other.name}, line {other_row.line}"
                    for other, other_row in found
                    if alike(other_row.cells[column]) != alike(row.cells[column])
                ]
                if others:
                    yield lesson.problem(
                        row.line,
                        f"term {row.cells[0]!r} has the {what} {row.cells[column]!r} here and "
                        f"{'; '.join(others)}: choose one for all lessons",
                    )
