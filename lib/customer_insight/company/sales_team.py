"""Who works in sales: four teams of salespeople, advisers, care, and the staff of the shops."""

import datetime as dt
from dataclasses import dataclass

import numpy as np
import polars as pl

from customer_insight.company import calendar
from customer_insight.company.content import content
from customer_insight.company.draws import Draws
from customer_insight.company.ids import block_ids
from customer_insight.company.organisations import dates
from customer_insight.company.places import Places
from customer_insight.data.mechanisms import mechanism

TEAMS = tuple(mechanism("sales_team")["size"])
WORKDAY = tuple(mechanism("sales_team")["workday"])
SELLING = tuple(name for name in TEAMS if name.startswith("sales_"))


@dataclass(frozen=True)
class SalesTeam:
    """Seats of the salespeople of a block; arrays of shape (seats,) but for the skill.

    Attributes
    ----------
    number : int
        Of the block.
    team : numpy.ndarray of int
        Place in `TEAMS`.
    joined : numpy.ndarray of int
        Day, counted from the company's first, on which whoever sits there on the last day joined;
        if that is after the first day, somebody else sat there before.
    came : numpy.ndarray of int
        Day on which that other joined, before the first day.
    skill : numpy.ndarray of float, shape (2 * seats,)
        Added to the log odds of a sale: of who sits there last, then of who sat there before.
    rewarded : numpy.ndarray of bool
        Whether the lot gave the team staged rewards.
    drawn : numpy.ndarray of bool
        Whether the lot sent the seat to the course on cases.
    """

    number: int
    team: np.ndarray
    joined: np.ndarray
    came: np.ndarray
    skill: np.ndarray
    rewarded: np.ndarray
    drawn: np.ndarray

    def __len__(self) -> int:
        return len(self.team)

    def seats(self, *teams: str) -> np.ndarray:
        """Return the seats of some teams."""
        return np.flatnonzero(np.isin(self.team, [TEAMS.index(name) for name in teams]))

    def holder(self, seat: np.ndarray, day: np.ndarray) -> np.ndarray:
        """Return the place in `skill` of who holds each seat on each day."""
        return seat + np.where(day < self.joined[seat], len(self), 0)

    def trained(self, seat: np.ndarray, day: np.ndarray) -> np.ndarray:
        """Return whether who holds each seat on each day has been to the course on cases."""
        held = course_day()
        same = self.holder(seat, day) == self.holder(seat, np.full(np.shape(seat), held))
        return self.drawn[seat] & (day >= held) & same

    def ids(self, seat: np.ndarray, day: np.ndarray) -> pl.Series:
        """Return ids of staff by seat and day."""
        return block_ids("SA", self.number, self.holder(seat, day))


def day_of(date: dt.date) -> int:
    """Return a date as a day counted from the company's first.

    Examples
    --------
    >>> day_of(dt.date(2022, 1, 3))
    2
    """
    return (date - calendar.EPOCH).days - calendar.FIRST_DAY


def course_day() -> int:
    """Return the day of the course on cases, to which the lot sent half of the salespeople."""
    return day_of(mechanism("staff_training")["courses"]["won_cases"]["held_on"])


