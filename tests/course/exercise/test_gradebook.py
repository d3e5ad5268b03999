import pytest

from customer_insight.course.exercise import gradebook
from customer_insight.course.exercise.gradebook import (
    Recorded,
    enter_points,
    open_exercise,
    read_grades,
    record,
    withdraw_points,
)
from customer_insight.course.exercise.release import quiet_nbgrader
from customer_insight.course.exercise.scoring import SCORED, Score
from customer_insight.course.exercise.tasks import ExerciseError
from customer_insight.course.house import HouseError

from . import small

SCORES = [Score("t1", 1.5, 2, SCORED), Score("t2", 3.0, 3, SCORED)]


@pytest.fixture
def database(built, tmp_path):
    """Return a gradebook in which Ann has points and a written answer that waits."""
    path = tmp_path / "out" / "gradebook.db"
    open_exercise(path, built.exercise, built.hints)
    record(path, built.exercise, "ann", SCORES, {"t4"})
    return path


def by_nbgrader(database, cell, points):
    """Enter points as nbgrader itself does."""
    with quiet_nbgrader():
        from nbgrader.api import Gradebook

        with Gradebook(f"sqlite:///{database}") as book:
            book.find_grade(cell, small.NAME, small.NAME, "ann").manual_score = points
            book.db.commit()


def test_the_released_notebook_is_the_students(built, database):
    again = open_exercise(database, built.exercise, built.hints)
    assert [cell.source for cell in again.cells] == [cell.source for cell in built.student.cells]
    assert again.metadata == built.student.metadata


def test_points_and_who_waits_come_back_as_they_were_recorded(database):
    assert read_grades(database, small.NAME) == {
        "ann": {
            "t1": Recorded(1.5, False, False),
            "t2": Recorded(3.0, False, False),
            "t3": Recorded(0.0, False, False),
            "t4": Recorded(0.0, False, True),
        }
    }


@pytest.mark.parametrize("enter", ["ours", "nbgrader's"])
def test_points_by_hand_survive_the_next_recording(built, database, enter):
    if enter == "ours":
        assert enter_points(database, "ann", "t4", 3.5) == 4
        assert enter_points(database, "ann", "t1", 0) == 2
    else:
        by_nbgrader(database, "t4", 3.5)
        by_nbgrader(database, "t1-check", 0.0)
    open_exercise(database, built.exercise, built.hints)
    record(database, built.exercise, "ann", SCORES, set())
    found = read_grades(database, small.NAME)["ann"]
    assert found["t4"] == Recorded(3.5, True, False)
    assert found["t1"] == Recorded(0.0, True, False)
    assert found["t2"] == Recorded(3.0, False, False)


def test_points_taken_back_leave_a_scorers_or_wait_for_a_reader(built, database):
    enter_points(database, "ann", "t4", 3.5)
    enter_points(database, "ann", "t1", 0)
    withdraw_points(database, "ann", "t4")
    withdraw_points(database, "ann", "t1")
    found = read_grades(database, small.NAME)["ann"]
    assert found["t4"] == Recorded(0.0, False, True)
    assert found["t1"] == Recorded(1.5, False, False)
    with pytest.raises(HouseError, match="Nobody has entered points of ann for t1 by hand"):
        withdraw_points(database, "ann", "t1")
    with pytest.raises(HouseError, match="holds no task 't9'"):
        withdraw_points(database, "ann", "t9")


@pytest.mark.parametrize(
    ("student", "task", "points", "words"),
    [
        ("eve", "t4", 1, r"holds no student 'eve'\. It holds: ann\."),
        ("ann", "t9", 1, r"holds no task 't9'\. It holds: t1, t2, t3, t4\."),
        ("ann", "t4", 4.5, r"Task t4 has 0 to 4 points; 4\.5 cannot be entered"),
        ("ann", "t4", -1, r"Task t4 has 0 to 4 points"),
        ("ann", "t4", float("nan"), r"Task t4 has 0 to 4 points"),
    ],
)
def test_points_that_cannot_be_entered_change_nothing(database, student, task, points, words):
    before = read_grades(database, small.NAME)
    with pytest.raises(HouseError, match=words):
        enter_points(database, student, task, points)
    assert read_grades(database, small.NAME) == before


def test_the_gradebook_and_the_exercise_have_to_be_told(built, database, tmp_path):
    with pytest.raises(HouseError, match=r"There is no gradebook .*none.*--out"):
        enter_points(tmp_path / "none" / "gradebook.db", "ann", "t4", 1)
    assert not (tmp_path / "none").exists()
    other = small.exercise_of(tmp_path)
    other = type(other)("05_clv/other", other.cells, other.tasks, other.shared)
    open_exercise(database, other, built.hints)
    with pytest.raises(HouseError, match=r"holds 2 exercises .*05_clv-other.*--exercise NAME"):
        enter_points(database, "ann", "t4", 1)
    with pytest.raises(HouseError, match="holds no exercise 'third'"):
        enter_points(database, "ann", "t4", 1, exercise="third")
    assert enter_points(database, "ann", "t4", 1, exercise=small.NAME) == 4


def test_other_tasks_than_those_with_submissions_are_refused(built, database, tmp_path):
    fewer = small.TEXT[: small.TEXT.index("# %% [markdown]\n# ## Task 4")]
    with pytest.raises(
        ExerciseError, match="a task was added, removed or renamed after the release"
    ):
        gradebook.open_exercise(database, small.exercise_of(tmp_path, fewer), built.hints)
