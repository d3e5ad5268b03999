import copy

import nbformat

from customer_insight.course.exercise.release import student_notebook
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
        "Locked cells are changed by hand (check of t1); the released ones were run.",
        "Locked cells are missing (check of t2); the released ones were run.",
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
        "Cell 'first' is not one of the exercise's; it was run as a cell of the student's own.",
        "Task t1 is not there: its cell was deleted or renamed.",
    )
    sources = [cell.source for cell in got.notebook.cells]
    assert "t2 = 5" not in sources
    assert sources.index("t1 = 3") < sources.index("t2 = 4")


def test_a_locked_cell_that_is_not_of_the_exercise_is_left_out(built):
    theirs = put(built, t1="t1 = 3")
    strange = copy.deepcopy(small.cell(theirs, "t1-check"))
    strange.metadata["nbgrader"]["grade_id"], strange.id = "t9-check", "t9-check"
    strange.source = "check.number('t9', 1)"
    theirs.cells.append(strange)
    got = assemble(built.student, theirs)
    assert got.notes == ("Cell 't9-check' is not one of the exercise's; it was left out.",)
    assert strange.source not in [cell.source for cell in got.notebook.cells]


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


def older(built, tmp_path, *changes):
    """Return a submission of an older release, whose text differed by these changes."""
    exercise = small.exercise_of(tmp_path, small.changed(*changes))
    return small.answered(student_notebook(exercise, built.hints), exercise, t1="t1 = 3")


def test_an_older_release_is_named_with_what_changed_and_no_cell_is_called_edited(built, tmp_path):
    got = assemble(
        built.student, older(built, tmp_path, ('task="t1" points=2', 'task="t1" points=1'))
    )
    (note,) = got.notes
    assert note.startswith(
        "Handed out from an older release (points of t1: 1, now 2). It was graded by the present"
    )
    assert got.answers == {"t1": "t1 = 3"}
    for words, what in (
        (("Three customers and", "Some customers and"), "words of t1"),
        (("Task 3: a rule", "Task 3: a law"), "words of t3"),
        (("low=100", "low=90"), "check of t1"),
        (('"bob": [2]', '"bob": [4]'), "given code of t1"),
    ):
        (note,) = assemble(built.student, older(built, tmp_path, words)).notes
        assert f"older release ({what})" in note
    both = (("Three customers and", "Some of"), ("Task 2: who came back?", "Task 2"))
    (note,) = assemble(built.student, older(built, tmp_path, *both)).notes
    assert "(words of t1, t2)" in note


def test_a_cell_edited_in_an_older_release_is_still_found(built, tmp_path):
    theirs = older(built, tmp_path, ("low=100", "low=90"))
    check = small.cell(theirs, "t1-check")
    check.source = check.source.replace("low=90", "low=0")
    small.cell(theirs, "t2-check").metadata["nbgrader"].pop("points")
    notes = assemble(built.student, theirs).notes
    assert notes[0].startswith("Handed out from an older release")
    assert notes[1:] == (
        "Locked cells are changed by hand (check of t1, check of t2); the released ones were run.",
    )


def test_locked_cells_are_named_by_the_tasks_that_they_are_for(built):
    theirs = put(built, t1="t1 = 3")
    for cell in theirs.cells:
        if cell.metadata.get("nbgrader", {}).get("locked") and not cell.id.endswith("-check"):
            cell.source += "  # mine"
    assert assemble(built.student, theirs).notes == (
        "Locked cells are changed by hand (the opening cell, given code of t1); the released ones "
        "were run.",
    )


def test_line_ends_of_another_system_change_nothing(built):
    theirs = put(built, t1="first = 3\nt1 = first")
    for cell in theirs.cells:
        cell.source = cell.source.replace("\n", "\r\n")
    got = assemble(built.student, theirs)
    assert got.answers == {"t1": "first = 3\nt1 = first"}
    assert got.notes == ()


def test_tasks_that_an_older_release_did_not_have_are_not_called_deleted(built, tmp_path):
    text = small.TEXT[: small.TEXT.index("# %% [markdown]\n# ## Task 4")]
    exercise = small.exercise_of(tmp_path, text)
    (note,) = assemble(built.student, student_notebook(exercise, built.hints)).notes
    assert "(t4 is new)" in note


def test_metadata_that_was_dropped_or_spoilt_stops_nothing(built):
    for spoilt in (None, "words", {"release": "x"}, {"release": "x", "tasks": [1]}):
        theirs = put(built, t1="t1 = 3")
        theirs.metadata["course"] = spoilt
        assert assemble(built.student, theirs).answers == {"t1": "t1 = 3"}
    theirs.metadata.pop("course")
    assert assemble(built.student, theirs).notes == ()
