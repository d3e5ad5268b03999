import json

import pytest

from customer_insight.course.exercise import judge
from customer_insight.course.exercise.gradebook import open_exercise, read_grades, record
from customer_insight.course.exercise.scoring import BY_HAND, EMPTY, NOT_GRADED
from customer_insight.course.house import HouseError

from . import small


@pytest.fixture
def out(built, tmp_path):
    """Return a folder of grades in which Ann has points for nothing yet."""
    open_exercise(tmp_path / "gradebook.db", built.exercise, built.hints)
    record(tmp_path / "gradebook.db", built.exercise, "ann", [], set())
    return tmp_path


def stored(out, ended, answer):
    task = {"task": "t4", "ended": ended, "answer": answer, "points": 0.0}
    row = {"student": "ann", "exercise": small.NAME, "tasks": [task]}
    (out / "grades.json").write_text(json.dumps([row]))


def points(out):
    return read_grades(out / "gradebook.db", small.NAME)["ann"]["t4"]


@pytest.mark.parametrize("ended", [EMPTY, BY_HAND])
@pytest.mark.parametrize("exercise", [None, small.NAME])
def test_an_empty_answer_gets_points_only_when_asked_twice(out, ended, exercise):
    stored(out, ended, "")
    with pytest.raises(HouseError, match=r"ann has not answered t4.*--even-if-empty"):
        judge.enter(out, "ann", "t4", 2, exercise=exercise)
    assert not points(out).by_hand
    assert judge.enter(out, "ann", "t4", 2, exercise=exercise, even_if_empty=True) == 4
    assert points(out).points == 2
    judge.withdraw(out, "ann", "t4", exercise=exercise)
    assert not points(out).by_hand


def test_an_answer_that_is_there_or_not_known_is_judged(out):
    assert judge.enter(out, "ann", "t4", 1) == 4
    stored(out, BY_HAND, "abc")
    assert judge.enter(out, "ann", "t4", 2) == 4
    stored(out, NOT_GRADED, "")
    assert judge.enter(out, "ann", "t4", 3) == 4
