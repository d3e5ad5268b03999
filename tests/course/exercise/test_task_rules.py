from customer_insight.course.exercise.cells import TASK, WORDS, Cell
from customer_insight.course.exercise.task_rules import (
    headings_that_differ,
    lacks,
    misnamed,
    strangers,
)

from . import small


def words(source):
    return Cell(WORDS, source, markdown=True)


def task(name, points):
    return Cell(TASK, "x", task=name, points=points)


def test_a_heading_may_name_the_points_that_its_task_has(tmp_path):
    text = small.changed(
        ("## Task 1: how many weeks?", "## Task 1: how many weeks? (2 points)"),
        ("## Task 4: say why", "## Task 4: say why (4 points)"),
    )
    assert small.exercise_of(tmp_path, text).points == {"t1": 2, "t2": 3, "t3": 2, "t4": 4}


def test_a_heading_belongs_to_the_task_below_it_alone(tmp_path):
    text = small.changed(
        ("## Task 1: how many weeks?", "## Task 1: how many weeks? (2 points)"),
        ('task="t3" points=2', 'task="t3" points=1'),
    )
    assert small.exercise_of(tmp_path, text).points["t3"] == 1


def test_the_last_heading_above_a_task_counts():
    cells = [words("## Part (9 points)"), words("### Task 1 (1 point)"), task("t1", 1)]
    assert headings_that_differ(cells) == []
    (said,) = headings_that_differ([*cells, words("## Task 2 (1 point)"), task("t2", 2)])
    assert "'## Task 2 (1 point)' stands above `# %% task=\"t2\" points=2`" in said


def test_names_and_cells_of_no_task_are_told():
    assert misnamed(["t1", "t2"]) == []
    assert "Task t1 stands 2 times" in misnamed(["t1", "t1"])[0]
    (said,) = strangers([Cell("check", "x", task="t7")], {"t1"})
    assert said == "A check belongs to task 't7', which is not there. Was a task renamed?"


def test_a_task_that_lacks_all_is_told_all():
    said = lacks(Cell(TASK, "", task="t1", points=0), "", "", "")
    assert len(said) == 4
    assert said[0] == "points are to be a whole number, 1 or more."
