"""The table ``web_events``: the log of pages seen, with the errors that its servers made."""

import numpy as np
import polars as pl

from customer_insight.company import calendar
from customer_insight.company.baskets import Goods
from customer_insight.company.draws import Draws
from customer_insight.company.ids import block_ids, customer_ids, order_ids
from customer_insight.company.people_block import PeopleBlock
from customer_insight.company.web_errors import error_rows
from customer_insight.company.web_pages import KINDS, ORDER_PAGE, Pages
from customer_insight.company.web_sessions import DEVICES, SOURCES, Sessions
from customer_insight.company.web_visits import DAY_SECONDS, log_start
from customer_insight.data.mechanisms import mechanism

TABLE = "web_events"


def web_event_tables(
    block: PeopleBlock, sessions: Sessions, pages: Pages, goods: Goods, draws: Draws
) -> dict[str, pl.DataFrame]:
    """Return the log of the web shop and the errors planted in it.

    Parameters
    ----------
    block : PeopleBlock
        People and what they bought.
    sessions : Sessions
        Of the same block.
    pages : Pages
        Of these sessions.
    goods : Goods
        The articles.
    draws : Draws
        Of the company.

    Returns
    -------
    dict of str to polars.DataFrame
        ``web_events``, one row a page in the order in which they were seen, and ``truth_errors``.
    """
    at, original = _arrived(pages, draws.within(block.number))
    session, second, kind = pages.session[at], pages.second[at], pages.kind[at]
    visits, number = sessions.visits, block.number
    known = sessions.logged_in[session]
    order = np.where(kind == ORDER_PAGE, visits.order[session], -1)
    shifted = _shifted(sessions, session, second)
    written = second + np.where(shifted, mechanism("web_errors")["shift_hours"] * 3600, 0)
    dwell = pl.Series(pages.dwell[at])
    frame = pl.DataFrame(
        {
            "web_event_id": block_ids("WE", number, np.arange(len(at))),
            "session_id": block_ids("WS", number, session_numbers(pages, len(sessions))[session]),
            "visitor_id": block_ids("WV", number, sessions.visitor[session]),
            "customer_id": customer_ids(number, np.where(known, visits.person[session], -1)),
            "viewed_at": timestamps(written),
            "page_kind": pl.Series(KINDS).gather(kind),
            "product_id": _named(goods.products["product_id"], pages.product[at]),
            "category": _named(pl.Series(goods.choices.categories), pages.category[at]),
            "dwell_seconds": pl.select(pl.when(dwell >= 0).then(dwell)).to_series(),
            "came_from": pl.Series(SOURCES).gather(sessions.source[session]),
            "device": pl.Series(DEVICES).gather(sessions.device[session]),
            "server": _servers(sessions.server[session]),
            "order_id": order_ids(number, order),
        }
    ).with_columns(pl.col("dwell_seconds").cast(pl.Float64))
    return {TABLE: frame, "truth_errors": _errors(frame, shifted, original, second)}


def session_numbers(pages: Pages, sessions: int) -> np.ndarray:
    """Return the number of each session in the order in which they began, shape (sessions,)."""
    first = np.searchsorted(pages.session, np.arange(sessions), side="left")
    number = np.empty(sessions, dtype=np.int64)
    number[np.argsort(pages.second[first], kind="stable")] = np.arange(sessions)
    return number


def timestamps(second: np.ndarray) -> pl.Series:
    """Return Beijing wall-clock times for seconds since the company's first midnight."""
    since_1970 = second + calendar.FIRST_DAY * DAY_SECONDS
    return pl.Series(since_1970 * 1_000_000).cast(pl.Datetime("us"))


def _arrived(pages: Pages, own: Draws) -> tuple[np.ndarray, np.ndarray]:
    """Return the pages in the order of arrival, and for a page sent twice the row of the first."""
    twice = own.of(TABLE, "sent_twice").chance(
        mechanism("web_errors")["sent_twice"], size=len(pages.session)
    )
    both = np.concatenate([np.arange(len(twice)), np.flatnonzero(twice)])
    copy = np.arange(len(both)) >= len(twice)
    sort = np.lexsort((copy, both, pages.session[both], pages.second[both]))
    copy = copy[sort]
    return both[sort], np.where(copy, np.arange(len(both)) - 1, -1)


def _shifted(sessions: Sessions, session: np.ndarray, second: np.ndarray) -> np.ndarray:
    facts = mechanism("web_errors")["shifted"]
    start, end = ((facts[name] - calendar.dates()[0]).days for name in ("from", "to"))
    day = second // DAY_SECONDS
    wrong = (day >= max(start, log_start())) & (day <= end)
    return wrong & (sessions.server[session] == facts["server"])


def _errors(
    frame: pl.DataFrame, shifted: np.ndarray, original: np.ndarray, second: np.ndarray
) -> pl.DataFrame:
    """Return the rows of ``truth_errors`` for the log."""
    ids = frame["web_event_id"]
    clock, copies = np.flatnonzero(shifted), np.flatnonzero(original >= 0)
    true_time = timestamps(second[clock]).dt.to_string("%Y-%m-%d %H:%M:%S")
    return pl.concat(
        [
            error_rows(TABLE, ids.gather(clock), "viewed_at", "clock_shift", true_time),
            error_rows(
                TABLE,
                ids.gather(copies),
                "web_event_id",
                "sent_twice",
                ids.gather(original[copies]),
            ),
        ]
    )


def _named(names: pl.Series, place: np.ndarray) -> pl.Series:
    """Return the name at each place, null for -1."""
    named = names.gather(np.maximum(place, 0))
    return pl.select(pl.when(pl.Series(place) >= 0).then(named)).to_series()


def _servers(place: np.ndarray) -> pl.Series:
    return pl.select(pl.format("web{}", pl.Series(place))).to_series()
