from pathlib import Path

import pytest

from customer_insight.course.exercise.handed_in import HandedIn, find_submissions, of_one_exercise
from customer_insight.course.house import HouseError

NAMES = ["05_clv/1_worth", "05_clv/3_buy"]


def put(folder, *names):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("{}")
    return folder


def test_the_notebook_in_a_students_folder_is_found_however_deep(tmp_path):
    put(tmp_path, "ann/3_buy.ipynb", "bob/deep/3_buy.ipynb", "bob/.ipynb_checkpoints/x.ipynb")
    put(tmp_path, "__MACOSX/3_buy.ipynb", ".git/3_buy.ipynb", "notes.txt")
    found = find_submissions(tmp_path)
    assert list(found.found) == ["ann", "bob"]
    assert found.refused == {}


def test_what_cannot_be_told_is_refused_alone_and_says_what_to_do(tmp_path):
    put(tmp_path, "ann/3_buy.ipynb", "bob/3_buy.ipynb", "bob/second.ipynb", "eve/3_buy.py")
    put(tmp_path, "loose.ipynb")
    found = find_submissions(tmp_path)
    assert list(found.found) == ["ann"]
    assert found.refused == {
        "bob": "There are 2 notebooks: bob/3_buy.ipynb, bob/second.ipynb. Leave one.",
        "eve": "The folder holds no notebook. Put it there, as .ipynb.",
        "loose.ipynb": "It lies in no student's folder. Put it into one.",
    }


def test_no_folder_a_file_and_an_empty_folder_are_wrong_usage(tmp_path):
    with pytest.raises(HouseError, match="There is no folder"):
        find_submissions(tmp_path / "none")
    put(tmp_path, "3_buy.ipynb")
    with pytest.raises(HouseError, match=r"3_buy\.ipynb is a file\. Give the folder with all"):
        find_submissions(tmp_path / "3_buy.ipynb")
    with pytest.raises(HouseError, match=r"(?s)holds no submission.*- 3_buy\.ipynb: It lies in no"):
        find_submissions(tmp_path)


def handed(**stems):
    return HandedIn({student: Path(student, f"{stem}.ipynb") for student, stem in stems.items()})


def test_one_misnamed_file_does_not_refuse_the_class():
    name, found = of_one_exercise(handed(ann="3_buy", bob="3_buy (1)"), NAMES)
    assert name == "05_clv/3_buy"
    assert list(found.found) == ["ann"]
    assert found.refused == {
        "bob": "3_buy (1).ipynb has the name of no exercise. Rename it to 3_buy.ipynb, or pass "
        "--exercise 05_clv/3_buy, which takes a notebook of any name."
    }


def test_a_named_exercise_takes_a_notebook_of_any_name_but_anothers():
    name, found = of_one_exercise(
        handed(ann="3_buy", bob="3_buy (1)", eve="1_worth"), NAMES, "3_buy"
    )
    assert name == "05_clv/3_buy"
    assert list(found.found) == ["ann", "bob"]
    assert found.refused["eve"].startswith("1_worth.ipynb has the name of 05_clv/1_worth, not of")


def test_none_and_several_exercises_are_wrong_usage():
    with pytest.raises(HouseError, match=r"No exercise is called '3_bui'\. The exercises are"):
        of_one_exercise(handed(ann="3_bui"), NAMES)
    with pytest.raises(HouseError, match=r"of 2 exercises \(05_clv/1_worth, 05_clv/3_buy\)"):
        of_one_exercise(handed(ann="3_buy", bob="1_worth"), NAMES)
    with pytest.raises(HouseError, match="No submission is of 05_clv/1_worth"):
        of_one_exercise(handed(ann="3_buy"), NAMES, "1_worth")
