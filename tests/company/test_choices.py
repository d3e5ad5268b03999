"""What segments choose, and how a price moves it."""

import numpy as np
import polars as pl
import pytest

from customer_insight.company.choices import mean_line, set_choices
from customer_insight.company.prices import Prices
from customer_insight.data.mechanisms import mechanism


@pytest.fixture
def article(world):
    """Return an article of a category with several on sale, and its place in the arrays."""
    goods, _ = world
    place = goods.products.with_row_index().filter(product_id="P0102").row(0, named=True)["index"]
    category = goods.choices.categories.index("herbal_tea_bottle")
    at = goods.choices.product_at[category].tolist().index(place)
    return place, category, at


def test_shares_add_up(world):
    goods, _ = world
    np.testing.assert_allclose(goods.choices.category_share.sum(axis=2), 1)
    np.testing.assert_allclose(goods.choices.product_share.sum(axis=3), 1)


@pytest.mark.parametrize("segment", ["bargain", "gift"])
def test_a_dearer_article_is_chosen_by_the_stated_elasticity(world, article, segment):
    goods, _ = world
    place, category, at = article
    dearer = goods.prices.price.copy()
    dearer[5, place] = goods.prices.price[5, place] * 11 // 10
    changed = set_choices(
        goods.products, Prices(dearer, goods.prices.reason, goods.prices.discount)
    )
    row = goods.choices.segments.index(segment)
    before = goods.choices.product_share[row, 5, category]
    after = changed.product_share[row, 5, category]
    odds = (after[at] / (1 - after[at])) / (before[at] / (1 - before[at]))
    rise = dearer[5, place] / goods.prices.price[5, place]
    exponent = mechanism("price")["elasticity"][segment]
    assert odds == pytest.approx(rise**-exponent, rel=1e-9)


def test_nothing_is_sold_before_its_launch_or_out_of_its_festival(world):
    goods, _ = world
    share = np.zeros((48, goods.products.height))
    for category in range(len(goods.choices.categories)):
        for at, place in enumerate(goods.choices.product_at[category]):
            share[:, place] += goods.choices.product_share[:, :, category, at].max(axis=0)
    late = goods.products.with_row_index().filter(pl.col("launched") > pl.date(2023, 1, 1))
    assert late.height > 0
    for row in late.iter_rows(named=True):
        months = 12 * (row["launched"].year - 2022) + row["launched"].month - 1
        assert not share[:months, row["index"]].any()
    moon = goods.products.with_row_index().filter(festival="mid_autumn")["index"].to_list()
    assert not share[2::12, moon].any()
    assert share[8::12, moon].any()


def test_the_mean_line_is_what_lines_cost_on_average(world, block):
    """The mean over many drawn lines meets the stated mean, segment by segment."""
    goods, _ = world
    fixed, more = mean_line(goods.choices, goods.products, goods.prices)
    bought, habits = block.purchases, block.habits
    person, day = bought.person, bought.day
    lines = 1 + np.array(
        [mechanism("basket")["more_lines"].get(s, 0) for s in goods.choices.segments]
    )
    segment = habits.segment[person]
    expected = (fixed[segment, day] + habits.spend[person] * more[segment, day]) * lines[segment]
    paid = np.bincount(block.lines.order, block.lines.amount, minlength=len(person))
    for name in ("family", "rhythm", "outdoor", "gift", "bargain"):
        own = segment == goods.choices.segments.index(name)
        error = paid[own].std() / np.sqrt(own.sum())
        assert abs(paid[own].mean() - expected[own].mean()) < 4 * error
