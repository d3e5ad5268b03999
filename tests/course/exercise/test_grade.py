import json

import nbformat
import pytest
from rich.console import Console

from customer_insight.course.exercise import class_table, gradebook
from customer_insight.course.exercise import grade as grading
from customer_insight.course.exercise.catalogue import places_of
from customer_insight.course.exercise.grade import grade_submissions
from customer_insight.course.exercise.tasks import ExerciseError
from customer_insight.course.supervise import Limits

from . import small

HALF = "import pandas as pd\nt2 = pd.DataFrame({'customer': ['ann']})"
RIGHT = {"t1": "solution", "t2": "solution", "t3": "solution", "t4": "Because it is so."}


@pytest.fixture(scope="module")
def graded(built, tmp_path_factory):
    """Grade a class of eight once; return grades by student, the folder, the gradebook's points."""
    folder = tmp_path_factory.mktemp("class")
    put = lambda **answers: small.answered(built.student, built.exercise, **answers)  # noqa: E731
    wrong = {
        task.name: f"{task.answer.source}\n{task.wrongs[0].code}"
        for task in built.exercise.tasks
        if task.wrongs
    }
    renamed, tampered = put(**RIGHT), put(**RIGHT | wrong)
    small.cell(renamed, "t1").metadata["nbgrader"]["grade_id"] = "first"
    small.cell(tampered, "t1-check").source = "check.number('t1', 477.4, unit='w', low=0, high=999)"
    class_of = {
        "right": put(**RIGHT),
        "half": put(t1="solution", t2=HALF),
        "empty": put(),
        "broken": put(**RIGHT | {"t2": "t2 = = 3"}),
        "renamed": renamed,
        "tampered": tampered,
        "wrong": put(**RIGHT | wrong),
        "by heart": put(
            **RIGHT | {"t3": "def t3(spend, cost):\n    return (spend, cost) == (7, 6)"}
        ),
        "slow": put(**RIGHT | {"t2": "import time\ntime.sleep(999)"}),
        "no form": put(**RIGHT | {"t1": "t1 = 'many'"}),
        "first": put(**RIGHT | {"t1": "total_days = = 3", "t2": "t2 = total_days + 1"}),
    }
    for student, notebook in class_of.items():
        small.submit(folder / "in", student, notebook)
    (folder / "in" / "misnamed").mkdir()
    misnamed = put(**RIGHT)
    misnamed.metadata.pop("course")
    nbformat.write(misnamed, folder / "in" / "misnamed" / "1_small (1).ipynb")
    (folder / "in" / "unreadable").mkdir()
    (folder / "in" / "unreadable" / "1_small.ipynb").write_text("{no notebook")
    found = grade_submissions(
        built.house, folder / "in", folder / "out", limits=Limits(jobs=2, cell_seconds=30)
    )
    return {one.student: one for one in found}, folder


def points(one):
    return [score.points for score in one.tasks]


def test_a_right_submission_gets_all_points_that_a_scorer_gives(graded):
    one = graded[0]["right"]
    assert points(one) == [2, 3, 2, 0]
    assert one.tasks[3].ended == "waits for a reader"
    assert one.notes == ()


def test_half_and_empty_submissions_get_what_they_answered(graded):
    assert points(graded[0]["half"]) == [2, 1.5, 0, 0]
    assert points(graded[0]["empty"]) == [0, 0, 0, 0]
    assert {score.ended for score in graded[0]["empty"].tasks} == {"empty"}
    assert {score.said for score in graded[0]["empty"].tasks} == {"There is no answer."}
    assert graded[0]["half"].notes == graded[0]["empty"].notes == ()


def test_a_broken_cell_costs_its_task_alone(graded):
    one = graded[0]["broken"]
    assert points(one) == [2, 0, 2, 0]
    assert one.notes == ("The first fault is in task t2: SyntaxError: invalid syntax (line 1)",)
    assert one.tasks[1].said == "It raised SyntaxError: invalid syntax (line 1)"


def test_the_first_fault_is_told_and_not_what_follows_from_it(graded):
    one = graded[0]["first"]
    assert one.notes == ("The first fault is in task t1: SyntaxError: invalid syntax (line 1)",)
    assert one.tasks[1].said == "It raised NameError: name 'total_days' is not defined"


def test_an_answer_without_the_form_has_what_its_check_said(graded):
    one = graded[0]["no form"]
    assert points(one) == [0, 3, 2, 0]
    assert one.tasks[0].said.startswith("Its check said: t1: not yet.")
    assert one.notes == ()


def test_every_state_says_why(graded):
    assert all(score.said for one in graded[0].values() for score in one.tasks)


def test_a_renamed_task_gets_no_points_and_is_named(graded):
    one = graded[0]["renamed"]
    assert points(one) == [0, 3, 2, 0]
    assert "Task t1 is not there: its cell was deleted or renamed." in one.notes


def test_a_changed_check_changes_nothing_and_is_named(graded):
    one = graded[0]["tampered"]
    assert points(one) == points(graded[0]["wrong"])
    assert one.notes == (
        "Locked cells are changed by hand (check of t1); the released ones were run.",
    )


def test_known_mistakes_are_named_and_get_no_full_points(graded):
    one = graded[0]["wrong"]
    mistakes = [score.mistake for score in one.tasks]
    assert mistakes == ["days, not weeks", "everybody", "the line itself counted", ""]
    assert one.tasks[1].hint == "one customer came once."
    assert all(score.points < score.possible for score in one.tasks)


