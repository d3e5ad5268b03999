import json

import nbformat
import pytest

from customer_insight.course.exercise import progress
from customer_insight.course.exercise.answers import Answer, write_answer
from customer_insight.course.exercise.made_from import makers
from customer_insight.course.exercise.progress import in_words, read_progress
from customer_insight.course.exercise.tasks import ExerciseError
from customer_insight.course.house import HouseError
from customer_insight.course.notebook import NotebookError, read_notebook
from customer_insight.course.supervise import Task, execute

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


def keep(house, task, form, content, hint=""):
    """Write what a check would have kept of the notebook as it is saved."""
    cells = read_notebook(house.exercises / "1_small.ipynb").cells
    codes = [cell.source for cell in cells if cell.cell_type == "code"]
    folder = house.exercises / ".answers" / "1_small"
    made_from = makers(codes, ["t1", "t2", "t3"])
    write_answer(folder, Answer(task, form, content, "", hint, made_from))


def change(house, task, source):
    """Save the notebook with another answer."""
    path = house.exercises / "1_small.ipynb"
    notebook = read_notebook(path)
    small.cell(notebook, task).source = source
    nbformat.write(notebook, path)


def test_a_fresh_exercise_has_everything_to_do(work):
    one, found = states(work())
    assert found == ["not answered"] * 4
    assert (one.next, one.ready, one.possible) == ("t1", 0, 11)


def test_answers_are_told_from_checked_ones_and_known_mistakes(work):
    house = work(t1="solution", t2="solution", t3="solution", t4="Because it is.")
    keep(house, "t1", "number", 477.0)
    keep(house, "t2", "table", {"customer": ["ann"]}, "everybody")
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
        f"  Read as saved in {house.exercises / '1_small.ipynb'}",
    ]
    assert "right" not in in_words(one)


def test_an_answer_that_changed_since_its_check_is_to_be_run_again_and_those_after_it(work):
    house = work(t1="solution", t2="solution", t3="solution")
    source = house.exercises / "1_small.ipynb"
    (run,) = execute([Task("1_small", source, house.build / "run.ipynb", house.exercises)])
    assert run.ran, run.failure
    assert states(house)[1][:3] == ["checked: in form"] * 3
    change(house, "t2", "t2 = pd.DataFrame({'customer': []})")
    changed = "changed since its check: run it again"
    one, found = states(house)
    assert found[:3] == ["checked: in form", changed, changed]
    assert (one.next, one.ready) == ("t2", 2)


def test_an_answer_whose_name_no_cell_gives_any_more_has_changed(work):
    house = work(t1="solution")
    keep(house, "t1", "number", 477.0)
    assert states(house)[1][0] == "checked: in form"
    change(house, "t1", "total_days = 3")
    assert states(house)[1][0] == "changed since its check: run it again"


@pytest.mark.parametrize("form", ["text", "record"])
def test_what_no_program_scores_waits_for_a_reader_until_its_own_cell_changes(work, form):
    house = work(t1="solution", t2="solution")
    keep(house, "t2", form, "Because." if form == "text" else {"why": "Because."})
    one, found = states(house)
    assert found[1] == "written, for a reader"
    assert one.ready == 3
    change(house, "t1", "t1 = 3")
    assert states(house)[1][1] == "written, for a reader"
    change(house, "t2", "t2 = 'Because of that.'")
    assert states(house)[1][1] == "changed since its check: run it again"


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
