import datetime as dt
import json

import numpy as np
import pandas as pd
import polars as pl
import pytest

from customer_insight.course import check
from customer_insight.course.exercise.answers import folder_of, read_answer, write_probes
from customer_insight.course.exercise.locked_hints import content_key, number_keys, seal, slip_key

NAME = "9_test/1_checks"


@pytest.fixture
def sit(tmp_path, monkeypatch, capsys):
    """Open an exercise in an empty folder; return what reads an exported answer."""
    monkeypatch.chdir(tmp_path)

    def begin(**hints):
        check.begin(NAME, {"t1": 2, "t2": 3}, hints)
        assert capsys.readouterr().out == "2 tasks, 5 points.\n"
        return lambda task: read_answer(folder_of(NAME, tmp_path), task)

    return begin


def said(capsys):
    return capsys.readouterr().out.strip()


def number(answer, **more):
    check.number("t1", answer, **{"unit": "weeks", "low": 1, "high": 52} | more)


def test_a_number_that_fits_is_kept_and_never_called_right(sit, capsys):
    answer = sit()
    number(np.float64(12.5))
    assert said(capsys) == (
        "t1: a number of weeks in a plausible range. Kept; the scorer says whether it is right."
    )
    kept = answer("t1")
    assert (kept.content, kept.form, kept.unit, kept.hint) == (12.5, "number", "weeks", "")


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ("12", "this is a text. Take away the quotes"),
        (True, "this is True or False"),
        (None, "this is of type NoneType"),
        (float("nan"), "this is nan: a value is missing"),
        (float("inf"), "this is inf"),
        (pd.Series([1.0, 2.0]), "this holds 2 values (Series). Choose one of them"),
        ([3], "this is one value in a container (list). Take it out"),
        (dt.date(2024, 1, 1), "this is of type date"),
        (..., "this is of type ellipsis"),
    ],
)
def test_a_number_of_another_form_is_said_and_not_kept(sit, capsys, wrong, words):
    answer = sit()
    number(3.0)
    capsys.readouterr()
    number(wrong)
    assert said(capsys).startswith("t1: not yet. A number of weeks is wanted, and this")
    number(wrong)
    assert words in said(capsys)
    assert answer("t1") is None


def test_a_count_must_be_whole(sit, capsys):
    answer = sit()
    number(12.5, whole=True)
    assert "this has a fraction. What do you count?" in said(capsys)
    number(12.0, whole=True)
    assert answer("t1").content == 12
    assert isinstance(answer("t1").content, int)


def test_a_number_out_of_range_is_told_its_slip_or_the_range(sit, capsys):
    hint = seal(f"{NAME}/t1", slip_key("days, not weeks"), "days, not weeks\nseven days, one week.")
    answer = sit(t1=[hint])
    number(140, slips={"days, not weeks": 7})
    assert said(capsys) == "t1: not yet. Perhaps days, not weeks: seven days, one week."
    assert answer("t1").hint == "days, not weeks"
    number(140)
    assert said(capsys) == (
        "t1: not yet. Too large: between 1 and 52 weeks is plausible. Look at the unit, and at "
        "which rows went in."
    )
    number(0.1, slips={"days, not weeks": 7})
    assert said(capsys).startswith("t1: not yet. Too small:")
    number(-20, slips={"days, not weeks": 7})
    assert said(capsys) == (
        "t1: not yet. Too small: between 1 and 52 weeks is plausible. Look at the sign: what is "
        "taken from what, and at which rows went in."
    )


def test_a_known_mistake_of_a_slips_size_is_named_and_not_guessed(sit, capsys):
    place = f"{NAME}/t1"
    slip = seal(place, slip_key("days, not weeks"), "days, not weeks\nseven days, one week.")
    known = seal(place, number_keys(140, whole=False)[0], "everybody\nsome have left.")
    sit(t1=[slip, known])
    number(140, slips={"days, not weeks": 7})
    assert said(capsys) == "t1: not yet. Everybody: some have left."


def test_a_slip_without_a_locked_hint_speaks_for_itself(sit, capsys):
    sit()
    number(140, slips={"days, not weeks": 7})
    assert said(capsys).startswith("t1: not yet. Days, not weeks: the size of your number speaks")


