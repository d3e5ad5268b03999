"""YAML written by hand, read strictly."""

import pytest

from customer_insight.data.errors import CatalogError
from customer_insight.data.strict_yaml import read_mapping


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
