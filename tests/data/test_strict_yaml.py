"""YAML written by hand, read strictly."""

import pytest

from customer_insight.data.errors import CatalogError
from customer_insight.data.strict_yaml import read_mapping, read_mappings


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: 1\na: 2\n", "line 2: the key 'a' stands twice"),
        ("a:\n  b: 1\n  b: 2\n", "line 3: the key 'b' stands twice"),
        ("- a\n", "must be a mapping from names to facts"),
        ("", "must be a mapping"),
        ("a: [1\n", "not readable as YAML"),
        ("a: !!python/object/apply:os.system ['true']\n", "not readable as YAML"),
    ],
)
def test_what_is_no_clean_mapping_is_refused_with_the_file(tmp_path, text, message):
    file = tmp_path / "facts.yml"
    file.write_text(text)
    with pytest.raises(CatalogError, match=message) as caught:
        read_mapping(file, "names to facts")
    assert "facts.yml" in str(caught.value)


def test_a_clean_mapping_is_returned(tmp_path):
    file = tmp_path / "facts.yml"
    file.write_text("清禾: {tea: [1, 2]}\n", encoding="utf-8")
    assert read_mapping(file, "names to facts") == {"清禾": {"tea": [1, 2]}}


def test_the_files_of_a_folder_are_read_together_in_the_order_of_their_names(tmp_path):
    (tmp_path / "b.yml").write_text("two: 2\n")
    (tmp_path / "a.yml").write_text("one: 1\n")
    assert list(read_mappings(tmp_path, "names to numbers").items()) == [("one", 1), ("two", 2)]


def test_a_key_in_two_files_of_a_folder_is_refused_with_the_second(tmp_path):
    (tmp_path / "a.yml").write_text("one: 1\n")
    (tmp_path / "b.yml").write_text("one: 2\n")
    with pytest.raises(CatalogError, match=r"b\.yml: 'one' stands in another file"):
        read_mappings(tmp_path, "names to numbers")


def test_a_folder_without_yaml_is_refused(tmp_path):
    with pytest.raises(CatalogError, match=r"no \.yml file"):
        read_mappings(tmp_path / "none", "names to numbers")
