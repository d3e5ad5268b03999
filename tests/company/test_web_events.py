"""The log of the web shop and its tasks: its orders, its errors, and the effects of the truth."""

import datetime as dt

import numpy as np
import polars as pl
import pytest

from customer_insight.company.order_tables import order_tables
from customer_insight.company.people import people_tables
from customer_insight.company.web_events import timestamps, web_event_tables
from customer_insight.company.web_interests import draw_interests
from customer_insight.company.web_pages import KINDS, PRODUCT, draw_pages
from customer_insight.company.web_sessions import draw_sessions
from customer_insight.company.web_tasks import web_task_table
from customer_insight.company.web_views import lifts
from customer_insight.company.web_visits import log_start
from customer_insight.data.mechanisms import mechanism


@pytest.fixture(scope="module")
def who(block, world, draws):
    channels = pl.Series(["search", "social_ads", "offline_poster", "marketplace"] * 1000)
    return people_tables(block, world[1], channels, draws)


@pytest.fixture(scope="module")
def visits(block, who, world, draws):
    """Return interests, sessions and pages."""
    interests = draw_interests(block, who["profiles"], draws)
    sessions = draw_sessions(block, who["customers"], draws)
    return interests, sessions, draw_pages(block, sessions, interests, world[0], draws)


@pytest.fixture(scope="module")
def log(block, visits, world, draws):
    """Return the log and its errors."""
    return web_event_tables(block, *visits[1:], world[0], draws)


@pytest.fixture(scope="module")
def tasks(block, who, visits, draws):
    return web_task_table(block, who["customers"], *visits[1:], draws)


@pytest.fixture(scope="module")
def mended(log):
    """Return the log without copies and with the true times."""
    errors = log["truth_errors"]
    copies = errors.filter(kind="sent_twice").select(web_event_id="row_key")
    times = errors.filter(kind="clock_shift").select(
        web_event_id="row_key", true=pl.col("true_value").str.to_datetime("%Y-%m-%d %H:%M:%S")
    )
    return (
        log["web_events"]
        .join(copies, on="web_event_id", how="anti")
        .join(times, on="web_event_id", how="left", maintain_order="left")
        .with_columns(viewed_at=pl.coalesce("true", "viewed_at"))
    )


def test_the_log_has_every_web_order_of_those_it_keeps(mended, block, world):
    orders = order_tables(block, *world)["orders"]
    seen = mended.drop_nulls("order_id").join(orders, on="order_id", validate="1:1")
    assert (seen["customer_id"] == seen["customer_id_right"]).all()
    assert (seen["viewed_at"].dt.truncate("1m") == seen["ordered_at"].dt.truncate("1m")).all()
    start = timestamps(np.array([log_start() * 86_400]))[0]
    web = orders.filter(pl.col("channel") == "web", pl.col("ordered_at") >= start)
    kept = set(seen["customer_id"])
    expected = web.filter(pl.col("customer_id").is_in(list(kept)))
    assert set(seen["order_id"]) == set(expected["order_id"])
    share = len(kept) / web["customer_id"].n_unique()
    assert abs(share - mechanism("web_sessions")["customers_kept"]) < 0.03


def test_headline_facts_of_sessions_are_plausible(mended):
    sessions = mended.group_by("session_id").agg(
        ordered=pl.col("order_id").is_not_null().any(),
        cart=(pl.col("page_kind") == "cart").any(),
        pages=pl.len(),
        known=pl.col("customer_id").is_not_null().any(),
    )
    assert 0.2 < sessions["ordered"].mean() < 0.4
    assert 2.5 < sessions["pages"].mean() < 4.5
    assert 0.4 < sessions["known"].mean() < 0.65
    left = sessions.filter("cart").select((~pl.col("ordered")).mean()).item()
    assert 0.12 < left < 0.35


