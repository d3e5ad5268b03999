"""Pieces that were missing in a parcel: the table ``short_deliveries``."""

import numpy as np
import polars as pl

from customer_insight.company import calendar
from customer_insight.company.draws import Draws
from customer_insight.company.ids import order_ids
from customer_insight.company.people_block import PeopleBlock
from customer_insight.company.service_requests import delivery_day
from customer_insight.data.mechanisms import mechanism


def short_delivery_table(block: PeopleBlock, draws: Draws) -> pl.DataFrame:
    """Return the lines of parcels of which pieces were missing.

    Parameters
    ----------
    block : PeopleBlock
        People and what they bought.
    draws : Draws
        Of the block.

    Returns
    -------
    polars.DataFrame
        One row a line, sorted by order and line: ``order_id``, ``line``, ``missing_quantity``,
        ``supplied_on`` (null: not by the end of the data).
    """
    facts, order = mechanism("short_deliveries"), block.lines.order
    pieces = np.minimum(block.lines.quantity, facts["most_pieces"])
    chance = facts["chance"] + facts["pieces"] * (pieces - 1)
    chance = chance * np.where(
        calendar.crowded()[block.purchases.day[order]], facts["crowded"], 1.0
    )
    arrived = delivery_day(block)[order]
    possible = block.purchases.outcomes.web[order] & (arrived < calendar.DAYS)
    at = np.flatnonzero(draws.of("short_deliveries", "lines").chance(chance) & possible)
    wait = draws.of("short_deliveries", "days").geometric(np.full(len(at), facts["supplied"]))
    supplied = arrived[at] + 2 + wait
    first = np.searchsorted(order, order[at], side="left")
    frame = pl.DataFrame(
        {
            "order_id": order_ids(block.number, order[at]),
            "line": at - first + 1,
            "missing_quantity": 1
            + draws.of("short_deliveries", "pieces").whole(0, (pieces[at] + 1) // 2, len(at)),
            "supplied_on": (supplied + calendar.FIRST_DAY).astype("datetime64[D]"),
        }
    )
    known = pl.Series(supplied < calendar.DAYS)
    return frame.with_columns(pl.when(known).then("supplied_on").alias("supplied_on"))
