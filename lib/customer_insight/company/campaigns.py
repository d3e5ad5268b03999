"""All tables about consent, campaigns, care, member events, services, partners and changes."""

import numpy as np
import polars as pl

from customer_insight.company.baskets import Goods
from customer_insight.company.campaign_contacts import run_campaigns
from customer_insight.company.campaign_plan import (
    arm_table,
    campaign_effects,
    campaign_table,
    campaigns,
)
from customer_insight.company.care_contacts import care_contacts, care_effects
from customer_insight.company.consents import consent_table, draw_consents
from customer_insight.company.customer_changes import change_tables, draw_changes
from customer_insight.company.draws import Draws
from customer_insight.company.feelings import Feelings
from customer_insight.company.member_events import member_event_effects, member_event_tables
from customer_insight.company.partners import partner_members, partner_months, partner_table
from customer_insight.company.people_block import PeopleBlock
from customer_insight.company.places import Places
from customer_insight.company.service_menu import service_menu, service_uses


def campaigns_tables(
    block: PeopleBlock,
    feelings: Feelings,
    customers: pl.DataFrame,
    *,
    goods: Goods,
    places: Places,
    draws: Draws,
) -> dict[str, pl.DataFrame]:
    """Return the tables about one block of people.

    Parameters
    ----------
    block : PeopleBlock
        People and what they bought.
    feelings : Feelings
        Of the block.
    customers : polars.DataFrame
        The table ``customers`` of the block.
    goods : Goods
        What campaigns offer.
    places : Places
        Cities.
    draws : Draws
        Of the company.

    Returns
    -------
    dict of str to polars.DataFrame
        ``consents``, ``campaign_contacts``, ``truth_campaigns``, ``care_contacts``,
        ``member_events``, ``member_event_invitations``, ``service_uses``, ``partner_members``,
        ``customer_changes``, and ``truth_errors`` with a row for each error planted in them.
    """
    app = customers["app_user"].to_numpy()
    before = draw_consents(block, feelings, customers["newsletter"].to_numpy(), draws)
    tables, after = run_campaigns(block, feelings, app, before, goods=goods, draws=draws)
    answers, wrong = consent_table(block, after, app, draws)
    changed = change_tables(block, customers, draw_changes(block, customers, places, draws), draws)
    return {
        **tables,
        **member_event_tables(block, feelings, after, places, draws),
        "consents": answers,
        "care_contacts": care_contacts(block, customers["born_on"], app, after, draws),
        "service_uses": service_uses(block, feelings, draws),
        "partner_members": partner_members(block, customers["phone"], places, draws),
        "customer_changes": changed["customer_changes"],
        "truth_errors": pl.concat([tables["truth_errors"], wrong, changed["truth_errors"]]),
    }


def campaigns_fixed_tables(people: int, draws: Draws) -> dict[str, pl.DataFrame]:
    """Return the tables that lots about single people do not change.

    Parameters
    ----------
    people : int
        Customers of the company; plans and partners grow with them.
    draws : Draws
        Of the company.

    Returns
    -------
    dict of str to polars.DataFrame
        ``campaigns``, ``campaign_arms``, ``service_menu``, ``partners``, ``partner_months``, and
        rows of ``truth_effects`` and ``truth_outbreaks``.
    """
    return {
        "campaigns": campaign_table(people),
        "campaign_arms": arm_table(),
        "service_menu": service_menu(),
        "partners": partner_table(),
        "partner_months": partner_months(people, draws),
        "truth_effects": pl.DataFrame(
            [*campaign_effects(), *care_effects(), *member_event_effects()]
        ),
        "truth_outbreaks": pl.DataFrame(_traps()),
    }


def _traps() -> list[dict]:
    """Return what is wrong with campaigns, rows of ``truth_outbreaks``."""
    kinds = {
        "sooner": (
            "early_effect",
            "Share of those who saw the message and would buy anyway who do so in the first days.",
        ),
        "lost": (
            "sample_ratio_mismatch",
            "Share of the members without the app whose rows were lost when the arm was booked.",
        ),
    }
    return [
        {
            "outbreak_id": f"{campaign.id}-{arm}",
            "table_name": "campaign_contacts",
            "kind": kind,
            "begins_on": campaign.mechanism["about"]["starts_on"],
            "ends_on": campaign.mechanism["about"]["ends_on"],
            "place": f"{campaign.id}, arm {arm}",
            "size": float(size),
            "why": why,
        }
        for campaign in campaigns()
        for parameter, (kind, why) in kinds.items()
        for arm, size in zip(campaign.arms, np.asarray(campaign.by_arm(parameter)), strict=True)
        if size > 0
    ]
