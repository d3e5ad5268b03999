"""A block of organisations and its tables."""

import numpy as np
import polars as pl
import pyarrow.parquet as pq
import pytest

from customer_insight.company.draws import Draws
from customer_insight.company.habits import NEVER
from customer_insight.company.order_tables import order_tables
from customer_insight.company.organisation_block import (
    draw_organisation_block,
    organisation_tables,
)
from customer_insight.company.table_writer import TableWriter
from customer_insight.data.catalog import COMPANY_FOLDER
from customer_insight.data.catalog_file import build_entry
from customer_insight.data.company_catalog import CATALOG_NAME, table_facts, table_file
from customer_insight.data.content import check_content

OWN = ("organisations", "contacts", "invoices", "truth_organisations")


def tables_of(world, draws, number=0, size=400):
    goods, places = world
    group = draw_organisation_block(number, size, places, goods, draws)
    return organisation_tables(group, places, goods, draws)


@pytest.fixture(scope="module")
def group(world, draws):
    goods, places = world
    return draw_organisation_block(0, 400, places, goods, draws)


@pytest.fixture(scope="module")
def tables(group, world, draws):
    goods, places = world
    return organisation_tables(group, places, goods, draws)


@pytest.fixture(scope="module")
def facts():
    return table_facts(COMPANY_FOLDER / CATALOG_NAME)


def test_a_block_is_the_same_again_whatever_was_drawn_before(world, draws, tables):
    tables_of(world, draws, number=1)
    again = tables_of(world, Draws(draws.seed))
    assert list(again) == list(tables)
    for name, table in tables.items():
        assert table.height > 0
        assert again[name].equals(table)


def test_another_block_and_another_seed_are_others(world, draws, tables):
    for other in (tables_of(world, draws, number=1), tables_of(world, Draws(draws.seed + 1))):
        for name, column in (("organisations", "employees"), ("invoices", "amount")):
            assert not other[name][column].head(50).equals(tables[name][column].head(50))


def test_an_empty_block_has_empty_tables_of_the_same_form(world, draws, tables):
    for name, table in tables_of(world, draws, size=0).items():
        assert table.height == 0
        assert table.schema == tables[name].schema


def test_references_hold(tables, world):
    goods, places = world
    ids = {name: table["customer_id"] for name, table in tables.items() if name != "order_lines"}
    assert ids["truth_organisations"].equals(ids["organisations"])
    assert set(ids["contacts"]) == set(ids["organisations"])
    assert set(ids["orders"]) <= set(ids["organisations"])
    assert set(tables["organisations"]["city_id"]) <= set(places.cities["city_id"])
    assert set(tables["order_lines"]["product_id"]) <= set(goods.products["product_id"])
    assert tables["order_lines"]["order_id"].unique().sort().equals(tables["orders"]["order_id"])
    assert tables["invoices"]["order_id"].equals(tables["orders"]["order_id"])


def test_contacts_order_for_their_own_organisation_while_in_the_post(tables):
    joined = tables["orders"].join(
        tables["contacts"], on=["contact_id", "customer_id"], how="left", validate="m:1"
    )
    day = joined["ordered_at"].dt.date()
    assert (joined["since"] <= day).all()
    assert (joined["until"].is_null() | (joined["until"] >= day)).all()
    assert joined["buyer"].mean() > 0.7


def test_the_real_decider_is_in_the_post_on_the_last_day_and_often_not_recorded(tables):
    truth = tables["truth_organisations"].select("customer_id", "decider_id", "buyer_decides")
    real = truth.join(
        tables["contacts"],
        left_on=["decider_id", "customer_id"],
        right_on=["contact_id", "customer_id"],
        validate="1:1",
    )
    assert real.height == 400
    assert real["until"].null_count() == 400
    assert real["buyer"].equals(real["buyer_decides"])
    assert 0.6 < real["decider"].mean() < 0.85


def test_tables_have_no_floats_but_the_truth(tables):
    for name, table in tables.items():
        floats = [column for column, kind in table.schema.items() if kind.is_float()]
        assert bool(floats) == (name == "truth_organisations")
        for column in floats:
            millionths = table[column] * 1e6
            assert ((millionths - millionths.round()).abs() < 1e-4).all()


def test_orders_have_the_form_of_peoples(tables, block, world):
    goods, places = world
    people = order_tables(block, goods, places)
    for name in ("orders", "order_lines"):
        assert tables[name].schema == people[name].schema


def test_tables_are_as_the_catalogue_states(tables, facts, tmp_path):
    with TableWriter(tmp_path, facts) as writer:
        for name, table in tables.items():
            writer.write(name, table)
        written = writer.summary()
    rest = {"publisher": "p", "licence": "l", "use": "u", "citation": "c"}
    for name in OWN:
        simulated = {"path": table_file(name), "content_sha256": written[name]["sha256"]}
        more = {"rows": written[name]["rows"], "reader": {"kind": "parquet"}}
        entry = build_entry(name, {**facts[name], **rest, **more, "simulated": simulated})
        check_content(pq.read_table(tmp_path / table_file(name)), entry, slow=True)


def test_texts_and_numbers_are_those_that_the_catalogue_lists(tables, facts):
    for name in OWN:
        for column, stated in facts[name]["columns"].items():
            values = tables[name][column].drop_nulls()
            if "values" in stated:
                assert set(values) == set(stated["values"]), column
            assert values.min() >= stated.get("low", values.min())
            assert values.max() <= stated.get("high", values.max())


def test_expected_orders_of_the_next_year_go_with_those_that_came(group, tables):
    truth = tables["truth_organisations"]
    came = np.bincount(group.orders.organisation[group.orders.day >= 731], minlength=400)
    whole_year = (group.organisations.since < 731) & (group.demand.left == NEVER)
    expected = truth["orders_a_year"].to_numpy()[whole_year]
    assert abs(came[whole_year].sum() / expected.sum() - 1) < 0.1
    assert np.corrcoef(came[whole_year], expected)[0, 1] > 0.95


def test_departures_are_told_with_their_reason(group, tables):
    truth = tables["truth_organisations"]
    assert truth["left_on"].count() == (group.demand.left < NEVER).sum()
    assert set(truth["left_because"].drop_nulls()) == {"own", "decider_changed", "failed"}
    failed = truth.filter(pl.col("left_because") == "failed")
    assert failed["left_on"].equals(failed["failed_on"])


def test_organisations_make_about_a_quarter_of_the_revenue(world, draws, block):
    goods, places = world
    groups = [draw_organisation_block(number, 400, places, goods, draws) for number in range(5)]
    each = sum(int(group.amount.sum()) for group in groups) / 2000
    person = int(block.lines.amount.sum()) / len(block)
    assert 0.18 < each / (each + 25 * person) < 0.27


def test_a_few_organisations_make_most_of_the_revenue(group):
    revenue = np.sort(np.bincount(group.orders.organisation, group.amount, minlength=400))[::-1]
    assert 0.7 < revenue[:80].sum() / revenue.sum() < 0.9
