from rich.console import Console

from customer_insight.course.exercise.class_table import by_task, hardest, print_class
from customer_insight.course.exercise.grade import Graded
from customer_insight.course.exercise.scoring import (
    BY_HAND,
    CHANGED,
    EMPTY,
    NO_ANSWER,
    NOT_GRADED,
    READ_BY_HAND,
    SCORED,
    Score,
)


def student(name, *scores):
    return Graded(name, "e", scores)


def test_a_task_counts_full_some_none_empty_and_mistakes():
    graded = [
        student("a", Score("t1", 2, 2, SCORED)),
        student("b", Score("t1", 1, 2, SCORED, mistake="orders")),
        student("c", Score("t1", 0, 2, SCORED, mistake="orders")),
        student("d", Score("t1", 0, 2, EMPTY)),
        student("e", Score("t1", 0, 2, NO_ANSWER)),
        student("f", Score("t1", 0, 2, NOT_GRADED)),
    ]
    (task,) = by_task(graded)
    counts = (task.full, task.some, task.none, task.empty, task.no_form, task.students)
    assert counts == (1, 1, 1, 1, 1, 5)
    assert (task.share, task.mistakes, task.tried) == (0.3, (("orders", 2),), 4)


def test_the_hardest_task_is_the_one_with_the_smallest_share():
    graded = [student("a", Score("t1", 1, 2, SCORED), Score("t2", 1, 4, SCORED))]
    assert hardest(by_task(graded)) == ["t2"]
    assert by_task([]) == []
    assert hardest([]) == []


def test_tasks_that_are_equally_hard_are_all_named():
    scores = (Score("t1", 1, 2, SCORED), Score("t2", 2, 4, SCORED), Score("t3", 2, 2, SCORED))
    assert hardest(by_task([student("a", *scores)])) == ["t1", "t2"]
    assert "The class is stuck most at t1 and t2." in printed(student("a", *scores))


def test_a_class_is_not_stuck_where_nobody_tried_or_all_is_right():
    graded = [student("a", Score("t1", 1, 2, SCORED), Score("t2", 0, 4, EMPTY))]
    assert hardest(by_task(graded)) == ["t1"]
    graded = [student("a", Score("t1", 2, 2, SCORED), Score("t2", 0, 4, EMPTY))]
    assert hardest(by_task(graded)) == []


def test_a_task_that_nobody_has_read_yet_is_not_called_the_hardest():
    graded = [
        student("a", Score("t1", 1, 2, SCORED), Score("t2", 0, 4, READ_BY_HAND)),
        student("b", Score("t1", 2, 2, SCORED), Score("t2", 0, 4, EMPTY)),
    ]
    assert by_task(graded)[1].share == 0
    assert hardest(by_task(graded)) == ["t1"]
    read = student("c", Score("t1", 2, 2, SCORED), Score("t2", 1, 4, BY_HAND))
    assert hardest(by_task([*graded, read])) == ["t2"]


def test_points_by_hand_count_and_the_share_is_of_those_judged():
    graded = [
        student("a", Score("t1", 3, 4, BY_HAND)),
        student("b", Score("t1", 4, 4, BY_HAND)),
    ]
    (task,) = by_task(graded)
    assert (task.share, task.full, task.some, task.waiting) == (0.875, 1, 1, 0)
    (task,) = by_task([*graded, student("c", Score("t1", 2, 4, CHANGED))])
    assert (task.share, task.waiting, task.judged) == (0.875, 1, 2)
    (alone,) = by_task([student("c", Score("t1", 2, 4, CHANGED))])
    assert (alone.share, alone.judged) == (None, 0)


def test_the_share_names_its_students_and_empty_stands_apart_from_wrong():
    text = printed(
        student("a", Score("t1", 3, 4, SCORED)),
        student("b", Score("t1", 0, 4, READ_BY_HAND)),
        student("c", Score("t1", 0, 4, EMPTY)),
        student("d", Score("t1", 0, 4, SCORED)),
        student("e", Score("t1", 0, 4, NO_ANSWER)),
    )
    head, row = (line.split("  ") for line in text.splitlines()[-4:-2])
    cells = [cell.strip() for cell in row if cell.strip()]
    names = [cell.strip() for cell in head if cell.strip()]
    assert names[1:8] == [
        "Points given", "Full", "Some", "Wrong", "No form", "Empty", "To read"
    ]  # fmt: skip
    assert cells == ["t1", "19% of 4", "0", "1", "1", "1", "1", "1"]


def test_students_with_the_same_note_stand_together():
    scores = (Score("t1", 2, 2, SCORED),)
    graded = [Graded(name, "e", scores, notes) for name, notes in
              (("a", ("Old.",)), ("b", ("Own.", "Old.")), ("c", ()))]  # fmt: skip
    assert printed(*graded).splitlines()[-2:] == ["a, b: Old.", "b: Own."]


def printed(*graded):
    console = Console(width=120, record=True, highlight=False)
    print_class(graded, console)
    return console.export_text()


def test_the_table_shows_each_state_with_its_sign():
    text = printed(
        student("a", Score("t1", 0, 4, EMPTY), Score("t2", 2, 4, CHANGED)),
        student("b", Score("t1", 0, 4, NO_ANSWER), Score("t2", 0, 4, READ_BY_HAND)),
        student("c", Score("t1", 1.5, 4, SCORED), Score("t2", 3, 4, BY_HAND)),
        student("d", Score("t1", 0, 4, NOT_GRADED), Score("t2", 0, 4, NOT_GRADED)),
    )
    rows = [line.split() for line in text.splitlines()[1:5]]
    assert rows == [
        ["a", "-", "2?", "2"],
        ["b", "x", "?", "0"],
        ["c", "1.5", "3", "4.5"],
        ["d", "!", "!", "!"],
    ]


def test_a_class_in_which_nobody_tried_is_not_called_stuck():
    text = printed(student("a", Score("t1", 0, 2, EMPTY)))
    assert "Nobody has answered a task yet." in text
    assert "stuck" not in text
