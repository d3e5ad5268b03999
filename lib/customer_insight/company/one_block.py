"""All tables about one block of people and its organisations, and what is counted over blocks."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from customer_insight.company.acquisition import (
    CHANNELS,
    acquisition_channels,
    acquisition_spend,
    count_sign_ups,
)
from customer_insight.company.baskets import Goods
from customer_insight.company.campaigns import campaigns_tables
from customer_insight.company.communities import Communities, community_truth, make_communities
from customer_insight.company.draws import Draws
from customer_insight.company.feelings import draw_feelings
from customer_insight.company.levels import level_table
from customer_insight.company.order_tables import order_tables
from customer_insight.company.organisation_block import (
    OrganisationBlock,
    draw_organisation_block,
    organisation_tables,
)
from customer_insight.company.people import people_tables
from customer_insight.company.people_block import PeopleBlock, draw_people_block
from customer_insight.company.places import Places
from customer_insight.company.points import point_table
from customer_insight.company.referrals import (
    Referrals,
    draw_referrals,
    referral_table,
    referral_truth,
)
from customer_insight.company.returns import return_table
from customer_insight.company.sales_tables import sales_tables
from customer_insight.company.service import (
    demandingness_truth,
    draw_demandingness,
    service_contacts,
)
from customer_insight.company.service_menu import organisation_service_uses
from customer_insight.company.service_tables import service_tables
from customer_insight.company.survey_frame import count_frame, frame_tables
from customer_insight.company.surveys import survey_tables
from customer_insight.company.text_tables import text_tables
from customer_insight.company.truth_tables import future_truth, people_truth
from customer_insight.company.web import web_tables

PEOPLE_PER_ORGANISATION = 25
NamedTable = tuple[str, pl.DataFrame]


@dataclass(frozen=True)
class Counts:
    """What is summed over all blocks: sign-ups by month and channel, survey strata by wave.

    ``strata`` is None where surveys are left out.
    """

    sign_ups: np.ndarray
    strata: np.ndarray | None


@dataclass(frozen=True)
class Drawn:
    """One block: parts of tables by the names of the catalogue, and its counts."""

    tables: tuple[NamedTable, ...]
    counts: Counts


def draw_block(
    number: int,
    people: int,
    *,
    goods: Goods,
    places: Places,
    draws: Draws,
    business_only: bool = False,
) -> Drawn:
    """Return all tables about one block of people and its organisations.

    Parameters
    ----------
    number : int
        Of the block.
    people : int
        People in it.
    goods, places, draws
        As for the whole company.
    business_only : bool, default False
        Leave out what follows from business without changing it: service, surveys, campaigns, the
        web, texts and sales.

    Returns
    -------
    Drawn
        A table may come in several parts.
    """
    block = draw_people_block(number, people, places, goods, draws)
    communities = make_communities(block, draws)
    referrals = draw_referrals(block, communities, draws)
    channels = acquisition_channels(block, referrals, draws)
    group = draw_organisation_block(number, organisations_of(people), places, goods, draws)
    who = people_tables(block, places, pl.Series(CHANNELS).gather(channels), draws)
    own = _own(block, communities, referrals, who["customers"], goods=goods, draws=draws)
    organisations = organisation_tables(group, places, goods, draws)
    parts = [who, order_tables(block, goods, places), own, organisations]
    sign_ups = count_sign_ups(block, channels)
    if business_only:
        return Drawn(_named(parts), Counts(sign_ups, None))
    world = {"goods": goods, "places": places, "draws": draws}
    known = who | own | organisations
    parts += _voices(block, group, communities, known, **world)
    invitations = next(part for part in parts if "survey_invitations" in part)
    strata = count_frame(block, who["customers"], invitations["survey_invitations"])
    return Drawn(_named(parts), Counts(sign_ups, strata))


def _named(parts: list[dict[str, pl.DataFrame]]) -> tuple[NamedTable, ...]:
    return tuple(item for part in parts for item in part.items())


def _voices(
    block: PeopleBlock,
    group: OrganisationBlock,
    communities: Communities,
    known: dict[str, pl.DataFrame],
    *,
    goods: Goods,
    places: Places,
    draws: Draws,
) -> list[dict[str, pl.DataFrame]]:
    """Return what customers say and staff do, which rests on business and leaves it as it is."""
    world = {"goods": goods, "places": places, "draws": draws}
    feelings = draw_feelings(block, draws)
    customers, contacts = known["customers"], known["service_contacts"]
    service = service_tables(block, group, feelings, contacts=contacts, **world)
    surveys = survey_tables(block, feelings, customers, goods, draws)
    texts = text_tables(block, feelings, goods, service["tickets"], draws)
    given = known | surveys | texts
    return [
        service,
        campaigns_tables(block, feelings, customers, **world),
        {"service_uses": organisation_service_uses(group, draws)},
        web_tables(block, communities, known, **world),
        surveys,
        texts,
        sales_tables(block, group, feelings, tables=given, **world),
    ]


def _own(
    block: PeopleBlock,
    communities: Communities,
    referrals: Referrals,
    customers: pl.DataFrame,
    *,
    goods: Goods,
    draws: Draws,
) -> dict[str, pl.DataFrame]:
    """Return what follows from orders alone, and the truth behind them."""
    demanding = draw_demandingness(block, draws)
    return {
        "returns": return_table(block, goods, draws),
        "levels": level_table(block),
        "points": point_table(block, customers["born_on"], draws),
        "referrals": referral_table(block, referrals),
        "service_contacts": service_contacts(block, demanding, draws),
        "truth_people": people_truth(block),
        "truth_future": future_truth(block, goods),
        "truth_communities": community_truth(block, communities),
        "truth_referrals": referral_truth(block, referrals),
        "truth_demandingness": demandingness_truth(block, demanding),
    }


def counted_tables(counts: Iterable[Counts], draws: Draws) -> Iterator[NamedTable]:
    """Return the tables that need the counts of all blocks.

    Parameters
    ----------
    counts : iterable of Counts
        One for each block.
    draws : Draws
        Of the company.

    Yields
    ------
    tuple of str and polars.DataFrame
    """
    every = list(counts)
    yield "acquisition_spend", acquisition_spend(sum(one.sign_ups for one in every), draws)
    strata = [one.strata for one in every if one.strata is not None]
    if strata:
        yield from frame_tables(sum(strata)).items()


def organisations_of(people: int) -> int:
    """Return how many organisations come on so many people: one on 25, the last begun."""
    return -(-people // PEOPLE_PER_ORGANISATION)
