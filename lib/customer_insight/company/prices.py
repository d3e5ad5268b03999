"""The price of every article in every month, and the discount of every day."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from customer_insight.company import calendar
from customer_insight.company.draws import Draws
from customer_insight.data.mechanisms import mechanism

FAMILIES = ("tea", "gear")


@dataclass(frozen=True)
class Prices:
    """Prices by month and discounts by day.

    Attributes
    ----------
    price : numpy.ndarray of int, shape (months, products)
        Fen a piece.
    reason : numpy.ndarray of str, shape (months, products)
        "list", or "test" where the price was moved by lot.
    discount : numpy.ndarray of int, shape (days, families)
        Thousandths off every line, in the order of `FAMILIES`.
    """

    price: np.ndarray
    reason: np.ndarray
    discount: np.ndarray


def set_prices(products: pl.DataFrame, draws: Draws) -> Prices:
    """Return the prices of the company's three years and of the year after.

    Parameters
    ----------
    products : polars.DataFrame
        As ``content("products")`` gives them.
    draws : Draws
        Of the company.

    Returns
    -------
    Prices
        What is sold by the millilitre keeps its price; all others end in a whole 10 fen.
    """
    facts = mechanism("price")
    months = int(calendar.months()[-1]) + 1
    rise = 1000 + facts["yearly_rise"] * (np.arange(months) // 12)
    listed = products["list_price"].to_numpy()[None, :] * rise[:, None] // 1000
    lot = draws.of("prices", "tests")
    tested = lot.chance(facts["test_chance"], size=listed.shape)
    step = np.array(facts["test_steps"])[lot.whole(0, len(facts["test_steps"]), listed.shape)]
    by_measure = (products["category"] == "refill").to_numpy()[None, :]
    tested &= ~by_measure
    moved = np.where(tested, listed * (1000 + step) // 1000, listed)
    price = np.where(by_measure, products["list_price"].to_numpy()[None, :], moved // 10 * 10)
    return Prices(price, np.where(tested, "test", "list"), _discounts())


def price_table(products: pl.DataFrame, prices: Prices) -> pl.DataFrame:
    """Return the table ``prices``: one row an article and month of the company's three years."""
    months = calendar.months()
    firsts = [calendar.dates()[int(np.argmax(months == month))] for month in range(36)]
    return pl.DataFrame(
        {
            "product_id": np.tile(products["product_id"].to_numpy(), 36),
            "valid_from": np.repeat(np.array(firsts, dtype="datetime64[D]"), products.height),
            "price": prices.price[:36].ravel(),
            "reason": prices.reason[:36].ravel(),
        }
    )


def _discounts() -> np.ndarray:
    festivals = mechanism("season")["festivals"]
    off = np.zeros((len(calendar.dates()), len(FAMILIES)), dtype=np.int64)
    for sale in mechanism("price")["sales"]:
        spans = calendar.spans(festivals[sale["festival"]], sale["from"], sale["to"])
        for start, end in spans:
            off[start:end] = [sale[family] for family in FAMILIES]
    return off
