import json

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

    call.house = house
    return call


def test_progress_and_reset_say_what_they_found_and_did(course):
    found = course("progress")
    assert found.exit_code == 0
    assert "t1  answered, not checked  2 points" in found.stdout
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
