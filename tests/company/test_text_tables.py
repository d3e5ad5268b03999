"""All tables about texts: form, references, determinism."""

import datetime as dt

import polars as pl
import pytest

from customer_insight.company.draws import Draws
from customer_insight.company.feelings import draw_feelings
from customer_insight.company.ids import customer_ids, order_ids
from customer_insight.company.people_block import draw_people_block
from customer_insight.company.text_tables import text_fixed_tables, text_tables
from customer_insight.company.topics import topics
from customer_insight.data.catalog import COMPANY_FOLDER
from customer_insight.data.company_catalog import CATALOG_NAME, table_facts

OTHERS = {"truth_errors", "truth_outbreaks"}


def tables_of(block, world, draws):
    order = order_ids(block.number, range(0, len(block.purchases.day), 3))
    first = dt.datetime(2022, 1, 1)
    tickets = pl.DataFrame({"ticket_id": "T" + order, "order_id": order}).with_columns(
        pl.lit(first).alias("opened_at")
    )
    return text_tables(block, draw_feelings(block, draws), world[0], tickets, draws)


@pytest.fixture(scope="module")
def tables(block, world, draws):
    return tables_of(block, world, draws) | text_fixed_tables()


def test_the_lessons_find_the_columns_that_they_name(tables):
    named = {}
    for topic in topics().values():
        for name, columns in topic.items():
            named.setdefault(name, set()).update(columns)
    for name, table in tables.items():
        assert named[name] <= set(table.columns), name


def test_customers_orders_texts_and_tickets_exist(tables, block, world):
    bought = block.purchases
    orders = pl.DataFrame(
        {
            "order_id": order_ids(block.number, range(len(bought.day))),
            "customer_id": customer_ids(block.number, bought.person),
        }
    )
    complaints, reviews = tables["complaints"], tables["reviews"]
    for table in (complaints.drop_nulls("order_id"), reviews):
        assert table.join(orders, on=["order_id", "customer_id"]).height == table.height
    assert set(tables["interviews"]["customer_id"]) <= set(orders["customer_id"])
    texts = set(complaints["complaint_id"]) | set(reviews["review_id"])
    assert set(tables["truth_texts"]["text_id"]) == texts
    assert set(tables["truth_aspects"]["text_id"]) <= texts
    passages = set(tables["interview_passages"]["passage_id"])
    assert set(tables["text_codes"]["text_id"]) <= texts | passages
    assert set(tables["text_codes"]["code"]) <= set(tables["codebook"]["code"])
    assert set(complaints["repeat_of"].drop_nulls()) <= texts
    ticket = complaints.drop_nulls("ticket_id")
    assert 0.2 < ticket.height / complaints.height < 0.5
    assert (ticket["ticket_id"] == "T" + ticket["order_id"]).all()


def test_every_error_stands_in_a_row_that_exists(tables):
    for (name,), rows in tables["truth_errors"].group_by("table_name"):
        assert set(rows["row_key"]) <= set(tables[name][:, 0])
        assert set(rows["column_name"]) <= set(tables[name].columns)


def test_there_are_hundreds_of_texts_in_both_languages(tables):
    for name in ("complaints", "reviews"):
        languages = dict(tables[name]["language"].value_counts().iter_rows())
        assert 0.2 < languages["en"] / tables[name].height < 0.4
    assert 0.1 < tables["complaints"].height / tables["reviews"].height < 0.6


def test_the_same_seed_gives_the_same_tables_another_seed_and_block_others(world):
    goods, places = world
    made = []
    for seed, number in ((7, 0), (7, 0), (8, 0), (7, 1)):
        draws = Draws(seed)
        block = draw_people_block(number, 600, places, goods, draws)
        made.append(tables_of(block, world, draws))
    first, again, other, second = made
    for name in first:
        assert first[name].equals(again[name]), name
        assert not first[name].equals(other[name]), name
    for name in set(second) - OTHERS:
        assert not set(first[name][:, 0]) & set(second[name][:, 0]), name


def test_one_customer_is_a_company_too(world, draws):
    goods, places = world
    alone = tables_of(draw_people_block(0, 1, places, goods, draws), world, draws)
    facts = table_facts(COMPANY_FOLDER / CATALOG_NAME)
    for name in set(alone) - OTHERS:
        assert set(alone[name].columns) == set(facts[name]["columns"])
