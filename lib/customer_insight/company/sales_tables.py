"""All tables of sales: what comes block by block, and what is the same for all."""

import numpy as np
import polars as pl

from customer_insight.company import calendar
from customer_insight.company.account_managers import draw_accounts, manager_table
from customer_insight.company.advice import advice_table
from customer_insight.company.baskets import Goods
from customer_insight.company.demonstrations import demonstration_table
from customer_insight.company.draws import Draws
from customer_insight.company.feelings import Feelings
from customer_insight.company.follow_ups import follow_up_table
from customer_insight.company.ids import block_ids
from customer_insight.company.objections import objection_tables
from customer_insight.company.organisation_block import OrganisationBlock
from customer_insight.company.people_block import PeopleBlock
from customer_insight.company.places import Places
from customer_insight.company.prospects import Prospects, draw_prospects
from customer_insight.company.prospects_cells import Cells, make_cells
from customer_insight.company.prospects_lists import list_tables
from customer_insight.company.prospects_stages import contact_table, draw_way, stage_table
from customer_insight.company.prospects_survey import survey_prospects
from customer_insight.company.prospects_tables import prospect_tables
from customer_insight.company.sales_actions import action_table
from customer_insight.company.sales_deals import sales_table, target_table
from customer_insight.company.sales_team import (
    SalesTeam,
    draw_sales_team,
    sales_staff,
    shop_staff,
)
from customer_insight.company.sales_training import training_table
from customer_insight.company.sales_truth import effect_table

_COLUMNS = (
    "prospect_id", "side", "name", "name_zh", "kind", "employees", "city_id", "age", "occupation",
    "need_id", "scene", "found_on", "lead_source", "invitation_id", "entry_id", "lawful_basis",
    "intent", "expected_amount", "rival_firm_id", "agency_grade", "decider_known", "staff_id",
    "customer_id",
)  # fmt: skip


def sales_tables(
    block: PeopleBlock,
    group: OrganisationBlock,
    feelings: Feelings,
    *,
    tables: dict[str, pl.DataFrame],
    goods: Goods,
    places: Places,
    draws: Draws,
) -> dict[str, pl.DataFrame]:
    """Return the sales of a block of people and its organisations.

    Parameters
    ----------
    block, group : PeopleBlock, OrganisationBlock
        People and organisations, and what they ordered.
    feelings : Feelings
        Of the people.
    tables : dict of str to polars.DataFrame
        The block's parts of ``customers``, ``organisations``, ``returns``, ``complaints``,
        ``market_survey``, ``survey_invitations`` and ``survey_satisfaction``.
    goods, places : Goods, Places
        Articles; cities and shops.
    draws : Draws
        Of the company.

    Returns
    -------
    dict of str to polars.DataFrame
        ``prospects``, ``prospect_stages``, ``prospect_contacts``, ``objections``,
        ``demonstrations``, ``list_entries``, ``staff`` (the salespeople), ``staff_training``,
        ``staff_targets``, ``staff_sales``, ``account_managers``, ``follow_ups``, ``actions``,
        ``advice_queries``, ``truth_prospects``, ``truth_objections`` and ``truth_errors``.
    """
    own, team = draws.within(block.number), draw_sales_team(block.number, draws)
    cells = make_cells(block, group, tables["customers"], own)
    prospects = draw_prospects(cells, team, own)
    accounts = draw_accounts(group, _won_by(prospects, cells, len(group)), team, own)
    follow_ups = follow_up_table(block, group, feelings, accounts=accounts, team=team, draws=own)
    voices = (tables[name] for name in ("complaints", "survey_invitations", "survey_satisfaction"))
    return {
        **_prospects(prospects, cells, group, tables, team=team, places=places, draws=own),
        "staff": sales_staff(team, draws),
        "staff_training": training_table(team, own),
        "staff_targets": target_table(team),
        "staff_sales": sales_table(team, own),
        "account_managers": manager_table(accounts, team),
        "follow_ups": follow_ups,
        "actions": action_table(follow_ups, *voices, team=team, draws=own),
        "advice_queries": advice_table(block, goods, tables["returns"], team=team, draws=own),
    }


def sales_fixed_tables(places: Places, draws: Draws) -> dict[str, pl.DataFrame]:
    """Return what of sales does not depend on how many customers there are.

    Parameters
    ----------
    places : Places
        The shops.
    draws : Draws
        Of the company.

    Returns
    -------
    dict of str to polars.DataFrame
        ``staff`` (who works in the shops) and ``truth_effects``.
    """
    return {"staff": shop_staff(places, draws), "truth_effects": effect_table()}


def _won_by(prospects: Prospects, cells: Cells, organisations: int) -> np.ndarray:
    """Return the seat that won each organisation, -1 where it was in no register."""
    at = np.flatnonzero(
        prospects.won & cells.organisation[prospects.cell] & (prospects.ends < calendar.DAYS)
    )
    seat = np.full(organisations, -1)
    seat[cells.customer[prospects.cell[at]]] = prospects.seat[at]
    return seat


def _prospects(
    prospects: Prospects,
    cells: Cells,
    group: OrganisationBlock,
    tables: dict[str, pl.DataFrame],
    *,
    team: SalesTeam,
    places: Places,
    draws: Draws,
) -> dict[str, pl.DataFrame]:
    """Return the tables about prospects."""
    customers = tables["customers"]
    ids = block_ids("PR", team.number, np.arange(len(prospects)))
    way = draw_way(prospects, draws)
    drawn = prospect_tables(
        prospects,
        cells,
        team,
        group=group,
        organisations=tables["organisations"],
        customers=customers,
        places=places,
        ids=ids,
        draws=draws,
    )
    lists = list_tables(team.number, drawn["prospects"], draws)
    known = drawn["prospects"]["customer_id"].drop_nulls()
    asked = survey_prospects(
        team.number,
        len(prospects),
        tables["market_survey"],
        tables["survey_invitations"],
        customers.filter(~pl.col("customer_id").is_in(known.implode())),
    )
    everybody = pl.concat([lists["prospects"], asked["prospects"]], how="diagonal_relaxed")
    everybody = everybody.with_columns(
        pl.lit(None, pl.String).alias(name) for name in _COLUMNS if name not in everybody.columns
    )
    stages = stage_table(prospects, way, ids, draws)
    return {
        "prospects": everybody.select(_COLUMNS),
        "prospect_stages": pl.concat([stages, asked["prospect_stages"]]),
        "prospect_contacts": contact_table(prospects, way, cells, team, ids=ids, draws=draws),
        "demonstrations": demonstration_table(prospects, way, team, ids=ids, draws=draws),
        **objection_tables(prospects, way, team, ids=ids, draws=draws),
        "list_entries": lists["list_entries"],
        "truth_prospects": drawn["truth_prospects"],
        "truth_errors": lists["truth_errors"],
    }
