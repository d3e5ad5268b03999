from pathlib import Path

import pytest

from customer_insight.course.exercise import sitting
from customer_insight.course.exercise.answers import folder_of, write_probes
from customer_insight.course.exercise.sitting import (
    CheckError,
    UnansweredError,
    current,
    hidden_probes,
    new_sitting,
    open_sitting,
    writing_to,
)


@pytest.fixture(autouse=True)
def closed(monkeypatch, tmp_path):
    """Let no exercise be open, here and afterwards."""
    monkeypatch.setattr(sitting, "_OPEN", [])
    monkeypatch.chdir(tmp_path)


def test_a_sitting_keeps_its_answers_beside_the_notebook():
    open_sitting(new_sitting("05_clv/3_buy", {"t1": 2}, None))
    found = current("t1")
    assert found.folder == Path.cwd() / ".answers" / "3_buy"
    assert (found.points, found.hints, found.probes) == ({"t1": 2}, {}, {})
    assert found.place("t1") == "05_clv/3_buy/t1"


def test_hidden_probes_are_those_that_a_grader_laid_there():
    open_sitting(new_sitting("e", {"t1": 1, "t2": 1}, None))
    assert hidden_probes("t1") == []
    write_probes(folder_of("e", Path.cwd()), {"t1": [{"cost": 1}]})
    open_sitting(new_sitting("e", {"t1": 1, "t2": 1}, None))
    assert hidden_probes("t1") == [{"cost": 1}]
    assert hidden_probes("t2") == []


def test_no_exercise_and_an_unknown_task_are_refused_in_words():
    with pytest.raises(CheckError, match=r"No exercise is open\. Run the notebook's first code"):
        current("t1")
    open_sitting(new_sitting("e", {"t1": 1, "t2": 1}, None))
    with pytest.raises(CheckError, match=r"no task 't9'\. It has: t1, t2\. .* fresh copy"):
        current("t9")


def test_opening_another_exercise_replaces_the_first():
    open_sitting(new_sitting("e", {"t1": 1}, None))
    open_sitting(new_sitting("f", {"t2": 1}, {"t2": ["a hint"]}))
    assert current("t2").name == "f"
    with pytest.raises(CheckError):
        current("t1")


def test_a_block_writes_elsewhere_and_the_folder_comes_back_even_after_an_error(tmp_path):
    open_sitting(new_sitting("e", {"t1": 1}, None))
    before = current("t1").folder

    def fail():
        with writing_to(tmp_path / "other"):
            assert current("t1").folder == tmp_path / "other"
            raise KeyError("x")

    with pytest.raises(KeyError):
        fail()
    assert current("t1").folder == before


def test_an_open_task_stops_the_notebook_in_one_line():
    assert UnansweredError("task t1 is open.")._render_traceback_() == ["Stopped: task t1 is open."]
