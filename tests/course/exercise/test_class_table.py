from customer_insight.course.exercise.class_table import by_task, hardest
from customer_insight.course.exercise.grade import EMPTY, Graded
from customer_insight.course.exercise.scoring import NO_ANSWER, SCORED, Score


def student(name, *scores):
    return Graded(name, "e", scores)


def test_a_task_counts_full_some_none_empty_and_mistakes():
    graded = [
        student("a", Score("t1", 2, 2, SCORED)),
        student("b", Score("t1", 1, 2, SCORED, hint="orders")),
        student("c", Score("t1", 0, 2, SCORED, hint="orders")),
        student("d", Score("t1", 0, 2, EMPTY)),
        student("e", Score("t1", 0, 2, NO_ANSWER)),
    ]
    (task,) = by_task(graded)
    counts = (task.full, task.some, task.none, task.empty, task.no_form, task.students)
    assert counts == (1, 1, 1, 1, 1, 5)
    assert (task.share, task.mistakes) == (0.3, (("orders", 2),))


def test_the_hardest_task_is_the_one_with_the_smallest_share():
    graded = [student("a", Score("t1", 1, 2, SCORED), Score("t2", 1, 4, SCORED))]
    assert hardest(by_task(graded)) == "t2"
    assert by_task([]) == []
    assert hardest([]) == ""
