"""Prices, tests of prices, and sales."""

import numpy as np

from customer_insight.company import calendar
from customer_insight.company.prices import price_table
from customer_insight.data.mechanisms import mechanism


def test_list_prices_rise_each_january_and_tests_move_by_the_stated_steps(world):
    goods, _ = world
    products, prices = goods.products, goods.prices
    tested = prices.reason == "test"
    listed = products["list_price"].to_numpy()
    rise = 1000 + mechanism("price")["yearly_rise"] * (np.arange(48) // 12)
    exact = listed[None, :] * rise[:, None] / 1000
    off = prices.price - exact
    pieces = (products["category"] != "refill").to_numpy()
    assert ((off > -10) & (off <= 0))[~tested & pieces].all()
    steps = np.array(mechanism("price")["test_steps"]) / 1000
    ratio = (prices.price / exact)[tested]
    assert (np.abs(ratio[:, None] - 1 - steps).min(axis=1) < 0.03).all()
    assert abs(tested[:, pieces].mean() - mechanism("price")["test_chance"]) < 0.02


def test_tea_on_tap_costs_one_fen_a_millilitre_for_ever(world):
    goods, _ = world
    taps = (goods.products["category"] == "refill").to_numpy()
    assert (goods.prices.price[:, taps] == 1).all()


def test_discounts_are_on_sale_days_only(world):
    goods, _ = world
    days = [str(calendar.dates()[day]) for day in np.flatnonzero(goods.prices.discount.any(axis=1))]
    assert len(days) == 4 * (3 + 2)
    assert "2023-11-11" in days
    assert "2023-11-12" not in days


def test_the_table_has_each_article_once_a_month(world):
    goods, _ = world
    table = price_table(goods.products, goods.prices)
    assert table.height == 36 * goods.products.height
    assert table.select("product_id", "valid_from").is_duplicated().sum() == 0
