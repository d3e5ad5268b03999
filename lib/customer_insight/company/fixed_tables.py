"""The tables that do not depend on how many customers there are."""

from collections.abc import Iterator

import polars as pl

from customer_insight.company.baskets import Goods
from customer_insight.company.campaigns import campaigns_fixed_tables
from customer_insight.company.content import content
from customer_insight.company.costs import cost_rates, shop_costs
from customer_insight.company.draws import Draws
from customer_insight.company.places import Places
from customer_insight.company.prices import price_table
from customer_insight.company.sales_tables import sales_fixed_tables
from customer_insight.company.service_tables import service_fixed_tables
from customer_insight.company.surveys import survey_fixed_tables
from customer_insight.company.text_tables import text_fixed_tables
from customer_insight.company.web import web_fixed_tables
from customer_insight.data.mechanisms import mechanism

_CITY_COLUMNS = ("city_id", "name", "name_zh", "province", "province_zh", "tier", "population_10k")


def fixed_tables(
    goods: Goods, places: Places, people: int, draws: Draws, *, business_only: bool = False
) -> Iterator[tuple[str, pl.DataFrame]]:
    """Return every table that no lot about a single customer changes.

    Parameters
    ----------
    goods, places
        What can be bought, and where.
    people : int
        Customers of the company.
    draws : Draws
        Of the company.
    business_only : bool, default False
        As for `draw_block`.

    Yields
    ------
    tuple of str and polars.DataFrame
        Names of the catalogue; a table may come in several parts.
    """
    yield from business_tables(goods, places).items()
    if business_only:
        return
    service = service_fixed_tables(draws)
    parts = (
        service,
        campaigns_fixed_tables(people, draws),
        web_fixed_tables(draws),
        text_fixed_tables(),
        sales_fixed_tables(places, draws),
        survey_fixed_tables(service["staff"]["staff_id"], draws),
    )
    for part in parts:
        yield from part.items()


def business_tables(goods: Goods, places: Places) -> dict[str, pl.DataFrame]:
    """Return goods, places, rivals and the market, and what of the truth is the same for all.

    Parameters
    ----------
    goods : Goods
        Articles and prices.
    places : Places
        Cities and shops.

    Returns
    -------
    dict of str to polars.DataFrame
        Columns as the catalogue states.
    """
    return {
        "products": goods.products,
        "prices": price_table(goods.products, goods.prices),
        "cities": places.cities.select(_CITY_COLUMNS),
        "shops": places.shops,
        "competitors": content("competitors"),
        "market": content("market"),
        "market_events": content("market_events"),
        "cost_rates": cost_rates(),
        "shop_costs": shop_costs(places),
        "truth_elasticity": _elasticity(),
        "truth_attributes": _attributes(),
        "truth_levels": _levels(),
    }


def _elasticity() -> pl.DataFrame:
    exponents = mechanism("price")["elasticity"]
    return pl.DataFrame(
        {
            "segment": list(exponents),
            "exponent": [float(value) for value in exponents.values()],
            "order_elasticity": [0.0] * len(exponents),
        }
    )


def _attributes() -> pl.DataFrame:
    facts = mechanism("people")["attributes"]
    return pl.DataFrame(
        {
            "attribute": list(facts),
            "role": [fact["role"] for fact in facts.values()],
            "why": [fact["why"] for fact in facts.values()],
        }
    )


def _levels() -> pl.DataFrame:
    facts = mechanism("levels")
    factors = facts["rate_factor"]
    return pl.DataFrame(
        {
            "level": facts["names"],
            "orders_before": facts["orders"],
            "rate_factor": factors,
            "real": [
                factor != below for factor, below in zip(factors, [1.0, *factors], strict=False)
            ],
        }
    )
