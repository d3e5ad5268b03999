from nbformat import v4

from customer_insight.course.exercise.cells import (
    GIVEN,
    RUBRIC,
    TASK,
    WORDS,
    read_cell,
    solution_lines,
)


def read(cell):
    problems = []
    return read_cell(cell, problems), problems


def test_a_cell_is_known_by_what_stands_behind_its_mark():
    made, problems = read(v4.new_code_cell("x", metadata={"task": "t1", "points": 2}))
    assert (made.role, made.task, made.points, made.markdown) == (TASK, "t1", 2, False)
    assert problems == []
    assert read(v4.new_code_cell("x"))[0].role == GIVEN
    assert read(v4.new_markdown_cell("x"))[0].role == WORDS
    assert read(v4.new_markdown_cell("x", metadata={"rubric": "t4"}))[0].role == RUBRIC


def test_what_nothing_reads_and_the_wrong_kind_of_cell_are_told():
    _, (said,) = read(v4.new_code_cell("x = 1", metadata={"scorrer": "t1"}))
    assert said.startswith("The cell `x = 1` has scorrer behind '# %%', which nothing reads.")
    _, (said,) = read(v4.new_code_cell("x = 1", metadata={"rubric": "t1"}))
    assert said == "The cell `x = 1`: a cell for rubric cannot be code."


def test_only_what_stands_between_the_marks_is_the_solution():
    source = "a\n    ### BEGIN SOLUTION\n    b\n    ### END SOLUTION\nc"
    assert solution_lines(source) == ["    b"]
    assert solution_lines("a") == []
