import re

from customer_insight.course import notebook as notebooks
from customer_insight.course.exercise.release import student_notebook

from . import small


def test_a_student_gets_questions_checks_and_lines_to_replace(built):
    cells = {cell.id: cell for cell in built.student.cells}
    assert cells["t1"].source.startswith('check.unanswered("t1")')
    assert cells["t2"].source.startswith('import pandas as pd\n\ncheck.unanswered("t2")')
    assert cells["t3"].source.startswith('def t3(spend, cost):\n    check.unanswered("t3")')
    assert cells["t4"].source == "*Your answer to t4 goes here, in place of this line.*"
    assert cells["t1-check"].source.startswith("check.number(")
    headings = [cell.source for cell in built.student.cells if cell.source.startswith("## ")]
    assert len(headings) == 4


def test_answers_can_be_edited_and_all_else_is_locked(built):
    code = [cell for cell in built.student.cells if cell.cell_type == "code"]
    for cell in code:
        marks = cell.metadata["nbgrader"]
        assert marks["locked"] != marks["solution"]
        assert cell.metadata.get("editable", True) == marks["solution"]
        assert len(marks["checksum"]) == 32
    points = {
        cell.id: cell.metadata["nbgrader"]["points"]
        for cell in built.student.cells
        if cell.metadata.get("nbgrader", {}).get("grade")
    }
    assert points == {"t1-check": 2, "t2-check": 3, "t3-check": 2, "t4": 4}


def test_ids_and_bytes_hang_on_the_text_alone(built, tmp_path):
    again = student_notebook(small.exercise_of(tmp_path), built.hints)
    assert notebooks.to_bytes(again) == built.places.student.read_bytes()
    text = small.changed(("# ## Task 2", "# A new line.\n\n# %% [markdown]\n# ## Task 2"))
    more = student_notebook(small.exercise_of(tmp_path, text), built.hints)
    assert {cell.id for cell in built.student.cells} < {cell.id for cell in more.cells}


def test_how_a_task_looked_at_first_stands_in_the_notebook(built):
    course = built.student.metadata["course"]
    assert course["exercise"] == "1_small"
    fresh = {name: task["fresh"] for name, task in course["tasks"].items()}
    assert fresh == {name: small.cell(built.student, name).source for name in fresh}


def release(notebook):
    return notebook.metadata["course"]["release"]


def test_a_release_is_named_by_what_students_see_and_by_nothing_else(built, tmp_path):
    def made(*changes):
        return release(
            student_notebook(small.exercise_of(tmp_path, small.changed(*changes)), built.hints)
        )

    assert made() == release(built.student)
    assert re.fullmatch("[a-z]{12}", made())
    for seen in (
        ("Three customers", "Some customers"),
        ('task="t1" points=2', 'task="t1" points=3'),
        ("low=100", "low=90"),
    ):
        assert made(seen) != made()
    for hidden in (
        ("3317.5) / 7", "3318.5) / 7"),
        ("within=0.001", "within=0.002"),
        ("names the reason", "says why"),
        ("Because a model answer", "As another model answer"),
    ):
        assert made(hidden) == made()
