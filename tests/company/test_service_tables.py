"""All tables of the service: form, references, determinism, planted errors and outbreaks."""

import datetime as dt

import polars as pl
import pytest

from customer_insight.company import calendar
from customer_insight.company.draws import Draws
from customer_insight.company.feelings import draw_feelings
from customer_insight.company.order_tables import order_tables
from customer_insight.company.organisation_block import (
    draw_organisation_block,
    organisation_tables,
)
from customer_insight.company.people_block import draw_people_block
from customer_insight.company.service import draw_demandingness, service_contacts
from customer_insight.company.service_tables import service_fixed_tables, service_tables
from customer_insight.data.mechanisms import mechanism

ORGANISATIONS = 160


def tables_of(block, group, world, draws):
    goods, places = world
    contacts = service_contacts(block, draw_demandingness(block, draws), draws)
    feelings = draw_feelings(block, draws)
    return service_tables(
        block, group, feelings, contacts=contacts, goods=goods, places=places, draws=draws
    )


@pytest.fixture(scope="module")
def group(world, draws):
    goods, places = world
    return draw_organisation_block(0, ORGANISATIONS, places, goods, draws)


@pytest.fixture(scope="module")
def tables(block, group, world, draws):
    return tables_of(block, group, world, draws)


@pytest.fixture(scope="module")
def fixed(draws):
    return service_fixed_tables(draws)


@pytest.fixture(scope="module")
def every(tables, fixed):
    """Return all tables, those of both kinds put together."""
    names = [*tables, *(name for name in fixed if name not in tables)]
    both = [tables, fixed]
    return {name: pl.concat([part[name] for part in both if name in part]) for name in names}


@pytest.fixture(scope="module")
def second(world, draws):
    """Return a small second block, its organisations and its tables."""
    goods, places = world
    block = draw_people_block(1, 200, places, goods, draws)
    group = draw_organisation_block(1, 8, places, goods, draws)
    return block, group, tables_of(block, group, world, draws)


@pytest.fixture(scope="module")
def orders(block, group, world, draws):
    people = order_tables(block, *world)
    organisations = organisation_tables(group, world[1], world[0], draws)
    return {
        name: pl.concat([people[name], organisations[name].select(people[name].columns)])
        for name in ("orders", "order_lines")
    }


def outbreak(name):
    window = mechanism("service_outbreaks")[name]
    return window["begins"], window["ends"]


def test_the_same_draw_gives_the_same_tables_and_another_others(second, world, draws):
    block, group, tables = second
    again = tables_of(block, group, world, draws)
    assert all(tables[name].equals(again[name]) for name in tables)
    other = tables_of(block, group, world, Draws(8))
    assert not other["phone_calls"].equals(tables["phone_calls"])


def test_a_company_of_one_person_has_the_same_columns(tables, world, draws):
    goods, places = world
    block = draw_people_block(0, 1, places, goods, draws)
    group = draw_organisation_block(0, 1, places, goods, draws)
    few = tables_of(block, group, world, draws)
    assert {name: table.schema for name, table in few.items()} == {
        name: table.schema for name, table in tables.items()
    }


def test_ids_of_two_blocks_never_meet(tables, fixed, second):
    other = second[2]
    keys = {"tickets": "ticket_id", "phone_calls": "call_id", "staff": "staff_id"}
    for name, key in keys.items():
        assert not set(other[name][key]) & set(tables[name][key])
    assert not set(fixed["staff"]["staff_id"]) & set(tables["staff"]["staff_id"])
    assert not set(other["phone_rota"]["queue"]) & set(tables["phone_rota"]["queue"])


def test_tickets_belong_to_orders_of_their_customer_and_come_after_them(tables, orders):
    tickets = tables["tickets"]
    joined = tickets.join(orders["orders"], on=["order_id", "customer_id"])
    assert joined.height == tickets.height
    assert (joined["opened_at"].dt.date() >= joined["ordered_at"].dt.date()).all()
    pains = joined.filter(pl.col("subject") != "advice")
    assert (pains["opened_at"] > pains["ordered_at"]).all()
    assert set(tickets["ticket_id"].str.head(1)) == {"T", "U"}
    late = joined.filter(subject="late_parcel")
    assert (late["delivered_on"] > late["promised_on"]).all()


