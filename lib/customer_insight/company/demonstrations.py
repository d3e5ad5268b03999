"""Demonstrations of goods in a scene of use: the table ``demonstrations``."""

import numpy as np
import polars as pl

from customer_insight.company import calendar
from customer_insight.company.draws import Draws
from customer_insight.company.ids import block_ids
from customer_insight.company.organisations import dates
from customer_insight.company.prospects import SCENES, Prospects
from customer_insight.company.prospects_stages import Way
from customer_insight.company.sales_team import SalesTeam
from customer_insight.data.mechanisms import mechanism


def demonstration_table(
    prospects: Prospects, way: Way, team: SalesTeam, *, ids: pl.Series, draws: Draws
) -> pl.DataFrame:
    """Return what qualified prospects were shown.

    Parameters
    ----------
    prospects, way, team : Prospects, Way, SalesTeam
        Of the block.
    ids : polars.Series
        Of the prospects.
    draws : Draws
        Of the block.

    Returns
    -------
    polars.DataFrame
        One row a demonstration by the last day, in the order of prospects: ``demonstration_id``,
        ``prospect_id``, ``scene``, ``product_id``, ``staff_id``, ``held_on``, ``by_lot`` (false:
        the salesperson chose whom to show something).
    """
    size = len(prospects)
    share = draws.of("demonstrations", "day").uniform(size)
    low, width = mechanism("demonstrations")["day"]
    span = prospects.ends - way.qualified
    day = way.qualified + np.floor(span * (low + width * share)).astype(np.int64)
    other = 1 + draws.of("demonstrations", "scene").whole(0, len(SCENES) - 1, size)
    scene = (prospects.scene + np.where(prospects.own_scene, 0, other)) % len(SCENES)
    lot = draws.of("demonstrations", "product").uniform(size)
    at = np.flatnonzero(prospects.qualified & prospects.shown & (day < calendar.DAYS))
    articles = [facts["products"] for facts in mechanism("prospects")["scenes"].values()]
    return pl.DataFrame(
        {
            "demonstration_id": block_ids("DM", team.number, np.arange(len(at))),
            "prospect_id": ids.gather(at),
            "scene": pl.Series(SCENES).gather(scene[at]),
            "product_id": pl.Series(
                [
                    articles[of][int(u * len(articles[of]))]
                    for of, u in zip(scene[at], lot[at], strict=True)
                ],
                dtype=pl.String,
            ),
            "staff_id": team.ids(prospects.seat[at], day[at]),
            "held_on": dates(day[at]),
            "by_lot": prospects.by_lot[at],
        }
    )
