"""What people would pay, and what they say they would: price limits and offered prices."""

import numpy as np
import polars as pl

from customer_insight.company.arithmetic import exp
from customer_insight.company.baskets import Goods
from customer_insight.company.draws import Draws
from customer_insight.company.habits import SEGMENTS
from customer_insight.company.people_block import PeopleBlock
from customer_insight.company.survey_invitations import Asked, places_of
from customer_insight.company.survey_scales import long_table, planted
from customer_insight.data.mechanisms import mechanism

LIMITS = ("too_cheap", "cheap", "dear", "too_dear")
_NEUTRAL = 3.0


def price_tables(
    asked: Asked,
    block: PeopleBlock,
    profile: dict[str, np.ndarray],
    goods: Goods,
    draws: Draws,
) -> dict[str, pl.DataFrame]:
    """Return the answers to the price survey, with their truth and planted errors.

    Parameters
    ----------
    asked : Asked
        Who was asked in all surveys.
    block : PeopleBlock
        The people.
    profile : dict of str to numpy.ndarray
        Everybody's attitudes, as `attitudes` gives them.
    goods : Goods
        What can be bought.
    draws : Draws
        Of the block.

    Returns
    -------
    dict of str to polars.DataFrame
        ``survey_price_limits`` (four prices in fen), ``survey_price_offers`` (``price`` in fen,
        ``would_buy``), ``truth_willingness`` (``willing_to_pay`` in fen, of all who were asked) and
        ``truth_errors``.
    """
    facts = mechanism("willingness")
    at = np.flatnonzero(np.isin(asked.wave, places_of("price")))
    willing = _willing(asked, at, block, profile["price"], goods=goods, draws=draws)
    articles = {"product_id": pl.Series(facts["products"])}
    answered = asked.answered[at] >= 0
    ids = asked.ids.gather(at[answered])
    limits, errors = _limits(willing[answered], ids, draws)
    fen = np.rint(willing).astype(np.int64)
    return {
        "survey_price_limits": long_table(
            ids, articles, **dict(zip(LIMITS, np.moveaxis(limits, 2, 0), strict=True))
        ),
        "survey_price_offers": _offers(willing[answered], ids, goods, draws),
        "truth_willingness": long_table(asked.ids.gather(at), articles, willing_to_pay=fen),
        "truth_errors": errors,
    }


def listed(goods: Goods) -> np.ndarray:
    """Return the list prices in fen of the articles asked about, shape (articles,)."""
    products = goods.products
    price = dict(zip(products["product_id"], products["list_price"], strict=True))
    return np.array([price[name] for name in mechanism("willingness")["products"]])


def named_price(exact: np.ndarray) -> np.ndarray:
    """Return prices as people name them: in steps that grow with the price, at least one step.

    Examples
    --------
    >>> named_price(np.array([519.0, 11_640.0, 35_100.0])).tolist()
    [500, 11500, 35000]
    """
    bounds, steps = np.array(mechanism("willingness")["steps"]).T
    step = steps[np.searchsorted(bounds, exact, side="right")]
    return np.maximum(np.rint(exact / step).astype(np.int64), 1) * step


def _willing(
    asked: Asked,
    at: np.ndarray,
    block: PeopleBlock,
    price: np.ndarray,
    *,
    goods: Goods,
    draws: Draws,
) -> np.ndarray:
    """Return what each person asked would pay for each article, in fen."""
    facts = mechanism("willingness")
    who = asked.person[at]
    families = dict(zip(goods.products["product_id"], goods.products["family"], strict=True))
    segment = np.array(
        [
            [facts["by_segment"][families[name]][segment] for name in facts["products"]]
            for segment in SEGMENTS
        ]
    )[block.habits.segment[who]]
    person = draws.of("survey_prices", "person").normal(len(block))[who]
    common = facts["level"] + facts["attitude"] * (price[who] - _NEUTRAL)
    common = common + facts["mood"] * asked.mood[at] + facts["person"] * person
    article = draws.of("survey_prices", "article").normal(segment.size).reshape(segment.shape)
    factor = exp(common[:, None] + segment + facts["article"] * article)
    return listed(goods)[None, :] * factor


def _limits(willing: np.ndarray, ids: pl.Series, draws: Draws) -> tuple[np.ndarray, pl.DataFrame]:
    """Return the four limits, shape (people, articles, 4), and where two were swapped."""
    facts = mechanism("willingness")
    noise = draws.of("survey_price_limits", "chance").normal(willing.size * len(LIMITS))
    factor = exp(facts["limit_chance"] * noise.reshape(*willing.shape, len(LIMITS)))
    named = named_price(willing[:, :, None] * np.array(facts["limits"]) * factor)
    limits = np.maximum.accumulate(named, axis=2)
    lot = draws.of("survey_price_limits", "swapped").chance(facts["swapped"], size=willing.shape)
    swapped = lot & (limits[:, :, 1] < limits[:, :, 2])
    typed = np.where(swapped[:, :, None], limits[:, :, [0, 2, 1, 3]], limits)
    person, article = np.nonzero(swapped)
    keys = ids.gather(person) + "/" + pl.Series(facts["products"]).gather(article)
    true = limits[person, article]
    errors = [
        planted("survey_price_limits", keys, name, "typed into the wrong box", list(true[:, place]))
        for place, name in ((1, "cheap"), (2, "dear"))
    ]
    return typed, pl.concat(errors)


def _offers(willing: np.ndarray, ids: pl.Series, goods: Goods, draws: Draws) -> pl.DataFrame:
    facts = mechanism("willingness")
    offers = named_price(listed(goods)[:, None] * np.array(facts["offers"])[None, :])
    noise = draws.of("survey_price_offers", "chance").normal(len(willing) * offers.size)
    up_to = willing[:, :, None] * facts["overstated"]
    up_to = up_to * exp(facts["offer_chance"] * noise.reshape(len(willing), *offers.shape))
    articles = pl.Series(facts["products"]).gather(
        np.repeat(np.arange(len(offers)), offers.shape[1])
    )
    return long_table(
        ids,
        {"product_id": articles, "price": pl.Series(offers.ravel())},
        would_buy=up_to >= offers[None, :, :],
    )
