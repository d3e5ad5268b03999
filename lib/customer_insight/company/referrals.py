"""Who came through whom: what the company sees of it, and what really happened."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from customer_insight.company import calendar
from customer_insight.company.arithmetic import exp
from customer_insight.company.communities import THOUSANDTHS, Communities
from customer_insight.company.draws import Draws
from customer_insight.company.habits import SEGMENTS
from customer_insight.company.ids import block_ids, customer_ids
from customer_insight.company.people_block import PeopleBlock
from customer_insight.data.mechanisms import mechanism

KINDS = ("caused_with_code", "caused_without_code", "code_only")
_SPAN = calendar.DAYS + 1000


@dataclass(frozen=True)
class Referrals:
    """Who came through whom, arrays of shape (people,): places within the block, -1 for nobody.

    ``caused_by`` is who really won somebody, ``code_of`` whose code was used at sign-up.
    """

    caused_by: np.ndarray
    code_of: np.ndarray


@dataclass(frozen=True)
class _Pairs:
    """Customers of a circle and who signed up later in it, sorted by the latter.

    ``earlier`` and ``later`` are places in the block; of each of the people, ``first`` is the first
    pair in which they are the later one, and ``last`` the one after the last.
    """

    earlier: np.ndarray
    later: np.ndarray
    first: np.ndarray
    last: np.ndarray


def draw_referrals(block: PeopleBlock, communities: Communities, draws: Draws) -> Referrals:
    """Return who was won by whom, and whose codes were used.

    Somebody's arrival is caused with chance ``1 - exp(-talk * influence)``, the influence being
    that of all earlier customers of the circle, each one's lessened by late pains and an idle
    account, and by one of them in proportion. Of the others some use the code of a customer of the
    circle.

    Parameters
    ----------
    block : PeopleBlock
        People and what they bought.
    communities : Communities
        Of the same block.
    draws : Draws
        Of the company.

    Returns
    -------
    Referrals
        Nobody is referred by who was no customer on that day.
    """
    facts, number, size = mechanism("referrals"), block.number, len(block)
    pairs = _pairs(block, communities)
    segment = block.habits.segment
    moved = np.append(0, np.cumsum(_moves(block, communities, pairs)))
    total = moved[pairs.last] - moved[pairs.first]
    caused = draws.of("referrals", "caused", number).chance(
        1 - exp(-np.minimum(facts["talk"] * total / THOUSANDTHS, 700.0))
    )
    causer = _picked(pairs, moved, draws, "causer", number)
    posts = np.array([facts["posts_codes"][name] for name in SEGMENTS])[segment]
    posted = np.append(0, np.cumsum(posts[pairs.earlier]))
    poster = _picked(pairs, posted, draws, "poster", number)
    with_code = draws.of("referrals", "with_code", number).chance(facts["with_code"], size=size)
    hunts = draws.of("referrals", "code_only", number).chance(
        np.array([facts["code_only"][name] for name in SEGMENTS])[segment]
    )
    caused_by = np.where(caused, causer, -1)
    code_of = np.where(caused, np.where(with_code, causer, -1), np.where(hunts, poster, -1))
    return Referrals(caused_by, code_of)


def referral_table(block: PeopleBlock, referrals: Referrals) -> pl.DataFrame:
    """Return what the company sees of referrals: codes used at sign-up, and rewards paid.

    Parameters
    ----------
    block : PeopleBlock
        The people.
    referrals : Referrals
        Of the same block.

    Returns
    -------
    polars.DataFrame
        One row a code used, sorted by day: ``referral_id``, ``referrer_id``, ``referred_id``,
        ``day``, ``reward`` (fen; 0 if the referred person never ordered).
    """
    referred = np.flatnonzero(referrals.code_of >= 0)
    ordered = block.habits.orders[referred]
    return pl.DataFrame(
        {
            "referral_id": block_ids("F", block.number, np.arange(len(referred))),
            "referrer_id": customer_ids(block.number, referrals.code_of[referred]),
            "referred_id": customer_ids(block.number, referred),
            "day": (block.habits.first[referred] + calendar.FIRST_DAY).astype("datetime64[D]"),
            "reward": np.where(ordered, mechanism("referrals")["reward"], 0),
        }
    )


def referral_truth(block: PeopleBlock, referrals: Referrals) -> pl.DataFrame:
    """Return the table ``truth_referrals``: why those came who were won, or used a code.

    Parameters and order are as in `referral_table`; columns ``referred_id``, ``caused_by``,
    ``code_of`` (customers, null for nobody) and ``kind``.
    """
    caused_by, code_of = referrals.caused_by, referrals.code_of
    referred = np.flatnonzero((caused_by >= 0) | (code_of >= 0))
    caused_by, code_of = caused_by[referred], code_of[referred]
    kind = np.select([caused_by < 0, code_of < 0], [2, 1], 0)
    return pl.DataFrame(
        {
            "referred_id": customer_ids(block.number, referred),
            "caused_by": customer_ids(block.number, caused_by),
            "code_of": customer_ids(block.number, code_of),
            "kind": pl.Series(KINDS).gather(kind),
        }
    )


def _pairs(block: PeopleBlock, communities: Communities) -> _Pairs:
    """Return all pairs of which the earlier one was a customer when the later one signed up."""
    first = block.habits.first
    order = np.lexsort((np.arange(len(block)), first, communities.circle))
    circle = communities.circle[order]
    start = np.searchsorted(circle, circle, side="left")
    before = np.arange(len(order)) - start
    later = np.repeat(order, before)
    offset = np.arange(len(later)) - np.repeat(np.cumsum(before) - before, before)
    earlier = order[np.repeat(start, before) + offset]
    customer = (first[earlier] < first[later]) & (block.left[earlier] >= first[later])
    earlier, later = earlier[customer], later[customer]
    sort = np.lexsort((earlier, later))
    later = later[sort]
    people = np.arange(len(block))
    return _Pairs(
        earlier[sort],
        later,
        np.searchsorted(later, people, side="left"),
        np.searchsorted(later, people, side="right"),
    )


def _moves(block: PeopleBlock, communities: Communities, pairs: _Pairs) -> np.ndarray:
    """Return how much each earlier one moves the later one, in thousandths."""
    facts, bought = mechanism("referrals"), block.purchases
    satisfaction = np.array(facts["satisfaction"])
    hurt = bought.outcomes.hurts.any(axis=1)
    day = block.habits.first[pairs.later]
    pains = _orders_before(block, hurt, pairs.earlier, day, facts["pains_within"])
    orders = _orders_before(block, np.ones_like(hurt), pairs.earlier, day, facts["orders_within"])
    speaks = satisfaction[np.minimum(pains, len(satisfaction) - 1)]
    speaks = speaks * np.where(orders > 0, THOUSANDTHS, facts["idle"]) // THOUSANDTHS
    return communities.influence[pairs.earlier] * speaks // THOUSANDTHS


def _orders_before(
    block: PeopleBlock, which: np.ndarray, person: np.ndarray, day: np.ndarray, within: int
) -> np.ndarray:
    """Return how many of those orders somebody placed in so many days before a day."""
    bought = block.purchases
    keys = np.sort(bought.person[which] * _SPAN + bought.day[which])
    until = np.searchsorted(keys, person * _SPAN + day, side="left")
    since = np.searchsorted(keys, person * _SPAN + np.maximum(day - within, 0), side="left")
    return until - since


def _picked(pairs: _Pairs, running: np.ndarray, draws: Draws, what: str, number: int) -> np.ndarray:
    """Return for everybody one of the earlier customers by weight, -1 where there is none."""
    total = running[pairs.last] - running[pairs.first]
    drawn = draws.of("referrals", what, number).whole(0, np.maximum(total, 1), len(total))
    place = np.searchsorted(running, running[pairs.first] + drawn, side="right") - 1
    some = total > 0
    picked = np.full(len(total), -1)
    picked[some] = pairs.earlier[place[some]]
    return picked
