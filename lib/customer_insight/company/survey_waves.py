"""When surveys are held: their waves, and the strata in which people are counted."""

import functools
from dataclasses import dataclass

import numpy as np

from customer_insight.company import calendar
from customer_insight.data.mechanisms import mechanism

AGE_BANDS = ("18-34", "35-54", "55 and over")
SEXES = ("f", "m")
TIERS = (1, 2, 3, 4)
STRATA = tuple(
    f"tier {tier}, {band}, {sex}" for tier in TIERS for band in AGE_BANDS for sex in SEXES
)
MARKET = "market"


@dataclass(frozen=True)
class Wave:
    """One wave of one survey.

    ``opened`` and ``closed`` are days counted from the company's first, both within the wave;
    ``share`` is in thousandths of those who may be asked.
    """

    place: int
    survey_id: str
    kind: str
    name: str
    opened: int
    closed: int
    share: int


@functools.cache
def waves() -> tuple[Wave, ...]:
    """Return all waves in the order of the mechanism.

    Returns
    -------
    tuple of Wave
        Numbered V01, V02 and so on.

    Examples
    --------
    >>> first = waves()[0]
    >>> first.survey_id, first.kind, first.name
    ('V01', 'satisfaction', '2022Q1')
    """
    facts = mechanism("survey_waves")
    return tuple(
        _wave(place, given, facts["open_days"]) for place, given in enumerate(facts["waves"])
    )


def waves_of(kind: str) -> tuple[Wave, ...]:
    """Return the waves of one kind of survey."""
    return tuple(wave for wave in waves() if wave.kind == kind)


def stratum(tier: np.ndarray, age: np.ndarray, man: np.ndarray) -> np.ndarray:
    """Return everybody's place in `STRATA`.

    Parameters
    ----------
    tier : numpy.ndarray of int, shape (n,)
        Of the city, 0 to 3.
    age : numpy.ndarray of int, shape (n,)
        Years.
    man : numpy.ndarray of bool, shape (n,)
        Men stand after women.

    Returns
    -------
    numpy.ndarray of int, shape (n,)

    Examples
    --------
    >>> STRATA[int(stratum(np.array([1]), np.array([60]), np.array([True]))[0])]
    'tier 2, 55 and over, m'
    """
    return (tier * len(AGE_BANDS) + age_band(age)) * len(SEXES) + man


def age_band(age: np.ndarray) -> np.ndarray:
    """Return everybody's place in `AGE_BANDS`, of ages in years."""
    return np.searchsorted((35, 55), age, side="right")


def _wave(place: int, given: dict, open_days: int) -> Wave:
    opened = (given["opened"] - calendar.EPOCH).days - calendar.FIRST_DAY
    return Wave(
        place=place,
        survey_id=f"V{place + 1:02d}",
        kind=given["kind"],
        name=given["wave"],
        opened=opened,
        closed=opened + open_days - 1,
        share=given["share"],
    )
