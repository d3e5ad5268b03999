import pytest

from customer_insight.course.exercise.tasks import ExerciseError
from customer_insight.course.exercise.workplace import is_answered, open_workplace

from . import small


def test_a_students_notebook_knows_its_tasks_and_its_answers_folder(built):
    place = open_workplace(built.places.student)
    assert place.points == {"t1": 2, "t2": 3, "t3": 2, "t4": 4}
    assert place.answered_tasks == []
    assert place.answers == built.house.exercises / ".answers" / "1_small"
    assert place.cell("t9") is None


def test_the_instructors_notebook_is_no_workplace(built):
    with pytest.raises(ExerciseError, match=r"programs drop it on saving\. Take a fresh copy"):
        open_workplace(built.places.solution)


@pytest.mark.parametrize(
    ("source", "answered"),
    [
        ("", False),
        ("  \n", False),
        ('check.unanswered("t1")', False),
        ('x = 1\n    check.unanswered("t1")', False),
        ('# check.unanswered("t1")\nt1 = 3', True),
        ("t1 = 3", True),
    ],
)
def test_an_answer_is_told_from_a_line_that_still_stops(source, answered):
    fresh = 'check.unanswered("t1")  # put your answer in place of this line'
    assert is_answered(source, fresh) == answered
    assert not is_answered(fresh, fresh)


def test_a_cell_is_found_by_its_mark_before_its_id(built):
    place = open_workplace(built.places.student)
    assert place.cell("t1") is small.cell(place.notebook, "t1")
