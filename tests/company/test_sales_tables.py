"""All tables of sales: form, references and determinism."""

import datetime as dt

import polars as pl
import pytest

from customer_insight.company.acquisition import CHANNELS, acquisition_channels
from customer_insight.company.communities import make_communities
from customer_insight.company.complaint_tables import complaint_tables
from customer_insight.company.draws import Draws
from customer_insight.company.feelings import draw_feelings
from customer_insight.company.order_tables import order_tables
from customer_insight.company.organisation_block import (
    draw_organisation_block,
    organisation_tables,
)
from customer_insight.company.people import people_tables
from customer_insight.company.people_block import draw_people_block
from customer_insight.company.referrals import draw_referrals
from customer_insight.company.returns import return_table
from customer_insight.company.sales_tables import sales_fixed_tables, sales_tables
from customer_insight.company.surveys import survey_tables

LAST = dt.date(2024, 12, 31)


def given_tables(block, group, world, draws):
    """Return the tables of others that sales read."""
    feelings, (goods, places) = draw_feelings(block, draws), world
    referrals = draw_referrals(block, make_communities(block, draws), draws)
    channels = pl.Series(CHANNELS).gather(acquisition_channels(block, referrals, draws))
    who = people_tables(block, places, channels, draws)
    return {
        **who,
        **organisation_tables(group, places, goods, draws),
        "returns": return_table(block, goods, draws),
        "complaints": complaint_tables(block, feelings, goods, draws)["complaints"],
        **survey_tables(block, feelings, who["customers"], goods, draws),
    }


def tables_of(block, group, given, world, draws):
    feelings, (goods, places) = draw_feelings(block, draws), world
    return sales_tables(
        block, group, feelings, tables=given, goods=goods, places=places, draws=draws
    )


@pytest.fixture(scope="module")
def group(world, draws):
    goods, places = world
    return draw_organisation_block(0, 160, places, goods, draws)


@pytest.fixture(scope="module")
def given(block, group, world, draws):
    return given_tables(block, group, world, draws)


@pytest.fixture(scope="module")
def tables(block, group, given, world, draws):
    return tables_of(block, group, given, world, draws)


@pytest.fixture(scope="module")
def fixed(world, draws):
    return sales_fixed_tables(world[1], draws)


@pytest.fixture(scope="module")
def every(tables, fixed):
    """Return all tables, those of both kinds put together."""
    names = [*tables, *(name for name in fixed if name not in tables)]
    parts = [tables, fixed]
    return {name: pl.concat([part[name] for part in parts if name in part]) for name in names}


def test_the_same_draw_gives_the_same_tables_and_others_other_ids(tables, world, draws):
    goods, places = world
    block = draw_people_block(1, 300, places, goods, draws)
    group = draw_organisation_block(1, 12, places, goods, draws)
    given = given_tables(block, group, world, draws)
    once, again = (tables_of(block, group, given, world, draws) for _ in range(2))
    assert all(once[name].equals(again[name]) for name in once)
    other = tables_of(block, group, given, world, Draws(8))
    assert not other["prospects"].equals(once["prospects"])
    for name, key in {"prospects": "prospect_id", "staff": "staff_id"}.items():
        assert not set(once[name][key]) & set(tables[name][key])


def test_a_company_of_one_person_has_the_same_columns(tables, world, draws):
    goods, places = world
    block = draw_people_block(0, 1, places, goods, draws)
    group = draw_organisation_block(0, 1, places, goods, draws)
    given = given_tables(block, group, world, draws)
    few = tables_of(block, group, given, world, draws)
    assert {name: table.schema for name, table in few.items()} == {
        name: table.schema for name, table in tables.items()
    }


def test_who_worked_was_there(every):
    staff = every["staff"].select("staff_id", "team", "joined_on", "left_on")
    sales = {"sales_1", "sales_2", "sales_3", "sales_4"}
    works = {
        "prospects": ("staff_id", "found_on", sales),
        "prospect_contacts": ("staff_id", "contacted_at", sales),
        "objections": ("staff_id", "raised_at", sales),
        "demonstrations": ("staff_id", "held_on", sales),
        "staff_training": ("staff_id", "held_on", sales),
        "staff_targets": ("staff_id", "month", sales),
        "staff_sales": ("staff_id", "day", sales),
        "account_managers": ("staff_id", "since", sales),
        "follow_ups": ("staff_id", "due_on", sales | {"care"}),
        "actions": ("owner_id", "opened_on", {"care"}),
        "advice_queries": ("staff_id", "asked_at", {"advice"}),
    }
    for name, (who, when, teams) in works.items():
        table = every[name].filter(pl.col(who).is_not_null())
        if name == "follow_ups":
            table = table.with_columns(due_on=pl.coalesce(pl.col("done_at").dt.date(), "due_on"))
        joined = table.join(staff, left_on=who, right_on="staff_id")
        assert joined.height == table.height, name
        assert set(joined["team"]) <= teams, name
        day = pl.col(when).cast(pl.Date)
        there = (day >= pl.col("joined_on")) & (day <= pl.col("left_on").fill_null(dt.date.max))
        assert joined.select(there.all()).item(), name


