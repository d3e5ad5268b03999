"""Who works in the service: the desk of a block of people, and the back offices."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from customer_insight.company import calendar
from customer_insight.company.content import content
from customer_insight.company.draws import Draws
from customer_insight.company.ids import block_ids
from customer_insight.data.mechanisms import mechanism

DESK, BACK_OFFICE = "V", "B"


@dataclass(frozen=True)
class Team:
    """Seats of the desk of a block, or of the back offices; arrays of shape (seats,).

    Attributes
    ----------
    kind : numpy.ndarray of str
        "phone", "chat", "audit" or "back_office".
    joined : numpy.ndarray of int
        Day counted from the company's first on which whoever sits there on the last day joined;
        if that is after the first day, somebody else sat there before.
    came : numpy.ndarray of int
        Day on which that other joined, before the first day.
    personal : numpy.ndarray of float
        Chance that a request is made personal.
    skill : numpy.ndarray of float
        Added to the chance to keep an item of the checklist.
    """

    letter: str
    number: int
    kind: np.ndarray
    joined: np.ndarray
    came: np.ndarray
    personal: np.ndarray
    skill: np.ndarray

    def of(self, kind: str) -> np.ndarray:
        """Return the seats of a kind."""
        return np.flatnonzero(self.kind == kind)

    def ids(self, seats: np.ndarray, day: np.ndarray) -> pl.Series:
        """Return ids of staff by seat and day (counted from the company's first); null for -1."""
        before = np.where(day < self.joined[seats], len(self.kind), 0)
        return block_ids(self.letter, self.number, np.where(seats >= 0, seats + before, -1))


def draw_desk(number: int, draws: Draws) -> Team:
    """Return the desk of a block of people.

    Parameters
    ----------
    number : int
        Of the block.
    draws : Draws
        Of the company.

    Returns
    -------
    Team
    """
    kinds = mechanism("service_team")["size"]
    return _draw(DESK, number, np.repeat(list(kinds), list(kinds.values())), draws.within(number))


def draw_back_office(draws: Draws) -> Team:
    """Return the back offices: the first site's seats, then the other's."""
    size = sum(mechanism("service_team")["back_office"].values())
    return _draw(BACK_OFFICE, 0, np.full(size, "back_office"), draws)


def staff_table(team: Team, draws: Draws) -> pl.DataFrame:
    """Return everybody who sat in a team's seats in the three years, rows of the table ``staff``.

    Parameters
    ----------
    team : Team
        A desk, or the back offices.
    draws : Draws
        Of the company.

    Returns
    -------
    polars.DataFrame
        One row a person, sorted by id: ``staff_id``, ``name``, ``name_zh``, ``team``,
        ``job_title``, ``shop_id`` (null), ``hours_a_week``, ``wage_an_hour`` (fen), ``joined_on``,
        ``left_on`` (null: still there).
    """
    facts, seats = mechanism("service_team"), np.arange(len(team.kind))
    gone = np.flatnonzero(team.joined > 0)
    seat = np.concatenate([seats, gone])
    joined = np.concatenate([team.joined, team.came[gone]])
    left = np.concatenate([np.full(len(seats), calendar.DAYS), team.joined[gone] - 1])
    kind = team.kind[seat]
    frame = pl.DataFrame(
        {
            "staff_id": team.ids(seat, left - 1),
            **_names(team, draws)[np.concatenate([seats, len(seats) + gone])].to_dict(),
            "team": kind,
            "job_title": [facts["titles"][name] for name in kind],
            "hours_a_week": [facts["hours"][name] for name in kind],
            "wage_an_hour": [facts["wage"][name] for name in kind],
            "joined_on": (joined + calendar.FIRST_DAY).astype("datetime64[D]"),
            "left_on": (left + calendar.FIRST_DAY).astype("datetime64[D]"),
        }
    )
    known = pl.Series(left < calendar.DAYS)
    return frame.with_columns(
        pl.when(known).then("left_on").alias("left_on"), shop_id=pl.lit(None, pl.String)
    )


def _draw(letter: str, number: int, kind: np.ndarray, draws: Draws) -> Team:
    facts, name = mechanism("service_team"), f"service_team_{letter}"
    size, (low, high) = len(kind), facts["personal"]
    return Team(
        letter=letter,
        number=number,
        kind=kind,
        joined=calendar.DAYS - 1 - draws.of(name, "joined").whole(*facts["joined"], size),
        came=-draws.of(name, "came").whole(*facts["before"], size),
        personal=low + (high - low) * draws.of(name, "personal").uniform(size),
        skill=draws.of(name, "skill").normal(size) * facts["skill"],
    )


def _names(team: Team, draws: Draws) -> pl.DataFrame:
    """Return a name for everybody who might have sat there: two a seat."""
    surnames, given = content("surnames"), content("given_names")
    own, size = draws.within(team.number), 2 * len(team.kind)
    name = f"service_team_{team.letter}"
    family = surnames[own.of(name, "surname").pick(surnames["weight"].to_numpy(), size)]
    first = given[own.of(name, "given_name").whole(0, given.height, size)]
    return pl.concat([family, first], how="horizontal").select(
        name=pl.concat_str("given_name", "surname", separator=" "),
        name_zh=pl.concat_str("surname_zh", "given_name_zh"),
    )
