from types import SimpleNamespace

import pytest

from customer_insight.course.exercise.build import build_exercises
from customer_insight.course.exercise.catalogue import places_of
from customer_insight.course.exercise.hints import locked
from customer_insight.course.exercise.rehearsal import stored_rehearsal
from customer_insight.course.exercise.tasks import read_exercise
from customer_insight.course.notebook import read_notebook

from . import small


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    """Return the small exercise, built once: house, places, exercise, known answers, notebook."""
    house = small.house_with(tmp_path_factory.mktemp("small") / "house")
    (one,) = build_exercises(house)
    assert one.fine, one.run.failure
    places = places_of(house, small.NAME)
    exercise = read_exercise(places.text, small.NAME)
    known = stored_rehearsal(places.answers)
    return SimpleNamespace(
        house=house,
        places=places,
        exercise=exercise,
        known=known,
        hints=locked(exercise, known.wrong),
        student=read_notebook(places.student),
        change=one.change,
    )
