import pytest

from customer_insight.course.exercise.catalogue import choose, exercises_of
from customer_insight.course.house import HouseError

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


def test_a_lesson_may_have_no_exercise(tmp_path):
    house = small.house_with(tmp_path / "house", name="05_clv/3_buy")
    assert exercises_of(house, []) == ["05_clv/3_buy"]
    assert exercises_of(house, ["05_clv"]) == ["05_clv/3_buy"]
    assert exercises_of(house, ["notebooks/05_clv/1_worth.py"]) == []
