import pytest

from customer_insight.course.exercise.catalogue import choose, lessons_and_exercises
from customer_insight.course.house import HouseError

from .. import lessons
from . import small

NAMES = ["05_clv/1_worth", "05_clv/3_buy", "06_tier/3_rank"]


def test_exercises_are_chosen_by_name_chapter_and_path():
    assert choose(NAMES) == NAMES
    assert choose(NAMES, ["05_clv"]) == NAMES[:2]
    assert choose(NAMES, ["3_rank", "05_clv/1_worth"]) == [NAMES[0], NAMES[2]]
    for path in ("exercises/05_clv/3_buy.ipynb", "/a/solutions/05_clv/3_buy.py", "05_clv/3_buy"):
        assert choose(NAMES, [path]) == [NAMES[1]]


def test_a_name_that_fits_none_is_refused():
    with pytest.raises(
        HouseError, match=r"No exercise is called '05_clv/3_bui'\. Did you mean 05_clv"
    ):
        choose(NAMES, ["05_clv/3_bui"])


@pytest.fixture
def house(tmp_path):
    """Return a house of two lessons, of which one has an exercise, and an exercise alone."""
    house = small.house_with(tmp_path / "house", name="05_clv/3_buy")
    small.write_solution(house, small.TEXT, "06_tier/1_rank")
    for name in ("05_clv/1_worth", "05_clv/3_buy"):
        lessons.write_lesson(house, name, lessons.lesson("1"))
    return house


@pytest.mark.parametrize(
    ("wanted", "texts", "names"),
    [
        ([], ["05_clv/1_worth", "05_clv/3_buy"], ["05_clv/3_buy", "06_tier/1_rank"]),
        (["05_clv"], ["05_clv/1_worth", "05_clv/3_buy"], ["05_clv/3_buy"]),
        (["05_clv/3_buy"], ["05_clv/3_buy"], ["05_clv/3_buy"]),
        (["05_clv/1_worth"], ["05_clv/1_worth"], []),
        (["notebooks/05_clv/3_buy.py"], ["05_clv/3_buy"], []),
        (["solutions/05_clv/3_buy.py"], [], ["05_clv/3_buy"]),
        (["exercises/05_clv/3_buy.ipynb"], [], ["05_clv/3_buy"]),
        (["solutions/05_clv/"], [], ["05_clv/3_buy"]),
        (["exercises"], [], ["05_clv/3_buy", "06_tier/1_rank"]),
        (["1_rank", "05_clv/1_worth"], ["05_clv/1_worth"], ["06_tier/1_rank"]),
    ],
)
def test_lessons_and_exercises_are_chosen_together(house, wanted, texts, names):
    found = lessons_and_exercises(house, wanted)
    assert ([house.name(text) for text in found[0]], found[1]) == (texts, names)


def test_a_name_that_fits_neither_lesson_nor_exercise_is_refused(house):
    for wanted in ("05_clv/3_bui", "solutions/05_clv/3_bui.py"):
        with pytest.raises(HouseError) as error:
            lessons_and_exercises(house, [wanted])
        assert str(error.value).startswith(f"No lesson or exercise is called {wanted!r}")
        assert "Did you mean 05_clv/3_buy?" in str(error.value)
        assert "The exercises are: 05_clv/3_buy, 06_tier/1_rank." in str(error.value)


def test_a_path_from_where_a_person_stands_is_understood(house, monkeypatch):
    path = house.solutions / "05_clv" / "3_buy.py"
    assert lessons_and_exercises(house, [path]) == ([], ["05_clv/3_buy"])
    monkeypatch.chdir(path.parent)
    assert lessons_and_exercises(house, ["3_buy.py"]) == ([], ["05_clv/3_buy"])
