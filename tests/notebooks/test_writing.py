"""The writing gate over the real lessons."""

import pytest

from customer_insight.course import writing
from customer_insight.course.house import find_house

HOUSE = find_house()


@pytest.fixture(scope="module")
def lessons():
    """Return every lesson, parsed once."""
    return writing.read_lessons(HOUSE)


def test_every_lesson_is_written_as_a_lesson_must_be(lessons):
    said = [str(problem) for lesson in lessons for problem in writing.of_lesson(lesson)]
    assert not said, "\n".join(said)


def test_no_two_lessons_share_a_sentence_or_differ_on_a_term(lessons):
    said = [str(problem) for problem in writing.between(lessons)]
    assert not said, "\n".join(said)
