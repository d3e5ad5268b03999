"""The tables ``surveys`` and ``survey_frame``: whom each survey is about, and what it cost."""

import datetime as dt

import numpy as np
import polars as pl

from customer_insight.company import calendar
from customer_insight.company.content import content
from customer_insight.company.people_block import PeopleBlock
from customer_insight.company.survey_invitations import CHANNELS, population, strata_of
from customer_insight.company.survey_waves import AGE_BANDS, MARKET, SEXES, STRATA, TIERS, waves
from customer_insight.data.mechanisms import mechanism


def count_frame(
    block: PeopleBlock, customers: pl.DataFrame, invitations: pl.DataFrame
) -> np.ndarray:
    """Return a block's people by stratum and its invitations by channel, to be summed over blocks.

    Parameters
    ----------
    block : PeopleBlock
        People and what they bought.
    customers : polars.DataFrame
        The block's part of the table ``customers``.
    invitations : polars.DataFrame
        The block's part of the table ``survey_invitations``.

    Returns
    -------
    numpy.ndarray of int, shape (waves, strata + channels)
        As `frame_tables` takes their sum.
    """
    counts = np.zeros((len(waves()), len(STRATA) + len(CHANNELS)), dtype=np.int64)
    for wave in waves():
        if wave.kind != MARKET:
            who = population(block, wave)
            strata = strata_of(block, customers, wave.opened)[who]
            counts[wave.place, : len(STRATA)] = np.bincount(strata, minlength=len(STRATA))
        asked = invitations.filter(pl.col("survey_id") == wave.survey_id)
        for place, channel in enumerate(CHANNELS):
            counts[wave.place, len(STRATA) + place] = (asked["channel"] == channel).sum()
    return counts


def frame_tables(counts: np.ndarray) -> dict[str, pl.DataFrame]:
    """Return the tables ``surveys`` and ``survey_frame``.

    Parameters
    ----------
    counts : numpy.ndarray of int, shape (waves, strata + channels)
        Sum of what `count_frame` gives for each block.

    Returns
    -------
    dict of str to polars.DataFrame
        ``surveys``: one row a wave; ``survey_frame``: one row a wave and stratum with people in it.
    """
    people = counts[:, : len(STRATA)].copy()
    people[[wave.place for wave in waves() if wave.kind == MARKET]] = _residents()
    facts = mechanism("survey_waves")
    each = np.array([facts["cost_each"][name] for name in CHANNELS])
    fixed = np.array([facts["fixed_cost"][wave.kind] for wave in waves()])
    cost = fixed + (counts[:, len(STRATA) :] * each).sum(axis=1)
    surveys = pl.DataFrame(
        {
            "survey_id": [wave.survey_id for wave in waves()],
            "kind": [wave.kind for wave in waves()],
            "wave": [wave.name for wave in waves()],
            "opened_on": [_date(wave.opened) for wave in waves()],
            "closed_on": [_date(wave.closed) for wave in waves()],
            "population": people.sum(axis=1),
            "cost": cost,
        }
    )
    return {"surveys": surveys, "survey_frame": _frame(people)}


def _frame(people: np.ndarray) -> pl.DataFrame:
    wave, place = np.nonzero(people)
    band, tier = place // len(SEXES) % len(AGE_BANDS), place // len(SEXES) // len(AGE_BANDS)
    return pl.DataFrame(
        {
            "survey_id": pl.Series([wave.survey_id for wave in waves()]).gather(wave),
            "stratum": pl.Series(STRATA).gather(place),
            "tier": np.array(TIERS)[tier],
            "age_band": pl.Series(AGE_BANDS).gather(band),
            "sex": pl.Series(SEXES).gather(place % len(SEXES)),
            "people": people[wave, place],
        }
    )


def _residents() -> np.ndarray:
    """Return adults in the three cities of the market survey by stratum, shape (strata,)."""
    facts = mechanism("market_survey")
    cities = content("cities").filter(pl.col("city_id").is_in(facts["cities"]))
    adults = np.zeros(len(TIERS), dtype=np.int64)
    for tier, residents in cities.select("tier", "population_10k").iter_rows():
        adults[tier - 1] += residents * 10_000 * facts["adults"] // 1000
    bands = adults[:, None] * np.array(facts["age_bands"])[None, :] // 1000
    return np.repeat(bands.ravel() // len(SEXES), len(SEXES))


def _date(day: int) -> dt.date:
    return calendar.dates()[day]