def test_without_its_errors_the_log_is_in_the_order_of_time(log, mended):
    assert mended["viewed_at"].is_sorted()
    assert not log["web_events"]["viewed_at"].is_sorted()
    shifted = log["truth_errors"].filter(kind="clock_shift")
    facts = mechanism("web_errors")
    rows = shifted.join(log["web_events"], left_on="row_key", right_on="web_event_id")
    wrong = rows["viewed_at"] - rows["true_value"].str.to_datetime("%Y-%m-%d %H:%M:%S")
    assert set(wrong) == {dt.timedelta(hours=facts["shift_hours"])}
    assert set(rows["server"]) == {f"web{facts['shifted']['server']}"}
    of_days = mended.filter(
        pl.col("server") == f"web{facts['shifted']['server']}",
        pl.col("viewed_at").dt.date().is_between(facts["shifted"]["from"], facts["shifted"]["to"]),
    )
    assert set(of_days["web_event_id"]) <= set(shifted["row_key"])


def test_a_page_sent_twice_stands_in_the_log_twice(log):
    events, copies = log["web_events"], log["truth_errors"].filter(kind="sent_twice")
    first, second = (
        copies.select(web_event_id=column).join(events, on="web_event_id", maintain_order="left")
        for column in ("true_value", "row_key")
    )
    assert first.drop("web_event_id").equals(second.drop("web_event_id"))
    assert abs(len(copies) / len(events) - mechanism("web_errors")["sent_twice"]) < 0.001


def test_dwell_tells_what_interests(visits, world):
    """A regression that is told the lifts recovers by how much people linger."""
    interests, sessions, pages = visits
    facts, choices = mechanism("web_pages"), world[0].choices
    person = sessions.visits.person[pages.session]
    seen = (pages.kind == PRODUCT) & (pages.dwell > 0) & (person >= 0)
    lift = np.log(lifts(interests, choices)[person[seen], pages.category[seen]])
    slope = np.polyfit(lift, np.log(pages.dwell[seen]), 1)[0]
    error = facts["seconds_spread"] / (lift.std() * np.sqrt(seen.sum()))
    assert abs(slope - facts["interest_seconds"]) < 4 * error < 0.2
    assert pages.dwell.max() <= facts["most_seconds"]
    assert len(KINDS) > pages.kind.max()


def test_paying_is_completed_by_an_order(tasks, mended):
    bought = mended.drop_nulls("order_id")["session_id"].unique()
    pay = tasks.filter(task="pay")
    assert (pay["completed"] == pay["session_id"].is_in(bought.implode())).all()
    assert tasks["started_at"].is_sorted()


def test_the_new_checkout_made_paying_on_phones_quicker_and_less_prone_to_errors(tasks):
    facts = mechanism("web_tasks")
    time = (pl.col("seconds") / (1 + facts["error_time"] * pl.col("errors"))).log()
    pay = tasks.filter(task="pay").with_columns(
        time=time, after=pl.col("started_at").dt.date() >= facts["new_checkout"]
    )
    by = dict(pay.group_by("device", "after"))
    before, after = by["phone", False], by["phone", True]
    error = facts["seconds_spread"] * np.sqrt(1 / len(before) + 1 / len(after))
    change = after["time"].mean() - before["time"].mean()
    assert abs(change - facts["new_checkout_seconds"]) < 4 * error + 0.03
    assert (
        abs(after["errors"].mean() / before["errors"].mean() - facts["new_checkout_errors"]) < 0.15
    )
    placebo = by["computer", True]["time"].mean() - by["computer", False]["time"].mean()
    assert abs(placebo) < 0.08


def test_tasks_take_the_older_longer_on_one_device(tasks, who):
    facts = mechanism("web_tasks")
    rows = (
        tasks.filter(pl.col("device") == "computer", pl.col("task") == "pay")
        .join(who["customers"].select("customer_id", "born_on"), on="customer_id")
        .with_columns(older=(2024 - pl.col("born_on").dt.year() - 40).clip(0))
    )
    time = np.log(rows["seconds"] / (1 + facts["error_time"] * rows["errors"]))
    slope = np.polyfit(rows["older"], time, 1)[0]
    error = facts["seconds_spread"] / (rows["older"].std() * np.sqrt(len(rows)))
    assert abs(slope - facts["by_age"]) < 4 * error < 0.012
