"""Cost rates, shops, and a customer's profit and loss made from the tables."""

import datetime as dt

import numpy as np
import polars as pl
import pytest

from customer_insight.company.costs import cost_rates, shop_costs
from customer_insight.company.order_tables import order_tables
from customer_insight.company.returns import return_table
from customer_insight.company.service import draw_demandingness, service_contacts
from customer_insight.data.mechanisms import mechanism

YEARS = (2022, 2023, 2024)


def rate(activity, year="year"):
    """Return the rate of an activity in the year of the row, as an expression."""
    rates = cost_rates().filter(activity=activity)
    return pl.col(year).replace_strict(dict(rates.select("year", "rate").iter_rows()))


def test_every_activity_has_a_rate_in_each_year():
    table = cost_rates()
    assert table.n_unique(["activity", "year"]) == table.height
    assert (
        table.group_by("activity").agg("year")["year"].list.sort().to_list()
        == [list(YEARS)] * table["activity"].n_unique()
    )
    assert (table["rate"] > 0).all()
    service = table.filter(driver="minute")
    assert set(service["applies_to"]) == {"phone", "chat", "shop"}


def test_a_shop_costs_from_its_first_whole_month(world):
    places = world[1]
    table = shop_costs(places)
    first = table.group_by("shop_id").agg(pl.col("month").min(), pl.len().alias("months"))
    joined = first.join(places.shops, on="shop_id")
    assert joined.height == places.shops.height
    assert (joined["month"] >= joined["opened"]).all()
    late = joined.filter(pl.col("month") > dt.date(2022, 1, 1))
    assert ((late["month"] - late["opened"]).dt.total_days() <= 31).all()
    assert late.height == (places.shops["opened"] > dt.date(2022, 1, 1)).sum()
    months = 36 - (joined["month"].dt.year().cast(pl.Int64) - 2022) * 12
    assert (joined["months"] == months - joined["month"].dt.month() + 1).all()


def test_rent_and_wages_by_hand(world):
    """Old Banyan shop, Guangzhou, 180 square metres: 5 clerks; 2024 is two rises away."""
    facts, table = mechanism("shop_costs"), shop_costs(world[1])
    first, last = table.filter(shop_id="S01").row(0), table.filter(shop_id="S01").row(-1)
    assert first[2:] == (
        180 * facts["rent"][0] * facts["charged"] // 1000,
        5 * facts["wage"][0] * facts["charged"] // 1000,
    )
    assert last[1:] == (
        dt.date(2024, 12, 1),
        180 * facts["rent"][0] * 1040 // 1000 * facts["charged"] // 1000,
        5 * facts["wage"][0] * 1100 // 1000 * facts["charged"] // 1000,
    )


@pytest.fixture(scope="module")
def profit(block, world, draws):
    """Return each customer's profit before overheads and acquisition, fen, from tables alone."""
    goods, places = world
    tables = order_tables(block, goods, places)
    grams = (
        pl.when(pl.col("family") == "tea")
        .then(pl.col("pack") * pl.col("size_ml"))
        .otherwise("weight_g")
    )
    products = goods.products.select(
        "product_id", grams.alias("grams"), cost=pl.col("unit_cost") / pl.col("cost_quantity")
    )
    year = pl.col("ordered_at").dt.year().cast(pl.Int64)
    orders = tables["orders"].select("order_id", "customer_id", "channel", year=year)
    lines = tables["order_lines"].join(orders, on="order_id").join(products, on="product_id")
    web = pl.col("channel") == "web"
    kilograms = pl.col("quantity") * pl.col("grams") / 1000
    on_web = rate("picking") + rate("delivery_weight") * kilograms
    by_line = lines.select(
        "customer_id",
        profit=pl.col("amount")
        - pl.col("quantity") * pl.col("cost")
        - pl.col("amount") * rate("payment_fee") / 10_000
        - pl.when(web).then(on_web).otherwise(0),
    )
    by_order = orders.select(
        "customer_id",
        profit=-pl.when(web).then(rate("packing") + rate("delivery")).otherwise(rate("till")),
    )
    back = return_table(block, goods, draws).join(lines, on=["order_id", "line"])
    kept = pl.when(pl.col("condition") == "as_new").then(pl.col("quantity") * pl.col("cost"))
    by_return = back.select(
        "customer_id", profit=kept.fill_null(0) - pl.col("refund") - rate("return_handling")
    )
    contacts = service_contacts(block, draw_demandingness(block, draws), draws)
    contacts = contacts.with_columns(year=pl.col("day").dt.year().cast(pl.Int64))
    by_contact = contacts.select(
        "customer_id",
        profit=-pl.col("minutes")
        * pl.when(pl.col("channel") == "phone")
        .then(rate("phone_service"))
        .when(pl.col("channel") == "chat")
        .then(rate("chat_service"))
        .otherwise(rate("shop_service")),
    )
    parts = [by_line, by_order, by_return, by_contact]
    parts = [part.with_columns(pl.col("profit").cast(pl.Float64)) for part in parts]
    return pl.concat(parts).group_by("customer_id").agg(pl.col("profit").sum())


def test_most_customers_earn_money_and_some_cost_it(block, profit):
    ordered = len(np.unique(block.purchases.person))
    assert profit.height == ordered
    share = profit["profit"].sum() / block.lines.amount.sum()
    assert 0.2 < share < 0.45
    assert 0.01 < (profit["profit"] < 0).mean() < 0.15


def test_the_whale_curve_rises_above_the_whole(profit):
    net = profit["profit"] - 6000  # a customer won by advertising
    curve = net.sort(descending=True).cum_sum()
    assert curve.max() > 1.01 * curve[-1] > 0
    assert 0.1 < (net < 0).mean() < 0.45
