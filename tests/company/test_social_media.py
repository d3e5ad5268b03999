"""Interests, follows and posts: like follows like, some move others, and the truth knows which."""

import numpy as np
import polars as pl
import pytest

from customer_insight.company import calendar
from customer_insight.company.communities import make_communities
from customer_insight.company.follows import (
    KINDS,
    draw_follows,
    follow_tables,
    page_follow_table,
)
from customer_insight.company.people import people_tables
from customer_insight.company.posts import draw_posts, followers_at, post_tables
from customer_insight.company.web_brand_posts import brand_post_table
from customer_insight.company.web_interests import TOPICS, draw_interests, interest_truth
from customer_insight.data.mechanisms import mechanism


@pytest.fixture(scope="module")
def who(block, world, draws):
    return people_tables(block, world[1], pl.Series(["search"] * 4000), draws)


@pytest.fixture(scope="module")
def interests(block, who, draws):
    return draw_interests(block, who["profiles"], draws)


@pytest.fixture(scope="module")
def communities(block, draws):
    return make_communities(block, draws)


@pytest.fixture(scope="module")
def follows(block, communities, interests, draws):
    return draw_follows(block, communities, interests, draws)


@pytest.fixture(scope="module")
def posts(block, communities, interests, follows, draws):
    return draw_posts(block, communities, interests, follows, draws)


def exposures(follows, posts, days):
    """Return each post with each follower of that day, and who posted on the topic within days."""
    of = np.lexsort((follows.follower, follows.followed))
    start = np.searchsorted(follows.followed[of], posts.person, side="left")
    count = np.searchsorted(follows.followed[of], posts.person, side="right") - start
    post = np.repeat(np.arange(len(count)), count)
    at = of[np.arange(len(post)) + np.repeat(start - np.cumsum(count) + count, count)]
    seen = follows.day[at] <= posts.day[post]
    post, at = post[seen], at[seen]
    written = {}
    for person, topic, day in zip(posts.person, posts.topic, posts.day, strict=True):
        written.setdefault((person, topic), []).append(day)
    exposed = zip(follows.follower[at], posts.topic[post], posts.day[post], strict=True)
    did = [
        any(days[0] <= then - day <= days[1] for then in written.get((person, topic), ()))
        for person, topic, day in exposed
    ]
    return post, at, np.array(did)


def test_segments_overlap_in_their_first_interests(block, interests):
    first = np.argmax(interests, axis=1)
    segment = block.habits.segment
    crossed = np.zeros((segment.max() + 1, len(TOPICS)))
    np.add.at(crossed, (segment, first), 1)
    guessed = crossed.max(axis=0).sum() / len(block)
    assert 0.25 < guessed < 0.5
    truth = interest_truth(block, interests)
    total = truth.group_by("customer_id").agg(pl.col("interest").sum())["interest"]
    assert (total - 1).abs().max() < 0.005


def test_interests_agree_with_the_attitudes_told(block, who, interests):
    facts = mechanism("interests")
    told = who["profiles"]
    place = told["customer_id"].str.slice(1).cast(pl.Int64).to_numpy()
    for topic, attitude in facts["attitude"].items():
        log = np.log(interests[place, TOPICS.index(topic)])
        answer = told[attitude].to_numpy().astype(float)
        for segment in range(7):
            own = block.habits.segment[place] == segment
            log[own] -= log[own].mean()
            answer[own] -= answer[own].mean()
        agreement = np.corrcoef(log, answer)[0, 1]
        assert 0.6 * facts["agreement"] < agreement < facts["agreement"]


def test_follows_are_of_three_kinds_and_the_truth_has_them(block, follows, communities, interests):
    tables = follow_tables(block, follows)
    assert (
        tables["social_follows"]
        .select("customer_id", "followed_id")
        .equals(tables["truth_follows"].select("customer_id", "followed_id"))
    )
    one, other = follows.follower, follows.followed
    circle, alike = (follows.kind == KINDS.index(name) for name in ("circle", "alike"))
    assert (communities.circle[one] == communities.circle[other])[circle].all()
    first = np.argmax(interests, axis=1)
    assert (first[one] == first[other])[alike].all()
    by_chance = (np.bincount(first[follows.account]) ** 2).sum() / len(follows.account) ** 2
    assert (first[one] == first[other]).mean() > 2 * by_chance
    assert (follows.day >= block.habits.first[one]).all()
    assert (follows.day < calendar.DAYS).all()
    fame = np.bincount(other, minlength=len(block))[follows.account]
    assert np.corrcoef(fame, communities.influence[follows.account])[0, 1] < 0.6


