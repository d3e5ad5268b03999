"""Who buys how: everybody's segment and the hidden numbers behind their purchases."""

from dataclasses import dataclass

import numpy as np

from customer_insight.company import calendar
from customer_insight.company.arithmetic import power
from customer_insight.company.draws import Draws
from customer_insight.data.mechanisms import mechanism

NEVER = 10**6


@dataclass(frozen=True)
class Habits:
    """The hidden numbers of one block of people, arrays of shape (people,).

    Attributes
    ----------
    segment, season, stages : int
        Places in the lists of segments and of seasons; stages between two orders.
    tier : int
        Of the city, 0 to 3.
    first : int
        Day of sign-up and first order, counted from the company's first day.
    orders : bool
        Whether they ever order.
    rate : float
        Orders a year on usual days; of steady buyers, their BG/NBD rate.
    leaving : float
        Chance of leaving on a day for reasons of one's own; 0 for steady buyers.
    leaves_after : float
        Steady buyers' chance of leaving after a repeat purchase; 0 for others.
    spend : float
        Steady buyers' mean amount in fen, others' size of basket (1 is usual).
    web_share : float
        Share of orders on the web where a shop in town is open.
    shop_from : int
        Day from which one is; before it all is bought on the web.
    """

    segment: np.ndarray
    season: np.ndarray
    stages: np.ndarray
    tier: np.ndarray
    first: np.ndarray
    orders: np.ndarray
    rate: np.ndarray
    leaving: np.ndarray
    leaves_after: np.ndarray
    spend: np.ndarray
    web_share: np.ndarray
    shop_from: np.ndarray

    @property
    def steady(self) -> np.ndarray:
        """Whether somebody is a steady buyer, shape (people,)."""
        return self.segment == SEGMENTS.index("steady")

    def of(self, people: np.ndarray) -> "Habits":
        """Return the habits of some of the people, given by their places."""
        return Habits(**{name: values[people] for name, values in vars(self).items()})

    def __len__(self) -> int:
        return len(self.segment)


SEGMENTS = tuple(mechanism("segments")["share"])


def draw_habits(tier: np.ndarray, shop_from: np.ndarray, draws: Draws) -> Habits:
    """Return the habits of a block of people.

    Parameters
    ----------
    tier : numpy.ndarray of int, shape (people,)
        Tier of everybody's city, 0 to 3.
    shop_from : numpy.ndarray of int, shape (people,)
        Day from which that city has a shop of the company, counted from the company's first.
    draws : Draws
        Of the block.

    Returns
    -------
    Habits
    """
    facts = mechanism("segments")
    size = len(tier)
    segment = draws.of("people", "segment").pick(list(facts["share"].values()), size)
    rate = _rates(segment, tier, draws)
    steady = segment == SEGMENTS.index("steady")
    coin = mechanism("steady")
    leaves_after = draws.of("people", "leaves_after").beta(
        np.full(size, coin["a"]), np.full(size, coin["b"])
    )
    web = np.array([facts["web_share"][name] for name in SEGMENTS], dtype=float)[segment]
    web_share = draws.of("people", "web_share").beta(web[:, 0], web[:, 1])
    seasons = [calendar.season_types().index(facts["season"][name]) for name in SEGMENTS]
    return Habits(
        segment=segment,
        season=np.array(seasons)[segment],
        stages=_by_segment(facts["stages"], 1)[segment].astype(np.int64),
        tier=tier,
        first=_arrivals(size, draws),
        orders=steady
        | ~draws.of("people", "never").chance(mechanism("arrival")["never_orders"], size=size),
        rate=rate,
        leaving=np.where(steady, 0.0, _leaving(segment, draws)),
        leaves_after=np.where(steady, leaves_after, 0.0),
        spend=_spend(segment, rate, draws),
        web_share=web_share,
        shop_from=shop_from,
    )


def _arrivals(size: int, draws: Draws) -> np.ndarray:
    facts = mechanism("arrival")
    season = calendar.busyness()[calendar.season_types().index(facts["season"])]
    growth = [facts["growth"].get(date.year, 0) for date in calendar.dates()]
    return np.sort(draws.of("people", "arrival").pick(season * np.array(growth), size))


def _rates(segment: np.ndarray, tier: np.ndarray, draws: Draws) -> np.ndarray:
    facts, steady = mechanism("segments"), mechanism("steady")
    shape = _by_segment(facts["rate_shape"], steady["r"])[segment]
    drawn = draws.of("people", "rate").gamma(shape)
    mean = _by_segment(facts["orders_per_year"], 0)[segment]
    others = drawn / shape * mean * np.array(facts["tier_factor"])[tier]
    own = drawn / steady["alpha"] * (365 / 7)
    return np.where(segment == SEGMENTS.index("steady"), own, others)


def _leaving(segment: np.ndarray, draws: Draws) -> np.ndarray:
    facts = mechanism("segments")
    shape = facts["leaving_shape"]
    drawn = draws.of("people", "leaving").gamma(np.full(len(segment), shape))
    per_day = drawn / shape * _by_segment(facts["leaves_per_year"], 0)[segment] / 365
    return np.minimum(per_day, 0.5)


def _spend(segment: np.ndarray, rate: np.ndarray, draws: Draws) -> np.ndarray:
    facts, steady = mechanism("segments"), mechanism("steady")
    is_steady = segment == SEGMENTS.index("steady")
    shape = np.where(is_steady, steady["q"], facts["pieces_shape"])
    drawn = draws.of("people", "spend").gamma(shape)
    mean = _by_segment(facts["orders_per_year"], 1)[segment]
    falls = _by_segment(facts["spend_falls_with_rate"], 0)[segment]
    relative = np.maximum(np.where(is_steady, 1.0, rate / mean), 0.01)
    own = steady["p"] * steady["v"] / np.maximum(drawn, 1e-9)
    return np.where(is_steady, own, drawn / shape * power(relative, -falls))


def _by_segment(values: dict, steady: float) -> np.ndarray:
    return np.array([values.get(name, steady) for name in SEGMENTS], dtype=float)
