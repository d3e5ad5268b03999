import pytest

from customer_insight.course.exercise.tasks import ExerciseError

from . import small


def test_a_text_becomes_tasks_with_all_their_parts(tmp_path):
    exercise = small.exercise_of(tmp_path)
    assert exercise.points == {"t1": 2, "t2": 3, "t3": 2, "t4": 4}
    first, *_, last = exercise.tasks
    assert [wrong.called for wrong in first.wrongs] == ["days, not weeks", "each day counted once"]
    assert first.wrongs[0].hint == "seven days make a week."
    assert first.wrongs[0].code == "t1 = total_days + 3317.5"
    assert first.scorer.startswith("def score")
    assert "import close" in exercise.shared
    assert last.answer.markdown
    assert "plain words" in last.rubric


def test_a_hint_of_several_lines_is_one_text(tmp_path):
    text = small.changed(("# hint: seven days make a week.", "# hint: seven days\n# make a week."))
    assert small.exercise_of(tmp_path, text).tasks[0].wrongs[0].hint == "seven days make a week."


# fmt: off
BAD = {
    "a task twice": ('task="t2"', 'task="t1"', r"Task t1 stands 2 times"),
    "a task renamed": ('task="t2"', 'task="t9"', r"are to be called t1, t2, t3, t4"),
    "a check left behind": ('task="t2"', 'task="t9"', r"A check belongs to task 't2', which"),
    "a task left out": ('# %% [markdown] task="t4" points=4', "# %% [markdown]", r"rubric belongs"),
    "no points": (' task="t1" points=2', ' task="t1"', r"t1: points are to be a whole number"),
    "half points": ("points=2\n### BEGIN", "points=1.5\n### BEGIN", r"points are to be a whole"),
    "no solution": (
        "### BEGIN SOLUTION\ntotal_days",
        "total_days",
        r"stand once between '### BEGIN SOLUTION'",
    ),
    "empty solution": ("    return spend > cost\n", "", r"nothing between the solution's marks"),
    "no scorer": ('# %% scorer="t2"', '# %% scorer="all"', r"t2: it is to have a scorer or a"),
    "check of another": ('check.table("t2"', 'check.table("t1"', r"check.number\(\"t2\""),
    "no such form": ('check.table("t2"', 'check.frame("t2"', r"the forms are function, number"),
    "no score": (
        "def score(answer, expected):\n    return overlap",
        "def mark(answer, expected):\n    return overlap",
        r"define score\(answer, expected\)",
    ),
    "no probes": ('# %% probes="t3"', "# %%", r"t3 asks for a function and has no hidden probes"),
    "probes": ('[{"spend": 2.5, "cost": 2.5}, ', "[7, ", r"probes of task t3 are to be one list"),
    "no hint": ("# hint: one customer came once.\n", "", r"wrong answer of task t2 has no name"),
    "twice called": ("each day counted once", "days, not weeks", r"two wrong answers called 'days"),
    "unknown word": ('scorer="t2"', 'scorrer="t2"', r"has scorrer behind '# %%', which"),
    "code rubric": ('[markdown] rubric="t4"', 'rubric="t4"', r"a cell for rubric cannot be code"),
    "other points": (
        "## Task 1: how many weeks?",
        "## Task 1: how many weeks? (3 points)",
        r"'## Task 1: how many weeks\? \(3 points\)' stands above `# %% task=\"t1\" points=2`",
    ),
    "no title": ("# # Exercise: a small one", "# Exercise: a small one", r"first cell is to hold"),
}
# fmt: on


@pytest.mark.parametrize("case", BAD)
def test_a_text_that_makes_no_exercise_is_refused(tmp_path, case):
    old, new, words = BAD[case]
    with pytest.raises(ExerciseError, match=words):
        small.exercise_of(tmp_path, small.changed((old, new)))


def test_all_that_is_wrong_is_said_at_once(tmp_path):
    text = small.changed(('task="t2"', 'task="t1"'), ("def score", "def mark"))
    with pytest.raises(ExerciseError) as error:
        small.exercise_of(tmp_path, text)
    assert "Task t1 stands 2 times" in str(error.value)
    assert "define score" in str(error.value)
