import json
import shlex
import shutil

import nbformat
import pytest
from typer.testing import CliRunner

from customer_insight import cli
from customer_insight.course import house as houses

from . import small


@pytest.fixture
def course(built, tmp_path, monkeypatch):
    """Return what calls the command line in a course of one small exercise with one answer."""
    monkeypatch.setattr(houses, "find_house", lambda: house)
    house = small.house_with(tmp_path / "house")
    for path in (built.places.answers, built.places.solution):
        (house.solutions / path.name).write_bytes(path.read_bytes())
    house.exercises.mkdir()
    nbformat.write(
        small.answered(built.student, built.exercise, t1="t1 = 3"),
        house.exercises / "1_small.ipynb",
    )

    def call(*words):
        return CliRunner().invoke(cli.app, [str(word) for word in words])

    call.house, call.fresh = house, built.places.student.read_bytes()
    return call


def test_progress_and_reset_say_what_they_found_and_did(course):
    found = course("progress")
    assert found.exit_code == 0
    assert "t1  answered, check not run  2 points" in found.stdout
    done = course("reset", "t1")
    assert done.exit_code == 0
    assert "Your old answer is in" in done.stdout
    assert "1_small_t1_kept_1.py" in done.stdout.replace("\n", "")
    assert json.loads(course("progress", "--json").stdout)[0]["next"] == "t1"
    assert json.loads(course("reset", "t1", "--json").stdout)["kept"] is None


def test_unknown_names_are_wrong_usage(course):
    for words in (("progress", "9_none"), ("reset", "t9"), ("reset", "t1", "--exercise", "9_none")):
        result = course(*words)
        assert result.exit_code == 2
        assert "9" in result.stderr


def test_grade_says_for_whom_it_is_and_gives_a_table(course, built, tmp_path):
    empty = small.answered(built.student, built.exercise)
    small.submit(tmp_path / "in", "ann", empty)
    result = course("grade", tmp_path / "in", "--out", tmp_path / "out")
    assert result.exit_code == 0
    assert "For trusted code: every submission runs with all your rights" in result.stderr
    assert "ann" in result.stdout
    assert (tmp_path / "out" / "gradebook.db").is_file()
    rows = json.loads(course("grade", tmp_path / "in", "--out", tmp_path / "out", "--json").stdout)
    assert rows["trusted"].startswith("For trusted code")
    assert rows["students"][0]["student"] == "ann"
    assert [task["empty"] for task in rows["tasks"]] == [1, 1, 1, 1]
    assert "FOR TRUSTED CODE ONLY" in course("grade", "--help").stdout
    assert course("grade", tmp_path / "none", "--out", tmp_path / "out").exit_code == 2


def test_points_of_a_written_answer_are_entered_as_grade_says_and_come_back(
    course, built, tmp_path
):
    written = small.answered(built.student, built.exercise, t4="Because it is so.")
    small.submit(tmp_path / "in", "ann lee", written)
    first = course("grade", tmp_path / "in", "--out", tmp_path / "out")
    assert "1 answer waits for a reader:" in first.stdout
    assert str(course.house.solutions / "1_small.ipynb") in first.stdout
    assert str(tmp_path / "out" / "to_read.md") in first.stdout
    page = (tmp_path / "out" / "to_read.md").read_text()
    assert "```text\nBecause it is so.\n```" in page
    (said,) = [line for line in first.stdout.splitlines() if "course judge" in line]
    assert said.strip() in page
    program, *words = shlex.split(said.replace("POINTS", "3"))
    assert program == ".venv/bin/course"
    done = course(*words)
    assert (done.exit_code, done.stdout) == (
        0,
        "ann lee, t4: 3 of 4 points. Call course grade again.\n",
    )
    again = course("grade", tmp_path / "in", "--out", tmp_path / "out")
    assert "No answer waits for a reader." in again.stdout
    rows = json.loads(course("grade", tmp_path / "in", "--out", tmp_path / "out", "--json").stdout)
    assert (rows["to_judge"], rows["students"][0]["points"]) == ([], 3)
    assert rows["tasks"][3]["share"] == 0.75
    assert course("judge", tmp_path / "out", "ann lee", "t4", "9").exit_code == 2
    assert "No answer waits" in (tmp_path / "out" / "to_read.md").read_text()
    withdrawn = course("judge", tmp_path / "out", "ann lee", "t4", "--withdraw")
    assert "t4: points by hand are taken back" in withdrawn.stdout
    third = course("grade", tmp_path / "in", "--out", tmp_path / "out")
    assert "1 answer waits for a reader:" in third.stdout


def test_points_for_an_empty_answer_and_for_nothing_are_refused(course, built, tmp_path):
    small.submit(tmp_path / "in", "ann", small.answered(built.student, built.exercise))
    course("grade", tmp_path / "in", "--out", tmp_path / "out")
    words = ("judge", tmp_path / "out", "ann", "t4")
    refused = course(*words, "3")
    assert refused.exit_code == 2
    assert "ann has not answered t4" in refused.stderr
    assert course(*words, "3", "--even-if-empty").exit_code == 0
    for rest in ((), ("3", "--withdraw")):
        refused = course(*words, *rest)
        assert refused.exit_code == 2
        assert "either POINTS or --withdraw" in " ".join(refused.stderr.split())


def test_without_solutions_grading_says_that_they_are_missing(course, built, tmp_path):
    small.submit(tmp_path / "in", "ann", built.student)
    shutil.rmtree(course.house.solutions)
    refused = course("grade", tmp_path / "in", "--out", tmp_path / "out")
    assert refused.exit_code == 2
    assert "solutions/ is missing here" in refused.stderr
    assert not (tmp_path / "out").exists()


def test_a_notebook_of_no_known_exercise_is_told_by_the_exit_code(course, built, tmp_path):
    fresh = small.answered(built.student, built.exercise)
    small.submit(tmp_path / "in", "ann", fresh)
    fresh.metadata.pop("course")
    path = small.submit(tmp_path / "in", "bob", fresh)
    path.rename(path.with_name("1_small (1).ipynb"))
    done = course("grade", tmp_path / "in", "--out", tmp_path / "out")
    assert done.exit_code == 1
    assert "1_small (1).ipynb does not tell of which it is. Rename it to" in done.stdout
    words = ("--out", tmp_path / "out", "--exercise", "1_small")
    assert course("grade", tmp_path / "in", *words).exit_code == 0


def test_a_copy_for_students_is_written_and_named(course, tmp_path):
    place = course.house.exercises / "1_small.ipynb"
    refused = course("handout", tmp_path / "students")
    assert refused.exit_code == 2
    assert "exercises/1_small.ipynb differs from its text" in refused.stderr
    place.write_bytes(course.fresh)
    done = course("handout", tmp_path / "students", "1_small")
    assert done.exit_code == 0
    assert done.stdout.endswith(f"no solution and no answer was found:\n{tmp_path / 'students'}\n")
    assert (tmp_path / "students" / "exercises" / "1_small.ipynb").read_bytes() == course.fresh
    assert not (tmp_path / "students" / "solutions").exists()
