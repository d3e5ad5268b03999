"""The phone desk: arrivals, the queue, who gives up, the rota and the audits."""

import dataclasses

import numpy as np
import polars as pl
import pytest

from customer_insight.company import calendar
from customer_insight.company.call_audits import audit_table
from customer_insight.company.phone_calls import keep_log
from customer_insight.company.phone_calls_queue import draw_calls
from customer_insight.company.phone_calls_rota import ILL, LINES, log_from, make_rota, rota_table
from customer_insight.company.service import CHANNELS, draw_demandingness, service_contacts
from customer_insight.company.service_clock import DAY, HOUR, within
from customer_insight.company.service_requests import draw_requests
from customer_insight.company.service_team import draw_desk
from customer_insight.company.service_truth import effect_table
from customer_insight.data.mechanisms import mechanism


@pytest.fixture(scope="module")
def desk(draws):
    return draw_desk(0, draws)


@pytest.fixture(scope="module")
def rota(desk):
    return make_rota(desk)


@pytest.fixture(scope="module")
def requests(block, world, draws):
    contacts = service_contacts(block, draw_demandingness(block, draws), draws)
    return draw_requests(block, contacts, world[0], draws)


@pytest.fixture(scope="module")
def calls(requests, rota, draws):
    return draw_calls(requests, rota, draws.within(0))


@pytest.fixture(scope="module")
def log(calls, requests, draws):
    """Return all calls of the three years, so that effects show."""
    kept = keep_log(calls, np.zeros(len(requests), dtype=np.int64), draws.within(0))
    nobody = np.zeros(len(calls.called), dtype=bool)
    return dataclasses.replace(kept, calls=calls, transferred=nobody)


