"""Who belongs together, and who moves others: circles of people that the company does not see."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from customer_insight.company.arithmetic import exp
from customer_insight.company.draws import Draws
from customer_insight.company.habits import SEGMENTS
from customer_insight.company.ids import block_ids, customer_ids
from customer_insight.company.people_block import PeopleBlock
from customer_insight.data.mechanisms import mechanism

THOUSANDTHS = 1000


@dataclass(frozen=True)
class Communities:
    """The circles of a block of people.

    Attributes
    ----------
    circle : numpy.ndarray of int, shape (people,)
        Number of everybody's circle within the block.
    influence : numpy.ndarray of int, shape (people,)
        In thousandths of the least influential, 1000 or more.
    """

    circle: np.ndarray
    influence: np.ndarray


def make_communities(block: PeopleBlock, draws: Draws) -> Communities:
    """Return everybody's circle and influence.

    Circles lie within a block and a tier of cities. Each has a segment of its own, in proportion to
    the people of the tier; somebody joins one of those with their segment, or else any circle of
    their tier.

    Parameters
    ----------
    block : PeopleBlock
        The people.
    draws : Draws
        Of the company.

    Returns
    -------
    Communities
    """
    facts, habits, number = mechanism("communities"), block.habits, block.number
    alike = habits.tier * len(SEGMENTS) + habits.segment
    people = np.bincount(habits.tier)
    circles = np.where(people > 0, np.maximum((people + facts["size"] // 2) // facts["size"], 1), 0)
    kind = _kinds(np.sort(alike), people, circles)
    start, end = (np.searchsorted(kind, alike, side=side) for side in ("left", "right"))
    joins = draws.of("communities", "joins", number).chance(facts["homophily"], size=len(block))
    joins &= end > start
    last = np.cumsum(circles)
    start = np.where(joins, start, (last - circles)[habits.tier])
    end = np.where(joins, end, last[habits.tier])
    circle = draws.of("communities", "circle", number).whole(start, end, len(block))
    drawn = draws.of("communities", "influence", number).exponential(len(block))
    grown = exp(np.minimum(drawn / facts["influence_tail"], 700.0))
    influence = np.floor(np.minimum(grown, facts["most_influence"]) * THOUSANDTHS)
    return Communities(circle, influence.astype(np.int64))


def community_truth(block: PeopleBlock, communities: Communities) -> pl.DataFrame:
    """Return everybody's circle and influence, the table ``truth_communities``.

    Parameters
    ----------
    block : PeopleBlock
        The people.
    communities : Communities
        Of the same block.

    Returns
    -------
    polars.DataFrame
        One row a person: ``customer_id``, ``circle_id``, ``influence`` (thousandths of the least).
    """
    return pl.DataFrame(
        {
            "customer_id": customer_ids(block.number, np.arange(len(block))),
            "circle_id": block_ids("K", block.number, communities.circle),
            "influence": communities.influence,
        }
    )


def _kinds(alike: np.ndarray, people: np.ndarray, circles: np.ndarray) -> np.ndarray:
    """Return tier and segment of each circle, by evenly spaced people of each tier."""
    tier = np.repeat(np.arange(len(people)), circles)
    turn = np.arange(len(tier)) - np.repeat(np.cumsum(circles) - circles, circles)
    start = (np.cumsum(people) - people)[tier]
    return alike[start + (2 * turn + 1) * people[tier] // (2 * circles[tier])]
