"""Every topic of the curriculum has its tables, and the list of tables to come says what is so."""

import re
from collections import defaultdict

import pytest

from customer_insight.company.topics import tables_to_come, topic_problems, topics
from customer_insight.course.curriculum import read_curriculum
from customer_insight.course.house import find_house
from customer_insight.data.catalog import COMPANY_FOLDER, catalog
from customer_insight.data.company_catalog import CATALOG_NAME, table_facts
from customer_insight.data.errors import CatalogError

COLUMNS = {"orders": ["order_id", "ordered_at"], "cities": ["city_id"]}
FED = {
    "A1": {"orders": ("order_id",), "cities": ("city_id",)},
    "A2": {"orders": ("ordered_at",), "web_events": ("viewed_at",)},
}


def problems(fed=FED, *, curriculum=("A1", "A2"), columns=COLUMNS, to_come=("web_events",)):
    return topic_problems(fed, curriculum=curriculum, columns=columns, to_come=to_come)


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
    found = topic_problems(topics(), curriculum=curriculum, columns=there, to_come=tables_to_come())
    assert not found, "\n".join(found)


def test_columns_of_tables_to_come_are_named_as_the_companys_are():
    columns = defaultdict(set)
    for tables in topics().values():
        for table in tables.keys() & tables_to_come().keys():
            columns[table] |= set(tables[table])
    wrong = [c for names in columns.values() for c in names if not re.fullmatch("[a-z_]+", c)]
    assert wrong == []


def test_a_list_that_says_what_is_so_has_no_problems():
    assert problems() == []


def test_a_topic_that_nothing_feeds_is_named():
    assert problems(curriculum=("A1", "A2", "B1")) == ["No table feeds topic B1; name one."]


def test_a_topic_that_is_not_in_the_curriculum_is_named():
    assert problems(curriculum=("A1",)) == ["A2 is no topic of the curriculum; take it out."]


def test_an_unknown_column_is_named_with_the_closest():
    (problem,) = problems(FED | {"A1": {"orders": ("orderd_at",), "cities": ("city_id",)}})
    assert problem == "A1: orders has no column 'orderd_at'. Did you mean 'ordered_at'?"


def test_a_table_that_is_neither_there_nor_listed_is_named():
    (problem,) = problems(to_come=())
    assert problem == "web_events is neither in a catalogue nor among the tables to come."


def test_a_misspelt_table_is_named_with_the_closest():
    (problem,) = problems(FED | {"A2": {"web_events": ("viewed_at",), "order": ("order_id",)}})
    assert problem.startswith("order is neither in a catalogue")
    assert problem.endswith("Did you mean 'orders'?")


def test_a_listed_table_that_is_there_is_named():
    (problem,) = problems(columns=COLUMNS | {"web_events": ["viewed_at"]})
    assert problem == "web_events is to come and is there; take it off the list."


def test_a_table_that_feeds_nothing_is_named():
    found = problems(columns=COLUMNS | {"shops": ["shop_id"]}, to_come=("web_events", "staff"))
    assert found == [
        f"{table} feeds no topic; take it out, or name its topic." for table in ("shops", "staff")
    ]


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


def test_tables_to_come_are_read_without_comments(written):
    read = tables_to_come(
        written("# Web\nweb_events: Pages seen; one page\n\nstaff: People; one\n")
    )
    assert dict(read) == {"web_events": "Pages seen; one page", "staff": "People; one"}


@pytest.mark.parametrize("line", ["staff", "staff: People", "staff: ; one", "two words: a; b"])
def test_a_line_of_another_form_is_refused_with_its_number(written, line):
    with pytest.raises(CatalogError, match=r"line 2: a line says 'name: what it is; what one row"):
        tables_to_come(written(f"# comment\n{line}\n"))


def test_a_table_listed_twice_is_refused(written):
    with pytest.raises(CatalogError, match="line 2: staff stands twice"):
        tables_to_come(written("staff: People; one\nstaff: People; one\n"))


@pytest.mark.parametrize("read", [topics, tables_to_come])
def test_a_missing_file_is_refused(read, tmp_path):
    with pytest.raises(CatalogError, match=r"no gone in .*git checkout"):
        read(tmp_path / "gone")
