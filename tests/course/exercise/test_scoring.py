import pytest

from customer_insight.course.exercise.answers import Answer, write_answer
from customer_insight.course.exercise.scoring import (
    NO_ANSWER,
    SCORED,
    SCORER_FAILED,
    UNREADABLE,
    ScorerLimits,
    score_content,
    score_folder,
)

from . import small


def scored_by(tmp_path, body, content=1, limits=None):
    text = small.changed(('    return overlap(answer["customer"], expected["customer"])', body))
    exercise = small.exercise_of(tmp_path, text)
    return score_content(exercise, exercise.task("t2"), content, 1, limits=limits)


def test_a_share_becomes_points_and_what_the_scorer_says(tmp_path):
    score = scored_by(tmp_path, '    return 0.5, "half of it"')
    assert (score.points, score.possible, score.said, score.ended) == (1.5, 3, "half of it", SCORED)


@pytest.mark.parametrize(("share", "points"), [("1", 3), ("True", 3), ("0.999", 2.5), ("0", 0)])
def test_full_points_are_for_a_full_share_alone(tmp_path, share, points):
    assert scored_by(tmp_path, f"    return {share}").points == points


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("    return 1 / 0", "(ZeroDivisionError: division by zero, in its line `return 1 / 0`)"),
        ("    return 2", "(ValueError: a share between 0 and 1 is wanted, and it is 2.0)"),
        (
            "    return float('nan')",
            "(ValueError: a share between 0 and 1 is wanted, and it is nan)",
        ),
        ("    return None", "The scorer failed (TypeError: "),
        ("    import os; os._exit(0)", "ended before it said anything"),
        ("    return len(bytearray(10**11))", "more memory than it may have"),
        (
            "    import pathlib; return pathlib.Path('x').write_text('x')",
            "The scorer failed (OSError: ",
        ),
    ],
)
def test_a_scorer_that_fails_gives_no_points_and_is_said_to_have_failed(tmp_path, body, words):
    score = scored_by(tmp_path, body)
    assert (score.points, score.ended) == (0, SCORER_FAILED)
    assert words in score.said


@pytest.mark.parametrize("body", ["    while True: pass", "    import time; time.sleep(99)"])
def test_a_scorer_that_does_not_end_is_stopped(tmp_path, body):
    score = scored_by(tmp_path, body, limits=ScorerLimits(seconds=1))
    assert (score.ended, score.said) == (SCORER_FAILED, "The scorer took more than 1 s.")


def test_a_scorer_may_print_and_sees_neither_folder_nor_variables(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SECRET", "x")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    (tmp_path / "json.py").write_text("raise SystemExit('imported from the folder')")
    body = (
        "    import os, json; print('{\"share\": 1}')\n"
        "    return not os.listdir() and 'SECRET' not in os.environ"
    )
    assert scored_by(tmp_path, body).points == 3


def test_a_scorer_does_not_import_the_student_or_the_notebook_tools(tmp_path):
    tools = "{'nbformat', 'IPython', 'papermill', 'pandas', 'nbgrader'}"
    body = f"    import sys; return not {tools} & set(sys.modules)"
    assert scored_by(tmp_path, body).points == 3


def test_a_folder_of_answers_is_scored(tmp_path, built):
    folder = tmp_path / "answers"
    write_answer(folder, Answer("t1", "number", 477.36, "weeks", ""))
    write_answer(folder, Answer("t2", "table", {"customer": ["ann"]}, "", "everybody"))
    (folder / "t3.json").write_text("{")
    found = score_folder(built.exercise, folder, built.known.answers)
    assert [(s.task, s.points, s.ended, s.mistake) for s in found] == [
        ("t1", 2, SCORED, ""),
        ("t2", 1.5, SCORED, "everybody"),
        ("t3", 0, UNREADABLE, ""),
    ]
    assert found[0].said == "compared within a thousandth"
    assert (found[1].said, found[1].hint) == ("As expected in part.", "one customer came once.")
    empty = score_folder(built.exercise, tmp_path / "none", built.known.answers)
    assert {score.ended for score in empty} == {NO_ANSWER}


def test_a_missing_expected_answer_is_said(tmp_path, built):
    write_answer(tmp_path, Answer("t1", "number", 3.0))
    with pytest.raises(ValueError, match="course build 1_small --force"):
        score_folder(built.exercise, tmp_path, {})