def test_a_known_mistake_gets_its_hint_and_a_neighbour_does_not(sit, capsys):
    place = f"{NAME}/t1"
    hint = seal(place, number_keys(20.123, whole=False)[0], "orders, not days\ncount days.")
    answer = sit(t1=[hint])
    for near in (20.123, 20.1230001, 20.13):
        number(near)
        assert said(capsys) == "t1: not yet. Orders, not days: count days."
        assert answer("t1").hint == "orders, not days"
    number(20.4)
    assert "Kept" in said(capsys)
    assert answer("t1").hint == ""


def test_a_text_is_checked_for_its_words_only(sit, capsys):
    answer = sit()
    check.text("t2", "too short", words=(3, 9))
    assert said(capsys) == "t2: not yet. 3 to 9 words are wanted, and this has 2."
    check.text("t2", "客户终身价值 is one term", words=(3, 9))
    assert said(capsys).endswith("Kept; a reader judges it.")
    assert answer("t2").content == "客户终身价值 is one term"
    check.text("t2", "客户终身", words=(3, 9))
    assert said(capsys) == (
        "t2: not yet. 3 to 9 words are wanted, and this has 2. Two Chinese characters count as one "
        "word."
    )
    check.text("t2", 3, words=(3, 9))
    assert "A text in quotes is wanted, and this is of type int" in said(capsys)
    assert answer("t2") is None


@pytest.mark.parametrize(
    ("record", "words"),
    [
        ({"name": "Qinghe"}, "It lacks the field 'why'"),
        ({"name": "Qinghe", "why": "it is near", "more": "x"}, "It has 'more', which nobody asked"),
        ({"name": "elsewhere", "why": "it is near"}, "'name' is to be one of: 'Qinghe', 'other'"),
        ({"name": "Qinghe", "why": "near"}, "'why' is to have 3 words or more"),
        ({"name": "Qinghe", "why": 7}, "'why' is to be a text, and is of type int"),
        (["Qinghe"], "A dictionary is wanted, and this is of type list"),
    ],
)
def test_a_record_needs_each_field(sit, capsys, record, words):
    answer = sit()
    fields = {"name": ["Qinghe", "other"], "why": 3}
    check.record("t2", record, fields=fields)
    assert words in said(capsys)
    assert answer("t2") is None
    check.record("t2", {"why": "it is near", "name": " Qinghe "}, fields=fields)
    assert answer("t2").content == {"name": "Qinghe", "why": "it is near"}


def table(answer, **more):
    given = {"columns": {"id": "text", "value": "number"}, "key": "id"} | more
    check.table("t2", answer, **given)


RIGHT = {"id": ["b", "a"], "value": [2.0, 1.5], "more": [0, 0]}


@pytest.mark.parametrize("frame", [pd.DataFrame, pl.DataFrame])
def test_a_table_is_kept_by_its_key_without_further_columns(sit, capsys, frame):
    answer = sit()
    table(frame(RIGHT))
    assert said(capsys).startswith("t2: a table with id, value. Kept;")
    assert answer("t2").content == {"id": ["a", "b"], "value": [1.5, 2.0]}


@pytest.mark.parametrize(
    ("frame", "words"),
    [
        (pd.DataFrame({"id": ["a"]}), "The table has no column value. It is to have: id, value"),
        (pd.DataFrame({"id": ["a", "a"], "value": [1, 2]}), "Each id is to stand once, and 1 rows"),
        (pd.DataFrame({"id": ["a"], "value": [None]}), "Value 1 of 'value': A number is wanted"),
        (pd.DataFrame({"id": [7], "value": [1]}), "Value 1 of 'id': a text is wanted"),
        ({"id": ["a"], "value": [1]}, "A table (data frame) is wanted, and this is of type dict"),
        (pd.Series([1]), "this is of type Series. One column becomes a table by reset_index."),
    ],
)
def test_a_table_of_another_form_is_said(sit, capsys, frame, words):
    answer = sit()
    table(frame)
    assert words in said(capsys)
    assert answer("t2") is None


def test_a_table_has_the_rows_that_are_named(sit, capsys):
    answer = sit()
    rows = {"columns": {"id": ["b", "a"], "value": "number"}, "rows": (2, 2)}
    table(pd.DataFrame(RIGHT).assign(id=["b", "A model"]), **rows)
    assert said(capsys) == "t2: not yet. Value 2 of 'id': it is to be one of: 'b', 'a'."
    assert answer("t2") is None
    table(pd.DataFrame(RIGHT).assign(id=["b ", "a"]), **rows)
    assert answer("t2").content == {"id": ["a", "b"], "value": [1.5, 2.0]}


