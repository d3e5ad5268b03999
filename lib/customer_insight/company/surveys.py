"""All that surveys ask and bring: the tables of the surveys, block by block and fixed."""

import numpy as np
import polars as pl

from customer_insight.company.baskets import Goods
from customer_insight.company.brand_ratings import (
    brand_tables,
    draw_minds,
    position_truth,
    weight_truth,
)
from customer_insight.company.draws import Draws
from customer_insight.company.feelings import Feelings
from customer_insight.company.habits import SEGMENTS
from customer_insight.company.ids import block_ids
from customer_insight.company.market_survey import asked_outside, market_tables
from customer_insight.company.need_comparisons import need_comparisons
from customer_insight.company.needs import draw_needs, need_class_truth, need_truth
from customer_insight.company.people_block import PeopleBlock
from customer_insight.company.survey_attitudes import attitudes
from customer_insight.company.survey_benchmarks import satisfaction_benchmarks
from customer_insight.company.survey_content import survey_content
from customer_insight.company.survey_invitations import Asked, ask_customers, invitation_table
from customer_insight.company.survey_kano import best_worst_table, kano_table
from customer_insight.company.survey_needs import need_tables
from customer_insight.company.survey_prices import price_tables
from customer_insight.company.survey_satisfaction import invitation_truth, satisfaction_tables
from customer_insight.company.survey_servqual import servqual_tables
from customer_insight.company.survey_small_shops import small_shop_customers
from customer_insight.company.survey_statements import (
    draw_motives,
    motive_truth,
    statement_tables,
)
from customer_insight.company.survey_truth import effect_table
from customer_insight.data.mechanisms import mechanism


def survey_tables(
    block: PeopleBlock, feelings: Feelings, customers: pl.DataFrame, goods: Goods, draws: Draws
) -> dict[str, pl.DataFrame]:
    """Return all tables of surveys that come with a block of people.

    Parameters
    ----------
    block : PeopleBlock
        People and what they bought.
    feelings : Feelings
        Of the block.
    customers : polars.DataFrame
        The block's part of the table ``customers``.
    goods : Goods
        What can be bought.
    draws : Draws
        Of the company.

    Returns
    -------
    dict of str to polars.DataFrame
        Columns as the catalogue states, and ``truth_errors``.
    """
    own = draws.within(block.number)
    asked = ask_customers(block, feelings, customers, goods, draws)
    needs = draw_needs(block.habits.segment, "needs", own)
    profile = attitudes(block, draws)
    motives = draw_motives(block, profile, own)
    outside = block_ids("Q", block.number, len(asked) + np.arange(asked_outside(len(block))))
    parts = (
        {
            "survey_invitations": invitation_table(asked),
            "survey_kano": kano_table(asked, block, own),
            "survey_best_worst": best_worst_table(asked, needs, own),
            "truth_invitations": invitation_truth(asked, feelings),
            "truth_need_classes": need_class_truth(block, needs),
            "truth_motives": motive_truth(block, motives),
        },
        satisfaction_tables(asked, feelings, own),
        need_tables(asked, needs, own),
        price_tables(asked, block, profile, goods, own),
        statement_tables(asked, profile, motives, own),
        servqual_tables(asked, own),
        _brands(asked, block, own),
        market_tables(outside, len(block), own),
    )
    tables: dict[str, list[pl.DataFrame]] = {}
    for name, table in (item for part in parts for item in part.items()):
        tables.setdefault(name, []).append(table)
    return {
        name: pl.concat(table.select(tables_[0].columns) for table in tables_)
        for name, tables_ in tables.items()
    }


def survey_fixed_tables(staff: pl.Series, draws: Draws) -> dict[str, pl.DataFrame]:
    """Return the tables of surveys that do not depend on how many customers there are.

    Parameters
    ----------
    staff : polars.Series of String, shape (people,)
        Ids of the members of staff who compare needs.
    draws : Draws
        Of the company.

    Returns
    -------
    dict of str to polars.DataFrame
        Columns as the catalogue states; ``truth_effects`` has rows of a table that others fill too.
    """
    return {
        "needs": survey_content("needs"),
        "brand_attributes": survey_content("brand_attributes"),
        "survey_statements": survey_content("statements"),
        "satisfaction_benchmarks": satisfaction_benchmarks(draws),
        "need_comparisons": need_comparisons(staff, draws),
        "small_shop_customers": small_shop_customers(draws),
        "truth_effects": effect_table(),
        "truth_needs": need_truth(),
        "truth_positions": position_truth(),
        "truth_attribute_weights": weight_truth(),
    }


def _brands(asked: Asked, block: PeopleBlock, draws: Draws) -> dict[str, pl.DataFrame]:
    """Return what customers say about brands: of gear or of tea, by what they buy."""
    facts, at = mechanism("brands"), asked.who("brand")
    segment = block.habits.segment[asked.person[at]]
    share = np.array([facts["gear_asked"][name] for name in SEGMENTS])[segment] / 1000
    gear = draws.of("brand_ratings", "family").chance(share)
    customer, mood = facts["customer"]
    minds = draw_minds(segment, gear, customer + mood * asked.tone[at], "brand_ratings", draws)
    return brand_tables(asked.ids.gather(at), minds)
