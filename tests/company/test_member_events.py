"""Member events: who is invited, who comes, and that coming is selection alone."""

import dataclasses

import numpy as np
import polars as pl
import pytest

from customer_insight.company.campaign_plan import day_of
from customer_insight.company.consents import draw_consents
from customer_insight.company.feelings import draw_feelings
from customer_insight.company.habits import NEVER
from customer_insight.company.member_events import member_event_effects, member_event_tables
from customer_insight.company.people import people_tables
from customer_insight.data.mechanisms import mechanism


@pytest.fixture(scope="module")
def feelings(block, draws):
    return draw_feelings(block, draws)


@pytest.fixture(scope="module")
def consents(block, feelings, world, draws):
    customers = people_tables(block, world[1], pl.Series(["search"] * 4000), draws)["customers"]
    return draw_consents(block, feelings, customers["newsletter"].to_numpy(), draws)


@pytest.fixture(scope="module")
def tables(block, feelings, consents, world, draws):
    return member_event_tables(block, feelings, consents, world[1], draws)


@pytest.fixture(scope="module")
def invitations(tables):
    """Return invitations with their event and the place of the customer in the block."""
    joined = tables["member_event_invitations"].join(
        tables["member_events"], on="member_event_id", validate="m:1"
    )
    return joined.with_columns(person=pl.col("customer_id").str.slice(1).cast(pl.Int64))


def test_the_nearby_who_granted_messages_are_invited(block, consents, invitations, world):
    city_id = world[1].cities["city_id"]
    for event in invitations.partition_by("member_event_id"):
        first = event.row(0, named=True)
        person = event["person"].to_numpy()
        assert consents.held("marketing", day_of(first["invited_on"]))[person].all()
        if first["city_id"] is not None:
            assert set(city_id.gather(block.city[person])) == {first["city_id"]}


def test_the_first_to_sign_up_get_the_places(block, feelings, consents, world, draws):
    everybody = dataclasses.replace(
        consents,
        granted=np.zeros_like(consents.granted),
        withdrawn=np.full_like(consents.withdrawn, NEVER),
    )
    tables = member_event_tables(block, feelings, everybody, world[1], draws)
    joined = tables["member_event_invitations"].join(tables["member_events"], on="member_event_id")
    full = 0
    for event in joined.partition_by("member_event_id"):
        signed, came = event.drop_nulls("signed_up_on"), event.filter("attended")
        places = event["places"][0]
        assert came.height <= places
        assert came["signed_up_on"].null_count() == 0
        if signed.height > places:
            full += 1
            assert came["signed_up_on"].max() <= signed["signed_up_on"].sort()[places - 1]
    assert full > 3


def test_sign_ups_lie_between_invitation_and_event(invitations):
    signed = invitations.drop_nulls("signed_up_on")
    assert (signed["signed_up_on"] >= signed["invited_on"]).all()
    assert (signed["signed_up_on"] < signed["held_on"]).all()


def test_attendance_follows_the_stated_chance(invitations):
    online = invitations.filter(pl.col("kind") == "live_stream").drop_nulls("signed_up_on")
    chance = mechanism("member_events")["attends"]
    error = np.sqrt(chance * (1 - chance) / online.height)
    assert abs(online["attended"].mean() - chance) < 4 * error


def test_who_comes_bought_more_before_cares_more_and_is_more_content(block, feelings, invitations):
    online = invitations.filter(pl.col("kind") == "live_stream")
    day = np.array([day_of(date) for date in online["held_on"]])
    came, person = online["attended"].to_numpy(), online["person"].to_numpy()
    bought = block.purchases
    orders = np.array(
        [
            ((bought.person == p) & (bought.day < d)).sum() / (d - block.habits.first[p])
            for p, d in zip(person, day, strict=True)
        ]
    )
    assert orders[came].mean() > 1.3 * orders[~came].mean()
    assert feelings.care[person][came].mean() > feelings.care[person][~came].mean()
    assert feelings.temper[person][came].mean() > feelings.temper[person][~came].mean()


def test_after_the_event_guests_buy_at_the_rate_that_they_had_anyway(block, invitations):
    """Those of like hidden rate who are still there buy as much, guests or not."""
    online = invitations.filter(pl.col("kind") == "live_stream")
    day = np.array([day_of(date) for date in online["held_on"]])
    person, came = online["person"].to_numpy(), online["attended"].to_numpy()
    there = (block.left[person] > day) & ~block.habits.steady[person]
    person, day, came = person[there], day[there], came[there]
    orders = np.array(
        [
            ((block.purchases.person == p) & (block.purchases.day > d)
             & (block.purchases.day <= d + 90)).sum()
            for p, d in zip(person, day, strict=True)
        ]
    )  # fmt: skip
    rate = block.habits.rate[person]
    found, weight = [], []
    for part in np.array_split(np.argsort(rate, kind="stable"), 8):
        guests, others = part[came[part]], part[~came[part]]
        if len(guests) > 3:
            found.append(orders[guests].mean() - orders[others].mean())
            weight.append(len(guests))
    gap = np.average(found, weights=weight)
    plain = orders[came].mean() - orders[~came].mean()
    error = orders[came].std() / np.sqrt(came.sum())
    assert plain > 2 * error
    assert abs(gap) < 2.5 * error


def test_the_truth_says_that_coming_does_nothing():
    (row,) = member_event_effects()
    assert row["effect"] == 0
