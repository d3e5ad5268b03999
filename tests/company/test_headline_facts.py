"""The shipped company is plausible: its headline facts lie in stated ranges."""

import datetime as dt

import polars as pl
import pytest

from customer_insight import data
from customer_insight.stats import gini


@pytest.fixture(scope="module")
def sold():
    """Return people's order lines with order and customer."""
    orders = data.load("company_orders", engine="polars").filter(side="person")
    lines = data.load("company_order_lines", engine="polars")
    customers = data.load("company_customers", engine="polars")
    cities = data.load("company_cities", engine="polars").select("city_id", "tier")
    return (
        lines.join(orders, on="order_id")
        .join(customers.select("customer_id", "city_id", "signed_up_on"), on="customer_id")
        .join(cities, on="city_id")
    )


@pytest.fixture(scope="module")
def per_order(sold):
    return sold.group_by("order_id").agg(
        pl.col("customer_id", "ordered_at", "channel", "tier").first(),
        amount=pl.col("amount").sum(),
        lines=pl.len(),
    )


@pytest.fixture(scope="module")
def per_customer(per_order):
    return per_order.group_by("customer_id").agg(
        orders=pl.len(), revenue=pl.col("amount").sum(), tier=pl.col("tier").first()
    )


def share(frame, condition):
    return frame.filter(condition).height / frame.height


def test_size():
    manifest = {e: data.catalog.catalog()[e].rows for e in ("company_customers", "company_orders")}
    assert manifest["company_customers"] == 6000
    assert 52_000 <= manifest["company_orders"] <= 66_000
    assert data.catalog.catalog()["company_organisations"].rows == 240


def test_three_in_four_who_order_order_again(per_customer):
    assert 0.70 < share(per_customer, pl.col("orders") > 1) < 0.85


def test_a_fifth_of_the_customers_make_most_of_the_revenue(per_customer):
    revenue = per_customer.sort("revenue", descending=True)["revenue"]
    top = revenue.head(len(revenue) // 5).sum() / revenue.sum()
    assert 0.60 < top < 0.80
    assert 0.5 < gini(revenue.to_numpy()) < 0.85


def test_the_web_takes_two_orders_in_three(per_order):
    assert 0.55 < share(per_order, pl.col("channel") == "web") < 0.75


def test_baskets_have_about_two_lines(per_order):
    assert 1.6 < per_order["lines"].mean() < 2.3
    assert 150_00 < per_order["amount"].mean() < 350_00
    assert per_order["amount"].median() < 0.8 * per_order["amount"].mean()


def test_gifts_come_before_spring_festival_and_tea_in_summer(sold):
    products = data.load("company_products", engine="polars").select(
        "product_id", "category", "family"
    )
    goods = sold.join(products, on="product_id")
    day = pl.col("ordered_at").dt.date()
    gifts = goods.filter(category="tea_gift_box")
    before = gifts.filter(day.is_between(dt.date(2024, 1, 17), dt.date(2024, 2, 7))).height
    after = gifts.filter(day.is_between(dt.date(2024, 2, 10), dt.date(2024, 3, 2))).height
    assert before > 3 * after
    month = pl.col("ordered_at").dt.month()
    bottles = goods.filter(category="herbal_tea_bottle", side="person").filter(
        pl.col("ordered_at").dt.year() == 2024
    )
    assert (
        bottles.filter(month.is_in([6, 7, 8])).height
        > 1.4 * bottles.filter(month.is_in([1, 2, 3])).height
    )


def test_double_eleven_is_the_busiest_day(per_order):
    days = per_order.group_by(pl.col("ordered_at").dt.date().alias("day")).len().sort("len")
    busiest = {day for (day,) in days.tail(6).select("day").iter_rows()}
    assert dt.date(2024, 11, 11) in busiest
    assert dt.date(2023, 11, 11) in busiest


def test_large_cities_buy_more(per_customer):
    means = per_customer.group_by("tier").agg(pl.col("revenue").mean()).sort("tier")["revenue"]
    assert means[0] > 1.15 * means[3]


def test_returns_are_few(sold):
    returns = data.load("company_returns", engine="polars")
    assert 0.02 < returns.height / sold.height < 0.07


def test_parcels_are_late_now_and_then():
    web = data.load("company_orders", engine="polars").filter(channel="web")
    assert 0.07 < share(web, pl.col("delivered_on") > pl.col("promised_on")) < 0.16


def test_organisations_order_more_at_a_time():
    lines = data.load("company_order_lines", engine="polars")
    orders = data.load("company_orders", engine="polars").select("order_id", "side")
    totals = (
        lines.join(orders, on="order_id").group_by("side", "order_id").agg(pl.col("amount").sum())
    )
    mean = dict(totals.group_by("side").agg(pl.col("amount").mean()).iter_rows())
    assert mean["organisation"] > 2.5 * mean["person"]
    revenue = dict(totals.group_by("side").agg(pl.col("amount").sum()).iter_rows())
    assert 0.15 < revenue["organisation"] / sum(revenue.values()) < 0.35
