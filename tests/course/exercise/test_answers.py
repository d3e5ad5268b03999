import pytest

from customer_insight.course.exercise.answers import (
    Answer,
    AnswerError,
    read_answer,
    remove_answer,
    write_answer,
)


@pytest.mark.parametrize(
    "answer",
    [
        Answer("t1", "number", 0.1, "weeks", "a hint"),
        Answer("t1", "text", "客户"),
        Answer("t1", "record", {"a": "b"}),
        Answer("t1", "function", {"output": [True, False]}),
        Answer("t1", "table", {"id": ["a", "b"], "value": [0.1, 2.0]}),
    ],
)
def test_an_answer_comes_back_as_it_went(tmp_path, answer):
    write_answer(tmp_path / "new", answer)
    assert read_answer(tmp_path / "new", "t1") == answer
    remove_answer(tmp_path / "new", "t1")
    assert read_answer(tmp_path / "new", "t1") is None
    assert list((tmp_path / "new").iterdir()) == []


@pytest.mark.parametrize(
    "content",
    ["{", "[]", '{"task": "t2", "form": "number", "content": 1}', '{"task": "t1", "form": "table"}',
     '{"task": "t1", "form": "number", "content": 1, "more": 2}'],
)  # fmt: skip
def test_a_file_changed_by_hand_is_refused(tmp_path, content):
    (tmp_path / "t1.json").write_text(content)
    with pytest.raises(AnswerError, match=r"t1\.json cannot be read .*Run the task's check again"):
        read_answer(tmp_path, "t1")


def test_a_link_is_not_followed(tmp_path):
    write_answer(tmp_path / "other", Answer("t1", "number", 3))
    (tmp_path / "t1.json").symlink_to(tmp_path / "other" / "t1.json")
    assert read_answer(tmp_path, "t1") is None


def test_what_json_cannot_hold_is_not_written(tmp_path):
    with pytest.raises(ValueError, match="not JSON compliant"):
        write_answer(tmp_path, Answer("t1", "number", float("nan")))
    assert list(tmp_path.iterdir()) == []
