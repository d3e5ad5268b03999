import pytest

from customer_insight.course.exits import code_of, say
from customer_insight.course.house import House, HouseError, choose_lessons
from customer_insight.course.notebook import NotebookError, read_notebook


def raised(what):
    try:
        what()
    except BaseException as error:
        return error
    raise AssertionError("nothing was raised")


def test_a_name_that_is_not_there_is_wrong_usage(tmp_path):
    error = raised(lambda: choose_lessons(House(tmp_path)))
    assert isinstance(error, HouseError)
    assert (code_of(error), say(error)) == (2, str(error))


def test_another_refusal_of_ours_is_a_failed_check(tmp_path):
    error = raised(lambda: read_notebook(tmp_path / "a.ipynb"))
    assert isinstance(error, NotebookError)
    assert (code_of(error), say(error)) == (1, str(error))


@pytest.mark.parametrize("what", [lambda: int("x"), lambda: {}["x"], lambda: 1 / 0])
def test_what_nobody_refused_on_purpose_is_our_fault(what, monkeypatch, tmp_path):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    error = raised(what)
    assert code_of(error) == 3
    assert type(error).__name__ in say(error)
    assert "course --debug" in say(error)
