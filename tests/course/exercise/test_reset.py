import nbformat
import pytest

from customer_insight.course.exercise.answers import Answer, read_answer, write_answer
from customer_insight.course.exercise.reset import reset_task
from customer_insight.course.exercise.tasks import ExerciseError
from customer_insight.course.house import HouseError

from . import small


@pytest.fixture
def house(built, tmp_path):
    house = small.house_with(tmp_path / "house")
    notebook = small.answered(
        built.student, built.exercise, t1="t1 = 3\n", t4="Because.", t2="t2=1"
    )
    small.cell(notebook, "t1-check").outputs = [nbformat.v4.new_output("stream", text="said")]
    house.exercises.mkdir()
    nbformat.write(notebook, house.exercises / "1_small.ipynb")
    write_answer(house.exercises / ".answers" / "1_small", Answer("t1", "number", 3.0))
    return house


def read(house):
    return nbformat.read(house.exercises / "1_small.ipynb", 4)


def test_a_task_comes_back_fresh_and_the_old_answer_is_kept(house, built):
    before = read(house)
    reset = reset_task(house, "t1")
    after = read(house)
    assert small.cell(after, "t1").source == small.cell(built.student, "t1").source
    assert small.cell(after, "t1-check").outputs == []
    assert reset.kept.name == "1_small_t1_kept_1.py"
    assert reset.kept.read_text().strip() == "t1 = 3"
    assert read_answer(house.exercises / ".answers" / "1_small", "t1") is None
    others = [cell for cell in after.cells if cell.id not in ("t1", "t1-check")]
    assert others == [cell for cell in before.cells if cell.id not in ("t1", "t1-check")]
    assert after.metadata == before.metadata


def test_a_second_answer_is_kept_beside_the_first(house):
    reset_task(house, "t1")
    notebook = read(house)
    small.cell(notebook, "t1").source = "t1 = 4"
    nbformat.write(notebook, house.exercises / "1_small.ipynb")
    assert reset_task(house, "t1", "1_small").kept.name == "1_small_t1_kept_2.py"
    assert (house.exercises / "1_small_t1_kept_1.py").read_text().strip() == "t1 = 3"


def test_words_are_kept_as_words_and_a_fresh_task_keeps_nothing(house):
    assert reset_task(house, "t4").kept.name == "1_small_t4_kept_1.md"
    assert reset_task(house, "t4").kept is None
    assert reset_task(house, "t3", house.exercises / "1_small.ipynb").kept is None


def test_unknown_tasks_and_unclear_exercises_are_refused(house):
    with pytest.raises(HouseError, match=r"1_small has no task 't9'\. It has: t1, t2, t3, t4"):
        reset_task(house, "t9")
    text = (house.exercises / "1_small.ipynb").read_text()
    (house.exercises / "2_more.ipynb").write_text(text)
    with pytest.raises(HouseError, match=r"Which exercise's t1\? 2 are meant \(1_small, 2_more\)"):
        reset_task(house, "t1")
    notebook = read(house)
    notebook.cells = [cell for cell in notebook.cells if cell.id != "t1"]
    nbformat.write(notebook, house.exercises / "1_small.ipynb")
    with pytest.raises(ExerciseError, match="cell of task t1 is no longer in"):
        reset_task(house, "t1", "1_small")
