"""Who follows whom and which pages on social media: like joins like, friends and fame."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from customer_insight.company import calendar
from customer_insight.company.arithmetic import exp
from customer_insight.company.communities import THOUSANDTHS, Communities
from customer_insight.company.draws import Draws, row_edges
from customer_insight.company.habits import SEGMENTS
from customer_insight.company.ids import customer_ids
from customer_insight.company.people_block import PeopleBlock
from customer_insight.company.web_interests import TOPICS
from customer_insight.data.mechanisms import mechanism

KINDS = ("circle", "alike", "popular")


@dataclass(frozen=True)
class Follows:
    """The accounts of a block, and who follows whom.

    Attributes
    ----------
    account : numpy.ndarray of int, shape (accounts,)
        The people who linked an account, places in the block, rising.
    follower, followed : numpy.ndarray of int, shape (follows,)
        Places in the block.
    day : numpy.ndarray of int, shape (follows,)
        Since when, counted from the company's first day.
    kind : numpy.ndarray of int, shape (follows,)
        Why, a place in `KINDS`.
    """

    account: np.ndarray
    follower: np.ndarray
    followed: np.ndarray
    day: np.ndarray
    kind: np.ndarray


def draw_follows(
    block: PeopleBlock, communities: Communities, interests: np.ndarray, draws: Draws
) -> Follows:
    """Return the accounts and who follows whom.

    Somebody follows people of the circle in proportion to their influence, people of the same tier
    of cities with the same first interest evenly, and anybody in proportion to popularity, which
    has nothing to do with influence.

    Parameters
    ----------
    block : PeopleBlock
        The people.
    communities : Communities
        Of the same block.
    interests : numpy.ndarray of float, shape (people, topics)
        As `draw_interests` gives them.
    draws : Draws
        Of the company.

    Returns
    -------
    Follows
        By follower, then followed; nobody follows themselves, or somebody twice.
    """
    facts, own, segment = mechanism("social"), draws.within(block.number), block.habits.segment
    share = np.array([facts["linked"][name] for name in SEGMENTS])[segment]
    account = np.flatnonzero(own.of("social_follows", "linked").chance(share))
    count = own.of("social_follows", "count").poisson(np.full(len(account), facts["follows"]))
    follower = np.repeat(account, count)
    kind = own.of("social_follows", "kind").pick(
        [facts["kinds"][name] for name in KINDS], len(follower)
    )
    alike = block.habits.tier * len(TOPICS) + np.argmax(interests, axis=1)
    weights = (communities.influence, np.ones(len(block), dtype=np.int64), _fame(block, own))
    groups = (communities.circle, alike, np.zeros(len(block), dtype=np.int64))
    followed = np.empty(len(follower), dtype=np.int64)
    for place, (group, weight) in enumerate(zip(groups, weights, strict=True)):
        turn = kind == place
        lot = own.of("social_follows", KINDS[place]).uniform(int(turn.sum()))
        followed[turn] = _picked(account, group, weight, follower[turn], lot)
    pair, first = np.unique(follower * len(block) + followed, return_index=True)
    follower, followed = pair // len(block), pair % len(block)
    start = np.maximum(block.habits.first[follower], block.habits.first[followed])
    day = start + own.of("social_follows", "day").whole(0, calendar.DAYS - start, len(pair))
    others = follower != followed
    return Follows(account, *(part[others] for part in (follower, followed, day, kind[first])))


def follow_tables(block: PeopleBlock, follows: Follows) -> dict[str, pl.DataFrame]:
    """Return the tables ``social_follows`` and ``truth_follows``.

    Parameters
    ----------
    block : PeopleBlock
        The people.
    follows : Follows
        Of the same block.

    Returns
    -------
    dict of str to polars.DataFrame
        One row a follow; the truth adds why.
    """
    number = block.number
    pairs = {
        "customer_id": customer_ids(number, follows.follower),
        "followed_id": customer_ids(number, follows.followed),
    }
    since = (follows.day + calendar.FIRST_DAY).astype("datetime64[D]")
    return {
        "social_follows": pl.DataFrame({**pairs, "followed_on": since}),
        "truth_follows": pl.DataFrame({**pairs, "kind": pl.Series(KINDS).gather(follows.kind)}),
    }


def page_follow_table(
    block: PeopleBlock, follows: Follows, interests: np.ndarray, draws: Draws
) -> pl.DataFrame:
    """Return which pages of others people follow, by their interests.

    Parameters
    ----------
    block : PeopleBlock
        The people.
    follows : Follows
        For the accounts.
    interests : numpy.ndarray of float, shape (people, topics)
        As `draw_interests` gives them.
    draws : Draws
        Of the company.

    Returns
    -------
    polars.DataFrame
        One row a person and page: ``customer_id``, ``page``, ``topic``, ``followed_on``.
    """
    facts, own = mechanism("social"), draws.within(block.number)
    mean = np.full(len(follows.account), facts["page_follows"])
    person = np.repeat(follows.account, own.of("page_follows", "count").poisson(mean))
    topic = own.of("page_follows", "topic").pick_by_row(row_edges(interests), person)
    weights = facts["page_weights"]
    page = topic * len(weights) + own.of("page_follows", "page").pick(weights, len(person))
    names = [name for topic_name in TOPICS for name in facts["pages"][topic_name]]
    pair = np.unique(person * len(names) + page)
    person, page = pair // len(names), pair % len(names)
    start = block.habits.first[person]
    day = start + own.of("page_follows", "day").whole(0, calendar.DAYS - start, len(pair))
    return pl.DataFrame(
        {
            "customer_id": customer_ids(block.number, person),
            "page": pl.Series(names).gather(page),
            "topic": pl.Series(TOPICS).gather(page // len(weights)),
            "followed_on": (day + calendar.FIRST_DAY).astype("datetime64[D]"),
        }
    )


def _fame(block: PeopleBlock, own: Draws) -> np.ndarray:
    """Return everybody's popularity in thousandths of the least popular."""
    facts = mechanism("social")
    drawn = own.of("social_follows", "fame").exponential(len(block)) / facts["popular_tail"]
    fame = np.minimum(exp(np.minimum(drawn, 700.0)), facts["most_popular"])
    hunts = block.habits.segment == SEGMENTS.index("bargain")
    fame = fame * np.where(hunts, facts["popular_in_bargain"], 1)
    return np.floor(fame * THOUSANDTHS).astype(np.int64)


def _picked(
    account: np.ndarray,
    group: np.ndarray,
    weight: np.ndarray,
    follower: np.ndarray,
    lot: np.ndarray,
) -> np.ndarray:
    """Return an account of each follower's group by weight; it may be the follower's own."""
    order = account[np.argsort(group[account], kind="stable")]
    running = np.append(0, np.cumsum(weight[order]))
    sorted_group = group[order]
    start, end = (
        running[np.searchsorted(sorted_group, group[follower], side=side)]
        for side in ("left", "right")
    )
    drawn = start + np.floor(lot * (end - start)).astype(np.int64)
    return order[np.searchsorted(running, drawn, side="right") - 1]
