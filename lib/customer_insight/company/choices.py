"""What each segment chooses: categories by month, articles by popularity and price."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from customer_insight.company import calendar
from customer_insight.company.arithmetic import power
from customer_insight.company.draws import row_edges
from customer_insight.company.prices import FAMILIES, Prices
from customer_insight.data.mechanisms import mechanism


@dataclass(frozen=True)
class Choices:
    """The shares that baskets are drawn from, and what a line then costs on average.

    Attributes
    ----------
    segments, categories : tuple of str
        In the order of the arrays.
    category_share : numpy.ndarray, shape (segments, months, categories)
    product_share : numpy.ndarray, shape (segments, months, categories, places)
        Of the articles of a category, by their place in `product_at`.
    product_at : numpy.ndarray of int, shape (categories, places)
        The article at each place; places beyond a category's articles have share 0.
    category_edges, product_edges : numpy.ndarray of int
        The same shares for `Stream.pick_by_row`, all axes but the last flattened.
    """

    segments: tuple[str, ...]
    categories: tuple[str, ...]
    category_share: np.ndarray
    product_share: np.ndarray
    product_at: np.ndarray
    category_edges: np.ndarray
    product_edges: np.ndarray

    def category_rows(self, segment: np.ndarray, month: np.ndarray) -> np.ndarray:
        """Return the rows of `category_edges` for segments and months."""
        return segment * self.category_share.shape[1] + month

    def product_rows(
        self, segment: np.ndarray, month: np.ndarray, category: np.ndarray
    ) -> np.ndarray:
        """Return the rows of `product_edges` for segments, months and categories."""
        return self.category_rows(segment, month) * len(self.categories) + category


def set_choices(products: pl.DataFrame, prices: Prices) -> Choices:
    """Return what each segment chooses in each month.

    Within a category the weight of an article is ``popularity * (price / list price) **
    -elasticity``, and 0 before it is launched and after it is withdrawn.

    Parameters
    ----------
    products : polars.DataFrame
        As ``content("products")`` gives them.
    prices : Prices
        As `set_prices` gives them.

    Returns
    -------
    Choices
    """
    segments = tuple(mechanism("segments")["share"])
    categories = tuple(products["category"].unique(maintain_order=True))
    at = _places(products, categories)
    weights = _product_weights(products, prices, segments)
    spread = np.where(at >= 0, weights[:, :, np.maximum(at, 0)], 0.0)
    sold = spread.max(axis=3) > 0
    category = _category_weights(products, segments, categories) * sold
    spread[~sold, 0] = 1.0  # never drawn: the category has no weight where nothing is sold
    return Choices(
        segments,
        categories,
        category / np.cumsum(category, axis=2)[..., -1:],
        spread / np.cumsum(spread, axis=3)[..., -1:],
        np.maximum(at, 0),
        row_edges(category.reshape(-1, category.shape[-1])),
        row_edges(spread.reshape(-1, spread.shape[-1])),
    )


def _places(products: pl.DataFrame, categories: tuple[str, ...]) -> np.ndarray:
    groups = [np.flatnonzero((products["category"] == name).to_numpy()) for name in categories]
    at = np.full((len(categories), max(map(len, groups))), -1)
    for row, group in enumerate(groups):
        at[row, : len(group)] = group
    return at


def _product_weights(
    products: pl.DataFrame, prices: Prices, segments: tuple[str, ...]
) -> np.ndarray:
    """Return weights of shape (segments, months, products)."""
    months = len(prices.price)
    relative = prices.price / products["list_price"].to_numpy()
    popularity = products["popularity"].to_numpy() * _on_sale(products, months)
    popularity = popularity * _in_season(products, months)
    elasticity = mechanism("price")["elasticity"]
    return np.stack([popularity * power(relative, -elasticity[name]) for name in segments])


def _on_sale(products: pl.DataFrame, months: int) -> np.ndarray:
    """Return whether an article is sold in the whole month, shape (months, products)."""
    month_of = calendar.months()
    first = np.array([calendar.FIRST_DAY + int(np.argmax(month_of == m)) for m in range(months)])
    last = np.append(first[1:] - 1, calendar.HORIZON_DAY)
    launched = products["launched"].cast(pl.Int32).to_numpy()
    withdrawn = products["withdrawn"].cast(pl.Int32).fill_null(10**6).to_numpy()
    return (launched[None, :] <= first[:, None]) & (withdrawn[None, :] > last[:, None])


def _in_season(products: pl.DataFrame, months: int) -> np.ndarray:
    """Return whether an article made for a festival is on the shelf, shape (months, products)."""
    shelf = mechanism("basket")["festival_months"]
    year = [
        [f is None or month + 1 in shelf[f] for f in products["festival"]] for month in range(12)
    ]
    return np.array(year)[np.arange(months) % 12]


def _category_weights(
    products: pl.DataFrame, segments: tuple[str, ...], categories: tuple[str, ...]
) -> np.ndarray:
    facts = mechanism("basket")
    family = dict(products.select("category", "family").unique().iter_rows())
    months = calendar.months()
    year = np.array([facts["month_factor"][family[name]] for name in categories]).T
    mix = np.array([[facts["categories"][name].get(c, 0) for c in categories] for name in segments])
    return (mix[:, None, :] * year[np.arange(months[-1] + 1) % 12][None, :, :]).astype(float)


def mean_line(
    choices: Choices, products: pl.DataFrame, prices: Prices
) -> tuple[np.ndarray, np.ndarray]:
    """Return what one line costs on average, net of discounts, before any draw.

    A line of a household of size s has ``1 + Poisson(s * more_pieces)`` pieces, so its mean is
    ``fixed + s * more`` with the two results.

    Parameters
    ----------
    choices : Choices
    products : polars.DataFrame
    prices : Prices

    Returns
    -------
    fixed, more : numpy.ndarray of float, shape (segments, days)
        Fen.
    """
    more_pieces = mechanism("basket")["more_pieces"]
    family = dict(products.select("category", "family").unique().iter_rows())
    months, days = calendar.months(), len(calendar.dates())
    price = prices.price[:, choices.product_at]
    mean_price = np.cumsum(choices.product_share * price[None], axis=3)[..., -1]
    fixed = np.zeros((len(choices.segments), days))
    more = np.zeros_like(fixed)
    for place, name in enumerate(choices.categories):
        kept = 1 - prices.discount[:, FAMILIES.index(family[name])] / 1000
        line = (choices.category_share[:, :, place] * mean_price[:, :, place])[:, months] * kept
        fixed = fixed + line
        more = more + line * more_pieces[name]
    return fixed, more
