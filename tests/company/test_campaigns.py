"""All tables about consent, campaigns and care: form, references, determinism."""

import polars as pl
import pytest

from customer_insight.company.campaigns import campaigns_fixed_tables, campaigns_tables
from customer_insight.company.draws import Draws
from customer_insight.company.feelings import draw_feelings
from customer_insight.company.people import people_tables
from customer_insight.company.people_block import draw_people_block

TRUTH = ("truth_campaigns", "truth_effects", "truth_errors", "truth_outbreaks")


def tables_of(world, draws, *, number=0, size=500):
    goods, places = world
    block = draw_people_block(number, size, places, goods, draws)
    customers = people_tables(block, places, pl.Series(["search"] * size), draws)["customers"]
    feelings = draw_feelings(block, draws)
    return campaigns_tables(block, feelings, customers, goods=goods, places=places, draws=draws)


@pytest.fixture(scope="module")
def customers(block, world, draws):
    return people_tables(block, world[1], pl.Series(["search"] * 4000), draws)["customers"]


@pytest.fixture(scope="module")
def tables(block, customers, world, draws):
    goods, places = world
    feelings = draw_feelings(block, draws)
    return campaigns_tables(block, feelings, customers, goods=goods, places=places, draws=draws)


@pytest.fixture(scope="module")
def fixed(draws):
    return campaigns_fixed_tables(4000, draws)


def test_only_the_truth_has_floats(tables, fixed):
    for name, table in {**tables, **fixed}.items():
        floats = [column for column, kind in table.schema.items() if kind.is_float()]
        assert not floats or name in TRUTH
        for column in floats:
            millionths = table[column] * 1e6
            assert ((millionths - millionths.round()).abs() < 1e-4).all()


def test_references_hold(tables, fixed, customers, world):
    goods, places = world
    for table in tables.values():
        if "customer_id" in table.columns:
            assert set(table["customer_id"]) <= set(customers["customer_id"])
    arms = ["campaign_id", "arm"]
    for name in ("campaign_contacts", "truth_campaigns"):
        assert tables[name].join(fixed["campaign_arms"], on=arms, how="anti").is_empty()
    assert set(fixed["campaign_arms"]["campaign_id"]) == set(fixed["campaigns"]["campaign_id"])
    products = fixed["campaign_arms"]["product_id"].drop_nulls()
    assert set(products) <= set(goods.products["product_id"])
    partners = set(fixed["partners"]["partner_id"])
    assert set(tables["partner_members"]["partner_id"]) == partners
    assert set(fixed["partner_months"]["partner_id"]) == partners
    assert set(fixed["service_menu"]["partner_id"].drop_nulls()) <= partners
    assert set(tables["service_uses"]["service_id"]) <= set(fixed["service_menu"]["service_id"])
    events = set(tables["member_events"]["member_event_id"])
    assert set(tables["member_event_invitations"]["member_event_id"]) <= events
    for cities in (tables["member_events"], fixed["partners"]):
        assert set(cities["city_id"].drop_nulls()) <= set(places.cities["city_id"])


def test_nothing_comes_before_sign_up(tables, customers):
    since = customers.select("customer_id", joined_on="signed_up_on")
    for name, column in (
        ("consents", "changed_at"),
        ("campaign_contacts", "assigned_at"),
        ("care_contacts", "day"),
        ("member_event_invitations", "invited_on"),
        ("service_uses", "used_on"),
        ("customer_changes", "valid_from"),
    ):
        joined = tables[name].join(since, on="customer_id", validate="m:1")
        assert (joined[column].cast(pl.Date) >= joined["joined_on"]).all(), name


def test_the_same_seed_gives_the_same_tables_whatever_was_drawn_before(world, draws):
    first = tables_of(world, draws)
    other = tables_of(world, draws, number=1)
    again = tables_of(world, Draws(draws.seed))
    for name, table in first.items():
        assert again[name].equals(table)
        assert name == "member_events" or not other[name].head(20).equals(table.head(20))


def test_one_person_has_tables_of_the_same_form(world, draws, tables):
    for name, table in tables_of(world, draws, size=1).items():
        assert table.schema == tables[name].schema, name


def test_every_trap_is_in_the_truth(fixed):
    found = fixed["truth_outbreaks"].select("kind", "place", "size").rows()
    assert found == [
        ("early_effect", "CA1, arm sms", 0.75),
        ("sample_ratio_mismatch", "CA4, arm voucher", 0.6),
    ]
    effects = fixed["truth_effects"]
    nothing = effects.filter(pl.col("cause").is_in(["CA1: sms", "member event: attended"]))
    assert (nothing["effect"] == 0).all()
    assert nothing.height == 8


def test_plans_grow_with_the_company(fixed, draws):
    larger = campaigns_fixed_tables(40_000, draws)
    for name, column in (("campaigns", "budget"), ("partner_months", "cost")):
        ratio = larger[name][column].sum() / fixed[name][column].sum()
        assert 9.9 < ratio < 10.1
    assert larger["campaign_arms"].equals(fixed["campaign_arms"])