def test_the_followers_that_influence_moves_are_those_that_it_ought_to(follows, posts, communities):
    """Told the influence, the number of posts taken up is what the mechanism expects."""
    facts, echoed = mechanism("posts"), posts.echoes >= 0
    post, at, _ = exposures(follows, posts, (1, 7))
    follower = follows.follower[at]
    same = communities.circle[follower] == communities.circle[posts.person[post]]
    may = same & ~echoed[post]
    chance = np.minimum(
        facts["echo"] * communities.influence[posts.person[post]] / 1000, facts["most_echo"]
    )[may]
    expected = chance.sum()
    assert abs(echoed.sum() - expected) < 4 * np.sqrt((chance * (1 - chance)).sum())
    assert 0.04 < echoed.mean() < 0.2
    source = posts.echoes[echoed]
    assert (posts.topic[echoed] == posts.topic[source]).all()
    assert (posts.second[echoed] > posts.second[source]).all()
    assert (
        communities.circle[posts.person[echoed]] == communities.circle[posts.person[source]]
    ).all()


def test_influence_and_homophily_both_show_and_differ(follows, posts, communities):
    """Followers of a circle post on the topic after a post, not before; like others, both alike."""
    post, at, after = exposures(follows, posts, (1, 7))
    before = exposures(follows, posts, (-7, -1))[2]
    own = (posts.echoes < 0)[post]
    same = communities.circle[follows.follower[at]] == communities.circle[posts.person[post]]
    moved = after[own & same].mean() - before[own & same].mean()
    assert moved > 0.02
    others = own & ~same
    error = np.sqrt((after[others].mean() + before[others].mean()) / others.sum())
    assert abs(after[others].mean() - before[others].mean()) < 4 * error
    strong = communities.influence[posts.person[post]] > 3000
    weak = own & same & ~strong
    assert after[own & same & strong].mean() > 2 * after[weak].mean()


def test_likes_follow_followers(block, follows, posts, draws):
    facts, tables = mechanism("posts"), post_tables(block, follows, posts, draws)
    followers = followers_at(follows, posts.person, posts.day)
    slope, base = np.polyfit(followers, tables["social_posts"]["likes"].to_numpy(), 1)
    assert abs(slope - facts["likes"]) < 0.05
    assert abs(base - facts["likes_by_chance"]) < 0.15
    echo = tables["truth_posts"].join(tables["social_posts"], on="post_id")
    source = echo.join(tables["social_posts"], left_on="echoes", right_on="post_id")
    assert len(echo) == (posts.echoes >= 0).sum() > 50
    assert (source["topic"] == source["topic_right"]).all()


def test_posts_speak_of_their_topic_in_their_language(block, follows, posts, draws):
    facts = mechanism("posts")
    table = post_tables(block, follows, posts, draws)["social_posts"]
    for (topic, language), rows in table.group_by("topic", "language"):
        words = facts["words"][topic][language]
        assert rows["text"].str.contains_any(words).all()
    assert abs((table["language"] == "en").mean() - facts["english"]) < 0.03
    assert table["posted_at"].is_sorted()


def test_pages_followed_lean_on_interests(block, follows, interests, draws):
    pages = page_follow_table(block, follows, interests, draws)
    place = pages["customer_id"].str.slice(1).cast(pl.Int64).to_numpy()
    topic = np.array([TOPICS.index(name) for name in pages["topic"]])
    share = interests[place, topic].mean()
    drawn = (interests[place] ** 2).sum(axis=1).mean()
    assert (
        0.85 < share / drawn < 1.05
    )  # a page twice counts once, which takes from the first interests
    assert share > 1.3 * interests.mean()


def test_money_buys_reach_with_falling_returns(draws):
    facts, posts = mechanism("brand_posts"), brand_post_table(draws)
    paid = posts.filter(pl.col("cost") > 0)
    bought = paid["reach"] - facts["reach_unpaid"]
    slope = np.polyfit(np.log(paid["cost"]), np.log(bought), 1)[0]
    assert abs(slope - facts["returns"]) < 0.15
    clicks = paid["clicks"].sum() / paid["reach"].sum()
    assert facts["paid_clicks"] < clicks < facts["clicks"]
    assert len(posts) == 156
