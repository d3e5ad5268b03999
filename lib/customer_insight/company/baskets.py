"""What is in each basket, and what it costs."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from customer_insight.company import calendar
from customer_insight.company.choices import Choices
from customer_insight.company.draws import Draws
from customer_insight.company.habits import Habits
from customer_insight.company.prices import FAMILIES, Prices
from customer_insight.data.mechanisms import mechanism


@dataclass(frozen=True)
class Goods:
    """The articles, their prices and what each segment chooses of them."""

    products: pl.DataFrame
    prices: Prices
    choices: Choices

    @property
    def family(self) -> np.ndarray:
        """The place in `FAMILIES` of each article, shape (products,)."""
        return (self.products["family"] == FAMILIES[1]).to_numpy().astype(np.int64)


@dataclass(frozen=True)
class Lines:
    """Lines of orders, arrays of shape (lines,), sorted by order, then article.

    ``order`` and ``product`` are places; ``quantity`` pieces (millilitres of tea on tap);
    ``price`` fen a piece; ``discount`` and ``amount`` fen a line, amount = quantity x price -
    discount.
    """

    order: np.ndarray
    product: np.ndarray
    quantity: np.ndarray
    price: np.ndarray
    discount: np.ndarray

    @property
    def amount(self) -> np.ndarray:
        """Fen to pay for the line."""
        return self.quantity * self.price - self.discount


def draw_daily_baskets(
    habits: Habits, person: np.ndarray, day: np.ndarray, goods: Goods, draws: Draws
) -> Lines:
    """Return the lines of the orders of all who are not steady buyers.

    Parameters
    ----------
    habits : Habits
        Of the block.
    person, day : numpy.ndarray of int, shape (orders,)
        Who ordered, and when.
    goods : Goods
        What can be bought.
    draws : Draws
        Of the block.

    Returns
    -------
    Lines
        ``order`` counts from 0 in the order of `person`.
    """
    facts, choices = mechanism("basket"), goods.choices
    segment = habits.segment[person]
    mean = np.array([facts["more_lines"].get(name, 0.0) for name in choices.segments])
    lines = 1 + draws.of("lines", "count").poisson(mean[segment])
    order = np.repeat(np.arange(len(person)), lines)
    segment, who, when = segment[order], person[order], day[order]
    month = calendar.months()[when]
    category, product = pick_products(choices, segment, month, draws, "lines")
    more = np.array([facts["more_pieces"][name] for name in choices.categories])[category]
    quantity = 1 + draws.of("lines", "pieces").poisson(np.minimum(more * habits.spend[who], 40.0))
    order, product, quantity = _merged(order, product, quantity, len(goods.products))
    when = day[order]
    price = goods.prices.price[calendar.months()[when], product]
    off = goods.prices.discount[when, goods.family[product]]
    return Lines(order, product, quantity, price, quantity * price * off // 1000)


def draw_steady_baskets(
    habits: Habits, person: np.ndarray, day: np.ndarray, goods: Goods, draws: Draws
) -> Lines:
    """Return the lines of steady buyers' orders, whose totals are exactly Gamma-Gamma.

    The amount of an order is a gamma draw around the buyer's mean, in whole fen. Articles go into
    the basket, one at a time, while they fit; tea on tap makes up the rest.

    Parameters and result are as in `draw_daily_baskets`.
    """
    facts, choices = mechanism("steady"), goods.choices
    size = len(person)
    drawn = draws.of("lines", "steady_amount").gamma(np.full(size, facts["p"]))
    rest = np.maximum(np.rint(drawn / facts["p"] * habits.spend[person]), 1).astype(np.int64)
    month = calendar.months()[day]
    parts = []
    for turn in range(3):
        segment = habits.segment[person]
        product = pick_products(choices, segment, month, draws, "steady_lines", turn)[1]
        price = goods.prices.price[month, product]
        wants = draws.of("steady_lines", "adds", turn).chance(facts["item_chance"], size=size)
        takes = np.flatnonzero(wants & (price <= rest))
        rest[takes] -= price[takes]
        parts.append((takes, product[takes], np.ones(len(takes), dtype=np.int64)))
    taps = np.flatnonzero((goods.products["category"] == "refill").to_numpy())
    flavour = draws.of("steady_lines", "flavour").whole(0, len(taps), size)
    filled = np.flatnonzero(rest)
    parts.append((filled, taps[flavour[filled]], rest[filled]))
    joined = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    order, product, quantity = _merged(*joined, len(goods.products))
    price = goods.prices.price[month[order], product]
    return Lines(order, product, quantity, price, np.zeros(len(order), dtype=np.int64))


def pick_products(
    choices: Choices,
    segment: np.ndarray,
    month: np.ndarray,
    draws: Draws,
    table: str,
    *part: int,
) -> tuple[np.ndarray, np.ndarray]:
    """Return a category and an article for each line, by its segment and month."""
    category = draws.of(table, "category", *part).pick_by_row(
        choices.category_edges, choices.category_rows(segment, month)
    )
    place = draws.of(table, "product", *part).pick_by_row(
        choices.product_edges, choices.product_rows(segment, month, category)
    )
    return category, choices.product_at[category, place]


def _merged(
    order: np.ndarray, product: np.ndarray, quantity: np.ndarray, products: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return one line for equal articles of one order, sorted by order and article."""
    key, line = np.unique(order * products + product, return_inverse=True)
    return key // products, key % products, np.bincount(line, quantity).astype(np.int64)
