"""Questions before a purchase, answered as expert or as adviser: the table ``advice_queries``."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from customer_insight.company import calendar
from customer_insight.company.baskets import Goods
from customer_insight.company.draws import Draws, row_edges
from customer_insight.company.ids import block_ids, customer_ids, order_ids
from customer_insight.company.people_block import PeopleBlock
from customer_insight.company.sales_team import SalesTeam
from customer_insight.company.text_times import MINUTES, timestamps
from customer_insight.data.mechanisms import Mechanism, mechanism

ROLES = ("expert", "adviser")
LANGUAGES = ("zh", "en")
CARRIES = "hiking", "high_mountain", "travel"
_CATEGORY = "sleeping_bag"


@dataclass(frozen=True)
class _Queries:
    """Questions, arrays of shape (questions,): ``order`` is -1 where nothing was bought."""

    person: np.ndarray
    order: np.ndarray
    product: np.ndarray
    asked: np.ndarray
    role: np.ndarray
    fits: np.ndarray


def advice_table(
    block: PeopleBlock, goods: Goods, returns: pl.DataFrame, *, team: SalesTeam, draws: Draws
) -> pl.DataFrame:
    """Return what people asked before they bought a sleeping bag, or did not.

    Behind each purchase stand as many questions without one as the role's share of buyers says;
    role and fit of the bag are drawn by what is known of it: whether it came back.

    Parameters
    ----------
    block : PeopleBlock
        People and what they bought.
    goods : Goods
        The articles.
    returns : polars.DataFrame
        The block's part of the table ``returns``.
    team : SalesTeam
        Of the block.
    draws : Draws
        Of the block.

    Returns
    -------
    polars.DataFrame
        One row a question in the order of time: ``query_id``, ``customer_id``, ``asked_at``,
        ``language``, ``text``, ``trip``, ``lowest_c`` (degrees), ``body_length_cm``, ``carries``,
        ``budget`` (fen), ``role``, ``staff_id``, ``product_id`` (advised), ``order_id`` (null:
        nothing was bought).
    """
    queries = _queries(block, goods, returns, draws)
    facts, size, seats = mechanism("advice"), len(queries.person), team.seats("advice")
    products = goods.products[queries.product]
    trip, cold, length, budget = _wants(queries, products, draws)
    seat = seats[draws.of("advice", "seat").whole(0, len(seats), size)]
    english = ~draws.of("advice", "language").chance(facts["chinese"], size=size)
    language = english.astype(np.int64)
    day = queries.asked // MINUTES
    lot = draws.of("advice", "text").uniform(size)
    told = zip(trip, cold, length, budget // 100, strict=True)
    texts = [_text(facts, *row) for row in zip(language, lot, told, strict=True)]
    frame = pl.DataFrame(
        {
            "query_id": block_ids("AQ", block.number, np.arange(size)),
            "customer_id": customer_ids(block.number, queries.person),
            "asked_at": timestamps(queries.asked),
            "language": pl.Series(LANGUAGES).gather(language),
            "text": pl.Series(texts, dtype=pl.String),
            "trip": trip,
            "lowest_c": cold,
            "body_length_cm": length,
            "carries": trip.is_in(CARRIES),
            "budget": budget,
            "role": pl.Series(ROLES).gather(queries.role),
            "staff_id": team.ids(seat, day),
            "product_id": products["product_id"],
            "order_id": order_ids(block.number, queries.order),
        }
    )
    return frame


def _queries(block: PeopleBlock, goods: Goods, returns: pl.DataFrame, draws: Draws) -> _Queries:
    facts, lines, bought = mechanism("advice"), block.lines, block.purchases
    bag = (goods.products["category"] == _CATEGORY).to_numpy()
    order, first = np.unique(lines.order[bag[lines.product]], return_index=True)
    product = lines.product[bag[lines.product]][first]
    began = draws.of("advice", "asked").chance(facts["asked"], size=len(order))
    before = draws.of("advice", "before").whole(*facts["before"], len(order))
    asked = (bought.day[order] - before) * MINUTES + _minutes(len(order), "minute", draws)
    same_day = bought.day[order] * MINUTES + bought.minute[order] - facts["reading"]
    asked = np.minimum(asked, same_day)
    at = np.flatnonzero(began & (asked >= 0))
    order, product, asked = order[at], product[at], asked[at]
    back = order_ids(block.number, order).is_in(returns["order_id"].implode()).to_numpy()
    role, fits = _roles(back, draws)
    buys = np.array([facts[name]["buys"] for name in ROLES])
    many = draws.of("advice", "without").geometric(buys[role])
    like = np.repeat(np.arange(len(order)), many)
    launched = goods.products["launched"].cast(pl.Int64).to_numpy() - calendar.FIRST_DAY
    more = asked[like] // MINUTES - draws.of("advice", "day").whole(*facts["others"], len(like))
    more = np.maximum(np.maximum(more, launched[product[like]]), 0)
    other = _customer_on(more, block, draws)
    fit = np.array([facts[name]["fits"] for name in ROLES])[role[like]]
    every = _Queries(
        person=np.concatenate([bought.person[order], other]),
        order=np.concatenate([order, np.full(len(like), -1)]),
        product=np.concatenate([product, product[like]]),
        asked=np.concatenate([asked, more * MINUTES + _minutes(len(like), "more", draws)]),
        role=np.concatenate([role, role[like]]),
        fits=np.concatenate([fits, draws.of("advice", "fits").chance(fit)]),
    )
    in_time = np.argsort(every.asked, kind="stable")
    return _Queries(**{name: values[in_time] for name, values in vars(every).items()})


def _customer_on(day: np.ndarray, block: PeopleBlock, draws: Draws) -> np.ndarray:
    """Return somebody who had signed up by each day."""
    first = block.habits.first
    by_day = np.argsort(first, kind="stable")
    known = np.maximum(np.searchsorted(first[by_day], day, side="right"), 1)
    return by_day[draws.of("advice", "person").whole(0, known, len(day))]


def _roles(back: np.ndarray, draws: Draws) -> tuple[np.ndarray, np.ndarray]:
    """Return role and fit of the bag, by whether it came back (Bayes' rule, roles by lot).

    Who bought was more often asked by an adviser, because advised people buy more often.
    """
    facts = mechanism("advice")
    fits, misfit = facts["returned"]
    rows = []
    for returned in (False, True):
        row = []
        for name in ROLES:
            fit, buys = facts[name]["fits"], facts[name]["buys"]
            for share, chance in ((fit, fits), (1 - fit, misfit)):
                row.append(buys * share * (chance if returned else 1 - chance))
        rows.append(row)
    cell = draws.of("advice", "role").pick_by_row(row_edges(rows), back.astype(np.int64))
    return cell // 2, cell % 2 == 0


def _wants(
    queries: _Queries, products: pl.DataFrame, draws: Draws
) -> tuple[pl.Series, np.ndarray, np.ndarray, np.ndarray]:
    """Return trip, lowest temperature, body length and budget, by the bag and whether it fits."""
    facts, size = mechanism("advice"), len(queries.person)
    comfort = products["comfort_c"].to_numpy()
    warm = draws.of("advice", "warm").whole(*facts["margin_c"], size)
    cold = draws.of("advice", "cold").whole(*facts["cold_c"], size)
    shorter = draws.of("advice", "length").whole(*facts["length"], size)
    low, high = facts["budget"]
    price = products["list_price"].to_numpy()
    budget = price * (low + (high - low) * draws.of("advice", "budget").uniform(size))
    return (
        products["trip"],
        np.where(queries.fits, comfort + warm, comfort - cold),
        products["user_length_cm"].to_numpy() - shorter,
        facts["round"] * np.ceil(budget / facts["round"]).astype(np.int64),
    )


def _minutes(size: int, what: str, draws: Draws) -> np.ndarray:
    hour = draws.of("advice", f"{what}_hour").pick(mechanism("advice")["hours"], size)
    return 60 * hour + draws.of("advice", what).whole(0, 60, size)


def _text(facts: Mechanism, language: int, u: float, told: tuple[str, int, int, int]) -> str:
    """Return a question that tells trip, lowest temperature, body length and budget in yuan."""
    forms = facts["texts"][LANGUAGES[language]]
    trip, cold, length, budget = told
    return forms[int(u * len(forms))].format(
        trip=facts["trips"][trip][language], cold=cold, length=length, budget=budget
    )
