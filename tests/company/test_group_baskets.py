"""What organisations order."""

import numpy as np
import pytest

from customer_insight.company import calendar
from customer_insight.company.group_baskets import discount_rate, draw_group_baskets
from customer_insight.company.group_orders import OCCASIONS, GroupOrders, occasions
from customer_insight.company.organisations import KINDS, by_kind, draw_organisations
from customer_insight.company.prices import FAMILIES
from customer_insight.data.mechanisms import mechanism

ORDERS = 20_000


@pytest.fixture(scope="module")
def organisations(world, draws):
    return draw_organisations(400, world[1], draws.within(0))


@pytest.fixture(scope="module")
def orders():
    generator = np.random.default_rng(5)
    day = np.sort(generator.integers(0, calendar.DAYS, ORDERS))
    none = np.zeros(ORDERS, dtype=np.int64)
    return GroupOrders(generator.integers(0, 400, ORDERS), day, none, none, none > 0, day, day)


@pytest.fixture(scope="module")
def lines(organisations, orders, world, draws):
    return draw_group_baskets(organisations, orders, world[0], draws.within(0))


@pytest.fixture(scope="module")
def drawn(lines, orders, organisations, world):
    """Return kind, occasion and category of each line."""
    return {
        "kind": np.array(KINDS)[organisations.kind[orders.organisation[lines.order]]],
        "occasion": np.array(OCCASIONS)[occasions()[orders.day[lines.order]]],
        "category": column(world, lines, "category"),
    }


def column(world, lines, name):
    return world[0].products[name].to_numpy()[lines.product]


def test_every_order_has_lines_each_article_once_and_sorted(lines):
    assert (np.unique(lines.order) == np.arange(ORDERS)).all()
    key = lines.order * 1000 + lines.product
    assert (np.diff(key) > 0).all()
    assert lines.quantity.min() >= 1


def test_amounts_are_whole_fen_at_the_price_of_the_month(lines, orders, world):
    month = calendar.months()[orders.day[lines.order]]
    assert (lines.price == world[0].prices.price[month, lines.product]).all()
    assert (lines.amount == lines.quantity * lines.price - lines.discount).all()
    assert all(
        values.dtype == np.int64 for values in (lines.quantity, lines.discount, lines.amount)
    )


def test_drinks_come_by_the_carton_and_nothing_on_tap(lines, world):
    category = column(world, lines, "category")
    for name, least in mechanism("group_baskets")["least_pack"].items():
        own = category == name
        assert own.any()
        assert column(world, lines, "pack")[own].min() >= least
    assert not (category == "refill").any()


def test_only_what_is_on_sale_is_ordered(lines, orders, world):
    day = calendar.FIRST_DAY + orders.day[lines.order]
    products = world[0].products
    launched = products["launched"].cast(int).to_numpy()[lines.product]
    withdrawn = products["withdrawn"].cast(int).fill_null(10**6).to_numpy()[lines.product]
    assert (launched <= day).all()
    assert (day < withdrawn).all()


@pytest.mark.parametrize(
    ("kind", "occasion", "category", "bounds"),
    [
        ("office", "festival", "tea_gift_box", (0.8, 0.95)),
        ("office", "usual", "tea_gift_box", (0.05, 0.16)),
        ("school", "trip", "sleeping_bag", (0.1, 0.2)),
        ("school", "heat", "sleeping_bag", (0.0, 0.0)),
        ("factory", "heat", "herbal_tea_bottle", (0.42, 0.55)),
        ("outdoor_club", "usual", "herbal_tea_can", (0.0, 0.0)),
    ],
)
def test_each_kind_takes_its_goods_on_its_occasions(drawn, kind, occasion, category, bounds):
    own = (drawn["kind"] == kind) & (drawn["occasion"] == occasion)
    assert own.sum() > 100
    assert bounds[0] <= (drawn["category"][own] == category).mean() <= bounds[1]


def test_quantity_discounts_by_hand():
    school, wholesaler = KINDS.index("school"), KINDS.index("wholesaler")
    tea, gear = FAMILIES.index("tea"), FAMILIES.index("gear")
    for family, pieces, rate in (
        (tea, 9, 0),
        (tea, 10, 30),
        (tea, 19, 30),
        (tea, 20, 50),
        (tea, 100, 110),
        (gear, 4, 0),
        (gear, 5, 30),
        (gear, 50, 110),
    ):
        both = discount_rate(np.array([school, wholesaler]), np.full(2, family), np.full(2, pieces))
        assert both.tolist() == [rate, rate + 120]


def test_the_discount_of_every_line_is_its_rate(lines, orders, organisations, world):
    kind = organisations.kind[orders.organisation[lines.order]]
    rate = discount_rate(kind, world[0].family[lines.product], lines.quantity)
    assert (lines.discount == lines.quantity * lines.price * rate // 1000).all()
    assert rate.max() >= 200


def test_large_numbers_are_round(lines):
    assert not (lines.quantity[lines.quantity >= 20] % 5).any()
    assert not (lines.quantity[lines.quantity >= 100] % 10).any()
    assert (lines.quantity >= 100).any()


def test_pieces_follow_the_kind_and_its_size(lines, orders, organisations, world):
    who = orders.organisation[lines.order]
    kind = organisations.kind[who]
    tea = np.isin(column(world, lines, "category"), ["herbal_tea_bottle", "herbal_tea_can"])
    means = np.array([lines.quantity[tea & (kind == at)].mean() for at in range(len(KINDS))])
    assert means[KINDS.index("wholesaler")] == means.max()
    assert means[KINDS.index("outdoor_club")] < np.median(means)
    large = organisations.relative_size[who] > 1
    assert lines.quantity[tea & large].mean() > 1.3 * lines.quantity[tea & ~large].mean()


def test_orders_of_traders_have_more_lines(lines, orders, organisations):
    count = np.bincount(lines.order)
    kind = organisations.kind[orders.organisation]
    more = by_kind(mechanism("group_baskets")["more_lines"])
    for place in range(len(KINDS)):
        own = count[kind == place].mean()
        assert 0.8 * (1 + more[place]) < own <= 1.05 * (1 + more[place])
