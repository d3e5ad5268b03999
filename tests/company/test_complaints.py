"""Who complains, what is said, and what became of it."""

import datetime as dt

import numpy as np
import polars as pl
import pytest

from customer_insight.company import calendar
from customer_insight.company.complaint_tables import complaint_tables, link_tickets
from customer_insight.company.complaints import (
    NEVER,
    OUTCOMES,
    bad_batch,
    complaint_chance,
    draw_complaints,
)
from customer_insight.company.feelings import draw_feelings
from customer_insight.company.pains import KINDS
from customer_insight.company.text_times import MINUTES
from customer_insight.data.mechanisms import mechanism


@pytest.fixture(scope="module")
def feelings(block, draws):
    return draw_feelings(block, draws)


@pytest.fixture(scope="module")
def drawn(block, feelings, world, draws):
    return draw_complaints(block, feelings, world[0], draws)


@pytest.fixture(scope="module")
def tables(block, feelings, world, draws):
    return complaint_tables(block, feelings, world[0], draws)


def test_complaints_come_by_severity_and_care(block, feelings, drawn, world):
    early = (block.purchases.day < calendar.DAYS - 30) & (bad_batch(block, world[0]) < 0)
    chance = complaint_chance(block, feelings)
    complained = np.zeros(len(chance), dtype=bool)
    complained[drawn.drafts.order[drawn.drafts.pains.any(axis=1) & (drawn.repeats < 0)]] = True
    care = feelings.care[block.purchases.person]
    for severity in (1, 2, 3):
        for cares in (care < 0.5, care >= 0.5):
            own = early & cares & (block.purchases.outcomes.severity == severity)
            error = np.sqrt((chance[own] * (1 - chance[own])).sum())
            assert abs(complained[own].sum() - chance[own].sum()) < 4 * error + 1
    hurt = early & (block.purchases.outcomes.severity > 0)
    assert complained[hurt & (care > 0.6)].mean() > 1.5 * complained[hurt & (care < 0.3)].mean()
    assert not complained[early & (block.purchases.outcomes.severity == 0)].any()


def test_texts_speak_of_pains_that_were_felt_and_praise_no_pain(block, drawn):
    felt = block.purchases.outcomes.hurts[drawn.drafts.order]
    felt[:, KINDS.index("function")] |= drawn.batch
    assert not (drawn.drafts.pains & ~felt).any()
    assert not (drawn.drafts.pains & drawn.drafts.likes).any()
    assert (drawn.drafts.pains.any(axis=1) | drawn.drafts.suggests).all()
    several = (felt.sum(axis=1) > 1) & ~drawn.drafts.suggests
    assert (drawn.drafts.pains[several].sum(axis=1) > 1).mean() > 0.7


def test_answers_wait_longer_when_carriers_are_crowded(drawn):
    facts = mechanism("complaints")
    day = np.minimum(drawn.received // MINUTES, calendar.DAYS - 1)
    hours = np.array(list(facts["answer_hours"].values()))[drawn.channel]
    known = (drawn.answered != NEVER) & (day < calendar.DAYS - 10)
    took = (drawn.answered - drawn.received) / 60 / hours
    crowded = calendar.crowded()[day]
    for group, mean in ((known & ~crowded, 1.0), (known & crowded, facts["crowded"])):
        error = mean / np.sqrt(group.sum())
        assert abs(took[group].mean() - mean) < 4 * error + 0.1


def test_who_waits_complains_again(drawn):
    solved = drawn.outcome == OUTCOMES.index("solved")
    first = (drawn.repeats < 0) & ~drawn.drafts.suggests
    again = np.isin(np.arange(len(drawn)), drawn.repeats)
    days = (drawn.fixed - drawn.received) // MINUTES
    quick, slow = first & solved & (days < 3), first & (~solved | (days >= 15))
    assert not again[quick].any()
    assert again[slow].mean() > 0.08
    repeated = drawn.repeats >= 0
    gap = (drawn.received[repeated] - drawn.received[drawn.repeats[repeated]]) // MINUTES
    low, high = mechanism("complaints")["again_days"]
    assert ((gap >= low) & (gap <= high)).all()


def test_the_bad_batch_is_seen_in_its_days_and_article(block, drawn, world):
    line = bad_batch(block, world[0])
    own = drawn.batch & (drawn.repeats < 0)
    assert set(drawn.drafts.line[drawn.batch]) <= set(line[line >= 0])
    chance = mechanism("complaint_outbreak")["chance"]
    bought = (line >= 0).sum()
    assert abs(own.sum() - chance * bought) < 4 * np.sqrt(chance * (1 - chance) * bought) + 1


def test_every_planted_error_is_in_the_truth_and_undoing_it_mends_the_table(tables):
    complaints, errors = tables["complaints"], tables["truth_errors"]
    truth = {
        kind: errors.filter(kind=kind).select(pl.col("row_key").alias("complaint_id"), "true_value")
        for kind in ("entered_twice", "clock_shift", "not_asked_for")
    }
    assert sum(rows.height for rows in truth.values()) == errors.height
    twice = truth["entered_twice"].join(complaints, on="complaint_id")
    first = complaints.rename({"complaint_id": "true_value"})
    both = twice.join(first, on="true_value", suffix="_first")
    assert both.height == truth["entered_twice"].height > 0
    assert (both["text"] == both["text_first"]).all()
    lost = complaints.filter(pl.col("order_id").is_null())
    assert set(lost["complaint_id"]) == set(truth["not_asked_for"]["complaint_id"])
    assert set(lost["channel"]) == {"phone"}
    slow = complaints.join(truth["clock_shift"], on="complaint_id")
    gap = slow["true_value"].str.to_datetime("%Y-%m-%d %H:%M:%S") - slow["received_at"]
    assert set(gap) <= {dt.timedelta(hours=8)}
    assert set(slow["channel"]) <= {"chat"}


def test_a_complaint_is_linked_to_the_last_ticket_of_its_order_until_then():
    time = dt.datetime(2024, 1, 1)
    complaints = pl.DataFrame(
        {
            "complaint_id": ["CP1", "CP2", "CP3"],
            "order_id": ["S1", "S2", None],
            "ticket_id": pl.Series([None] * 3, dtype=pl.String),
            "received_at": [time + dt.timedelta(5)] * 3,
        }
    )
    tickets = pl.DataFrame(
        {
            "ticket_id": ["T1", "T2", "T3", "T4", "T5"],
            "order_id": ["S1", "S1", "S1", "S2", None],
            "opened_at": [time + dt.timedelta(days) for days in (1, 3, 9, 7, 1)],
        }
    )
    linked = link_tickets(complaints, tickets)
    assert linked["ticket_id"].to_list() == ["T2", None, None]
    assert linked["complaint_id"].to_list() == ["CP1", "CP2", "CP3"]
