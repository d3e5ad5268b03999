"""Who answers surveys: the happy and those who care, and weights bring back the others."""

import numpy as np
import polars as pl
import pytest

from customer_insight.company.draws import Draws
from customer_insight.company.feelings import draw_feelings
from customer_insight.company.people import people_tables
from customer_insight.company.survey_invitations import (
    CHANNELS,
    ask_customers,
    draw_answers,
    places_of,
    population,
)
from customer_insight.company.survey_satisfaction import invitation_truth
from customer_insight.company.survey_waves import waves
from customer_insight.data.mechanisms import mechanism


@pytest.fixture(scope="module")
def feelings(block, draws):
    return draw_feelings(block, draws)


@pytest.fixture(scope="module")
def asked(block, feelings, world, draws):
    goods, places = world
    channel = pl.Series(["search"] * len(block))
    customers = people_tables(block, places, channel, draws)["customers"]
    return ask_customers(block, feelings, customers, goods, draws)


def logit_slopes(columns, answered, offset):
    """Return slopes and their standard errors of a logit with intercept, by Newton's steps."""
    x = np.column_stack([np.ones(len(offset)), *columns])
    slopes = np.zeros(x.shape[1])
    for _ in range(20):
        p = 1 / (1 + np.exp(-offset - x @ slopes))
        information = x.T @ (x * (p * (1 - p))[:, None])
        slopes = slopes + np.linalg.solve(information, x.T @ (answered - p))
    return slopes, np.sqrt(np.diag(np.linalg.inv(information)))


def test_a_logit_finds_how_mood_and_care_move_the_first_answer(asked, feelings):
    facts = mechanism("survey_answering")
    base = np.array([facts["base"][name] for name in CHANNELS[:3]])[asked.channel]
    longer = np.array([facts["longer"].get(wave.kind, 0.0) for wave in waves()])[asked.wave]
    care = feelings.care[asked.person] - facts["usual_care"]
    first = (asked.answered >= 0) & (asked.reminders == 0)
    found, error = logit_slopes([asked.mood, care], first, base + longer)
    for slope, se, true in zip(found, error, (0.0, facts["mood"], facts["care"]), strict=True):
        assert abs(slope - true) < 4 * se


def test_answers_come_as_often_as_their_chance_says(asked):
    came = asked.answered >= 0
    for part in np.array_split(np.argsort(asked.chance, kind="stable"), 5):
        error = np.sqrt((asked.chance[part] * (1 - asked.chance[part])).sum())
        assert abs(came[part].sum() - asked.chance[part].sum()) < 4 * error


def test_answers_are_too_happy_and_weights_by_chance_mend_it(asked, feelings):
    of_kind = np.isin(asked.wave, places_of("satisfaction"))
    came = asked.answered >= 0
    true = invitation_truth(asked, feelings)["satisfaction"].to_numpy()
    everybody, simple = true[of_kind].mean(), true[of_kind & came].mean()
    weight = 1 / asked.chance[of_kind & came]
    weighted = (true[of_kind & came] * weight).sum() / weight.sum()
    error = true.std() * np.sqrt((weight**2).sum()) / weight.sum()
    assert simple - everybody > 0.1
    assert abs(weighted - everybody) < 4 * error


def test_half_of_the_answers_need_a_reminder_and_all_come_in_time(asked):
    came = asked.answered >= 0
    closed = np.array([wave.closed for wave in waves()])[asked.wave]
    assert (asked.answered[came] >= asked.invited[came]).all()
    assert (asked.answered[came] <= closed[came]).all()
    assert (asked.reminders[~came] == mechanism("survey_answering")["reminders"][0]).all()
    assert 0.4 < (asked.reminders[came] > 0).mean() < 0.75
    assert 0.25 < came.mean() < 0.4


def test_nobody_is_asked_twice_in_a_wave_and_small_towns_more_on_needs(asked, block):
    assert len(set(zip(asked.wave, asked.person, strict=True))) == len(asked)
    factor = np.array(mechanism("survey_waves")["by_tier"]["needs"])
    for place in places_of("needs"):
        wave = waves()[place]
        able = population(block, wave)
        expected = np.minimum(wave.share / 1000 * factor[block.habits.tier], 1.0) * able
        who = asked.person[asked.wave == place]
        assert able[who].all()
        for tier in range(4):
            own = block.habits.tier == tier
            found = own[who].sum()
            assert abs(found - expected[own].sum()) < 4 * np.sqrt(expected[own].sum()) + 1


def test_draw_answers_multiplies_the_misses():
    odds, day = np.zeros(20_000), np.zeros(20_000, dtype=int)
    reminders, answered, chance = draw_answers(odds, day, 34, Draws(3).of("any", "lot"))
    assert chance[0] == 0.875
    assert abs((answered >= 0).mean() - 0.875) < 0.01
    assert abs((reminders == 0).mean() - 0.5) < 0.015