def test_a_table_out_of_range_is_told_its_slip(sit, capsys):
    answer = sit()
    slips = {"per cent, not a share": ("value", 100)}
    table(pd.DataFrame(RIGHT).assign(value=[12.0, 20]), ranges={"value": (0, 1)}, slips=slips)
    assert said(capsys).startswith("t2: not yet. Per cent, not a share:")
    assert answer("t2").hint == "per cent, not a share"
    table(pd.DataFrame(RIGHT), rows=(5, 9))
    assert said(capsys) == "t2: not yet. 2 rows: 5 to 9 are plausible. What is one row to be?"


def test_a_table_that_is_a_known_mistake_gets_its_hint_in_any_order(sit, capsys):
    key = content_key({"id": ["a", "b"], "value": [1.5, 2.0]})
    sit(t2=[seal(f"{NAME}/t2", key, "all of them\nsome left.")])
    table(pd.DataFrame(RIGHT))
    assert said(capsys) == "t2: not yet. All of them: some left."


def function(answer):
    check.function("t2", answer, parameters=["a"], probes=[{"a": 1}, {"a": 4}])


def test_a_function_is_kept_as_what_it_returns(sit, capsys):
    answer = sit()
    function(lambda a: a * 2)
    assert said(capsys).startswith("t2: a function that takes a and returns numbers. Kept;")
    assert answer("t2").content == {"output": [2.0, 8.0]}


@pytest.mark.parametrize(
    ("returns", "gives", "words"),
    [
        ("whole", lambda a: a, "whole numbers"),
        ("text", lambda a: f"week {a}", "texts"),
        ("yes or no", lambda a: a > 2, "True or False"),
    ],
)
def test_a_function_is_told_what_it_returns(sit, capsys, returns, gives, words):
    sit()
    probes = [{"a": 1}, {"a": 4}]
    check.function("t2", gives, parameters=["a"], probes=probes, returns=returns)
    assert said(capsys).startswith(f"t2: a function that takes a and returns {words}. Kept;")


def test_a_grader_adds_probes_that_the_hint_does_not_need(sit, capsys, tmp_path):
    write_probes(folder_of(NAME, tmp_path), {"t2": [{"a": 10}]})
    hint = seal(f"{NAME}/t2", content_key({"output": [2.0, 8.0]}), "twice\nonce is enough.")
    answer = sit(t2=[hint])
    function(lambda a: a * 2)
    assert said(capsys) == "t2: not yet. Twice: once is enough."
    assert answer("t2").content == {"output": [2.0, 8.0], "hidden": [20.0]}


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (3, "A function is wanted, and this is of type int. Leave out the brackets"),
        (lambda b: b, "The function is to take a, and it takes b"),
        (lambda a: 1 / (a - 4), "Called with a=4, the function raised ZeroDivisionError"),
        (lambda a: "x", "Value 1 of 'what the function returns': A number"),
        (lambda a: None, "this is of type NoneType"),
    ],
)
def test_a_function_of_another_form_is_said(sit, capsys, wrong, words):
    answer = sit()
    function(wrong)
    assert words in said(capsys)
    assert answer("t2") is None


def test_an_unanswered_function_stops_the_notebook_and_keeps_nothing(sit):
    answer = sit()
    function(lambda a: a)
    with pytest.raises(check.UnansweredError, match="task t2 is not answered yet"):
        function(lambda a: check.unanswered("t2"))
    assert answer("t2") is None


def test_an_unanswered_task_is_shown_in_one_line():
    with pytest.raises(check.UnansweredError) as error:
        check.unanswered("t1")
    assert error.value._render_traceback_() == ["Stopped: task t1 is not answered yet."]


def test_a_check_without_its_exercise_or_of_another_task_is_refused(sit, monkeypatch):
    monkeypatch.setattr("customer_insight.course.exercise.sitting._OPEN", [])
    with pytest.raises(
        check.CheckError, match=r"No exercise is open\. Run the notebook's first code"
    ):
        number(3)
    sit()
    with pytest.raises(check.CheckError, match=r"has no task 't7'\. It has: t1, t2"):
        check.text("t7", "a b c", words=(1, 9))


def test_what_is_exported_is_json_and_parquet_alone(sit, tmp_path):
    sit()
    number(3.0)
    table(pd.DataFrame(RIGHT))
    folder = tmp_path / ".answers" / "1_checks"
    assert sorted(path.name for path in folder.iterdir()) == ["t1.json", "t2.json", "t2.parquet"]
    assert json.loads((folder / "t1.json").read_text())["content"] == 3.0
    assert "content" not in json.loads((folder / "t2.json").read_text())
