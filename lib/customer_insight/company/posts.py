"""Posts on social media: of one's own accord, or taking up what somebody else posted."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from customer_insight.company import calendar
from customer_insight.company.communities import THOUSANDTHS, Communities
from customer_insight.company.draws import Draws, row_edges
from customer_insight.company.follows import Follows
from customer_insight.company.ids import block_ids, customer_ids
from customer_insight.company.people_block import PeopleBlock
from customer_insight.company.web_events import timestamps
from customer_insight.company.web_interests import TOPICS
from customer_insight.company.web_visits import DAY_SECONDS
from customer_insight.data.mechanisms import mechanism

LANGUAGES = ("zh", "en")
_SPAN = calendar.DAYS + 1


@dataclass(frozen=True)
class Posts:
    """Posts, arrays of shape (posts,), in the order of time.

    ``person`` is a place in the block, ``second`` counts from the company's first midnight,
    ``topic`` is a place in `TOPICS`, ``echoes`` the place of the post that is taken up, or -1.
    """

    person: np.ndarray
    second: np.ndarray
    topic: np.ndarray
    echoes: np.ndarray

    @property
    def day(self) -> np.ndarray:
        """The day of each post, counted from the company's first."""
        return self.second // DAY_SECONDS


def draw_posts(
    block: PeopleBlock,
    communities: Communities,
    interests: np.ndarray,
    follows: Follows,
    draws: Draws,
) -> Posts:
    """Return who posts when about what, and after whom.

    Parameters
    ----------
    block : PeopleBlock
        The people.
    communities : Communities
        Of the same block; only followers of the author's circle are moved.
    interests : numpy.ndarray of float, shape (people, topics)
        As `draw_interests` gives them.
    follows : Follows
        Of the same block.
    draws : Draws
        Of the company.

    Returns
    -------
    Posts
        What takes up a post is not taken up itself.
    """
    facts, own = mechanism("posts"), draws.within(block.number)
    first, shape = block.habits.first[follows.account], facts["posts_shape"]
    mean = facts["posts_a_year"] * (calendar.DAYS - first) / 365
    busy = own.of("social_posts", "rate").gamma(np.full(len(first), shape)) / shape
    person = np.repeat(
        follows.account, own.of("social_posts", "count").poisson(np.minimum(mean * busy, 40.0))
    )
    since = block.habits.first[person]
    day = since + own.of("social_posts", "day").whole(0, calendar.DAYS - since, len(person))
    topic = own.of("social_posts", "topic").pick_by_row(row_edges(interests), person)
    second = day * DAY_SECONDS + _clock(len(person), "own", own)
    source, answers, later = _answers(communities, follows, person, second, own)
    both = np.append(second, later)
    sort = np.lexsort((np.append(person, answers), both))
    place = np.empty(len(sort), dtype=np.int64)
    place[sort] = np.arange(len(sort))
    echoes = np.append(np.full(len(person), -1), place[source])
    return Posts(
        np.append(person, answers)[sort],
        both[sort],
        np.append(topic, topic[source])[sort],
        echoes[sort],
    )


def post_tables(
    block: PeopleBlock, follows: Follows, posts: Posts, draws: Draws
) -> dict[str, pl.DataFrame]:
    """Return the tables ``social_posts`` and ``truth_posts``.

    Parameters
    ----------
    block : PeopleBlock
        The people.
    follows : Follows
        Of the same block.
    posts : Posts
        Of the same block.
    draws : Draws
        Of the company.

    Returns
    -------
    dict of str to polars.DataFrame
        One row a post in the order of time; the truth has those that take up another one.
    """
    facts, own, number = mechanism("posts"), draws.within(block.number), block.number
    size = len(posts.person)
    ids = block_ids("SP", number, np.arange(size))
    english = own.of("social_posts", "language").chance(facts["english"], size=size)
    mean = facts["likes"] * followers_at(follows, posts.person, posts.day)
    echo = np.flatnonzero(posts.echoes >= 0)
    return {
        "social_posts": pl.DataFrame(
            {
                "post_id": ids,
                "customer_id": customer_ids(number, posts.person),
                "posted_at": timestamps(posts.second),
                "topic": pl.Series(TOPICS).gather(posts.topic),
                "language": pl.Series(LANGUAGES).gather(english.astype(np.int64)),
                "text": _texts(posts.topic, english, own),
                "likes": own.of("social_posts", "likes").poisson(mean + facts["likes_by_chance"]),
            }
        ),
        "truth_posts": pl.DataFrame(
            {"post_id": ids.gather(echo), "echoes": ids.gather(posts.echoes[echo])}
        ),
    }


