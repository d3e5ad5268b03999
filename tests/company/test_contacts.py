"""Seats, roles and the people who hold them in turn."""

import datetime as dt

import numpy as np
import polars as pl
import pytest

from customer_insight.company import calendar
from customer_insight.company.contacts import (
    RECORDED,
    ROLES,
    contact_table,
    draw_contacts,
)
from customer_insight.company.habits import NEVER
from customer_insight.company.organisations import SIZE_BANDS, draw_organisations
from customer_insight.data.mechanisms import mechanism

DECIDER, BUYER, USER = (ROLES.index(role) for role in ("decider", "buyer", "user"))


@pytest.fixture(scope="module")
def organisations(world, draws):
    return draw_organisations(400, world[1], draws.within(0))


@pytest.fixture(scope="module")
def contacts(organisations, draws):
    return draw_contacts(organisations, draws.within(0))


@pytest.fixture(scope="module")
def table(contacts, organisations, draws):
    return contact_table(contacts, organisations, draws.within(0), 0)


def test_two_to_five_people_hold_all_roles_at_any_time(contacts):
    people = contacts.roles.any(axis=2).sum(axis=1)
    assert people.min() >= 2
    assert people.max() <= 5
    assert len(np.unique(people)) == 4
    for role in (DECIDER, BUYER):
        assert (contacts.roles[:, :, role].sum(axis=1) == 1).all()
    assert contacts.roles[:, :, USER].any(axis=1).all()


def test_the_buyer_often_is_not_the_decider_and_least_so_in_large_organisations(
    contacts, organisations
):
    same = (contacts.roles[:, :, DECIDER] & contacts.roles[:, :, BUYER]).any(axis=1)
    assert 0.15 < same.mean() < 0.4
    by_band = [same[organisations.band == band].mean() for band in range(len(SIZE_BANDS))]
    assert by_band[0] > 0.4
    assert by_band[-1] < 0.2


def test_large_organisations_have_gatekeepers_more_often(contacts, organisations):
    gate = contacts.roles[:, :, ROLES.index("gatekeeper")]
    assert gate.sum(axis=1).max() == 1
    left_over = contacts.roles[:, :, USER].sum(axis=1) + gate.any(axis=1) > 1
    for band, name in enumerate(SIZE_BANDS):
        own = left_over & (organisations.band == band)
        expected = mechanism("contacts")["gatekeeper"][name]
        spread = np.sqrt(expected * (1 - expected) / own.sum())
        assert abs(gate[own].any(axis=1).mean() - expected) < 3 * spread


def test_one_person_may_hold_two_roles_and_nobody_holds_none(contacts):
    held = contacts.roles.sum(axis=2)
    seated = contacts.number[:, :, 0] > 0
    assert (held[seated] >= 1).all()
    assert (held[seated] >= 2).any()
    assert not held[~seated].any()


def test_the_holder_on_a_day_is_in_the_post_that_day(contacts, organisations, table):
    generator = np.random.default_rng(3)
    place = generator.integers(0, 400, 500)
    day = generator.integers(organisations.since[place], calendar.DAYS)
    number = contacts.holder(place, np.full(500, BUYER), day)
    asked = pl.DataFrame(
        {
            "contact_id": [f"K{p:06d}{n:02d}" for p, n in zip(place, number, strict=True)],
            "day": [calendar.dates()[d] for d in day],
        }
    ).join(table, on="contact_id", how="left", validate="m:1")
    assert asked["buyer"].all()
    assert (asked["since"] <= asked["day"]).all()
    assert (asked["until"].fill_null(dt.date(9999, 1, 1)) >= asked["day"]).all()


def test_a_successor_starts_on_the_day_after(table, contacts):
    follows = contacts.starts[:, :, 1:] < NEVER
    assert table["until"].count() == follows.sum()
    assert 0.15 < follows[:, :, 0].any(axis=1).mean() < 0.95
    ends = table.filter(pl.col("until").is_not_null()).select(
        "customer_id", since=pl.col("until") + pl.duration(days=1)
    )
    assert ends.join(table, on=["customer_id", "since"], how="anti").is_empty()


def test_the_recorded_decider_is_right_or_the_buyer_or_nobody(contacts, table):
    recorded = table.group_by("customer_id", maintain_order=True).agg(
        known=pl.col("decider").any(), buyer=(pl.col("decider") & pl.col("buyer")).any()
    )
    same = (contacts.roles[:, :, DECIDER] & contacts.roles[:, :, BUYER]).any(axis=1)
    says = np.array(RECORDED)[contacts.recorded]
    assert (recorded["known"].to_numpy() == (same | (says != "nobody"))).all()
    assert (recorded["buyer"].to_numpy() == (same | (says == "buyer"))).all()


def test_names_phones_and_addresses_lead_to_nobody(table):
    assert table["name"].str.contains(r"^[A-Za-z']+ [A-Za-z]+$").all()
    assert table["name_zh"].str.contains(r"^\p{Han}{2,4}$").all()
    assert table["phone"].drop_nulls().str.contains(r"^000\d{8}$").all()
    address = r"^[a-z]+\.[a-z]+@g\d{6}\.example\.(com|org|net)$"
    assert table["email"].drop_nulls().str.contains(address).all()
    assert 0.03 < table["phone"].null_count() / table.height < 0.1
    assert 0.1 < table["email"].null_count() / table.height < 0.19


def test_a_job_title_goes_with_the_highest_role(table):
    clerks = table.filter(pl.col("job_title") == "Purchasing clerk")
    assert clerks.height > 20
    assert clerks["buyer"].all()
    assert not clerks["gatekeeper"].any()


def test_ids_stand_once_and_begin_with_the_organisation(table):
    assert table["contact_id"].is_unique().all()
    assert table["contact_id"].is_sorted()
    assert (table["contact_id"].str.slice(1, 6) == table["customer_id"].str.slice(1)).all()
