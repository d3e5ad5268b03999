"""All tables about the web shop, social media and raw extracts: form, references, determinism."""

import polars as pl
import pytest

from customer_insight.company.communities import make_communities
from customer_insight.company.draws import Draws
from customer_insight.company.people import people_tables
from customer_insight.company.people_block import draw_people_block
from customer_insight.company.topics import topics
from customer_insight.company.web import web_fixed_tables, web_tables
from customer_insight.data.catalog import COMPANY_FOLDER
from customer_insight.data.company_catalog import CATALOG_NAME, table_facts


def tables_of(world, draws, *, number=0, size=300):
    goods, places = world
    block = draw_people_block(number, size, places, goods, draws)
    who = people_tables(block, places, pl.Series(["search"] * size), draws)
    communities = make_communities(block, draws)
    return web_tables(block, communities, who, goods=goods, places=places, draws=draws)


@pytest.fixture(scope="module")
def who(block, world, draws):
    channels = pl.Series(["search", "social_ads", "offline_poster", "marketplace"] * 1000)
    return people_tables(block, world[1], channels, draws)


@pytest.fixture(scope="module")
def tables(block, who, world, draws):
    goods, places = world
    communities = make_communities(block, draws)
    part = web_tables(block, communities, who, goods=goods, places=places, draws=draws)
    return part | web_fixed_tables(draws)


def test_the_lessons_find_the_columns_that_they_name(tables):
    named = {}
    for topic in topics().values():
        for name, columns in topic.items():
            named.setdefault(name, set()).update(columns)
    for name, table in tables.items():
        assert named.get(name, set()) <= set(table.columns), name


def test_customers_articles_and_sessions_exist(tables, who, world):
    known, events = set(who["customers"]["customer_id"]), tables["web_events"]
    for name, table in tables.items():
        for column in {"customer_id", "followed_id"} & set(table.columns):
            assert set(table[column].drop_nulls()) <= known, name
    products = world[0].products
    assert set(events["product_id"].drop_nulls()) <= set(products["product_id"])
    assert set(events["category"].drop_nulls()) <= set(products["category"])
    assert set(tables["web_tasks"]["session_id"]) <= set(events["session_id"])
    assert set(tables["truth_posts"]["echoes"]) <= set(tables["social_posts"]["post_id"])


def test_every_error_stands_in_a_row_that_exists(tables):
    errors = tables["truth_errors"]
    for (name,), rows in errors.group_by("table_name"):
        keys = tables[name].columns[0]
        assert set(rows["row_key"]) <= set(tables[name][keys])
        assert set(rows["column_name"]) <= set(tables[name].columns)


def test_the_same_seed_gives_the_same_tables_and_another_seed_others(world, draws):
    first, again = tables_of(world, draws), tables_of(world, draws)
    other = tables_of(world, Draws(8))
    for name in first:
        assert first[name].equals(again[name]), name
        assert not first[name].equals(other[name]), name


def test_blocks_share_no_ids(world, draws):
    first, second = tables_of(world, draws), tables_of(world, draws, number=1)
    for name in set(first) - {"truth_errors"}:
        keys = set(first[name][:, 0]) & set(second[name][:, 0])
        assert not keys - {"extract_business", "extract_survey", "extract_web"}, name


def test_one_customer_is_a_company_too(world, draws):
    alone = tables_of(world, draws, size=1)
    facts = table_facts(COMPANY_FOLDER / CATALOG_NAME)
    assert all(set(table.columns) == set(facts[name]["columns"]) for name, table in alone.items())
    assert len(alone["truth_interests"]) == 8
