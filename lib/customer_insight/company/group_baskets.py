"""What organisations order: articles by kind and occasion, in bulk, less a quantity discount."""

import numpy as np

from customer_insight.company import calendar
from customer_insight.company.arithmetic import power
from customer_insight.company.baskets import Goods, Lines
from customer_insight.company.draws import Draws, row_edges
from customer_insight.company.group_orders import OCCASIONS, GroupOrders, occasions
from customer_insight.company.organisations import KINDS, Organisations, by_kind
from customer_insight.company.prices import FAMILIES
from customer_insight.data.mechanisms import mechanism


def draw_group_baskets(
    organisations: Organisations, orders: GroupOrders, goods: Goods, draws: Draws
) -> Lines:
    """Return the lines of organisations' orders.

    Parameters
    ----------
    organisations, orders : Organisations, GroupOrders
        Of the block.
    goods : Goods
        What can be bought.
    draws : Draws
        Of the block.

    Returns
    -------
    Lines
        Sorted by order, then article. An article that is drawn twice for an order is taken once.
    """
    more = by_kind(mechanism("group_baskets")["more_lines"])
    kind = organisations.kind[orders.organisation]
    lines = 1 + draws.of("group_lines", "count").poisson(more[kind])
    order = np.repeat(np.arange(len(kind)), lines)
    product = _products(kind[order], orders.day[order], goods, draws)
    key = np.unique(order * len(goods.products) + product)
    order, product = key // len(goods.products), key % len(goods.products)
    pieces = _pieces(organisations, orders.organisation[order], product, goods, draws)
    price = goods.prices.price[calendar.months()[orders.day[order]], product]
    off = discount_rate(kind[order], goods.family[product], pieces)
    return Lines(order, product, pieces, price, pieces * price * off // 1000)


def discount_rate(kind: np.ndarray, family: np.ndarray, pieces: np.ndarray) -> np.ndarray:
    """Return the thousandths off a line: by its pieces, plus what is agreed with the kind.

    Parameters
    ----------
    kind, family : numpy.ndarray of int, shape (lines,)
        Places in `KINDS` and in `FAMILIES`.
    pieces : numpy.ndarray of int, shape (lines,)
        At least 1.

    Returns
    -------
    numpy.ndarray of int, shape (lines,)

    Examples
    --------
    >>> school, wholesaler, tea = KINDS.index("school"), KINDS.index("wholesaler"), 0
    >>> kind, pieces = np.array([school, wholesaler]), np.array([9, 50])
    >>> discount_rate(kind, np.array([tea, tea]), pieces).tolist()
    [0, 200]
    """
    facts = mechanism("group_baskets")
    rates = np.array([0, *facts["discount_rates"]])
    steps = [
        np.searchsorted(facts["discount_from"][name], pieces, side="right") for name in FAMILIES
    ]
    agreed = by_kind(facts["agreed"]).astype(np.int64)
    return rates[np.where(family == 0, *steps)] + agreed[kind]


def _products(kind: np.ndarray, day: np.ndarray, goods: Goods, draws: Draws) -> np.ndarray:
    """Return an article for each line: first a category by kind and occasion, then one of it."""
    choices, month = goods.choices, calendar.months()[day]
    share = _bulk_shares(goods)
    sold = share.max(axis=2) > 0
    months, categories = sold.shape
    weights = _category_weights(choices.categories)[:, :, None, :] * sold
    row = (kind * len(OCCASIONS) + occasions()[day]) * months + month
    category = draws.of("group_lines", "category").pick_by_row(
        row_edges(weights.reshape(-1, categories)), row
    )
    share[~sold, 0] = 1.0  # never drawn: the category has no weight where nothing is sold
    place = draws.of("group_lines", "product").pick_by_row(
        row_edges(share.reshape(-1, share.shape[-1])), month * categories + category
    )
    return choices.product_at[category, place]


def _bulk_shares(goods: Goods) -> np.ndarray:
    """Return the shares of articles sold in bulk, shape (months, categories, places)."""
    facts, choices = mechanism("group_baskets"), goods.choices
    segment = choices.segments.index(facts["chooses_like"])
    least = np.array([facts["least_pack"].get(name, 1) for name in choices.categories])
    pack = goods.products["pack"].to_numpy()[choices.product_at]
    sold = choices.category_share[segment] > 0
    return choices.product_share[segment] * (pack >= least[:, None]) * sold[:, :, None]


def _category_weights(categories: tuple[str, ...]) -> np.ndarray:
    """Return weights of shape (kinds, occasions, categories)."""
    mixes = mechanism("group_baskets")["categories"]
    return np.array(
        [
            [
                [mixes[kind].get(name, mixes[kind]["usual"]).get(c, 0) for c in categories]
                for name in OCCASIONS
            ]
            for kind in KINDS
        ],
        dtype=float,
    )


def _pieces(
    organisations: Organisations,
    who: np.ndarray,
    product: np.ndarray,
    goods: Goods,
    draws: Draws,
) -> np.ndarray:
    """Return the pieces of each line: the organisation's habit around the mean of the category."""
    facts = mechanism("group_baskets")
    shape = np.full(len(organisations), facts["habit_shape"])
    habit = draws.of("group_lines", "habit").gamma(shape) / shape
    habit = habit * by_kind(facts["pieces_by_kind"])[organisations.kind]
    habit = habit * power(organisations.relative_size, facts["pieces_by_size"])
    mean = np.array([facts["pieces"].get(name, 1.0) for name in goods.products["category"]])
    shape = np.full(len(who), facts["order_shape"])
    drawn = draws.of("group_lines", "pieces").gamma(shape) / shape
    pieces = np.maximum(np.rint(habit[who] * mean[product] * drawn), 1).astype(np.int64)
    for least, step in facts["round_from"].items():
        pieces = np.where(pieces >= least, pieces // step * step, pieces)
    return pieces
