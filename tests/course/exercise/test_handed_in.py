import json

import pytest

from customer_insight.course.exercise.handed_in import find_submissions
from customer_insight.course.house import HouseError

NAMES = ["05_clv/1_worth", "05_clv/3_buy"]


def put(folder, *names, of=None):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({"metadata": {"course": {"exercise": of}} if of else {}}))
    return folder


def test_the_notebook_in_a_students_folder_is_found_however_deep(tmp_path):
    put(tmp_path, "ann/3_buy.ipynb", "bob/deep/3_buy.ipynb", "bob/.ipynb_checkpoints/3_buy.ipynb")
    put(tmp_path, "__MACOSX/3_buy.ipynb", ".git/3_buy.ipynb", "notes.txt")
    name, handed_in = find_submissions(tmp_path, NAMES)
    assert name == "05_clv/3_buy"
    assert list(handed_in.found) == ["ann", "bob"]
    assert handed_in.refused == {}


def test_what_cannot_be_told_is_refused_alone_and_says_what_to_do(tmp_path):
    put(tmp_path, "ann/3_buy.ipynb", "bob/3_buy.ipynb", "bob/deep/3_buy.ipynb", "eve/3_buy.py")
    put(tmp_path, "fay/3_buy (1).ipynb", "loose.ipynb")
    _, handed_in = find_submissions(tmp_path, NAMES)
    assert list(handed_in.found) == ["ann"]
    assert handed_in.refused == {
        "bob": "There are 2 notebooks: bob/3_buy.ipynb, bob/deep/3_buy.ipynb. Leave one.",
        "eve": "The folder holds no notebook. Put it there, as .ipynb.",
        "fay": "There is no notebook of 05_clv/3_buy: 3_buy (1).ipynb does not tell of which it "
        "is. Rename it to 3_buy.ipynb, or pass --exercise 05_clv/3_buy, which takes a notebook "
        "that tells nothing.",
        "loose.ipynb": "It lies in no student's folder. Put it into one.",
    }


def test_no_folder_a_file_and_an_empty_folder_are_wrong_usage(tmp_path):
    with pytest.raises(HouseError, match="There is no folder"):
        find_submissions(tmp_path / "none", NAMES)
    put(tmp_path, "3_buy.ipynb")
    with pytest.raises(HouseError, match=r"3_buy\.ipynb is a file\. Give the folder with all"):
        find_submissions(tmp_path / "3_buy.ipynb", NAMES)
    with pytest.raises(HouseError, match=r"(?s)holds no submission.*- 3_buy\.ipynb: It lies in no"):
        find_submissions(tmp_path, NAMES)


def test_a_notebook_is_of_the_exercise_that_it_names_itself_and_not_of_its_files_name(tmp_path):
    put(tmp_path, "ann/3_buy.ipynb", "bob/3_buy (1).ipynb", "cem/ann_77.ipynb", of="05_clv/3_buy")
    name, handed_in = find_submissions(tmp_path, NAMES)
    assert (name, list(handed_in.found)) == ("05_clv/3_buy", ["ann", "bob", "cem"])
    put(tmp_path, "eve/3_buy.ipynb", of="05_clv/1_worth")
    _, handed_in = find_submissions(tmp_path, NAMES, "3_buy")
    assert list(handed_in.found) == ["ann", "bob", "cem"]
    assert handed_in.refused == {
        "eve": "There is no notebook of 05_clv/3_buy: 3_buy.ipynb is of 05_clv/1_worth."
    }


def test_a_named_exercise_takes_a_notebook_that_tells_nothing_and_none_of_another(tmp_path):
    put(tmp_path, "ann/3_buy.ipynb", "bob/3_buy (1).ipynb", "eve/1_worth.ipynb")
    put(tmp_path, "fay/draft.ipynb", "fay/last.ipynb")
    name, handed_in = find_submissions(tmp_path, NAMES, "3_buy")
    assert name == "05_clv/3_buy"
    assert list(handed_in.found) == ["ann", "bob"]
    assert handed_in.refused["eve"].endswith(": 1_worth.ipynb is of 05_clv/1_worth.")
    assert handed_in.refused["fay"].startswith("There are 2 notebooks: fay/draft.ipynb, fay/last")


def test_a_students_folder_may_hold_other_exercises_too(tmp_path):
    put(tmp_path, "ann/1_worth.ipynb", "ann/3_buy.ipynb", "ann/notes.ipynb", "bob/1_worth.ipynb")
    _, handed_in = find_submissions(tmp_path, NAMES, "3_buy")
    assert handed_in.found == {"ann": tmp_path / "ann" / "3_buy.ipynb"}
    assert list(handed_in.refused) == ["bob"]


def test_a_notebook_that_is_spoilt_goes_by_its_files_name(tmp_path):
    put(tmp_path, "ann/3_buy.ipynb")
    spoilt = (
        "{no notebook",
        "[1]",
        '{"metadata": null}',
        '{"metadata": {"course": [3]}}',
        "[" * 10**6,
    )
    for content in spoilt:
        (tmp_path / "ann" / "3_buy.ipynb").write_text(content)
        assert list(find_submissions(tmp_path, NAMES)[1].found) == ["ann"]
    put(tmp_path, "ann/3_buy.ipynb", of="05_clv/9_gone")
    assert find_submissions(tmp_path, NAMES)[0] == "05_clv/3_buy"


def test_none_and_several_exercises_are_wrong_usage_and_say_from_whom(tmp_path):
    with pytest.raises(HouseError, match=r"No exercise is called '3_bui'\. The exercises are"):
        find_submissions(put(tmp_path / "none", "ann/3_bui.ipynb"), NAMES)
    put(tmp_path / "class", *(f"{student}/3_buy.ipynb" for student in "abcd"))
    with pytest.raises(HouseError, match="No submission is of 05_clv/1_worth"):
        find_submissions(tmp_path / "class", NAMES, "1_worth")
    put(tmp_path / "class", "zoe/1_worth.ipynb")
    with pytest.raises(
        HouseError, match=r"of 2 exercises \(05_clv/1_worth from zoe; 05_clv/3_buy from 4 students"
    ):
        find_submissions(tmp_path / "class", NAMES)