def draw_sales_team(number: int, draws: Draws) -> SalesTeam:
    """Return the salespeople of a block.

    Parameters
    ----------
    number : int
        Of the block.
    draws : Draws
        Of the company.

    Returns
    -------
    SalesTeam
        The lot rewards half of the selling teams, and sends half of each team to the course.
    """
    facts, own = mechanism("sales_team"), draws.within(number)
    sizes = np.array([facts["size"][name] for name in TEAMS])
    team = np.repeat(np.arange(len(TEAMS)), sizes)
    selling = np.isin(team, [TEAMS.index(name) for name in SELLING])
    chosen = own.of("sales_team", "rewarded").order(len(SELLING))[: len(SELLING) // 2]
    place = np.argsort(own.of("sales_team", "drawn").order(len(team)), kind="stable")
    rank = np.array([(place[team == of] < at).sum() for of, at in zip(team, place, strict=True)])
    ago = own.of("sales_team", "joined").whole(*facts["joined"], len(team))
    return SalesTeam(
        number=number,
        team=team,
        joined=calendar.DAYS - 1 - ago,
        came=-own.of("sales_team", "came").whole(*facts["before"], len(team)),
        skill=own.of("sales_team", "skill").normal(2 * len(team)) * facts["skill"],
        rewarded=np.isin(team, [TEAMS.index(SELLING[at]) for at in chosen]),
        drawn=selling & (rank < sizes[team] // 2),
    )


def sales_staff(team: SalesTeam, draws: Draws) -> pl.DataFrame:
    """Return everybody who sat in the seats in the three years, rows of the table ``staff``.

    Parameters
    ----------
    team : SalesTeam
        Of a block.
    draws : Draws
        Of the company.

    Returns
    -------
    polars.DataFrame
        One row a person, sorted by id: ``staff_id``, ``name``, ``name_zh``, ``team``,
        ``job_title``, ``hours_a_week``, ``wage_an_hour`` (fen), ``joined_on``, ``left_on`` (null:
        still there), ``shop_id`` (null).
    """
    gone = np.flatnonzero(team.joined > 0)
    seat = np.concatenate([np.arange(len(team)), gone])
    joined = np.concatenate([team.joined, team.came[gone]])
    left = np.concatenate([np.full(len(team), -1), team.joined[gone] - 1])
    at = np.where(left < 0, calendar.DAYS - 1, left)
    names = _names(2 * len(team), "sales_staff", draws.within(team.number))
    kind = [TEAMS[place] for place in team.team[seat]]
    return _staff(team.ids(seat, at), names[team.holder(seat, at)], kind, joined, left)


def shop_staff(places: Places, draws: Draws) -> pl.DataFrame:
    """Return who works in the shops, rows of the table ``staff``: a manager and some assistants.

    Parameters
    ----------
    places : Places
        The shops.
    draws : Draws
        Of the company.

    Returns
    -------
    polars.DataFrame
        Columns as in `sales_staff`; nobody changed in the three years.
    """
    facts, shops = mechanism("sales_team"), places.shops
    per = 1 + facts["assistants"]
    shop = np.repeat(np.arange(shops.height), per)
    opened = shops["opened"].cast(pl.Int64).to_numpy()[shop] - calendar.FIRST_DAY
    wait = draws.of("shop_staff", "joined").whole(0, facts["shop_joined"], len(shop))
    joined = np.where(np.arange(len(shop)) % per == 0, opened, opened + wait)
    joined = np.minimum(joined, calendar.DAYS - 1)
    kind = np.where(np.arange(len(shop)) % per == 0, "shop_manager", "shop")
    table = _staff(
        block_ids("SH", 0, np.arange(len(shop))),
        _names(len(shop), "shop_staff", draws),
        kind.tolist(),
        joined,
        np.full(len(shop), -1),
    )
    return table.with_columns(shop_id=shops["shop_id"].gather(shop), team=pl.lit("shop"))


def _staff(
    ids: pl.Series, names: pl.DataFrame, kind: list, joined: np.ndarray, left: np.ndarray
) -> pl.DataFrame:
    facts = mechanism("sales_team")
    return pl.DataFrame(
        {
            "staff_id": ids,
            **names.to_dict(),
            "team": kind,
            "job_title": [facts["titles"][name] for name in kind],
            "hours_a_week": [facts["hours"][name] for name in kind],
            "wage_an_hour": [facts["wage"][name] for name in kind],
            "joined_on": pl.Series(joined + calendar.FIRST_DAY).cast(pl.Int32).cast(pl.Date),
            "left_on": dates(left),
        }
    ).with_columns(shop_id=pl.lit(None, pl.String))


def _names(size: int, table: str, draws: Draws) -> pl.DataFrame:
    surnames, given = content("surnames"), content("given_names")
    family = surnames[draws.of(table, "surname").pick(surnames["weight"].to_numpy(), size)]
    first = given[draws.of(table, "given_name").whole(0, given.height, size)]
    return pl.concat([family, first], how="horizontal").select(
        name=pl.concat_str("given_name", "surname", separator=" "),
        name_zh=pl.concat_str("surname_zh", "given_name_zh"),
    )
