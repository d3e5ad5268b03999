"""What comes back: the table ``returns``."""

import numpy as np
import polars as pl

from customer_insight.company import calendar
from customer_insight.company.baskets import Goods
from customer_insight.company.draws import Draws, row_edges
from customer_insight.company.habits import SEGMENTS
from customer_insight.company.ids import block_ids, order_ids
from customer_insight.company.pains import KINDS, promised_days
from customer_insight.company.people_block import PeopleBlock
from customer_insight.data.mechanisms import mechanism

CONDITIONS = ("as_new", "opened", "unusable")
REASONS = tuple(mechanism("returns")["condition"])


def return_table(block: PeopleBlock, goods: Goods, draws: Draws) -> pl.DataFrame:
    """Return what a block of people sent back.

    A line comes back by the chance of its category, channel and segment; the one line that hurt
    also for its defect or its price.

    Parameters
    ----------
    block : PeopleBlock
        People and what they bought.
    goods : Goods
        The articles.
    draws : Draws
        Of the company.

    Returns
    -------
    polars.DataFrame
        One row a line that came back, sorted by day and line: ``return_id``, ``order_id``,
        ``line``, ``returned_on``, ``quantity``, ``refund`` (fen), ``reason``, ``condition``.
    """
    lines, number = block.lines, block.number
    causes = _causes(block, goods, draws)
    at = np.flatnonzero(causes.any(axis=1))
    day = _days(block, lines.order[at], draws)
    known = day < calendar.DAYS
    at, day = at[known], day[known]
    in_time = np.argsort(day, kind="stable")
    at, day = at[in_time], day[in_time]
    reason = _reasons(causes[at], goods, lines.product[at], draws, number)
    quantity = _quantities(block, at, draws)
    first = np.searchsorted(lines.order, lines.order[at], side="left")
    return pl.DataFrame(
        {
            "return_id": block_ids("R", number, np.arange(len(at))),
            "order_id": order_ids(number, lines.order[at]),
            "line": at - first + 1,
            "returned_on": (day + calendar.FIRST_DAY).astype("datetime64[D]"),
            "quantity": quantity,
            "refund": lines.amount[at] * quantity // lines.quantity[at],
            "reason": pl.Series(REASONS).gather(reason),
            "condition": pl.Series(CONDITIONS).gather(_conditions(reason, draws, number)),
        }
    )


def _causes(block: PeopleBlock, goods: Goods, draws: Draws) -> np.ndarray:
    """Return whether each line comes back for a defect, for its price, or for neither."""
    facts, lines, outcomes = mechanism("returns"), block.lines, block.purchases.outcomes
    size = len(lines.order)
    hurt = _hurt_line(block, draws)[:, None] & outcomes.hurts[lines.order]
    severity = np.maximum(outcomes.severity[lines.order] - 1, 0)
    defect = np.where(hurt[:, KINDS.index("function")], np.array(facts["defect"])[severity], 0.0)
    price = np.where(hurt[:, KINDS.index("value")], np.array(facts["price"])[severity], 0.0)
    chance = np.stack([defect, price, _usual_chance(block, goods)], axis=1)
    comes = draws.of("returns", "causes", block.number).uniform((size, 3)) < chance
    person = block.purchases.person[lines.order]
    by_category = np.array([facts["chance"][name] for name in goods.products["category"]])
    possible = (by_category[lines.product] > 0) & ~block.habits.steady[person]
    return comes & possible[:, None]


def _usual_chance(block: PeopleBlock, goods: Goods) -> np.ndarray:
    facts, order = mechanism("returns"), block.lines.order
    by_product = np.array([facts["chance"][name] for name in goods.products["category"]])
    by_segment = np.array([facts["segment"][name] for name in SEGMENTS])
    segment = block.habits.segment[block.purchases.person[order]]
    by_channel = np.where(block.purchases.outcomes.web[order], 1.0, facts["shop"])
    return by_product[block.lines.product] * by_segment[segment] * by_channel


def _hurt_line(block: PeopleBlock, draws: Draws) -> np.ndarray:
    """Return whether a line is the one of its order that a pain would be about."""
    order = block.lines.order
    orders = len(block.purchases.person)
    place = np.arange(len(order)) - np.searchsorted(order, order, side="left")
    lines = np.bincount(order, minlength=orders)
    return place == draws.of("returns", "line", block.number).whole(0, lines, orders)[order]


def _days(block: PeopleBlock, order: np.ndarray, draws: Draws) -> np.ndarray:
    """Return the day of each return, after the delivery."""
    facts, bought = mechanism("returns"), block.purchases
    delivery = promised_days(block.habits.tier[bought.person]) + bought.outcomes.days_late
    took = np.where(bought.outcomes.web, delivery, 0)[order]
    kept = draws.of("returns", "days", block.number).geometric(
        np.full(len(order), facts["brought_back"])
    )
    return bought.day[order] + np.minimum(took + 1 + kept, facts["longest"])


def _quantities(block: PeopleBlock, at: np.ndarray, draws: Draws) -> np.ndarray:
    bought = block.lines.quantity[at]
    everything = draws.of("returns", "all_pieces", block.number).chance(
        mechanism("returns")["all_pieces"], size=len(at)
    )
    part = 1 + draws.of("returns", "pieces", block.number).whole(0, bought, len(at))
    return np.where(everything, bought, part)


def _reasons(
    causes: np.ndarray,
    goods: Goods,
    product: np.ndarray,
    draws: Draws,
    number: int,
) -> np.ndarray:
    """Return the place in `REASONS`: a defect before the price before anything else."""
    facts = mechanism("returns")
    kinds = list(facts["reasons"])
    edges = row_edges([[facts["reasons"][k].get(r, 0) for r in REASONS] for k in kinds])
    sized = goods.products["category"].is_in(facts["clothing"]).to_numpy()
    kind = np.where(
        sized,
        kinds.index("clothing"),
        np.array([kinds.index(family) for family in goods.products["family"]]),
    )
    usual = draws.of("returns", "reason", number).pick_by_row(edges, kind[product])
    return np.select(
        [causes[:, 0], causes[:, 1]],
        [REASONS.index("defective"), REASONS.index("found_cheaper")],
        usual,
    )


def _conditions(reason: np.ndarray, draws: Draws, number: int) -> np.ndarray:
    edges = row_edges(list(mechanism("returns")["condition"].values()))
    return draws.of("returns", "condition", number).pick_by_row(edges, reason)
