import json
from pathlib import Path

import pytest

from customer_insight.course.exercise.by_hand import (
    BY_RUBRIC,
    as_json,
    asked_of,
    in_words,
    stored_scores,
    take_over,
)
from customer_insight.course.exercise.grade import Graded
from customer_insight.course.exercise.gradebook import Recorded
from customer_insight.course.exercise.scoring import (
    BY_HAND,
    CHANGED,
    READ_BY_HAND,
    SCORED,
    SCORER_FAILED,
    Score,
)

WAITS = Score("t4", 0.0, 4, READ_BY_HAND, BY_RUBRIC, answer="first")


def took(score, recorded, **before):
    (made,) = take_over([score], {"t4": recorded}, {"t4": before} if before else {})
    return made.points, made.ended, made.answer


def test_points_entered_by_hand_stand_in_place_of_none_and_of_a_scorers():
    entered = Recorded(3.0, by_hand=True, waiting=False)
    assert took(WAITS, entered) == (3.0, BY_HAND, "first")
    scored = Score("t4", 1.0, 4, SCORED, answer="first")
    assert took(scored, entered, ended=SCORED, points=1.0, answer="first")[:2] == (3.0, BY_HAND)


def test_without_an_entry_the_scorer_decides():
    none = Recorded(0.0, by_hand=False, waiting=True)
    assert take_over([WAITS], {"t4": none}, {}) == (WAITS,)
    assert take_over([WAITS], {}, {}) == (WAITS,)


@pytest.mark.parametrize(
    ("before", "recorded", "ended", "read"),
    [
        # entered after the last grading, for the answer that was there
        ((READ_BY_HAND, 0.0, "first"), (3.0, False), BY_HAND, "first"),
        ((READ_BY_HAND, 0.0, "old"), (3.0, False), CHANGED, "old"),
        # entered before it, and the answer is as it was, or another
        ((BY_HAND, 3.0, "first"), (3.0, False), BY_HAND, "first"),
        ((BY_HAND, 3.0, "old"), (3.0, False), CHANGED, "old"),
        # asked for again: still not entered, entered with the same points, with others
        ((CHANGED, 3.0, "old"), (3.0, True), CHANGED, "old"),
        ((CHANGED, 3.0, "old"), (3.0, False), BY_HAND, "first"),
        ((CHANGED, 3.0, "old"), (4.0, False), BY_HAND, "first"),
    ],
)
def test_points_belong_to_the_answer_that_was_read(before, recorded, ended, read):
    ended_before, points_before, answer = before
    points, waiting = recorded
    made = took(
        WAITS,
        Recorded(points, by_hand=True, waiting=waiting),
        ended=ended_before,
        points=points_before,
        answer=answer,
    )
    assert made == (points, ended, read)


def test_what_was_stored_is_read_for_the_same_exercise_alone(tmp_path):
    path = tmp_path / "grades.json"
    assert stored_scores(path, "e") == {}
    path.write_text("{")
    assert stored_scores(path, "e") == {}
    rows = [{"student": "ann", "exercise": "e", "tasks": [{"task": "t4", "points": 1.0}]}]
    path.write_text(json.dumps([*rows, {**rows[0], "student": "bob", "exercise": "other"}]))
    assert stored_scores(path, "e") == {"ann": {"t4": {"task": "t4", "points": 1.0}}}
    assert set(stored_scores(path, None)) == {"ann", "bob"}


def test_who_waits_is_listed_with_rubric_and_command():
    failed = Score("t1", 0.0, 2, SCORER_FAILED, "The scorer failed (KeyError).")
    done = Score("t4", 3.0, 4, BY_HAND)
    graded = [
        Graded("ann lee", "e", (failed, WAITS), (), "in/ann lee/e.ipynb"),
        Graded("bob", "e", (done,)),
    ]
    asked = asked_of(graded, Path("out"))
    assert [(one.student, one.task) for one in asked] == [("ann lee", "t1"), ("ann lee", "t4")]
    words = in_words(asked, Path("out/to_read.md"), Path("solutions/e.ipynb"))
    assert "2 answers wait for a reader:" in words
    assert "ann lee, t1, 2 points, in in/ann lee/e.ipynb. The scorer failed (KeyError).\n" in words
    assert "ann lee, t4, 4 points, in in/ann lee/e.ipynb\n" in words
    assert "Read them beside their rubrics in out/to_read.md" in words
    assert "solutions/e.ipynb" in words
    assert "  .venv/bin/course judge out 'ann lee' t1 POINTS" in words
    assert json.loads(json.dumps(as_json(asked)))[0]["why"] == "The scorer failed (KeyError)."
    assert in_words([], Path("x"), Path("y")) == "\nNo answer waits for a reader."
