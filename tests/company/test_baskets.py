"""Baskets and what they cost."""

import numpy as np

from customer_insight.company import calendar


def test_lines_cost_what_the_price_list_says(world, block):
    goods, _ = world
    lines, bought = block.lines, block.purchases
    day = bought.day[lines.order]
    assert (lines.price == goods.prices.price[calendar.months()[day], lines.product]).all()
    steady = block.habits.steady[bought.person[lines.order]]
    assert not lines.discount[steady].any()
    sale = goods.prices.discount[day, goods.family[lines.product]]
    full = lines.quantity * lines.price * sale // 1000
    assert (lines.discount == np.where(steady, 0, full)).all()
    assert (lines.amount > 0).all()


def test_every_order_has_lines_and_no_article_twice(block):
    lines = block.lines
    assert (np.unique(lines.order) == np.arange(len(block.purchases.person))).all()
    assert (np.diff(lines.order) >= 0).all()
    assert len(np.unique(lines.order * 1000 + lines.product)) == len(lines.order)


def test_only_what_is_on_sale_is_sold(world, block):
    goods, _ = world
    day = block.purchases.day[block.lines.order] + calendar.FIRST_DAY
    sold = goods.products["launched"].to_physical().to_numpy()[block.lines.product]
    assert (sold <= day).all()
    gone = goods.products["withdrawn"].to_physical().fill_null(10**6).to_numpy()
    assert (gone[block.lines.product] > day).all()


def test_tea_on_tap_is_in_steady_baskets_only(world, block):
    goods, _ = world
    taps = np.flatnonzero((goods.products["category"] == "refill").to_numpy())
    tap = np.isin(block.lines.product, taps)
    steady = block.habits.steady[block.purchases.person[block.lines.order]]
    assert tap[steady].any()
    assert not tap[~steady].any()


def test_deal_hunters_answer_to_a_price_test_and_gift_buyers_hardly(world):
    """A plain count over many lines finds the truth's elasticity, by its sign and its order."""
    goods, _ = world
    tested = goods.prices.reason == "test"
    relative = goods.prices.price / goods.products["list_price"].to_numpy()
    cut = tested & (relative < 0.93)
    share = {}
    for name in ("bargain", "gift"):
        row = goods.choices.segments.index(name)
        weights = np.zeros(goods.prices.price.shape)
        for category, articles in enumerate(goods.choices.product_at):
            part = goods.choices.product_share[row, :, category]
            np.add.at(weights.T, articles, part.T)
        month, product = np.nonzero(cut[:36] & (weights[:36] > 0))
        usual = np.median(weights[:36], axis=0)
        share[name] = np.median(weights[month, product] / np.maximum(usual[product], 1e-9))
    assert share["bargain"] > 1.25
    assert 1.0 < share["gift"] < 1.15
