import copy
import re

import pytest

from customer_insight.course.exercise import gates
from customer_insight.course.exercise.build import exercise_differences
from customer_insight.course.exercise.catalogue import exercise_names, places_of
from customer_insight.course.exercise.hints import locked
from customer_insight.course.exercise.rehearsal import stored_rehearsal
from customer_insight.course.exercise.tasks import read_exercise
from customer_insight.course.house import find_house, lesson_texts
from customer_insight.course.notebook import read_notebook

HOUSE = find_house()
NAMES = exercise_names(HOUSE)


@pytest.fixture(params=NAMES, scope="module")
def built(request):
    places = places_of(HOUSE, request.param)
    exercise = read_exercise(places.text, request.param)
    return exercise, stored_rehearsal(places.answers), read_notebook(places.student)


def test_building_gives_exactly_the_committed_files():
    assert NAMES
    assert exercise_differences(HOUSE) == []


def test_each_exercise_belongs_to_a_lesson():
    lessons = {HOUSE.name(text) for text in lesson_texts(HOUSE)}
    assert set(NAMES) <= lessons


def test_an_exercise_has_four_to_six_tasks_and_a_judgement_in_words(built):
    exercise, _, _ = built
    assert 4 <= len(exercise.tasks) <= 6
    assert any(task.rubric for task in exercise.tasks)
    assert all(task.wrongs for task in exercise.tasks if task.scorer)
    stated = re.findall(r"^## Task (\d+): .* \((\d+) points\)$", all_words(exercise), re.MULTILINE)
    assert stated == [(task.name[1:], str(task.points)) for task in exercise.tasks]


def test_nothing_in_the_students_notebook_tells_an_answer(built):
    exercise, known, student = built
    gates.gate(exercise, known, student)


def test_each_answer_would_be_found_if_it_stood_there(built):
    exercise, known, student = built
    for task, content in known.answers.items():
        for value in first_numbers(content):
            spoilt = copy.deepcopy(student)
            spoilt.cells[0].source += f"\nIt is {value:.4g}."
            found = gates.leaks(spoilt, exercise, known.answers, known.wrong)
            assert any(f"the answer of {task}" in said for said in found)


def test_every_known_mistake_has_its_hint(built):
    exercise, known, _ = built
    assert gates.hint_problems(exercise, known) == []
    hints = locked(exercise, known.wrong)
    for task in exercise.tasks:
        assert len(hints.get(task.name, [])) == len(task.wrongs)


@pytest.mark.evidence
def test_a_fresh_notebook_stops_at_its_first_task(built):
    exercise, _, student = built
    assert gates.first_stop(exercise, student) == []


def all_words(exercise):
    return "\n".join(cell.source for cell in exercise.cells if cell.role == "words")


def first_numbers(content):
    numbers = content if isinstance(content, list) else [content]
    if isinstance(content, dict):
        numbers = [value for column in content.values() for value in list(column)]
    return [
        value
        for value in numbers
        if isinstance(value, (int, float)) and len(f"{abs(value):.4g}".strip("0.")) >= 4
    ][:2]
