"""Each exercise, done rightly and in every known wrong way, in the student's own notebook."""

import copy

import nbformat
import pytest

from customer_insight.course.exercise.catalogue import exercise_names, places_of
from customer_insight.course.exercise.grade import grade_submissions
from customer_insight.course.exercise.tasks import read_exercise
from customer_insight.course.house import find_house
from customer_insight.course.notebook import read_notebook

HOUSE = find_house()
pytestmark = pytest.mark.evidence


def submit(folder, student, name, answers):
    """Write a submission with these answers in a fresh notebook."""
    notebook = copy.deepcopy(read_notebook(places_of(HOUSE, name).student))
    for cell in notebook.cells:
        cell.source = answers.get(cell.id, cell.source)
    path = folder / student / f"{name.rsplit('/', maxsplit=1)[-1]}.ipynb"
    path.parent.mkdir(parents=True)
    nbformat.write(notebook, path)


@pytest.mark.parametrize("name", exercise_names(HOUSE))
def test_right_answers_get_full_points_and_each_wrong_one_its_hint(tmp_path, name):
    exercise = read_exercise(places_of(HOUSE, name).text, name)
    right = {task.name: task.answer.source for task in exercise.tasks}
    submit(tmp_path / "in", "right", name, right)
    most = max(len(task.wrongs) for task in exercise.tasks)
    expected = {}
    for number in range(most):
        wrong = {}
        for task in exercise.tasks:
            if number < len(task.wrongs):
                mistake = task.wrongs[number]
                # Later tasks build on the right names; the mistake only changes this one's answer.
                wrong[task.name] = f"{right[task.name]}\n\n{mistake.code}"
                expected[f"wrong_{number}", task.name] = mistake
        submit(tmp_path / "in", f"wrong_{number}", name, right | wrong)
    found = grade_submissions(HOUSE, tmp_path / "in", tmp_path / "out", exercise=name)
    scores = {(one.student, score.task): score for one in found for score in one.tasks}
    for task in exercise.tasks:
        if task.scorer:
            assert scores["right", task.name].points == task.points
            assert scores["right", task.name].mistake == ""
    for place, mistake in expected.items():
        assert (scores[place].mistake, scores[place].hint) == (mistake.called, mistake.hint)
        assert scores[place].points < scores[place].possible
    assert all(one.notes == () for one in found)