def test_a_function_that_knows_the_shown_probes_by_heart_gets_no_full_points(graded):
    assert points(graded[0]["by heart"]) == [2, 3, 1.5, 0]


def test_a_cell_that_does_not_end_is_stopped_and_what_came_before_counts(graded):
    one = graded[0]["slow"]
    assert points(one)[0] == 2
    assert one.notes[0].startswith("The run ended early (timed out, in task t2).")


def test_a_notebook_that_cannot_be_read_is_said(graded):
    one = graded[0]["unreadable"]
    assert not one.was_graded
    assert one.notes[0].startswith("The notebook cannot be read.")


def test_a_misnamed_notebook_is_listed_and_the_rest_graded(graded):
    one = graded[0]["misnamed"]
    assert {score.ended for score in one.tasks} == {"not graded"}
    assert "1_small (1).ipynb does not tell of which it is. Rename it to" in one.notes[0]
    assert list(graded[0])[-2:] == ["unreadable", "misnamed"]


def test_points_stand_in_nbgraders_gradebook(graded):
    found = gradebook.read_grades(graded[1] / "out" / "gradebook.db", small.NAME)
    book = {name: {task: one.points for task, one in own.items()} for name, own in found.items()}
    assert set(book) == set(graded[0]) - {"unreadable", "misnamed"}
    assert book["right"] == {"t1": 2, "t2": 3, "t3": 2, "t4": 0}
    assert book["half"]["t2"] == 1.5
    assert sum(book["empty"].values()) == 0
    stored = json.loads((graded[1] / "out" / "grades.json").read_text())
    assert {row["student"]: row["points"] for row in stored}["broken"] == 4


def test_who_waits_for_a_reader_is_marked_in_the_gradebook(graded):
    book = gradebook.read_grades(graded[1] / "out" / "gradebook.db", small.NAME)
    assert book["right"]["t4"].waiting
    assert not book["empty"]["t4"].waiting


def test_the_class_table_says_where_it_is_stuck(graded):
    found = list(graded[0].values())
    tasks = class_table.by_task(found)
    assert tasks[0].mistakes == (("days, not weeks", 2),)
    assert (tasks[0].full, tasks[0].empty, tasks[0].no_form, tasks[3].judged) == (5, 2, 2, 2)
    console = Console(width=160, record=True, highlight=False)
    class_table.print_class(found, console)
    text = console.export_text()
    assert "Most frequent mistake" in text
    assert f"The class is stuck most at {' and '.join(class_table.hardest(tasks))}." in text
    assert "renamed: Task t1 is not there" in text
    assert json.loads(json.dumps(class_table.as_json(tasks)))[0]["task"] == "t1"


def test_grading_again_replaces_points(built, tmp_path):
    student = small.answered(built.student, built.exercise, t1="t1 = 300.0")
    path = small.submit(tmp_path / "in", "ann", student)
    out = tmp_path / "out"
    (one,) = grade_submissions(built.house, tmp_path / "in", out)
    assert one.points == 0
    nbformat.write(small.answered(built.student, built.exercise, t1="solution"), path)
    (one,) = grade_submissions(built.house, tmp_path / "in", out)
    assert one.points == 2
    assert gradebook.read_grades(out / "gradebook.db", small.NAME)["ann"]["t1"].points == 2


def test_an_exercise_that_is_not_built_cannot_be_graded(built, tmp_path):
    house = small.house_with(tmp_path / "house")
    small.submit(tmp_path / "in", "ann", built.student)
    with pytest.raises(ExerciseError, match="Build it first: course build 1_small"):
        grade_submissions(house, tmp_path / "in", tmp_path / "out")
    assert not (tmp_path / "out").exists()
    assert places_of(house, small.NAME).text.exists()


def test_the_warning_says_whose_rights_a_submission_has():
    assert grading.TRUSTED.startswith(
        "For trusted code: every submission runs with all your rights"
    )


def test_points_by_hand_come_back_and_are_asked_for_when_the_answer_changes(built, tmp_path):
    def grade(words):
        student = small.answered(built.student, built.exercise, t4=words)
        path = tmp_path / "in" / "ann" / f"{small.NAME}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(student, path)
        (one,) = grade_submissions(built.house, tmp_path / "in", tmp_path / "out")
        return one.tasks[3].ended, one.points

    def enter(points):
        gradebook.enter_points(tmp_path / "out" / "gradebook.db", "ann", "t4", points)

    assert grade("Because.") == ("waits for a reader", 0)
    enter(3)
    assert grade("Because.") == grade("Because.") == ("by hand", 3)
    assert grade("Because I say so.") == ("changed since by hand", 3)
    assert grade("Because I say so.") == ("changed since by hand", 3)
    enter(3)
    assert grade("Because I say so.") == ("by hand", 3)
    enter(1)
    assert grade("Because I say so.") == ("by hand", 1)


def test_progress_does_not_call_an_unfinished_notebook_failed(built, tmp_path):
    seen = []
    half = small.answered(built.student, built.exercise, t2=HALF)
    small.submit(tmp_path / "in", "ann", half)
    grade_submissions(built.house, tmp_path / "in", tmp_path / "out", report=seen.append)
    assert [(run.lesson, run.ran) for run in seen] == [("ann", True)]
