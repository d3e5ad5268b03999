import json

import nbformat
import pytest

from customer_insight.course.exercise import progress
from customer_insight.course.exercise.answers import Answer, write_answer
from customer_insight.course.exercise.progress import in_words, read_progress
from customer_insight.course.exercise.tasks import ExerciseError
from customer_insight.course.house import HouseError
from customer_insight.course.notebook import NotebookError

from . import small


@pytest.fixture
def work(built, tmp_path):
    """Return a student's house: no solutions, one exercise; and what writes the notebook."""
    house = small.house_with(tmp_path / "house")
    (house.solutions / "1_small.py").unlink()
    house.exercises.mkdir()

    def write(notebook=None, **answers):
        notebook = notebook or small.answered(built.student, built.exercise, **answers)
        nbformat.write(notebook, house.exercises / "1_small.ipynb")
        return house

    return write


def states(house):
    (one,) = read_progress(house)
    return one, [task.state for task in one.tasks]


def test_a_fresh_exercise_has_everything_to_do(work):
    one, found = states(work())
    assert found == ["not answered"] * 4
    assert (one.next, one.ready, one.possible) == ("t1", 0, 11)


def test_answers_are_told_from_checked_ones_and_known_mistakes(work):
    house = work(t1="solution", t2="solution", t3="solution", t4="Because it is.")
    folder = house.exercises / ".answers" / "1_small"
    write_answer(folder, Answer("t1", "number", 477.0))
    write_answer(folder, Answer("t2", "table", {"customer": ["ann"]}, "", "everybody"))
    one, found = states(house)
    assert found == [
        "checked: in form",
        "checked: known mistake",
        "answered, check not run",
        "written, for a reader",
    ]
    assert (one.next, one.ready) == ("t2", 6)
    assert in_words(one).splitlines() == [
        "1_small: 6 of 11 points ready to hand in, not scored.",
        "  t1  checked: in form                   2 points",
        "  t2  checked: known mistake, everybody  3 points",
        "  t3  answered, check not run            2 points",
        "  t4  written, for a reader              4 points",
        "  Next: t2",
    ]
    assert "right" not in in_words(one)


@pytest.mark.parametrize(
    ("output", "state"),
    [
        (("stream", {"text": "t1: not yet. A number is wanted."}), "checked: not yet in form"),
        (("error", {"ename": "NameError", "evalue": "t1"}), "answered, check not run"),
    ],
)
def test_a_check_that_refused_the_form_is_told_from_one_that_was_not_run(
    work, built, output, state
):
    notebook = small.answered(built.student, built.exercise, t1="t1 = 'many'")
    kind, content = output
    small.cell(notebook, "t1-check").outputs = [nbformat.v4.new_output(kind, **content)]
    assert states(work(notebook))[1][0] == state


def test_a_cell_that_still_stops_or_is_gone_is_no_answer(work, built):
    notebook = small.answered(
        built.student, built.exercise, t1='t1 = 3\ncheck.unanswered("t1")', t2="   "
    )
    notebook.cells = [cell for cell in notebook.cells if cell.id != "t3"]
    _, found = states(work(notebook))
    assert found[:3] == ["not answered", "not answered", "its cell is gone"]


def test_cells_are_found_by_id_where_a_program_dropped_the_marks(work, built):
    notebook = small.answered(built.student, built.exercise, t4="Because it is.")
    for cell in notebook.cells:
        cell.metadata.pop("nbgrader", None)
    assert states(work(notebook))[1][3] == "written, for a reader"


def test_a_broken_export_counts_as_not_checked(work):
    house = work(t1="solution")
    folder = house.exercises / ".answers" / "1_small"
    folder.mkdir(parents=True)
    (folder / "t1.json").write_text("{")
    assert states(house)[1][0] == "answered, check not run"


def test_names_and_paths_are_found_and_others_refused(work, tmp_path):
    house = work()
    path = house.exercises / "1_small.ipynb"
    assert [one.notebook for one in read_progress(house, [path])] == [path]
    assert [one.notebook for one in read_progress(house, ["1_small"])] == [path]
    with pytest.raises(HouseError, match=r"No exercise is called '1_smal'\. Did you mean 1_small"):
        read_progress(house, ["1_smal"])
    other = tmp_path / "other.ipynb"
    nbformat.write(nbformat.v4.new_notebook(), other)
    with pytest.raises(ExerciseError, match="not one of the course's exercises"):
        read_progress(house, [other])
    other.write_text("{")
    with pytest.raises(NotebookError, match="is not a notebook"):
        read_progress(house, [other])


def test_progress_can_be_read_by_programs(work):
    (row,) = json.loads(json.dumps(progress.as_json(read_progress(work()))))
    assert (row["exercise"], row["next"], row["points_possible"]) == ("1_small", "t1", 11)
    assert row["tasks"][0] == {"task": "t1", "points": 2, "state": "not answered", "mistake": ""}
