"""Who looks after which organisation: the table ``account_managers``."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from customer_insight.company import calendar
from customer_insight.company.draws import Draws
from customer_insight.company.organisation_block import OrganisationBlock
from customer_insight.company.organisations import SIZE_BANDS, dates, organisation_ids
from customer_insight.company.sales_team import SELLING, SalesTeam
from customer_insight.data.mechanisms import mechanism


@dataclass(frozen=True)
class Accounts:
    """The accounts that have a manager; arrays of shape (accounts,), days from the company's first.

    ``organisation`` is a place in the block, ``begins`` the first day with a manager; ``first`` and
    ``then`` are the seats before and from ``moves``.
    """

    organisation: np.ndarray
    begins: np.ndarray
    moves: np.ndarray
    first: np.ndarray
    then: np.ndarray

    def seat(self, account: np.ndarray, day: np.ndarray) -> np.ndarray:
        """Return the seat that looks after each account on each day."""
        return np.where(day < self.moves[account], self.first[account], self.then[account])


def draw_accounts(
    group: OrganisationBlock, won_by: np.ndarray, team: SalesTeam, draws: Draws
) -> Accounts:
    """Return which seat looks after which organisation when.

    Parameters
    ----------
    group : OrganisationBlock
        Organisations; those of the smallest band have no manager.
    won_by : numpy.ndarray of int, shape (organisations,)
        The seat that won each, which begins to look after it; -1 where nobody knows.
    team : SalesTeam
        Of the block.
    draws : Draws
        Of the block.

    Returns
    -------
    Accounts
    """
    facts, firms, seats = mechanism("account_managers"), group.organisations, team.seats(*SELLING)
    size = len(firms)
    begins = firms.since + facts["begins"]
    pair = draws.of("account_managers", "seat").whole(0, len(seats), (2, size))
    pair[0] = np.where(won_by >= 0, np.searchsorted(seats, won_by), pair[0])
    pair[1] = (pair[0] + 1 + pair[1] % (len(seats) - 1)) % len(seats)
    moved = draws.of("account_managers", "moved").chance(facts["moved"], size=size)
    when = begins + draws.of("account_managers", "when").whole(*facts["when"], size)
    kept = np.isin(firms.band, [SIZE_BANDS.index(name) for name in facts["bands"]])
    at = np.flatnonzero(kept & (begins < calendar.DAYS))
    return Accounts(
        organisation=at,
        begins=begins[at],
        moves=np.where(moved, when, 2 * calendar.DAYS)[at],
        first=seats[pair[0]][at],
        then=seats[pair[1]][at],
    )


def manager_table(accounts: Accounts, team: SalesTeam) -> pl.DataFrame:
    """Return who looks after whom.

    Parameters
    ----------
    accounts, team : Accounts, SalesTeam
        Of a block.

    Returns
    -------
    polars.DataFrame
        One row an organisation and member of staff over a time, sorted so: ``customer_id``,
        ``staff_id``, ``since``, ``until`` (null: still).
    """
    end = calendar.DAYS
    handed = team.joined[np.stack([accounts.first, accounts.then])]
    moves = np.minimum(accounts.moves, end)
    cuts = np.stack(
        [
            accounts.begins,
            np.clip(handed[0], accounts.begins, moves),
            np.maximum(moves, accounts.begins),
            np.clip(handed[1], np.maximum(moves, accounts.begins), end),
            np.full(len(moves), end),
        ]
    )
    account, part = np.nonzero((cuts[:-1] < cuts[1:]).T)
    since, until = cuts[part, account], cuts[part + 1, account] - 1
    return pl.DataFrame(
        {
            "customer_id": organisation_ids(team.number, accounts.organisation[account]),
            "staff_id": team.ids(accounts.seat(account, since), since),
            "since": dates(since),
            "until": dates(np.where(until < end - 1, until, -1)),
        }
    ).sort("customer_id", "since")
