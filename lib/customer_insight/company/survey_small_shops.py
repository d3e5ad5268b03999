"""Who buys for whom in four small shops: the table ``small_shop_customers``."""

import numpy as np
import polars as pl

from customer_insight.company.arithmetic import exp
from customer_insight.company.draws import Draws, row_edges
from customer_insight.company.survey_scales import on_scale
from customer_insight.company.survey_waves import SEXES
from customer_insight.data.mechanisms import mechanism

SHOPS = tuple(mechanism("small_shops")["for_oneself"])
ADULT, OLDEST = 18, 75
_TABLE = "small_shop_customers"


def small_shop_customers(draws: Draws) -> pl.DataFrame:
    """Return customers of a toy shop, an online clothes shop, a gym and a café.

    Parameters
    ----------
    draws : Draws
        Of the company.

    Returns
    -------
    polars.DataFrame
        One row a customer: ``person_id``, ``shop_kind``, ``buyer_age``, ``buyer_sex``,
        ``user_age``, ``user_is_buyer``, ``visits_a_month``, ``spend_a_month`` (fen), ``habit``,
        ``need``, ``reason``, ``rival``.

    Examples
    --------
    >>> table = small_shop_customers(Draws(1))
    >>> table.height, table["person_id"][0], table["shop_kind"][0]
    (600, 'B001', 'toys')
    """
    tables = pl.concat(_shop(name, draws.within(place)) for place, name in enumerate(SHOPS))
    number = pl.int_range(1, pl.len() + 1).cast(pl.String).str.zfill(3)
    return tables.select(person_id=pl.lit("B") + number, **{c: pl.col(c) for c in tables.columns})


def _shop(shop: str, draws: Draws) -> pl.DataFrame:
    facts = mechanism("small_shops")
    size = facts["asked"]
    own = draws.of(_TABLE, "own").chance(facts["for_oneself"][shop], size=size)
    buyer = on_scale(_normal("buyer_age", facts["buyer_age"][shop], size, draws), ADULT, OLDEST)
    user = on_scale(_normal("user_age", facts["user_age"][shop], size, draws), 1, OLDEST)
    woman = draws.of(_TABLE, "sex").chance(facts["women"][shop], size=size)
    shape = np.full(size, facts["visits_shape"])
    usual = facts["visits"][shop] * draws.of(_TABLE, "often").gamma(shape) / shape
    visits = draws.of(_TABLE, "visits").poisson(usual)
    older = facts["older"] * (buyer - facts["buyer_age"][shop][0])
    spread = facts["spend_spread"] * draws.of(_TABLE, "spend").normal(size)
    each = np.rint(facts["spend"][shop] * exp(older + spread)).astype(np.int64)
    needs = facts["needs"][shop]
    edges = row_edges(np.array(list(needs.values())).T)
    need = draws.of(_TABLE, "need").pick_by_row(edges, (~own).astype(np.int64))
    return pl.DataFrame(
        {
            "shop_kind": [shop] * size,
            "buyer_age": buyer,
            "buyer_sex": pl.Series(SEXES).gather((~woman).astype(np.int64)),
            "user_age": np.where(own, buyer, user),
            "user_is_buyer": own,
            "visits_a_month": visits,
            "spend_a_month": visits * each,
            "habit": _named("habits", shop, draws),
            "need": pl.Series(list(needs)).gather(need),
            "reason": _named("reasons", shop, draws),
            "rival": _named("rivals", shop, draws),
        }
    )


def _normal(what: str, facts: list[float], size: int, draws: Draws) -> np.ndarray:
    middle, spread = facts
    return middle + spread * draws.of(_TABLE, what).normal(size)


def _named(what: str, shop: str, draws: Draws) -> pl.Series:
    """Return one of the names that a parameter weighs, for each person asked."""
    facts = mechanism("small_shops")
    weights = facts[what][shop]
    picked = draws.of(_TABLE, what).pick(list(weights.values()), facts["asked"])
    return pl.Series(list(weights)).gather(picked)
