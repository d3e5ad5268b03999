"""Member events and who came: the tables ``member_events`` and ``member_event_invitations``."""

import numpy as np
import polars as pl

from customer_insight.company.arithmetic import exp
from customer_insight.company.campaign_plan import day_of
from customer_insight.company.consents import Consents
from customer_insight.company.draws import Draws
from customer_insight.company.feelings import Feelings
from customer_insight.company.ids import block_ids, customer_ids
from customer_insight.company.organisations import dates
from customer_insight.company.people_block import PeopleBlock
from customer_insight.company.places import Places
from customer_insight.data.mechanisms import mechanism


def member_event_tables(
    block: PeopleBlock,
    feelings: Feelings,
    consents: Consents,
    places: Places,
    draws: Draws,
) -> dict[str, pl.DataFrame]:
    """Return the events that a block's members were invited to, and who came.

    Parameters
    ----------
    block : PeopleBlock
        The people.
    feelings : Feelings
        Of the block: the content and caring come.
    consents : Consents
        Only who granted messages is invited.
    places : Places
        Cities.
    draws : Draws
        Of the company.

    Returns
    -------
    dict of str to polars.DataFrame
        ``member_events``, one row an event: ``member_event_id``, ``title``, ``title_zh``, ``kind``,
        ``city_id`` (missing: online), ``held_on``, ``places``, ``cost`` (fen).
        ``member_event_invitations``, one row a member and event: ``member_event_id``,
        ``customer_id``, ``invited_on``, ``signed_up_on``, ``attended``.
    """
    events, own = mechanism("member_events")["events"], draws.within(block.number)
    ids = block_ids("E", block.number, np.arange(len(events)))
    table = pl.DataFrame(events, schema_overrides={"city_id": pl.String})
    invitations = [
        _invitations(
            block, feelings, consents, places, event=event, draws=own.within(at)
        ).with_columns(member_event_id=pl.lit(ids[at]))
        for at, event in enumerate(events)
    ]
    return {
        "member_events": table.with_columns(member_event_id=ids),
        "member_event_invitations": pl.concat(invitations),
    }


def member_event_effects() -> list[dict]:
    """Return what coming to an event really does, a row of the table ``truth_effects``."""
    return [
        {
            "cause": "member event: attended",
            "outcome": "amount of orders afterwards",
            "group_name": "all",
            "effect": 0.0,
            "unit": "fen",
            "why": "Who comes bought more before: selection alone.",
        }
    ]


def _invitations(
    block: PeopleBlock,
    feelings: Feelings,
    consents: Consents,
    places: Places,
    *,
    event: dict,
    draws: Draws,
) -> pl.DataFrame:
    facts = mechanism("member_events")
    held = day_of(event["held_on"])
    invited = held - facts["invited_before"]
    near = np.ones(len(block), dtype=bool)
    if event["city_id"] is not None:
        near = block.city == int(places.cities["city_id"].index_of(event["city_id"]))
    member = near & consents.held("marketing", invited) & (block.habits.first <= invited)
    signs = draws.of("member_events", "signs_up").chance(
        _sign_up_chance(block, feelings, event["kind"], invited)
    )
    wait = draws.of("member_events", "wait").whole(0, facts["invited_before"], len(block))
    turn = draws.of("member_events", "turn").order(len(block))
    comes = draws.of("member_events", "attends").chance(facts["attends"], size=len(block))
    signed = np.flatnonzero(member & signs)
    first = signed[np.lexsort((turn[signed], wait[signed]))][: event["places"]]
    attended = np.zeros(len(block), dtype=bool)
    attended[first] = comes[first]
    at = np.flatnonzero(member)
    return pl.DataFrame(
        {
            "customer_id": customer_ids(block.number, at),
            "invited_on": dates(np.full(len(at), invited)),
            "signed_up_on": dates(np.where(signs, invited + wait, -1)[at]),
            "attended": attended[at],
        }
    )


def _sign_up_chance(block: PeopleBlock, feelings: Feelings, kind: str, day: int) -> np.ndarray:
    """Return the chance to sign up: by rate, care and mood; of those who left, none."""
    facts = mechanism("member_events")
    often = np.minimum(block.habits.rate / facts["usual_rate"], facts["most_rate"])
    low, step = facts["by_care"]
    mood = exp(np.clip(facts["by_mood"] * feelings.mood_at(block, day), -3.0, 3.0))
    chance = facts["signs_up"][kind] * often * (low + step * feelings.care) * mood
    return np.where(block.left > day, np.minimum(chance, facts["most"]), 0.0)
