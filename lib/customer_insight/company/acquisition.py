"""Through which channel customers came, and what was spent to win them."""

import numpy as np
import polars as pl
from numpy.typing import ArrayLike

from customer_insight.company import calendar
from customer_insight.company.draws import Draws, row_edges
from customer_insight.company.habits import SEGMENTS
from customer_insight.company.people_block import PeopleBlock
from customer_insight.company.referrals import Referrals
from customer_insight.data.mechanisms import mechanism

CHANNELS = tuple(mechanism("acquisition")["cost"])
REFERRAL = CHANNELS.index("referral")
WALK_IN = CHANNELS.index("shop_walk_in")
MONTHS = 12 * (len(calendar.YEARS) - 1)


def acquisition_channels(block: PeopleBlock, referrals: Referrals, draws: Draws) -> np.ndarray:
    """Return the channel through which each person came, as the company books it.

    Who used a code came by referral; all others by the mix of their segment, year and city.

    Parameters
    ----------
    block : PeopleBlock
        The people.
    referrals : Referrals
        Of the same block.
    draws : Draws
        Of the company.

    Returns
    -------
    numpy.ndarray of int, shape (people,)
        Places in `CHANNELS`.
    """
    habits = block.habits
    year = np.minimum(calendar.months()[habits.first] // 12, len(calendar.YEARS) - 2)
    has_shop = habits.shop_from <= habits.first
    shape = (len(SEGMENTS), len(calendar.YEARS) - 1, 2)
    row = np.ravel_multi_index((habits.segment, year, has_shop.astype(np.int64)), shape)
    drawn = draws.of("acquisition", "channel", block.number).pick_by_row(_edges(), row)
    return np.where(referrals.code_of >= 0, REFERRAL, drawn)


def count_sign_ups(block: PeopleBlock, channels: np.ndarray) -> np.ndarray:
    """Return how many people signed up by month and channel, shape (months, channels).

    Counts of blocks are added up for `acquisition_spend`.
    """
    cell = calendar.months()[block.habits.first] * len(CHANNELS) + channels
    return np.bincount(cell, minlength=MONTHS * len(CHANNELS)).reshape(MONTHS, len(CHANNELS))


def acquisition_spend(sign_ups: ArrayLike, draws: Draws) -> pl.DataFrame:
    """Return what was spent on winning people, and how many visits it brought.

    A month's plan is the mean of the sign-ups of the months around it; spend and visits are the
    plan times the cost and the visits of one new customer, more or less.

    Parameters
    ----------
    sign_ups : array-like of int, shape (months, channels)
        Of all people of the company, by month from January 2022 and by `CHANNELS`.
    draws : Draws
        Of the company.

    Returns
    -------
    polars.DataFrame
        One row a month and channel, sorted by both: ``month`` (its first day),
        ``acquisition_channel``, ``spend`` (fen), ``visits``.

    Raises
    ------
    ValueError
        If the counts are not of that shape.
    """
    sign_ups = np.asarray(sign_ups, dtype=np.int64)
    if sign_ups.shape != (MONTHS, len(CHANNELS)):
        raise ValueError(
            f"Sign-ups must have shape {(MONTHS, len(CHANNELS))}, months by channels, and have "
            f"{sign_ups.shape}: spend would go to other months. Add up count_sign_ups of all "
            "blocks."
        )
    facts = mechanism("acquisition")
    total, months = _around(sign_ups, facts["around"])
    cost = np.array([facts["cost"][name] for name in CHANNELS])
    visits = np.array([facts["visits"][name] for name in CHANNELS])
    spread = facts["spread"]
    month = (np.repeat(np.arange(MONTHS), len(CHANNELS)) + 12 * (calendar.YEARS[0] - 1970)).astype(
        "datetime64[M]"
    )

    def moved(what: str, planned: np.ndarray) -> np.ndarray:
        lot = draws.of("acquisition", what).whole(-spread, spread + 1, planned.shape)
        return (planned * (1000 + lot) // (1000 * months)).ravel()

    return pl.DataFrame(
        {
            "month": month.astype("datetime64[D]"),
            "acquisition_channel": np.tile(np.array(CHANNELS), MONTHS),
            "spend": moved("spend", total * cost),
            "visits": moved("visits", total * visits),
        }
    )


def _around(sign_ups: np.ndarray, around: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the sign-ups of the months around each month, and how many months these are."""
    running = np.concatenate([np.zeros_like(sign_ups[:1]), np.cumsum(sign_ups, axis=0)])
    month = np.arange(MONTHS)
    start, end = np.maximum(month - around, 0), np.minimum(month + around + 1, MONTHS)
    return running[end] - running[start], (end - start)[:, None]


def _edges() -> np.ndarray:
    """Return the mix of channels by segment, year, and no shop or a shop in town."""
    facts = mechanism("acquisition")
    rows = []
    for segment in SEGMENTS:
        for year in range(len(calendar.YEARS) - 1):
            mix = [
                facts["channels"][name][segment] * facts["year_factor"][name][year]
                if name in facts["channels"]
                else 0
                for name in CHANNELS
            ]
            rows += [[0 if at == WALK_IN else weight for at, weight in enumerate(mix)], mix]
    return row_edges(rows)
