"""Which articles are looked at in each session: by segment and month, by interest, and by order."""

from dataclasses import dataclass

import numpy as np

from customer_insight.company import calendar
from customer_insight.company.baskets import Goods
from customer_insight.company.choices import Choices
from customer_insight.company.draws import Draws, row_edges
from customer_insight.company.habits import SEGMENTS
from customer_insight.company.people_block import PeopleBlock
from customer_insight.company.web_interests import TOPICS
from customer_insight.company.web_sessions import Sessions
from customer_insight.company.web_visits import DAY_SECONDS, ORDER
from customer_insight.data.mechanisms import mechanism

_TAP = "refill"


@dataclass(frozen=True)
class Views:
    """Articles looked at, arrays of shape (views,), by session.

    ``session`` and ``product`` are places; ``first_category``, shape (sessions,), is the category
    for which somebody came, a place in the goods' choices.
    """

    session: np.ndarray
    product: np.ndarray
    first_category: np.ndarray


def lifts(interests: np.ndarray, choices: Choices) -> np.ndarray:
    """Return how much more somebody looks at each category than the segment does.

    Parameters
    ----------
    interests : numpy.ndarray of float, shape (people, topics)
        As `draw_interests` gives them.
    choices : Choices
        For the order of categories.

    Returns
    -------
    numpy.ndarray of float, shape (people, categories)
        1 and more.
    """
    by_topic = mechanism("web_pages")["lift"]
    lift = np.ones((len(interests), len(choices.categories)))
    for place, topic in enumerate(TOPICS):
        more = np.array([by_topic[topic].get(name, 1) - 1 for name in choices.categories])
        lift = lift + interests[:, place, None] * more[None, :]
    return lift


def draw_views(
    block: PeopleBlock,
    sessions: Sessions,
    count: np.ndarray,
    *,
    interests: np.ndarray,
    goods: Goods,
    own: Draws,
) -> Views:
    """Return the articles that people look at besides those they buy.

    Parameters
    ----------
    block : PeopleBlock
        The people.
    sessions : Sessions
        Of the same block.
    count : numpy.ndarray of int, shape (sessions,)
        Articles looked at.
    interests : numpy.ndarray of float, shape (people, topics)
        As `draw_interests` gives them.
    goods : Goods
        What can be looked at.
    own : Draws
        Of the block.

    Returns
    -------
    Views
        Strangers look like passing customers without any leaning.
    """
    choices, person = goods.choices, sessions.visits.person
    stranger = person < 0
    segment = np.where(stranger, SEGMENTS.index("passing"), block.habits.segment[person])
    month = calendar.months()[sessions.visits.second // DAY_SECONDS]
    lift = np.where(stranger[:, None], 1.0, lifts(interests, choices)[person])
    edges = row_edges(choices.category_share[segment, month] * lift)
    first = own.of("web_events", "first_category").pick_by_row(edges, np.arange(len(sessions)))
    session = np.repeat(np.arange(len(sessions)), count)
    same = mechanism("web_pages")["same_category"]
    stays = own.of("web_events", "same_category").chance(same, size=len(session))
    other = own.of("web_events", "category").pick_by_row(edges, session)
    category = np.where(stays, first[session], other)
    rows = choices.product_rows(segment[session], month[session], category)
    place = own.of("web_events", "product").pick_by_row(choices.product_edges, rows)
    return Views(session, choices.product_at[category, place], first)


def bought_views(
    block: PeopleBlock, sessions: Sessions, goods: Goods, again: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the articles of an order whose pages its session shows: the dearest lines.

    Parameters
    ----------
    block : PeopleBlock
        People and what they bought.
    sessions : Sessions
        Of the same block.
    goods : Goods
        The articles; tea on tap has no page.
    again : numpy.ndarray of bool, shape (sessions,)
        Whether the order was placed from the list of former ones, and nothing looked at.

    Returns
    -------
    session, product : numpy.ndarray of int, shape (views,)
        Places, by session.
    """
    lines, most = block.lines, mechanism("web_pages")["bought_seen"]
    session_of = np.full(len(block.purchases.person), -1)
    ordered = np.flatnonzero((sessions.visits.purpose == ORDER) & ~again)
    session_of[sessions.visits.order[ordered]] = ordered
    session = session_of[lines.order]
    has_page = (goods.products["category"] != _TAP).to_numpy()[lines.product]
    at = np.flatnonzero((session >= 0) & has_page)
    at = at[np.lexsort((lines.product[at], -lines.amount[at], session[at]))]
    session = session[at]
    turn = np.arange(len(at)) - np.searchsorted(session, session, side="left")
    return session[turn < most], lines.product[at][turn < most]
