from rich.console import Console

from customer_insight.course.build import CODE, SAME, WORDS
from customer_insight.course.exercise.build import BuiltExercise
from customer_insight.course.exercise.screen import print_built
from customer_insight.course.results import Failure, LessonRun


def shown(*built):
    console = Console(width=100, record=True, highlight=False)
    print_built(built, console)
    return [line.rstrip() for line in console.export_text().splitlines()]


def test_each_exercise_is_shown_with_what_became_of_it():
    fine = LessonRun("c", 1.0, 0)
    lines = shown(
        BuiltExercise("[a]", SAME), BuiltExercise("b", WORDS), BuiltExercise("c", CODE, fine)
    )
    assert [line.split(maxsplit=1) for line in lines[1:]] == [
        ["[a]", "as its text"],
        ["b", "words written"],
        ["c", "run and written"],
    ]


def test_a_failure_stands_below_the_table():
    failed = LessonRun("a", 1.0, 0, None, Failure("raised", "Task t1, a.py, line 3: x\nNameError"))
    lines = shown(BuiltExercise("a", CODE, failed))
    assert lines[1].split(maxsplit=1) == ["a", "not written"]
    assert lines[-3:] == ["a, raised:", "  Task t1, a.py, line 3: x", "  NameError"]


def test_notes_stand_below_the_table():
    lines = shown(BuiltExercise("a", WORDS, notes=("Look at t1.",)), BuiltExercise("b", SAME))
    assert lines[-1] == "a: Look at t1."


def test_nothing_is_shown_where_nothing_was_built():
    assert shown() == []
