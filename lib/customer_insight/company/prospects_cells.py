"""Which customers had been prospects: what each success fixes for those that were not won."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from customer_insight.company import calendar
from customer_insight.company.content import content
from customer_insight.company.draws import Draws
from customer_insight.company.organisation_block import OrganisationBlock
from customer_insight.company.organisations import KINDS
from customer_insight.company.people_block import PeopleBlock
from customer_insight.data.mechanisms import mechanism

OCCUPATIONS = tuple(content("occupations")["occupation"])
GROUPS = (*KINDS, *OCCUPATIONS)
SOURCES = tuple(mechanism("prospects")["sources"])


@dataclass(frozen=True)
class Cells:
    """Successes, arrays of shape (cells,); those behind the last day are not customers yet.

    Attributes
    ----------
    organisation : numpy.ndarray of bool
        Else a person.
    customer : numpy.ndarray of int
        Place among the block's organisations or people.
    won : numpy.ndarray of int
        Day of the account or sign-up, counted from the company's first.
    group, source : numpy.ndarray of int
        Places in `GROUPS` and `SOURCES`.
    """

    organisation: np.ndarray
    customer: np.ndarray
    won: np.ndarray
    group: np.ndarray
    source: np.ndarray

    def __len__(self) -> int:
        return len(self.won)


def make_cells(
    block: PeopleBlock, group: OrganisationBlock, customers: pl.DataFrame, draws: Draws
) -> Cells:
    """Return the successes of a block.

    Parameters
    ----------
    block, group : PeopleBlock, OrganisationBlock
        People and organisations.
    customers : polars.DataFrame
        The block's part of the table ``customers``.
    draws : Draws
        Of the block.

    Returns
    -------
    Cells
        Organisations before people. Those of the last quarter stand a second time a quarter later,
        because the prospects of the last weeks would be missing otherwise.
    """
    facts = mechanism("prospects")
    firms, share = group.organisations, facts["people"]
    since = np.concatenate([firms.since, block.habits.first])
    organisation = np.arange(len(since)) < len(firms)
    lot = draws.of("prospects", "people").chance(share, size=len(block))
    was = np.concatenate([np.ones(len(firms), dtype=bool), lot]) & (since >= facts["first_day"])
    at = np.flatnonzero(was)
    place = np.where(organisation, np.arange(len(since)), np.arange(len(since)) - len(firms))
    occupation = customers["occupation"].replace_strict(
        OCCUPATIONS, range(len(OCCUPATIONS)), return_dtype=pl.Int64
    )
    groups = np.concatenate([firms.kind, len(KINDS) + occupation.to_numpy()])
    names = pl.concat([pl.Series(firms.lead_source), customers["acquisition_channel"]])
    sources = names.replace_strict(SOURCES, range(len(SOURCES)), return_dtype=pl.Int64)
    _, cycle = facts["cycle"]
    last = at[since[at] >= calendar.DAYS - cycle]
    both = np.concatenate([at, last])
    later = np.concatenate([np.zeros(len(at), dtype=np.int64), np.full(len(last), cycle)])
    return Cells(
        organisation=organisation[both],
        customer=place[both],
        won=since[both] + later,
        group=groups[both],
        source=sources.to_numpy()[both],
    )