def test_every_service_contact_has_one_ticket(block, tables, draws):
    contacts = service_contacts(block, draw_demandingness(block, draws), draws)
    tickets, keys = tables["tickets"], ["customer_id", "day", "subject", "channel"]
    errors = tables["truth_errors"].filter(kind="duplicate")["row_key"]
    ours = tickets.filter(~pl.col("ticket_id").is_in(errors.to_list())).select(
        "customer_id", "subject", "channel", day=pl.col("opened_at").dt.date()
    )
    asked = contacts.rename({"reason": "subject"}).group_by(keys).len("asked")
    counted = asked.join(ours.group_by(keys).len("came"), on=keys, how="left").fill_null(0)
    assert (counted["came"] >= counted["asked"]).all()
    more = ours.filter(pl.col("customer_id").str.starts_with("C")).height - contacts.height
    assert 0 < more < 100  # the bad batch


def test_who_worked_was_there(every):
    staff = every["staff"].select("staff_id", "team", "joined_on", "left_on")
    works = {
        "tickets": ("staff_id", "first_answered_at", {"phone", "chat"}),
        "phone_calls": ("staff_id", "called_at", {"phone"}),
        "call_audits": ("auditor_id", "audited_on", {"audit"}),
        "process_steps": ("staff_id", "started_at", {"back_office"}),
        "improvements": ("owner_id", "opened_on", {"back_office"}),
    }
    for name, (who, when, teams) in works.items():
        table = every[name].filter(pl.col(who).is_not_null())
        day = pl.col(when).cast(pl.Date)
        joined = table.join(staff, left_on=who, right_on="staff_id")
        assert joined.height == table.height, name
        assert set(joined["team"]) == teams
        there = (day >= pl.col("joined_on")) & (day <= pl.col("left_on").fill_null(dt.date.max))
        assert joined.select(there.all()).item(), name


def test_calls_are_those_of_the_tickets_by_phone(tables):
    calls = tables["phone_calls"].filter(pl.col("ticket_id").is_not_null())
    tickets = tables["tickets"].filter(
        pl.col("channel") == "phone",
        pl.col("customer_id").str.starts_with("C"),
        pl.col("opened_at") >= tables["phone_calls"]["called_at"].min().date(),
    )
    joined = calls.join(tickets, on=["ticket_id", "customer_id", "staff_id"])
    assert joined.height == calls.height == tickets.height > 50
    assert (joined["called_at"] == joined["opened_at"]).all()
    waited = (joined["first_answered_at"] - joined["opened_at"]).dt.total_seconds()
    assert (waited == joined["waited_seconds"]).all()
    assert (joined["transferred"] == (joined["transfers"] > 0)).all()


def test_short_deliveries_are_lines_of_parcels(tables, orders):
    short = tables["short_deliveries"]
    lines = short.join(orders["order_lines"], on=["order_id", "line"])
    assert lines.height == short.height > 100
    assert (lines["missing_quantity"] <= lines["quantity"]).all()
    parcels = short.join(orders["orders"], on="order_id")
    assert set(parcels["channel"]) == {"web"}
    assert (parcels["supplied_on"] > parcels["delivered_on"]).all()


