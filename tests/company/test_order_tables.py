"""The tables of orders."""

import polars as pl
import pytest

from customer_insight.company.order_tables import order_tables


@pytest.fixture(scope="module")
def tables(world, block):
    goods, places = world
    return order_tables(block, goods, places)


def test_lines_refer_to_orders_and_add_up(tables):
    orders, lines = tables["orders"], tables["order_lines"]
    assert not orders["order_id"].is_duplicated().any()
    assert set(lines["order_id"]) == set(orders["order_id"])
    assert (lines["amount"] == lines["quantity"] * lines["unit_price"] - lines["discount"]).all()
    numbers = lines.group_by("order_id").agg(pl.col("line").max(), pl.len().alias("lines"))
    assert (numbers["line"] == numbers["lines"]).all()


def test_a_shop_or_a_delivery_and_never_both(tables):
    orders = tables["orders"]
    web = orders["channel"] == "web"
    assert (orders["shop_id"].is_null() == web).all()
    assert (orders["delivered_on"].is_not_null() == web).all()
    delivered = orders.filter(web)
    assert (delivered["delivered_on"] >= delivered["promised_on"]).all()
    assert (delivered["promised_on"] > delivered["ordered_at"].dt.date()).all()


def test_orders_stand_in_the_order_of_time(tables):
    assert tables["orders"]["ordered_at"].is_sorted()
    hours = tables["orders"].filter(channel="shop")["ordered_at"].dt.hour()
    assert (hours.min(), hours.max()) == (8, 21)


def test_pains_tell_who_left(tables, block):
    pains = tables["truth_pains"]
    assert pains["left"].sum() == block.purchases.outcomes.leaves.sum()
    assert pains.height == block.purchases.outcomes.hurts.any(axis=1).sum()
