"""Everybody's loyalty level in each year: the table ``levels``."""

import numpy as np
import polars as pl

from customer_insight.company import calendar
from customer_insight.company.ids import customer_ids
from customer_insight.company.people_block import PeopleBlock
from customer_insight.data.mechanisms import mechanism


def level_table(block: PeopleBlock) -> pl.DataFrame:
    """Return the level of everybody in each year, and the orders that gave it.

    Parameters
    ----------
    block : PeopleBlock
        People and what they bought.

    Returns
    -------
    polars.DataFrame
        One row a person and year, from the year of sign-up to the year after the data, sorted by
        year, then person: ``customer_id``, ``year``, ``level``, ``orders_before`` (orders in the
        year before).
    """
    names = pl.Series(mechanism("levels")["names"])
    return pl.concat(
        _year(block, names, position, year) for position, year in enumerate(calendar.YEARS)
    )


def _year(block: PeopleBlock, names: pl.Series, position: int, year: int) -> pl.DataFrame:
    who = np.flatnonzero(block.habits.first < calendar.year_bounds(year)[1])
    start, end = calendar.year_bounds(year - 1)
    bought = block.purchases
    within = (bought.day >= start) & (bought.day < end)
    orders = np.bincount(bought.person[within], minlength=len(block))
    return pl.DataFrame(
        {
            "customer_id": customer_ids(block.number, who),
            "year": np.full(len(who), year),
            "level": names.gather(block.levels[who, position]),
            "orders_before": orders[who],
        }
    )
