from dataclasses import replace

import pytest

from customer_insight.course.exercise import gates
from customer_insight.course.exercise.gates import GateError, gate
from customer_insight.course.exercise.hints import locked
from customer_insight.course.exercise.rehearsal import rehearse
from customer_insight.course.exercise.release import student_notebook
from customer_insight.course.exercise.tasks import ExerciseError

from . import small


def known_with(built, task, called, content, slip=""):
    wrong = {name: dict(known) for name, known in built.known.wrong.items()}
    wrong[task][called] = {"content": content, "slip": slip}
    return replace(built.known, wrong=wrong)


def test_the_small_exercise_passes(built):
    gate(built.exercise, built.known, built.student)


def test_a_wrong_answer_that_is_the_right_one_is_named(built):
    known = known_with(built, "t1", "each day counted once", built.known.answers["t1"] * 1.0002)
    said = gates.hint_problems(built.exercise, known)
    assert said[0].startswith("The right answer of t1 gets the hint 'each day counted once'")
    assert any("gets 2 of 2 points" in one for one in gates.score_problems(built.exercise, known))


@pytest.mark.parametrize("factor", [7, 100, 1 / 7, 12, 365])
def test_a_hint_that_would_tell_the_answer_by_a_factor_is_refused(built, factor):
    wrong = built.known.answers["t1"] * factor
    said = gates.hint_problems(
        built.exercise, known_with(built, "t1", "each day counted once", wrong)
    )
    (one,) = [problem for problem in said if "times or over" in problem]
    assert "Name it among the check's slips instead" in one


def test_two_mistakes_with_the_same_number_cannot_both_be_named(built):
    known = known_with(
        built, "t1", "days, not weeks", built.known.wrong["t1"]["each day counted once"]["content"]
    )
    said = gates.hint_problems(built.exercise, known)
    assert len(said) == 1
    assert "gets the hint" in said[0]


def test_a_scorer_that_lacks_points_or_gives_too_many_is_refused(built, tmp_path):
    mean = small.changed(("return overlap(", "return 0.5 * overlap("))
    (said,) = gates.score_problems(small.exercise_of(tmp_path, mean), built.known)
    assert said.startswith("The solution's own answer of t2 gets 1.5 of 3 points (scored).")
    kind = small.changed(("return sum(same) / len(same)", "return 1"))
    (said,) = gates.score_problems(small.exercise_of(tmp_path, kind), built.known)
    assert said.startswith("The wrong answer 'the line itself counted' of t3 gets 2 of 2 points")
    broken = small.changed(("return overlap(", "return 1 / 0 * overlap("))
    said = gates.score_problems(small.exercise_of(tmp_path, broken), built.known)
    assert "scorer failed" in said[0]
    assert "ZeroDivisionError: division by zero, in its line `return 1 / 0 * overlap(" in said[0]


@pytest.mark.parametrize(
    ("low", "high"), [(470, 2000), (100, 480), (400, 555), (477.357143, 9000), (-10, 500)]
)
def test_a_range_that_tells_the_answer_is_refused(built, tmp_path, low, high):
    text = small.changed(("low=100, high=2000", f"low={low}, high={high}"))
    (said,) = gates.telling_ranges(small.exercise_of(tmp_path, text), built.known.answers)
    assert said.startswith("The range of t1 (")
    assert "tells the answer" in said


def test_all_problems_come_in_one_error(built, tmp_path):
    text = small.changed(
        ("low=100, high=2000", "low=470, high=2000"),
        ("return sum(same) / len(same)", "return 1"),
        ("Three customers and", "477.36: three customers and"),
    )
    exercise = small.exercise_of(tmp_path, text)
    student = student_notebook(exercise, locked(exercise, built.known.wrong))
    with pytest.raises(GateError) as error:
        gate(exercise, built.known, student)
    assert len(error.value.problems) == 3
    assert str(error.value).startswith("The exercise 1_small cannot be released:\n- It holds the")


def test_a_fresh_notebook_stops_at_its_first_task(built, tmp_path):
    assert gates.first_stop(built.exercise, built.student) == []
    done = small.answered(built.student, built.exercise, t1="t1 = 300.0")
    (said,) = gates.first_stop(built.exercise, done)
    assert "should stop at t1, and stops with: UnansweredError: task t2 is not answered" in said


def test_a_fresh_notebook_that_breaks_before_its_first_task_is_named(built, tmp_path):
    text = small.changed(("orders = {", "orders = nothing or {"))
    exercise = small.exercise_of(tmp_path, text)
    (said,) = gates.first_stop(exercise, student_notebook(exercise, built.hints))
    assert "stops with: NameError: name 'nothing' is not defined" in said


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (
            "t1 = total_days + 3317.5\n\n",
            "t1 = 'many'\n\n",
            r"wrong answer 'days, not weeks' of task t1 in 1_small has not the form",
        ),
        (
            "low=100, high=2000",
            "low=1000, high=2000",
            r"check of task t1 in 1_small takes the solution's own answer as a known mistake \(too",
        ),
        (
            't2 = pd.DataFrame({"customer": back})',
            "t2 = back",
            r"check of task t2 in 1_small takes the solution's own answer as not of the form",
        ),
    ],
)
def test_a_rehearsal_whose_checks_do_not_fit_is_refused(tmp_path, old, new, words):
    with pytest.raises(ExerciseError, match=words):
        rehearse(small.exercise_of(tmp_path, small.changed((old, new))))
