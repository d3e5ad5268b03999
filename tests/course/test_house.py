import pytest

from customer_insight.course.house import (
    House,
    HouseError,
    choose_lessons,
    find_house,
    lesson_texts,
)

from . import lessons

TEXT = lessons.lesson("1")


@pytest.fixture
def house(tmp_path):
    names = ["10_last__1_a", "5_clv__10_z", "5_clv__2_a", "0_start"]
    return lessons.house_with(tmp_path, **dict.fromkeys(names, TEXT))


def names(house, wanted=()):
    return [house.name(text) for text in choose_lessons(house, wanted)]


def test_the_house_is_found_from_the_installed_package():
    house = find_house()
    assert (house.root / "pyproject.toml").is_file()
    assert house.notebooks == house.root / "notebooks"


def test_the_house_is_found_from_below_and_not_from_outside(house, tmp_path):
    assert find_house(house.notebooks / "5_clv") == House(tmp_path)
    with pytest.raises(HouseError, match="make course") as caught:
        find_house(tmp_path.parent)
    assert "pyproject.toml and notebooks/" in str(caught.value)


def test_a_command_called_inside_another_copy_is_refused_with_the_way_out(house, monkeypatch):
    monkeypatch.chdir(house.notebooks / "5_clv")
    own = find_house().root
    (house.root / "lib" / "customer_insight").mkdir(parents=True)
    with pytest.raises(HouseError, match="it would read and write there, not here") as caught:
        find_house()
    assert f"You are in the copy of the course at {house.root}" in str(caught.value)
    assert f"belongs to the copy at {own}:" in str(caught.value)
    assert str(house.root / ".venv" / "bin" / "course") in str(caught.value)
    monkeypatch.chdir(own / "notebooks")
    assert find_house().root == own


def test_lessons_are_read_in_the_order_of_their_numbers(house):
    assert names(house) == ["0_start", "5_clv/2_a", "5_clv/10_z", "10_last/1_a"]


def test_hidden_folders_hold_no_lessons(house):
    lessons.write_lesson(house, "5_clv/.ipynb_checkpoints/2_a", TEXT)
    lessons.write_lesson(house, "5_clv/__pycache__/2_a", TEXT)
    assert len(lesson_texts(house)) == 4


@pytest.mark.parametrize("wanted", ["5_clv/2_a", "5_clv/2_a.py", "5_clv/2_a.ipynb"])
def test_a_lesson_is_named_by_its_path_with_or_without_ending(house, wanted, monkeypatch):
    assert names(house, [wanted]) == ["5_clv/2_a"]
    assert names(house, [house.notebooks / wanted]) == ["5_clv/2_a"]
    monkeypatch.chdir(house.root)
    assert names(house, [f"notebooks/{wanted}"]) == ["5_clv/2_a"]


def test_a_chapter_stands_for_its_lessons_each_once(house):
    assert names(house, ["5_clv/10_z", "5_clv"]) == ["5_clv/2_a", "5_clv/10_z"]


def test_an_unknown_lesson_is_refused_with_the_nearest_name_and_the_list(house):
    with pytest.raises(HouseError, match=r"No lesson is called '5_clv/2_b'") as caught:
        choose_lessons(house, ["5_clv/2_b"])
    assert "Did you mean 5_clv/2_a?" in str(caught.value)
    assert "0_start, 5_clv/2_a, 5_clv/10_z, 10_last/1_a" in str(caught.value)


@pytest.mark.parametrize("wanted", ["../other", "5_cl", ""])
def test_what_is_no_lesson_is_refused(house, wanted):
    with pytest.raises(HouseError, match=f"No lesson is called '{wanted}'"):
        choose_lessons(house, [wanted])


def test_an_empty_course_is_refused(tmp_path):
    with pytest.raises(HouseError, match="There is no lesson in"):
        choose_lessons(House(tmp_path))