def followers_at(follows: Follows, person: np.ndarray, day: np.ndarray) -> np.ndarray:
    """Return how many followers somebody has at the end of a day, shape of `person`."""
    keys = np.sort(follows.followed * _SPAN + follows.day)
    until = np.searchsorted(keys, person * _SPAN + day, side="right")
    return until - np.searchsorted(keys, person * _SPAN, side="left")


def _answers(
    communities: Communities, follows: Follows, person: np.ndarray, second: np.ndarray, own: Draws
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the posts taken up, by whom and when."""
    facts = mechanism("posts")
    order = np.lexsort((follows.follower, follows.followed))
    followed, follower = follows.followed[order], follows.follower[order]
    start = np.searchsorted(followed, person, side="left")
    count = np.searchsorted(followed, person, side="right") - start
    source = np.repeat(np.arange(len(person)), count)
    turn = np.arange(len(source)) - np.repeat(np.cumsum(count) - count, count)
    at = np.repeat(start, count) + turn
    answers = follower[at]
    circle = communities.circle
    moves = facts["echo"] * communities.influence[person[source]] / THOUSANDTHS
    chance = np.minimum(moves, facts["most_echo"])
    does = own.of("social_posts", "echo").chance(chance)
    does &= circle[answers] == circle[person[source]]
    does &= follows.day[order][at] <= second[source] // DAY_SECONDS
    source, answers = source[does], answers[does]
    wait = own.of("social_posts", "echo_days").geometric(np.full(len(source), facts["echo_days"]))
    day = second[source] // DAY_SECONDS + 1 + wait
    later = day * DAY_SECONDS + _clock(len(source), "echo", own)
    known = day < calendar.DAYS
    return source[known], answers[known], later[known]


def _clock(size: int, what: str, own: Draws) -> np.ndarray:
    hour = own.of("social_posts", f"{what}_hour").pick(mechanism("posts")["hours"], size)
    return hour * 3600 + own.of("social_posts", f"{what}_second").whole(0, 3600, size)


def _texts(topic: np.ndarray, english: np.ndarray, own: Draws) -> pl.Series:
    """Return a sentence on each topic with an opening and an ending."""
    facts = mechanism("posts")
    lots = {
        what: own.of("social_posts", what).uniform(len(topic)) for what in ("core", "open", "end")
    }
    parts = []
    for language, speaks in zip(LANGUAGES, (~english, english), strict=True):
        cores = [facts["words"][name][language] for name in TOPICS]
        start = np.cumsum([0, *map(len, cores)])[topic]
        sizes = np.array([len(words) for words in cores])[topic]
        every = pl.Series([word for words in cores for word in words])
        core = every.gather(start + np.floor(lots["core"] * sizes).astype(np.int64))
        opening = _any(facts["openings"][language], lots["open"])
        gap = (
            pl.when(opening == "")
            .then(pl.lit(""))
            .otherwise(pl.lit("，" if language == "zh" else " "))
        )
        text = pl.concat_str(opening, gap, core, _any(facts["endings"][language], lots["end"]))
        parts.append(pl.when(pl.Series(speaks)).then(text))
    return pl.select(pl.coalesce(parts).alias("text")).to_series()


def _any(words: list[str], lot: np.ndarray) -> pl.Series:
    return pl.Series(words).gather(np.floor(lot * len(words)).astype(np.int64))
