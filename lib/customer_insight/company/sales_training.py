"""Courses that salespeople attended: the table ``staff_training``."""

import numpy as np
import polars as pl

from customer_insight.company.draws import Draws
from customer_insight.company.prospects import chance_of
from customer_insight.company.sales_team import SELLING, SalesTeam, day_of
from customer_insight.data.mechanisms import mechanism


def training_table(team: SalesTeam, draws: Draws) -> pl.DataFrame:
    """Return who attended which course.

    Parameters
    ----------
    team : SalesTeam
        Of a block.
    draws : Draws
        Of the block.

    Returns
    -------
    polars.DataFrame
        One row a member of staff in a course, sorted by day and id: ``staff_id``, ``course``,
        ``held_on``, ``hours``, ``cost`` (fen), ``by_lot``.
    """
    facts, seats = mechanism("staff_training"), team.seats(*SELLING)
    constant, slope = facts["wishes"]
    parts = []
    for name, course in facts["courses"].items():
        day = np.full(len(seats), day_of(course["held_on"]))
        wish = chance_of(constant + slope * team.skill[team.holder(seats, day)])
        goes = draws.of("staff_training", name).chance(wish)
        at = seats[team.drawn[seats] if course["by_lot"] else goes]
        own = {key: pl.lit(value) for key, value in course.items()}
        ids = team.ids(at, day[: len(at)]).alias("staff_id")
        parts.append(ids.to_frame().with_columns(course=pl.lit(name), **own))
    order = ("staff_id", "course", "held_on", "hours", "cost", "by_lot")
    whole = pl.col("hours", "cost").cast(pl.Int64)
    return pl.concat(parts).select(order).with_columns(whole).sort("held_on", "staff_id")