def one_by_one(calls, rota, line, day):
    """Return waits and seats of the calls of a line on a day, worked out call by call."""
    at = np.flatnonzero((calls.line == line) & (calls.called // DAY == day))
    agents = [
        {"free": start, "end": end, "seat": seat}
        for start, end, seat in zip(
            rota.start[line, day], rota.end[line, day], rota.staff[line, day], strict=True
        )
        if start < ILL
    ]
    last = max(agent["end"] for agent in agents)
    for agent in agents:
        agent["end"] = agent["end"] if agent["end"] < last else ILL
    result = []
    for call in at:
        now, patience = calls.called[call] % DAY, calls.patience[call]
        able = [agent for agent in agents if max(agent["free"], now) < agent["end"]]
        chosen = min(able, key=lambda agent: (max(agent["free"], now), agent["free"]))
        wait = max(chosen["free"], now) - now
        if wait > patience:
            result.append((patience, -1))
            continue
        chosen["free"] = now + wait + calls.talk[call] + calls.wrap_up[call]
        result.append((wait, chosen["seat"]))
    return at, np.array(result)


@pytest.mark.parametrize("day", [0, 500, 1073, 1090])
@pytest.mark.parametrize("line", range(len(LINES)))
def test_the_queue_is_that_of_one_call_after_another(calls, rota, line, day):
    at, expected = one_by_one(calls, rota, line, day)
    assert len(at) > 40
    assert (calls.waited[at] == expected[:, 0]).all()
    assert (calls.staff[at] == expected[:, 1]).all()


def test_nobody_talks_to_two_at_once(calls):
    taken = np.flatnonzero(calls.answered)
    begin = calls.called[taken] + calls.waited[taken]
    order = np.lexsort((begin, calls.staff[taken]))
    taken, begin = taken[order], begin[order]
    done = begin + calls.talk[taken] + calls.wrap_up[taken]
    same = calls.staff[taken][1:] == calls.staff[taken][:-1]
    assert (begin[1:][same] >= done[:-1][same]).all()


def test_the_patient_hold_and_known_customers_always_do(calls, requests):
    gone = ~calls.answered
    assert (calls.waited[gone] == calls.patience[gone]).all()
    assert (calls.waited[~gone] <= calls.patience[~gone]).all()
    known = np.flatnonzero(requests.channel == CHANNELS.index("phone"))
    assert sorted(calls.request[calls.request >= 0]) == known.tolist()
    assert calls.answered[calls.request >= 0].all()


def test_patience_is_recovered_from_the_waits(calls):
    """Giving up in proportion to the seconds waited: the estimate for exponential patience."""
    others = calls.request < 0
    seconds, gone = calls.waited[others].sum(), (others & ~calls.answered).sum()
    mean = mechanism("phone_desk")["patience"]
    assert abs(seconds / gone - mean) < 4 * mean / np.sqrt(gone) + 1


def test_calls_come_by_weekday_and_hour_as_stated(calls):
    facts = mechanism("phone_desk")
    others = (calls.request < 0) & (calls.line == LINES.index("service"))
    day = calls.called[others] // DAY
    usual = ~calendar.crowded()[day] & ~within(day, mechanism("service_outbreaks")["wrong_message"])
    weekday = (day[usual] + calendar.FIRST_DAY + 3) % 7
    days = np.bincount(
        (np.flatnonzero(~calendar.crowded()[: calendar.DAYS]) + calendar.FIRST_DAY + 3) % 7
    )
    mean = facts["calls"]["service"] * np.array(facts["weekdays"]) / 100
    counted = np.bincount(weekday, minlength=7)
    assert (np.abs(counted - mean * days) < 4 * np.sqrt(mean * days) + mean).all()
    hours = np.bincount(calls.called[others] % DAY // HOUR, minlength=24) / others.sum()
    weights = np.array(mechanism("service_requests")["hours"]["phone"])
    assert np.abs(hours - weights / weights.sum()).max() < 0.004


def test_a_tenth_gives_up_and_more_when_the_desk_is_empty(calls):
    assert 0.05 < (~calls.answered).mean() < 0.2
    service = calls.line == LINES.index("service")
    ill = within(calls.called // DAY, mechanism("service_outbreaks")["empty_desk"])
    assert calls.answered[service & ill].mean() < calls.answered[service & ~ill].mean() - 0.1


def test_the_rota_counts_who_is_on_duty(desk, rota):
    table = rota_table(desk, rota)
    assert table.height == len(LINES) * (calendar.DAYS - log_from()) * 28
    assert (table["agents"] > 0).mean() > 0.98
    for line, name in enumerate(LINES):
        shifts = mechanism("phone_desk")["shifts"][name]
        slots = sum(end - begin for begin, end in shifts)
        own = table.filter(pl.col("queue") == f"{name} 1").group_by(pl.col("starts_at").dt.date())
        usual = own.agg(pl.col("agents").sum())["agents"].mode()[0]
        assert usual == slots
        busy = rota.start[line, 7] < ILL
        assert len(set(rota.staff[line, 7][busy])) == busy.sum()


def test_nobody_is_on_both_lines_on_one_day(rota):
    for day in (0, 400, 1090):
        seats = rota.staff[:, day][rota.start[:, day] < ILL]
        assert len(set(seats)) == len(seats)


def test_audits_recover_what_lowers_the_share_of_items_kept(log, desk, draws):
    audits = audit_table(log, desk, draws.within(0))
    calls = log.calls
    of_call = pl.DataFrame(
        {
            "call_id": log.ids(desk, np.arange(len(log))),
            "seat": calls.staff,
            "hurried": calls.waited >= mechanism("call_audits")["hurried_after"],
            "new": calls.called // DAY - desk.joined[calls.staff] < mechanism("call_audits")["new"],
        }
    )
    joined = audits.join(of_call, on="call_id").filter(item="current_call_first")
    share = mechanism("call_audits")["kept"]["current_call_first"]
    kept = joined["kept"].to_numpy() - share - desk.skill[joined["seat"].to_numpy()]
    seat = joined["auditor_id"].str.slice(5).cast(pl.Int64).to_numpy() % len(desk.kind)
    effects = {
        "joined within a year": joined["new"],
        "waited three minutes": joined["hurried"],
        "second auditor": seat == desk.of("audit")[1],
    }
    x = np.column_stack([np.ones(len(kept)), *effects.values()]).astype(float)
    inverse = np.linalg.inv(x.T @ x)
    slopes = inverse @ x.T @ kept
    errors = np.sqrt(np.var(kept) * np.diag(inverse))
    for place, name in enumerate(effects, 1):
        stated = effect_table().filter(cause=name, outcome="kept")["effect"].item()
        assert abs(slopes[place] - stated) < 3.5 * errors[place] + 0.01, name
        assert abs(slopes[place]) > 3 * errors[place], name


def test_new_agents_are_audited_more_often_and_an_apology_is_due_after_a_wait(log, desk, draws):
    audits = audit_table(log, desk, draws.within(0))
    place = audits["call_id"].str.slice(5).cast(pl.Int64).to_numpy()
    wait = log.calls.waited[place]
    due = (audits["item"] == "apology").to_numpy()
    assert (wait[due] >= mechanism("call_audits")["apology_after"]).all()
    assert "transfer_announced" not in set(audits["item"])
    new = log.calls.called // DAY - desk.joined[log.calls.staff] < mechanism("call_audits")["new"]
    audited = np.zeros(len(log), dtype=bool)
    audited[np.unique(place)] = True
    answered = log.calls.answered & (log.calls.called < (calendar.DAYS - 20) * DAY)
    for is_new, chance in enumerate(mechanism("call_audits")["share"]):
        own = answered & (new == bool(is_new))
        assert abs(audited[own].mean() - chance) < 4 * np.sqrt(chance / own.sum())
