"""Every topic of the curriculum has its tables."""

import re

import pytest

from customer_insight.company.topics import topic_problems, topics
from customer_insight.course.curriculum import read_curriculum
from customer_insight.course.house import find_house
from customer_insight.data.catalog import COMPANY_FOLDER, catalog
from customer_insight.data.company_catalog import CATALOG_NAME, table_facts
from customer_insight.data.errors import CatalogError

COLUMNS = {
    "orders": ["order_id", "ordered_at"],
    "cities": ["city_id"],
    "web_events": ["viewed_at"],
}
FED = {
    "A1": {"orders": ("order_id",), "cities": ("city_id",)},
    "A2": {"orders": ("ordered_at",), "web_events": ("viewed_at",)},
}


def problems(fed=FED, *, curriculum=("A1", "A2"), columns=COLUMNS):
    return topic_problems(fed, curriculum=curriculum, columns=columns)


@pytest.fixture
def written(tmp_path):
    """Return a function that writes a file of topics or tables."""

    def write(text):
        path = tmp_path / "file"
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture(scope="module")
def there():
    """Return the columns of every table that is there: the published ones and the company's."""
    published = {
        name: [column.name for column in entry.columns]
        for name, entry in catalog().items()
        if entry.simulated is None
    }
    facts = table_facts(COMPANY_FOLDER / CATALOG_NAME)
    return published | {name: list(table["columns"]) for name, table in facts.items()}


@pytest.fixture(scope="module")
def curriculum():
    path = find_house().notebooks / "curriculum.yml"
    return [topic.id for _, topic in read_curriculum(path).topics()]


def test_the_topics_are_those_of_the_curriculum_in_its_order(curriculum):
    assert list(topics()) == curriculum
    assert len(curriculum) == 140


def test_the_projects_own_topics_and_tables_agree(there, curriculum):
    found = topic_problems(topics(), curriculum=curriculum, columns=there)
    assert not found, "\n".join(found)


def test_a_list_that_says_what_is_so_has_no_problems():
    assert problems() == []


def test_a_topic_that_nothing_feeds_is_named():
    assert problems(curriculum=("A1", "A2", "B1")) == ["No table feeds topic B1; name one."]


def test_a_topic_that_is_not_in_the_curriculum_is_named():
    assert problems(curriculum=("A1",)) == ["A2 is no topic of the curriculum; take it out."]


def test_an_unknown_column_is_named_with_the_closest():
    (problem,) = problems(FED | {"A1": {"orders": ("orderd_at",), "cities": ("city_id",)}})
    assert problem == "A1: orders has no column 'orderd_at'. Did you mean 'ordered_at'?"


def test_a_table_that_is_in_no_catalogue_is_named():
    there = {name: names for name, names in COLUMNS.items() if name != "web_events"}
    assert problems(columns=there) == ["web_events is in no catalogue."]


def test_a_misspelt_table_is_named_with_the_closest():
    (problem,) = problems(FED | {"A2": {"web_events": ("viewed_at",), "order": ("order_id",)}})
    assert problem.startswith("order is in no catalogue")
    assert problem.endswith("Did you mean 'orders'?")


def test_a_table_that_feeds_nothing_is_named():
    found = problems(columns=COLUMNS | {"shops": ["shop_id"]})
    assert found == ["shops feeds no topic; take it out, or name its topic."]


def test_topics_are_read_in_order_and_cannot_be_changed(written):
    read = topics(written("A2:\n  b: [y, x]\n  a: [z]\nA1:\n  a: [z]\n"))
    assert list(read) == ["A2", "A1"]
    assert dict(read["A2"]) == {"b": ("y", "x"), "a": ("z",)}
    with pytest.raises(TypeError):
        read["A2"]["c"] = ()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("A1:\n", "topic A1: it must map tables"),
        ("A1: {}\n", "topic A1: it must map tables"),
        ("A1: [orders]\n", "topic A1: it must map tables"),
        ("A1:\n  orders: []\n", "topic A1, orders: a list of columns is wanted"),
        ("A1:\n  orders: order_id\n", "topic A1, orders: a list of columns is wanted"),
        ("A1:\n  orders: [on]\n", "topic A1, orders: column True is no text"),
        ("A1:\n  orders: [x, y, x]\n", "topic A1, orders: column 'x' stands twice"),
        ("A1:\n  a: [x]\nA1:\n  a: [x]\n", "'A1' stands twice"),
        ("A1:\n  a: [x]\n  a: [y]\n", "'a' stands twice"),
    ],
)
def test_topics_that_say_something_else_are_refused_with_their_place(written, text, message):
    with pytest.raises(CatalogError, match=re.escape(message)):
        topics(written(text))


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(CatalogError, match=r"no gone in .*git checkout"):
        topics(tmp_path / "gone")
