import pytest
import yaml

from customer_insight.data.catalog_file import read_catalog
from customer_insight.data.errors import CatalogError


@pytest.fixture
def facts(tiny, tmp_path):
    return yaml.safe_load((tmp_path / "catalog.yml").read_text(encoding="utf-8"))


@pytest.fixture
def message(tmp_path):
    def read(facts):
        path = tmp_path / "changed.yml"
        path.write_text(
            facts if isinstance(facts, str) else yaml.safe_dump(facts), encoding="utf-8"
        )
        with pytest.raises(CatalogError) as error:
            read_catalog(path)
        assert str(path) in str(error.value)
        return str(error.value)

    return read


def test_an_entry_becomes_a_frozen_record(tiny):
    assert [column.name for column in tiny.columns][:2] == ["id", "day"]
    assert tiny.columns[1].format == "%d/%m/%Y"
    assert tiny.columns[3].low == 1
    assert tiny.missing_marks == ("?",)
    assert tiny.checks[1].equals == 12.75
    with pytest.raises(AttributeError, match="cannot assign"):
        tiny.rows = 4


def test_an_unknown_key_is_named_with_the_closest_known_one(facts, message):
    facts["tiny"]["publischer"] = "x"
    assert "tiny: unknown key 'publischer'. Did you mean 'publisher'?" in message(facts)


def test_an_unknown_key_of_a_column_is_named_with_its_place(facts, message):
    facts["tiny"]["columns"]["id"]["units"] = "x"
    assert "tiny, columns, id: unknown key 'units'. Did you mean 'unit'?" in message(facts)


def test_missing_keys_are_all_named(facts, message):
    del facts["tiny"]["licence"], facts["tiny"]["rows"]
    assert "tiny: missing key 'licence', 'rows'" in message(facts)


def test_a_repeated_key_is_refused_with_its_line(message):
    assert "line 3: the key 'a' stands twice" in message("b:\n  a: 1\n  a: 2\n")


@pytest.mark.parametrize("text", ["", "[]", "just text", "7"])
def test_a_file_that_is_no_mapping_is_refused(message, text):
    assert "must be a mapping" in message(text)


def test_a_file_that_is_no_yaml_is_refused(message):
    assert "not readable as YAML" in message("a: [1\n")


@pytest.mark.parametrize("name", ["../x", "X", "1x", "a b", "x.y"])
def test_a_name_that_could_be_a_path_is_refused(facts, message, name):
    facts[name] = facts.pop("tiny")
    assert "lower-case letters, digits and underscores" in message(facts)


@pytest.mark.parametrize(
    ("place", "value", "said"),
    [
        (("rows",), "3", "tiny, rows must be int, and is '3'"),
        (("rows",), True, "tiny, rows must be int, and is True"),
        (("title",), "", "tiny, title must be str, and is ''"),
        (("traps",), [], "tiny, traps must be a list with at least one item"),
        (("traps",), "one", "tiny, traps must be a list"),
        (("traps",), [1], "tiny, traps, item 1 must be str, and is 1"),
        (("columns",), [], "tiny, columns must be a mapping from names of columns"),
        (("columns", "id"), "text", "tiny, columns, id must be a mapping"),
        (("columns", "id", "type"), "string", "type is 'string', not one of 'text', 'integer'"),
        (("columns", "id", "format"), "%d", "a column of type text cannot have a format"),
        (("columns", "id", "low"), 1, "low and high are for integers and numbers only"),
        (("columns", "pieces", "optional"), True, "an optional integer would turn into a float"),
        (("columns", "pieces", "values"), ["a"], "values can be listed for text only"),
        (("columns", "day"), {"type": "date", "meaning": "x"}, "type date needs a format"),
        (("reader", "kind"), "json", "reader kind is 'json', not one of 'csv', 'xlsx'"),
        (("reader", "kind"), "xlsx", "names a sheet if, and only if, it is xlsx"),
        (("by_hand",), "Ask.", "give either a source or by_hand, not both or neither"),
        (("source", "address"), "file:///etc/passwd", "must begin with https:// or http://"),
        (("source", "verified"), "no", "tiny, source, verified must be bool, and is 'no'"),
        (("source", "sha256"), "0" * 64, "sha256 and sha256_of come together"),
        (("bundled",), {"package": "x", "path": "../y"}, "must stay inside the package"),
        (("checks",), [{"what": "x", "sql": "1"}], "tiny, checks, item 1: missing key 'equals'"),
    ],
)
def test_a_wrong_value_is_named_with_its_place(facts, message, place, value, said):
    inner = facts["tiny"]
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = value
    assert said in message(facts)


@pytest.mark.parametrize(
    ("sha256", "of", "said"),
    [
        ("ABC", "archive", "64 lower-case hexadecimal"),
        ("0" * 64, "zip", "not 'archive' or 'member'"),
    ],
)
def test_a_checksum_must_be_one(facts, message, sha256, of, said):
    facts["tiny"]["source"] |= {"sha256": sha256, "sha256_of": of}
    assert said in message(facts)
