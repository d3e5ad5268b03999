import copy

import nbformat

from customer_insight.course.exercise.submission import assemble

from . import small


def put(built, **answers):
    return small.answered(built.student, built.exercise, **answers)


def test_an_honest_submission_has_its_answers_and_no_notes(built):
    got = assemble(built.student, put(built, t1="t1 = 3", t4="Because."))
    assert got.answers == {"t1": "t1 = 3", "t4": "Because."}
    assert got.notes == ()
    assert small.cell(got.notebook, "t1").source == "t1 = 3"
    code = [cell for cell in got.notebook.cells if cell.cell_type == "code"]
    assert all(cell.metadata["tags"] == ["raises-exception"] for cell in code)


def test_changed_and_missing_locked_cells_are_replaced_and_named(built):
    theirs = put(built, t1="t1 = 3")
    small.cell(
        theirs, "t1-check"
    ).source = "check.number('t1', 477.36, unit='weeks', low=0, high=1e9)"
    theirs.cells = [cell for cell in theirs.cells if cell.id != "t2-check"]
    got = assemble(built.student, theirs)
    assert got.notes == (
        "Locked cell t1-check was changed; the released one was run.",
        "Locked cell t2-check is missing; the released one was run.",
    )
    for name in ("t1-check", "t2-check"):
        assert small.cell(got.notebook, name).source == small.cell(built.student, name).source


def test_a_renamed_and_a_doubled_task_are_named(built):
    theirs = put(built, t1="t1 = 3", t2="t2 = 4")
    renamed, doubled = small.cell(theirs, "t1"), copy.deepcopy(small.cell(theirs, "t2"))
    renamed.metadata["nbgrader"]["grade_id"], renamed.id = "first", "first"
    doubled.source, doubled.id = "t2 = 5", "copied"
    theirs.cells.append(doubled)
    got = assemble(built.student, theirs)
    assert got.answers == {"t2": "t2 = 4"}
    assert got.notes == (
        "Cell t2 stands 2 times; the first was taken.",
        "Cell 'first' is not one of the exercise's; it was left out.",
        "Task t1 is not there: its cell was deleted or renamed.",
    )
    assert "t2 = 5" not in [cell.source for cell in got.notebook.cells]


def test_own_cells_stay_where_they_were(built):
    theirs = put(built, t1="t1 = helper")
    place = next(n for n, cell in enumerate(theirs.cells) if cell.id == "t1")
    theirs.cells.insert(place, nbformat.v4.new_code_cell("helper = 3"))
    got = assemble(built.student, theirs)
    sources = [cell.source for cell in got.notebook.cells]
    assert sources.index("helper = 3") == sources.index("t1 = helper") - 1


def test_answers_are_found_by_id_where_marks_were_dropped(built):
    theirs = put(built, t1="t1 = 3")
    for cell in theirs.cells:
        cell.metadata = nbformat.NotebookNode()
    got = assemble(built.student, theirs)
    assert got.answers == {"t1": "t1 = 3"}
    assert got.notes == ()
