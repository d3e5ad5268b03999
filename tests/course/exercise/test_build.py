import json

import pytest

from customer_insight.course.build import CODE, SAME, WORDS
from customer_insight.course.exercise import build as builder
from customer_insight.course.exercise.build import build_exercises, exercise_differences
from customer_insight.course.exercise.catalogue import places_of
from customer_insight.course.exercise.gates import GateError
from customer_insight.course.exercise.tasks import ExerciseError

from . import small


def files(house):
    return {p.relative_to(house.root): p.read_bytes() for p in house.root.rglob("*") if p.is_file()}


@pytest.fixture
def copied(built, tmp_path):
    """Return a house of one's own with the built files."""
    house = small.house_with(tmp_path / "house")
    for path, content in files(built.house).items():
        (house.root / path).parent.mkdir(exist_ok=True)
        (house.root / path).write_bytes(content)
    return house


def edit(house, old, new):
    path = places_of(house, small.NAME).text
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_building_again_runs_and_writes_nothing(built, copied, monkeypatch):
    assert built.change == CODE
    monkeypatch.setattr(builder, "rehearse", lambda *_, **__: pytest.fail("it ran"))
    monkeypatch.setattr(builder, "write_whole", lambda *_: pytest.fail("it wrote"))
    assert [one.change for one in build_exercises(copied)] == [SAME]
    assert exercise_differences(copied) == []


def test_building_from_nothing_gives_the_same_bytes(built, tmp_path):
    house = small.house_with(tmp_path / "house")
    build_exercises(house)
    assert files(house) == files(built.house)


def test_changed_words_are_written_without_running(copied, monkeypatch):
    edit(copied, "Three customers and", "Three people and")
    said = exercise_differences(copied)
    assert said == [
        f"{folder}/1_small.ipynb differs from its text. Mend it with: course build 1_small"
        for folder in ("solutions", "exercises")
    ]
    monkeypatch.setattr(builder, "rehearse", lambda *_, **__: pytest.fail("it ran"))
    (one,) = build_exercises(copied)
    assert one.change == WORDS
    assert one.notes[0].startswith("Notebooks that were handed out before are of an older release")
    assert "look there yourself: t2: no long text; t3: no number and no long text" in one.notes[1]
    assert b"Three people" in places_of(copied, small.NAME).student.read_bytes()
    assert exercise_differences(copied) == []


def test_changed_code_and_files_changed_by_hand_are_named(copied):
    place = places_of(copied, small.NAME)
    place.student.write_bytes(place.student.read_bytes().replace(b"say why", b"say how"))
    (said,) = exercise_differences(copied)
    assert said.startswith("exercises/1_small.ipynb differs from its text. Mend it with: course")
    edit(copied, "total_days + 3317.5", "3317.5 + total_days")
    (said,) = exercise_differences(copied)
    assert said.startswith("1_small: code differs from its solution's notebook or answers.")


def test_an_exercise_without_a_solution_is_named(copied):
    (copied.exercises / "2_lost.ipynb").write_text("{}")
    (said,) = exercise_differences(copied)
    assert (
        said == "exercises/2_lost.ipynb has no solution. Remove it, or write solutions/2_lost.py."
    )


def test_a_solution_that_fails_or_leaks_keeps_its_files(copied):
    before = files(copied)
    edit(copied, "Three customers and", "The answer is 477.36. Three customers and")
    with pytest.raises(GateError, match=r"holds the answer of t1, written as '477\.36'"):
        build_exercises(copied)
    edit(copied, "sum(sum(days) for days", "sum(sum(weeks) for days")
    (one,) = build_exercises(copied)
    assert not one.fine
    assert "name 'weeks' is not defined" in one.run.failure.error
    text = places_of(copied, small.NAME).text.relative_to(copied.root)
    assert {p: c for p, c in files(copied).items() if p != text} == {
        p: c for p, c in before.items() if p != text
    }


def test_a_notebook_with_somebodys_answers_is_not_written_over(built, copied):
    place = places_of(copied, small.NAME)
    work = small.answered(built.student, built.exercise, t1="t1 = 3")
    place.student.write_text(json.dumps(work))
    before = place.student.read_bytes()
    with pytest.raises(ExerciseError, match=r"holds answers \(t1\), and building would write over"):
        build_exercises(copied)
    assert place.student.read_bytes() == before


def test_what_was_built_can_be_read_by_programs(copied):
    row = {"exercise": "1_small", "change": "same", "fine": True, "notes": []}
    assert builder.as_json(build_exercises(copied)) == [row]
