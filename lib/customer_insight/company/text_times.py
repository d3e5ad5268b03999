"""When people write: minutes of the day, and minutes as times."""

import numpy as np
import polars as pl

from customer_insight.company import calendar
from customer_insight.company.draws import Draws, row_edges
from customer_insight.data.mechanisms import mechanism

MINUTES = 24 * 60


def minutes_of_day(size: int, table: str, draws: Draws) -> np.ndarray:
    """Return minutes from midnight, spread as orders on the web are.

    Parameters
    ----------
    size : int
        How many.
    table : str
        It names the streams.
    draws : Draws
        Of the block.
    """
    edges = row_edges([mechanism("clock")["web"]])
    hour = draws.of(table, "hour").pick_by_row(edges, np.zeros(size, dtype=np.int64))
    return 60 * hour + draws.of(table, "minute").whole(0, 60, size)


def timestamps(minutes: np.ndarray) -> pl.Series:
    """Return minutes since the company's first midnight as times; negative ones are missing.

    Examples
    --------
    >>> timestamps(np.array([61, -1])).to_list()
    [datetime.datetime(2022, 1, 1, 1, 1), None]
    """
    micro = pl.Series("at", (calendar.FIRST_DAY * MINUTES + minutes) * 60_000_000)
    time = micro.cast(pl.Datetime("us"))
    return pl.select(pl.when(pl.Series(minutes >= 0)).then(time).alias("at")).to_series()
