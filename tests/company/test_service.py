"""Service contacts and how demanding people are."""

import numpy as np
import polars as pl
import pytest

from customer_insight.company import calendar
from customer_insight.company.draws import Draws
from customer_insight.company.habits import SEGMENTS
from customer_insight.company.ids import customer_ids
from customer_insight.company.pains import KINDS
from customer_insight.company.service import (
    demandingness_truth,
    draw_demandingness,
    service_contacts,
)
from customer_insight.data.mechanisms import mechanism


@pytest.fixture(scope="module")
def demandingness(block, draws):
    return draw_demandingness(block, draws)


@pytest.fixture(scope="module")
def table(block, demandingness, draws):
    return service_contacts(block, demandingness, draws)


def test_the_same_draw_gives_the_same_contacts(block, demandingness, draws, table):
    assert (draw_demandingness(block, draws) == demandingness).all()
    assert service_contacts(block, demandingness, draws).equals(table)
    assert not service_contacts(block, demandingness, Draws(8)).equals(table)


def test_demandingness_has_mean_one_and_a_tail(block, demandingness):
    facts = mechanism("service")
    assert abs(demandingness.mean() - 1) < 0.08
    assert 0 < demandingness.min() < demandingness.max() <= facts["most"]
    assert demandingness.std() > 0.9
    assert (demandingness * 1e6 == np.rint(demandingness * 1e6)).mean() > 0.5
    truth = demandingness_truth(block, demandingness)
    assert truth["customer_id"].n_unique() == len(block)
    assert (truth["demandingness"].to_numpy() == demandingness).all()


def test_advice_is_asked_by_segment_and_demandingness(block, demandingness, table):
    facts, bought = mechanism("service"), block.purchases
    advice = np.array([facts["advice"][name] for name in SEGMENTS])
    chance = advice[block.habits.segment] * demandingness
    expected = np.bincount(bought.person, minlength=len(block)) * chance
    asked = table.filter(reason="advice")["customer_id"].str.slice(1).cast(pl.Int64)
    came = np.bincount(asked, minlength=len(block))
    for part in np.array_split(np.argsort(demandingness, kind="stable"), 4):
        assert abs(came[part].sum() - expected[part].sum()) < 4 * np.sqrt(expected[part].sum()) + 1
    for place in range(len(SEGMENTS)):
        own = block.habits.segment == place
        assert abs(came[own].sum() - expected[own].sum()) < 4 * np.sqrt(expected[own].sum()) + 1


def test_only_who_was_hurt_complains(block, demandingness, table):
    facts, bought = mechanism("service"), block.purchases
    for place, kind in enumerate(KINDS):
        hurt = bought.outcomes.hurts[:, place] & (bought.day < 1060)
        expected = np.minimum(facts["pain"][kind] * demandingness[bought.person[hurt]], 0.95).sum()
        reason = facts["reasons"][kind]
        own = table.filter(reason=reason)
        who = set(customer_ids(0, bought.person[bought.outcomes.hurts[:, place]]))
        assert set(own["customer_id"]) <= who
        known = own.filter(pl.col("day").cast(pl.Int32) < calendar.FIRST_DAY + 1060).height
        assert abs(known - expected) < 4 * np.sqrt(expected) + 0.02 * expected


def test_the_demanding_talk_longer(demandingness, table):
    facts = mechanism("service")
    person = table["customer_id"].str.slice(1).cast(pl.Int64).to_numpy()
    for reason, mean in facts["minutes"].items():
        own = (table["reason"] == reason).to_numpy()
        minutes = table["minutes"].to_numpy()[own]
        expected = 1 + mean * demandingness[person[own]] ** facts["slower"]
        assert abs(minutes.mean() - expected.mean()) < 4 * np.sqrt(expected.mean() / own.sum())
        assert np.corrcoef(minutes, expected)[0, 1] > 0.3


def test_contacts_lie_within_the_three_years_and_come_where_people_buy(table):
    day = table["day"].cast(pl.Int32)
    assert table["day"].is_sorted()
    assert calendar.FIRST_DAY <= day.min() <= day.max() <= calendar.LAST_DAY
    shares = dict(table["channel"].value_counts(normalize=True).iter_rows())
    assert shares["chat"] > shares["phone"] > shares["shop"] > 0.1