def test_customers_are_those_that_were_won_on_that_day(tables, given):
    since = pl.concat(
        [
            given["customers"].select("customer_id", day="signed_up_on"),
            given["organisations"].select("customer_id", day="since"),
        ]
    )
    won = tables["prospect_stages"].filter(stage="won")
    joined = (
        tables["prospects"]
        .filter(pl.col("customer_id").is_not_null())
        .join(won, on="prospect_id")
        .join(since, on="customer_id")
    )
    assert joined.height == won.height == tables["prospects"]["customer_id"].count() > 150
    assert (joined["entered_on"] == joined["day"]).all()
    firms = joined.join(given["organisations"], on="customer_id", suffix="_own")
    for name in ("name", "kind", "employees", "city_id", "lead_source", "agency_grade"):
        assert firms[name].equals(firms[f"{name}_own"].alias(name), null_equal=True), name


def test_references_exist(tables, given, world):
    prospects, articles = tables["prospects"], set(world[0].products["product_id"])
    known = set(prospects["prospect_id"])
    for name in ("prospect_stages", "prospect_contacts", "objections", "demonstrations"):
        assert set(tables[name]["prospect_id"]) <= known, name
    assert set(prospects["entry_id"].drop_nulls()) <= set(tables["list_entries"]["entry_id"])
    surveyed = given["market_survey"]["invitation_id"]
    assert set(prospects["invitation_id"].drop_nulls()) <= set(surveyed)
    firms = given["organisations"]["customer_id"]
    assert set(tables["account_managers"]["customer_id"]) <= set(firms)
    people = set(given["customers"]["customer_id"])
    assert set(tables["follow_ups"]["customer_id"]) <= people | set(firms)
    assert set(tables["advice_queries"]["customer_id"]) <= people
    assert set(tables["demonstrations"]["product_id"]) <= articles
    contacts = tables["follow_ups"].filter(pl.col("contact_id").is_not_null())
    there = contacts.join(given["contacts"], on=["contact_id", "customer_id"])
    assert there.height == contacts.height > 300
    due = (pl.col("due_on") >= pl.col("since")) & (
        pl.col("due_on") <= pl.col("until").fill_null(LAST)
    )
    assert there.select(due.all()).item()


def test_actions_follow_what_led_to_them(tables, given):
    heard = {
        "follow_ups": tables["follow_ups"].select(from_id="follow_up_id", day="done_at"),
        "complaints": given["complaints"].select(from_id="complaint_id", day="received_at"),
        "survey_satisfaction": given["survey_invitations"].select(
            from_id="invitation_id", day="answered_on"
        ),
    }
    for name, causes in heard.items():
        own = tables["actions"].filter(from_table=name)
        joined = own.join(causes, on="from_id")
        assert joined.height == own.height > 50, name
        assert (joined["opened_on"] > joined["day"].cast(pl.Date)).all(), name


def test_entries_that_stand_twice_are_in_the_truth(tables):
    entries, errors = tables["list_entries"], tables["truth_errors"]
    again = entries.filter(entries.select("phone", "email", "name_zh").is_duplicated())
    pairs = errors.join(entries, left_on="row_key", right_on="entry_id").join(
        entries, left_on="true_value", right_on="entry_id", suffix="_first"
    )
    assert pairs.height == errors.height > 5
    assert (pairs["name"] == pairs["name_first"].str.to_uppercase()).all()
    assert (pairs["name_zh"] == pairs["name_zh_first"]).all()
    with_address = again.filter(pl.col("phone").is_not_null() & pl.col("email").is_not_null())
    both = {*errors["row_key"], *errors["true_value"]}
    assert set(with_address["entry_id"]) <= both


def test_advised_orders_have_that_bag_and_come_after(tables, block, world):
    orders = order_tables(block, *world)
    asked = tables["advice_queries"].filter(pl.col("order_id").is_not_null())
    own = asked.join(orders["orders"], on=["order_id", "customer_id"])
    assert own.height == asked.height > 100
    assert (own["asked_at"] < own["ordered_at"]).all()
    lines = asked.join(orders["order_lines"], on=["order_id", "product_id"])
    assert lines["query_id"].n_unique() == asked.height


def test_every_shop_has_a_manager_and_two_assistants(fixed, world):
    counts = (
        fixed["staff"]
        .group_by("shop_id")
        .agg(pl.len(), managers=(pl.col("job_title") == "shop manager").sum())
    )
    assert set(counts["shop_id"]) == set(world[1].shops["shop_id"])
    assert set(counts["len"]) == {3}
    assert set(counts["managers"]) == {1}


def test_whoever_won_an_account_looks_after_it_first(tables):
    won = tables["prospects"].filter(pl.col("customer_id").is_not_null(), side="organisation")
    first = tables["account_managers"].group_by("customer_id", maintain_order=True).first()
    joined = first.join(won, on="customer_id", suffix="_won")
    assert joined.height > 60
    assert (joined["staff_id"] == joined["staff_id_won"]).mean() > 0.85  # seats change hands


def test_articles_shown_could_be_bought(tables, world):
    articles = world[0].products.select("product_id", "launched", "withdrawn")
    shown = tables["demonstrations"].join(articles, on="product_id")
    assert (shown["held_on"] >= shown["launched"]).all()
    assert shown["withdrawn"].null_count() == shown.height > 100


def test_prospects_without_a_lawful_basis_come_from_lists_without_one(tables):
    own = tables["prospects"].join(tables["list_entries"], on="entry_id", suffix="_entry")
    assert own["lawful_basis"].equals(
        own["lawful_basis_entry"].alias("lawful_basis"), null_equal=True
    )
    free = tables["prospects"].filter(pl.col("entry_id").is_null())
    assert free["lawful_basis"].null_count() == 0
    assert own["lawful_basis"].null_count() > 30
    entries = tables["list_entries"]
    assert entries["phone"].drop_nulls().str.contains(r"^000\d{8}$").all()
