"""The tables of people's orders: ``orders``, ``order_lines`` and what hurt in them, as truth."""

import numpy as np
import polars as pl

from customer_insight.company import calendar
from customer_insight.company.baskets import Goods, Lines
from customer_insight.company.ids import customer_ids, order_ids
from customer_insight.company.pains import KINDS, promised_days
from customer_insight.company.people_block import PeopleBlock
from customer_insight.company.places import Places

SEVERITIES = ("slight", "plain", "grave")


def order_tables(block: PeopleBlock, goods: Goods, places: Places) -> dict[str, pl.DataFrame]:
    """Return the orders of a block of people, their lines, and the pains behind them.

    Parameters
    ----------
    block : PeopleBlock
        People and what they bought.
    goods : Goods
        The articles.
    places : Places
        The shops.

    Returns
    -------
    dict of str to polars.DataFrame
        ``orders``, ``order_lines`` and ``truth_pains``; columns as the catalogue states.
    """
    ids = order_ids(block.number, np.arange(len(block.purchases.person)))
    return {
        "orders": _orders(block, places, ids),
        "order_lines": line_table(block.lines, goods, ids),
        "truth_pains": _pains(block, ids),
    }


def _orders(block: PeopleBlock, places: Places, ids: pl.Series) -> pl.DataFrame:
    bought = block.purchases
    day = bought.day + calendar.FIRST_DAY
    web = pl.Series(bought.outcomes.web)
    promised = day + promised_days(block.habits.tier[bought.person])
    seconds = (day * 1440 + bought.minute) * 60
    frame = pl.DataFrame(
        {
            "order_id": ids,
            "customer_id": customer_ids(block.number, bought.person),
            "side": "person",
            "ordered_at": pl.Series(seconds * 1_000_000).cast(pl.Datetime("us")),
            "channel": np.where(bought.outcomes.web, "web", "shop"),
            "shop_id": places.shops["shop_id"].gather(np.maximum(bought.shop, 0)),
            "promised_on": pl.Series(promised).cast(pl.Int32).cast(pl.Date),
            "delivered_on": pl.Series(promised + bought.outcomes.days_late)
            .cast(pl.Int32)
            .cast(pl.Date),
        }
    )
    return frame.with_columns(
        pl.when(~web).then("shop_id").alias("shop_id"),
        pl.when(web).then("promised_on").alias("promised_on"),
        pl.when(web).then("delivered_on").alias("delivered_on"),
    ).with_columns(contact_id=pl.lit(None, dtype=pl.String))


def line_table(lines: Lines, goods: Goods, ids: pl.Series) -> pl.DataFrame:
    """Return the table ``order_lines``.

    Parameters
    ----------
    lines : Lines
        Sorted by order.
    goods : Goods
        The articles.
    ids : polars.Series
        The id of each order, in the order of ``lines.order``.

    Returns
    -------
    polars.DataFrame
        Columns as the catalogue states; ``line`` counts from 1 within an order.
    """
    first = np.searchsorted(lines.order, lines.order, side="left")
    return pl.DataFrame(
        {
            "order_id": ids.gather(lines.order),
            "line": np.arange(len(lines.order)) - first + 1,
            "product_id": goods.products["product_id"].gather(lines.product),
            "quantity": lines.quantity,
            "unit_price": lines.price,
            "discount": lines.discount,
            "amount": lines.amount,
        }
    )


def _pains(block: PeopleBlock, ids: pl.Series) -> pl.DataFrame:
    """Return one row for each order that hurt, with all kinds of its pain."""
    outcomes, bought = block.purchases.outcomes, block.purchases
    at = np.flatnonzero(outcomes.hurts.any(axis=1))
    kinds = {kind: outcomes.hurts[at, place] for place, kind in enumerate(KINDS)}
    return pl.DataFrame(
        {
            "order_id": ids.gather(at),
            "customer_id": customer_ids(block.number, bought.person[at]),
            **kinds,
            "severity": pl.Series(np.array(SEVERITIES)[outcomes.severity[at] - 1]),
            "left": outcomes.leaves[at],
        }
    )
