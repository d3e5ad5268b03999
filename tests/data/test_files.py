import os

import pytest

from customer_insight.data.files import write_whole


def test_folders_are_made_and_an_old_file_is_replaced(tmp_path):
    path = tmp_path / "a" / "b.txt"
    write_whole(path, b"old")
    write_whole(path, b"new")
    assert path.read_bytes() == b"new"
    assert os.listdir(path.parent) == ["b.txt"]


def test_a_new_file_has_the_usual_mode(tmp_path):
    (tmp_path / "usual").touch()
    write_whole(tmp_path / "ours", b"")
    assert (tmp_path / "ours").stat().st_mode == (tmp_path / "usual").stat().st_mode


def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("old")
    with pytest.raises(TypeError):
        write_whole(path, "no bytes")
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["a.txt"]