def test_every_duplicate_and_shifted_clock_stands_in_the_truth(tables):
    tickets, errors = tables["tickets"], tables["truth_errors"]
    assert errors.filter(kind="duplicate").height > 8
    assert errors.filter(kind="clock_shift").height > 8
    impossible = tickets.filter(pl.col("first_answered_at") < pl.col("opened_at"))
    shifted = errors.filter(kind="clock_shift")
    assert impossible.height > 0
    assert set(impossible["ticket_id"]) <= set(shifted["row_key"])
    both = shifted.join(tickets, left_on="row_key", right_on="ticket_id")
    real = both["true_value"].str.to_datetime("%Y-%m-%d %H:%M:%S")
    behind = (real - both["first_answered_at"]).dt.total_seconds()
    assert (behind == mechanism("ticket_errors")["clock"]["seconds"]).all()
    again = tickets.filter(tickets.select("customer_id", "order_id", "subject").is_duplicated())
    again = errors.filter(kind="duplicate").join(again, left_on="row_key", right_on="ticket_id")
    first = again.join(tickets, left_on="true_value", right_on="ticket_id", suffix="_first")
    assert first.height == errors.filter(kind="duplicate").height
    gap = (first["opened_at"] - first["opened_at_first"]).dt.total_seconds()
    assert (gap > 0).all()
    assert (gap < mechanism("ticket_errors")["twice_within"]).all()
    assert not first["satisfaction_asked"].any()


def test_the_truth_has_each_request_once(tables):
    twice = tables["truth_errors"].filter(kind="duplicate")["row_key"]
    requests = set(tables["tickets"]["ticket_id"]) - set(twice)
    assert set(tables["truth_tickets"]["ticket_id"]) == requests
    told = tables["tickets"].filter(pl.col("satisfaction").is_not_null())
    joined = told.join(tables["truth_tickets"], on="ticket_id", suffix="_true")
    assert (joined["satisfaction"] == joined["satisfaction_true"]).all()


def test_the_bad_batch_is_seen_in_the_defects_of_its_article(tables, orders):
    begins, ends = outbreak("bad_batch")
    facts = mechanism("service_outbreaks")["bad_batch"]
    bought = orders["order_lines"].filter(product_id=facts["product_id"])
    bought = bought.select("order_id").unique().join(orders["orders"], on="order_id")
    bought = bought.filter(side="person")
    defects = tables["tickets"].filter(subject="defect").select("order_id").unique()
    bought = bought.with_columns(
        bad=pl.col("ordered_at").dt.date().is_between(begins, ends),
        defect=pl.col("order_id").is_in(defects["order_id"].to_list()),
    )
    share = dict(bought.group_by("bad").agg(pl.col("defect").mean()).iter_rows())
    size = int(bought["bad"].sum())
    assert abs(share[True] - facts["chance"]) < 3.5 * (0.25 / size) ** 0.5
    assert share[False] < 0.1


def test_the_other_outbreaks_are_seen_where_the_truth_says(tables):
    begins, ends = outbreak("late_chat")
    chats = (
        tables["tickets"]
        .filter(channel="chat")
        .with_columns(
            late=pl.col("opened_at").dt.date().is_between(begins, ends),
            wait=(pl.col("first_answered_at") - pl.col("opened_at")).dt.total_minutes(),
        )
    )
    median = dict(chats.group_by("late").agg(pl.col("wait").median()).iter_rows())
    assert median[True] > 3 * median[False]
    day = pl.col("called_at").dt.date()
    calls = tables["phone_calls"].filter(pl.col("queue").str.starts_with("service"))
    by_day = calls.group_by(day.alias("day")).agg(pl.len(), pl.col("answered").mean())
    assert by_day.sort("len")["day"][-1] == outbreak("wrong_message")[0]
    ill = pl.col("day").is_between(*outbreak("empty_desk"))
    assert by_day.filter(ill)["answered"].mean() < by_day.filter(~ill)["answered"].mean() - 0.1


def test_outbreaks_lie_within_the_data(fixed, every):
    table = fixed["truth_outbreaks"]
    first, last = calendar.dates()[0], calendar.dates()[-1]
    assert table["begins_on"].min() >= first
    assert table["ends_on"].max() <= last
    assert set(table["table_name"]) <= set(every)


def test_targets_become_tighter_and_better_levels_come_first(fixed):
    targets = fixed["service_targets"].pivot(
        "valid_from", index=["priority", "level"], values="answer_minutes"
    )
    before, after = (targets[name] for name in targets.columns[2:])
    assert (after < before).all()
    levels = (
        fixed["service_targets"]
        .group_by("level", maintain_order=True)
        .agg(pl.col("solve_minutes").mean())
    )
    assert levels["solve_minutes"].is_sorted(descending=True)
