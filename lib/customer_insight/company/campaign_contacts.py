"""How the campaigns went: the tables ``campaign_contacts`` and ``truth_campaigns``."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from customer_insight.company.baskets import Goods
from customer_insight.company.campaign_plan import Campaign, campaigns, day_of
from customer_insight.company.campaign_response import (
    Audience,
    Responses,
    draw_responses,
    gather_audience,
    message_channel,
)
from customer_insight.company.consents import Consents, planted, times
from customer_insight.company.draws import Draws
from customer_insight.company.feelings import Feelings
from customer_insight.company.habits import NEVER
from customer_insight.company.ids import customer_ids
from customer_insight.company.organisations import dates
from customer_insight.company.people_block import PeopleBlock
from customer_insight.company.truth_tables import rounded
from customer_insight.data.mechanisms import mechanism


@dataclass(frozen=True)
class Sent:
    """What happened to each member, arrays of shape (members,); minutes and days, -1 for never.

    ``channel`` is the way the message took; ``sent`` and ``seen`` minutes from the company's first
    midnight; ``responded`` and ``opted_out`` days.
    """

    arm: np.ndarray
    channel: np.ndarray
    sent: np.ndarray
    seen: np.ndarray
    clicked: np.ndarray
    responded: np.ndarray
    opted_out: np.ndarray


def run_campaigns(
    block: PeopleBlock,
    feelings: Feelings,
    app_user: np.ndarray,
    consents: Consents,
    *,
    goods: Goods,
    draws: Draws,
) -> tuple[dict[str, pl.DataFrame], Consents]:
    """Return the tables of all campaigns, one after the other, and the consents that remain.

    Parameters
    ----------
    block : PeopleBlock
        The people.
    feelings : Feelings
        Of the block.
    app_user : numpy.ndarray of bool, shape (people,)
        Who has the app.
    consents : Consents
        Before any campaign.
    goods : Goods
        What is offered.
    draws : Draws
        Of the company.

    Returns
    -------
    tables : dict of str to polars.DataFrame
        ``campaign_contacts``, ``truth_campaigns`` and ``truth_errors``.
    consents : Consents
        With what members withdrew by opting out.
    """
    own = draws.within(block.number)
    parts: dict[str, list[pl.DataFrame]] = {}
    for campaign in campaigns():
        person = _members(block, campaign, consents)
        audience = gather_audience(block, feelings, app_user, campaign, person)
        responses = draw_responses(campaign, audience, goods, own)
        sent = _send(campaign, audience, responses, own)
        ids = customer_ids(block.number, person)
        # a withdrawal of the very day comes too late for that day's message
        allowed = consents.held("marketing", _by_person(block, person, sent.sent // 1440 - 1))
        allowed = allowed[person]
        lost = _lost(campaign, audience, sent, own)
        tables = {
            "campaign_contacts": _contacts(campaign, ids, responses, sent).filter(~lost),
            "truth_campaigns": _truth(campaign, ids, responses),
            "truth_errors": _errors(campaign, ids, sent, allowed, lost),
        }
        for name, table in tables.items():
            parts.setdefault(name, []).append(table)
        day = np.where(sent.opted_out >= 0, sent.opted_out, NEVER)
        consents = consents.without("marketing", _by_person(block, person, day))
    return {name: pl.concat(tables) for name, tables in parts.items()}, consents


def _by_person(block: PeopleBlock, person: np.ndarray, day: np.ndarray) -> np.ndarray:
    """Return members' days for everybody, `NEVER` for who is no member, shape (people,)."""
    days = np.full(len(block), NEVER)
    days[person] = day
    return days


def _members(block: PeopleBlock, campaign: Campaign, consents: Consents) -> np.ndarray:
    """Return who is on the list, by consent on its day and orders before the start."""
    facts, bought = campaign.mechanism["audience"], block.purchases
    last = np.full(len(block), -1)
    before = bought.day < campaign.start
    np.maximum.at(last, bought.person[before], bought.day[before])
    since = campaign.start - last
    bought_once = (last >= 0) & (since <= facts["bought_within"]) & (since > facts["lapsed_for"])
    listed = consents.held("marketing", campaign.start - facts["list_days_before"])
    return np.flatnonzero(bought_once & listed)


