"""What people write about their orders in public: the table ``reviews``."""

import numpy as np
import polars as pl

from customer_insight.company import calendar
from customer_insight.company.baskets import Goods
from customer_insight.company.draws import Draws
from customer_insight.company.feelings import Feelings
from customer_insight.company.ids import block_ids, customer_ids, order_ids
from customer_insight.company.people_block import PeopleBlock
from customer_insight.company.text_errors import Planted, planted
from customer_insight.company.text_times import MINUTES, minutes_of_day, timestamps
from customer_insight.company.texts import (
    Drafts,
    delivered,
    draw_likes,
    order_lines_of,
    write_texts,
)
from customer_insight.data.mechanisms import mechanism

STARS = 5


def review_tables(
    block: PeopleBlock, feelings: Feelings, goods: Goods, draws: Draws
) -> dict[str, pl.DataFrame]:
    """Return the reviews of a block of people and the truth about them.

    Parameters
    ----------
    block : PeopleBlock
        People and what they bought.
    feelings : Feelings
        Of the same people.
    goods : Goods
        The articles.
    draws : Draws
        Of the company.

    Returns
    -------
    dict of str to polars.DataFrame
        ``reviews``, one row a review in the order of time; ``truth_texts``, ``truth_aspects`` and
        ``truth_errors`` of the reviews; columns as the catalogue states.
    """
    own, bought = draws.within(block.number), block.purchases
    order = np.flatnonzero(own.of("reviews", "writes").chance(review_chance(block, feelings)))
    days = own.of("reviews", "days").geometric(np.full(len(order), mechanism("reviews")["days"]))
    minute = (delivered(block)[order] + days) * MINUTES + minutes_of_day(len(order), "reviews", own)
    known = np.flatnonzero(minute < calendar.DAYS * MINUTES)
    at = known[np.argsort(minute[known], kind="stable")]
    order, minute = order[at], minute[at]
    stars = stars_of(feelings.experience[order])
    drafts = _drafts(block, order, stars, draws)
    texts = write_texts(drafts, block, goods, "reviews", draws)
    ids = block_ids("RV", block.number, np.arange(len(order)))
    given, errors = _reversed(stars, ids, own)
    first = np.searchsorted(block.lines.order, order, side="left")
    reviews = pl.DataFrame(
        {
            "review_id": ids,
            "customer_id": customer_ids(block.number, bought.person[order]),
            "order_id": order_ids(block.number, order),
            "line": drafts.line - first + 1,
            "product_id": goods.products["product_id"].gather(block.lines.product[drafts.line]),
            "written_at": timestamps(minute),
            "language": texts.language,
            "stars": given,
            "text": texts.text,
        }
    )
    return {
        "reviews": reviews,
        "truth_texts": texts.truth.insert_column(0, ids.alias("text_id")),
        "truth_aspects": texts.aspects.select(
            ids.gather(texts.aspects["text"]).alias("text_id"), "aspect", "sentiment"
        ),
        "truth_errors": errors,
    }


def review_chance(block: PeopleBlock, feelings: Feelings) -> np.ndarray:
    """Return the chance that each order is reviewed: by care, and more at both ends."""
    facts = mechanism("reviews")
    floor = facts["care_floor"]
    care = floor + (1 - floor) * feelings.care[block.purchases.person]
    extreme = np.abs(feelings.experience) > facts["extreme"]
    return np.minimum(facts["chance"] * care * np.where(extreme, facts["extreme_times"], 1.0), 1.0)


def stars_of(experience: np.ndarray) -> np.ndarray:
    """Return the stars for each experience, 1 to 5.

    Examples
    --------
    >>> stars_of(np.array([-3.0, -1.0, 0.5])).tolist()
    [1, 3, 5]
    """
    return 1 + np.searchsorted(mechanism("reviews")["stars"], experience, side="right")


def _drafts(block: PeopleBlock, order: np.ndarray, stars: np.ndarray, draws: Draws) -> Drafts:
    facts, own, size = mechanism("reviews"), draws.within(block.number), len(order)
    outcomes = block.purchases.outcomes
    speaks = np.array([0.0, *facts["speaks_of"]])[outcomes.severity[order]]
    pains = outcomes.hurts[order]
    pains = pains & own.of("reviews", "pains").chance(np.broadcast_to(speaks[:, None], pains.shape))
    one = own.of("reviews", "likes").chance(np.array(facts["likes"])[stars - 1])
    two = own.of("reviews", "second_like").chance(facts["second_like"], size=size)
    likes = draw_likes(
        pains, outcomes.web[order], one * (1 + two), own.of("reviews", "which_likes")
    )
    return Drafts(order, order_lines_of(block, draws)[order], pains, likes, np.zeros(size, bool))


def _reversed(stars: np.ndarray, ids: pl.Series, own: Draws) -> tuple[np.ndarray, pl.DataFrame]:
    """Return the stars with some turned round, and the list of these."""
    turned = own.of("reviews", "reversed").chance(
        mechanism("text_errors")["reversed"], size=len(stars)
    )
    given = np.where(turned, STARS + 1 - stars, stars)
    wrong = np.flatnonzero(given != stars)
    return given, planted(
        Planted("reviews", "stars", "scale_reversed"),
        ids.gather(wrong),
        pl.Series(stars[wrong]).cast(pl.String),
    )
