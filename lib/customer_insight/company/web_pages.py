"""The pages of each session in their order, and how long each is looked at."""

from dataclasses import dataclass

import numpy as np

from customer_insight.company.arithmetic import exp, ln
from customer_insight.company.baskets import Goods
from customer_insight.company.draws import Draws, row_edges
from customer_insight.company.habits import SEGMENTS
from customer_insight.company.people_block import PeopleBlock
from customer_insight.company.web_sessions import SOURCES, Sessions
from customer_insight.company.web_views import bought_views, draw_views, lifts
from customer_insight.company.web_visits import BROWSE, HELP, ORDER, PURPOSES
from customer_insight.data.mechanisms import mechanism

KINDS = ("home", "search", "category", "product", "account", "help", "cart", "order")
HOME, SEARCH, CATEGORY, PRODUCT, ACCOUNT, HELP_PAGE, CART, ORDER_PAGE = range(len(KINDS))
_FIRST, _SEEN, _BOUGHT, _CART, _ORDERED = range(5)


@dataclass(frozen=True)
class Pages:
    """Pages seen, arrays of shape (pages,), by session and then in the order of time.

    ``session`` is a place among the sessions; ``second`` counts from the company's first midnight;
    ``kind`` is a place in `KINDS`; ``product`` and ``category`` are places among the articles and
    in the choices' categories, -1 for none; ``dwell`` is in seconds, -1 on the last page of a
    session.
    """

    session: np.ndarray
    second: np.ndarray
    kind: np.ndarray
    product: np.ndarray
    category: np.ndarray
    dwell: np.ndarray


def draw_pages(
    block: PeopleBlock, sessions: Sessions, interests: np.ndarray, goods: Goods, draws: Draws
) -> Pages:
    """Return the pages of all sessions.

    Parameters
    ----------
    block : PeopleBlock
        People and what they bought.
    sessions : Sessions
        Of the same block.
    interests : numpy.ndarray of float, shape (people, topics)
        As `draw_interests` gives them.
    goods : Goods
        What can be looked at.
    draws : Draws
        Of the company.

    Returns
    -------
    Pages
        A session that led to an order ends on its order page, at the second of the order.
    """
    own, places = draws.within(block.number), np.arange(len(sessions))
    again = _orders_again(block, sessions, own)
    count = _view_counts(sessions, again, own)
    views = draw_views(block, sessions, count, interests=interests, goods=goods, own=own)
    bought_in, bought = bought_views(block, sessions, goods, again)
    carts = _carts(block, sessions, count, own)
    ordered = np.flatnonzero(sessions.visits.purpose == ORDER)
    parts = (places, views.session, bought_in, carts, ordered)
    session = np.concatenate(parts)
    step = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
    product = np.full(len(session), -1)
    product[step == _SEEN], product[step == _BOUGHT] = views.product, bought
    kind = np.array([HOME, PRODUCT, PRODUCT, CART, ORDER_PAGE])[step]
    kind[step == _FIRST] = _first_pages(sessions, again, own)
    sort = np.lexsort((step, session))
    session, kind, product = session[sort], kind[sort], product[sort]
    category = np.where(product >= 0, _category_of(goods)[product], -1)
    category = np.where(kind == CATEGORY, views.first_category[session], category)
    dwell = _dwell(sessions, lifts(interests, goods.choices), session, kind, category, own=own)
    return Pages(session, _seconds(sessions, session, dwell), kind, product, category, dwell)


def _orders_again(block: PeopleBlock, sessions: Sessions, own: Draws) -> np.ndarray:
    """Return whether an order was placed from the list of former ones; a first one never is."""
    share = mechanism("web_pages")["orders_again"]
    person = sessions.visits.person
    chance = np.array([share[name] for name in SEGMENTS])[block.habits.segment[person]]
    drawn = own.of("web_events", "orders_again").chance(chance)
    later = block.purchases.day[sessions.visits.order] > block.habits.first[person]
    return drawn & later & (sessions.visits.purpose == ORDER)


def _view_counts(sessions: Sessions, again: np.ndarray, own: Draws) -> np.ndarray:
    facts, purpose = mechanism("web_pages"), sessions.visits.purpose
    stranger = sessions.visits.person < 0
    more = facts["more_views"]
    mean = np.where(
        stranger, more["others"], np.array([more["order"], more["browse"], 0.0])[purpose]
    )
    chance = np.array([facts["bounces"][name] for name in SOURCES])[sessions.source]
    bounces = own.of("web_events", "bounces").chance(chance) & (purpose == BROWSE)
    count = own.of("web_events", "views").poisson(mean) + (purpose == BROWSE)
    return np.where(bounces | again, 0, count)


def _first_pages(sessions: Sessions, again: np.ndarray, own: Draws) -> np.ndarray:
    weights = mechanism("web_pages")["first_page"]
    edges = row_edges([weights[name] for name in SOURCES])
    first = np.array([HOME, SEARCH, CATEGORY])[
        own.of("web_events", "first_page").pick_by_row(edges, sessions.source)
    ]
    help_ = sessions.visits.purpose == HELP
    return np.select([help_, again], [HELP_PAGE, ACCOUNT], first)


def _carts(block: PeopleBlock, sessions: Sessions, count: np.ndarray, own: Draws) -> np.ndarray:
    """Return the sessions in which the cart is filled, with an order or without."""
    facts, person = mechanism("web_pages"), sessions.visits.person
    by_segment = np.array([facts["to_cart"][name] for name in SEGMENTS])
    chance = np.where(person < 0, facts["others_to_cart"], by_segment[block.habits.segment[person]])
    fills = own.of("web_events", "cart").chance(chance) & (count > 0)
    return np.flatnonzero(fills | (sessions.visits.purpose == PURPOSES.index("order")))


def _category_of(goods: Goods) -> np.ndarray:
    """Return the place of each article's category in the choices."""
    places = {name: place for place, name in enumerate(goods.choices.categories)}
    return np.array([places[name] for name in goods.products["category"]])


def _dwell(
    sessions: Sessions,
    lift: np.ndarray,
    session: np.ndarray,
    kind: np.ndarray,
    category: np.ndarray,
    *,
    own: Draws,
) -> np.ndarray:
    """Return seconds on each page: longer with interest, unknown on the last page."""
    facts = mechanism("web_pages")
    usual = np.array([facts["seconds"][name] for name in KINDS], dtype=float)[kind]
    person = sessions.visits.person[session]
    likes = np.where((person >= 0) & (kind == PRODUCT), lift[person, category], 1.0)
    z = own.of("web_events", "seconds").normal(len(kind))
    drawn = usual * exp(facts["seconds_spread"] * z + facts["interest_seconds"] * ln(likes))
    seconds = np.clip(np.rint(drawn), 1, facts["most_seconds"]).astype(np.int64)
    last = session != np.append(session[1:], -1)[: len(session)]
    return np.where(last, -1, seconds)


def _seconds(sessions: Sessions, session: np.ndarray, dwell: np.ndarray) -> np.ndarray:
    """Return when each page was opened; the last one of an order at the second of the order."""
    every = np.arange(len(sessions))
    start = np.searchsorted(session, every, side="left")
    end = np.searchsorted(session, every, side="right") - 1
    passed = np.append(0, np.cumsum(np.maximum(dwell, 0)))[:-1]
    since = passed - passed[start][session]
    length = passed[end] - passed[start]
    ordered = sessions.visits.purpose == ORDER
    begins = sessions.visits.second - np.where(ordered, length, 0)
    return begins[session] + since