def _send(campaign: Campaign, audience: Audience, responses: Responses, draws: Draws) -> Sent:
    facts, size, every = mechanism("campaigns"), len(audience), np.arange(len(audience))
    own = draws.within(campaign.start)
    arm = own.of("campaign_contacts", "arm").pick(campaign.facts("planned_share"), size)
    channel = message_channel(campaign, audience)[every, arm]
    days = np.array([day_of(day) if day else 0 for day in campaign.facts("sent_on")])[arm]
    begins, takes_minutes = facts["sent"]
    minute = begins + own.of("campaign_contacts", "sent").whole(0, takes_minutes, size)
    reached = channel != "none"
    sent = np.where(reached, days * 1440 + minute, -1)
    mean = np.array([facts["seen_after"][name] for name in channel])
    wait = own.of("campaign_contacts", "wait").exponential(size) * mean
    wait = np.minimum(np.floor(wait), facts["most_wait"]).astype(np.int64)
    saw = responses.seen[every, arm]
    seen = np.where(saw, sent + 1 + wait, -1)
    takes = responses.takes[every, arm]
    looks = own.of("campaign_contacts", "clicks").chance(facts["clicks"], size=size) | takes
    more = own.of("campaign_contacts", "click_wait").whole(*facts["clicks_after"], size)
    low, less = facts["opts_out_by_care"]
    chance = campaign.by_arm("opts_out")[arm] * (low - less * audience.care)
    leaves = own.of("campaign_contacts", "opts_out").chance(np.maximum(chance, 0.0)) & reached
    return Sent(
        arm=arm,
        channel=channel,
        sent=sent,
        seen=seen,
        clicked=np.where(saw & looks, seen + more, -1),
        responded=_response_days(campaign, responses, arm, seen, own),
        opted_out=np.where(leaves, sent // 1440 + 1, -1),
    )


def _response_days(
    campaign: Campaign, responses: Responses, arm: np.ndarray, seen: np.ndarray, draws: Draws
) -> np.ndarray:
    """Return the day of the first purchase: any day unasked, soon after the message for it."""
    facts, every = mechanism("campaigns"), np.arange(len(arm))
    drawn = draws.of("campaign_contacts", "day").uniform(len(arm))
    soon = draws.of("campaign_contacts", "soon").chance(campaign.by_arm("sooner")[arm])
    span = np.where(soon & responses.seen[every, arm], facts["soon"], campaign.days)
    unasked = campaign.start + np.floor(drawn * span).astype(np.int64)
    wait = draws.of("campaign_contacts", "take_wait").geometric(
        np.full(len(arm), facts["takes_on"])
    )
    taken = np.minimum(seen // 1440 + wait, campaign.start + campaign.days - 1)
    unasked = np.where(responses.unasked[every, arm], unasked, NEVER)
    taken = np.where(responses.takes[every, arm], taken, NEVER)
    day = np.minimum(unasked, taken)
    return np.where(day < NEVER, day, -1)


def _lost(campaign: Campaign, audience: Audience, sent: Sent, draws: Draws) -> pl.Series:
    chance = np.where(audience.app, 0.0, campaign.by_arm("lost")[sent.arm])
    return pl.Series(draws.within(campaign.start).of("campaign_contacts", "lost").chance(chance))


def _contacts(campaign: Campaign, ids: pl.Series, responses: Responses, sent: Sent) -> pl.DataFrame:
    facts, every = mechanism("campaigns"), np.arange(len(ids))
    list_day = campaign.start - campaign.mechanism["audience"]["list_days_before"]
    opened = np.isin(sent.channel, facts["tracked"])
    linked = opened | (sent.channel == "sms")
    amounts = {
        name: getattr(responses, name)[every, sent.arm]
        for name in ("amount", "offer_amount", "margin", "later_amount")
    }
    return pl.DataFrame(
        {
            "campaign_id": np.full(len(ids), campaign.id),
            "customer_id": ids,
            "arm": pl.Series(campaign.arms).gather(sent.arm),
            "assigned_at": times(np.full(len(ids), list_day * 1440 + facts["listed_at"])),
            "sent_at": times(sent.sent),
            "opened_at": times(np.where(opened, sent.seen, -1)),
            "clicked_at": times(np.where(linked, sent.clicked, -1)),
            "responded_on": dates(sent.responded),
            **amounts,
            "opted_out": sent.opted_out >= 0,
        }
    )


def _truth(campaign: Campaign, ids: pl.Series, responses: Responses) -> pl.DataFrame:
    size, arms = responses.chance.shape
    return pl.DataFrame(
        {
            "campaign_id": np.full(size * arms, campaign.id),
            "customer_id": ids.gather(np.repeat(np.arange(size), arms)),
            "arm": pl.Series(campaign.arms).gather(np.tile(np.arange(arms), size)),
            "response_chance": rounded(responses.chance).ravel(),
            "expected_amount": np.rint(responses.expected).astype(np.int64).ravel(),
            "expected_later_amount": np.rint(responses.expected_later).astype(np.int64).ravel(),
            "responds": responses.responds.ravel(),
            "amount": responses.amount.ravel(),
            "later_amount": responses.later_amount.ravel(),
        }
    )


def _errors(
    campaign: Campaign, ids: pl.Series, sent: Sent, allowed: np.ndarray, lost: pl.Series
) -> pl.DataFrame:
    """Return messages to people who had withdrawn by then, and rows that were lost."""
    breach = pl.Series((sent.sent >= 0) & ~allowed) & ~lost
    key = pl.concat_str(pl.lit(campaign.id), pl.lit("/"), "customer_id")
    nothing = pl.lit(None, dtype=pl.String)
    members, table = ids.to_frame("customer_id"), "campaign_contacts"
    return pl.concat(
        [
            members.filter(breach).select(
                planted(table, "sent_at", "sent_after_withdrawal", key, nothing)
            ),
            members.filter(lost).select(planted(table, "customer_id", "row_lost", key, nothing)),
        ]
    )
