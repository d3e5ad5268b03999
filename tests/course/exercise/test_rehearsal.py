import json

from customer_insight.course.exercise.rehearsal import begin_source, key_of, stored_rehearsal

from . import small


def test_answers_and_wrong_answers_come_from_the_run(built):
    assert round(built.known.answers["t1"], 3) == 477.357
    assert built.known.answers["t2"] == {"customer": ["ann", "eve"]}
    assert built.known.answers["t3"] == {"output": [False, False, True], "hidden": [False, True]}
    assert "t4" not in built.known.answers
    first = built.known.wrong["t1"]
    assert first["days, not weeks"] == {"content": 3341.5, "slip": "days, not weeks"}
    assert first["each day counted once"]["slip"] == ""


def test_a_wrong_answer_changes_nothing_that_comes_later(built):
    # Task 2's wrong answer gives `t2` another value; its own answer was read before and stays.
    assert built.known.wrong["t2"]["everybody"]["content"] == {"customer": ["ann", "bob", "eve"]}
    assert built.known.answers["t2"] == {"customer": ["ann", "eve"]}


def test_the_key_changes_with_code_and_not_with_words(tmp_path, built):
    def key(*pairs):
        return key_of(small.exercise_of(tmp_path, small.changed(*pairs)))

    assert key() == built.known.key
    assert key(("Three customers", "Four customers"), ("names the reason", "says why")) == key()
    assert key(("within=0.001", "within=0.002")) == key()
    for old, new in (
        ("3317.5) / 7", "3317.6) / 7"),
        ("low=100", "low=110"),
        ('"cost": 0.5', '"cost": 0.6'),
        ("spend >= cost", "cost <= spend"),
        ("each day counted once", "a day counted once"),
    ):
        assert key((old, new)) != key()


def test_stored_answers_that_cannot_be_read_are_none(tmp_path):
    path = tmp_path / "answers.json"
    for content in ("", "{", "[]", "{}"):
        path.write_text(content)
        assert stored_rehearsal(path) is None
    assert stored_rehearsal(tmp_path / "none.json") is None


def test_the_first_cell_opens_the_exercise(built):
    source = begin_source(built.exercise, {})
    assert source.splitlines()[-1] == ")"
    assert json.dumps(built.exercise.points) in source
    compile(begin_source(built.exercise, built.hints), "begin", "exec")
