"""How content people are."""

import numpy as np
import pytest

from customer_insight.company.feelings import draw_feelings
from customer_insight.company.pains import KINDS
from customer_insight.data.mechanisms import mechanism


@pytest.fixture(scope="module")
def feelings(block, draws):
    return draw_feelings(block, draws)


def test_each_pain_takes_what_is_stated(block, feelings):
    outcomes = block.purchases.outcomes
    usual = feelings.experience - feelings.temper[block.purchases.person]
    assert abs(usual[outcomes.severity == 0].mean()) < 0.02
    for place, kind in enumerate(KINDS):
        only = outcomes.hurts[:, place] & (outcomes.hurts.sum(axis=1) == 1)
        for severity, times in enumerate(mechanism("feelings")["by_severity"], 1):
            own = only & (outcomes.severity == severity)
            error = mechanism("feelings")["chance"] / np.sqrt(own.sum())
            assert abs(usual[own].mean() + mechanism("feelings")["loss"][kind] * times) < 4 * error


def test_the_mood_moves_towards_the_experience(block, feelings):
    person = int(np.argmax(np.bincount(block.purchases.person)))
    own = np.flatnonzero(block.purchases.person == person)
    mood = feelings.temper[person]
    for at in own:
        mood = mood + mechanism("feelings")["step"] * (feelings.experience[at] - mood)
        assert feelings.mood[at] == pytest.approx(mood, abs=1e-12)


def test_the_mood_at_a_day_is_that_after_the_last_order(block, feelings):
    day = 600
    mood = feelings.mood_at(block, day)
    bought = block.purchases
    for person in (0, 5, int(np.argmax(np.bincount(bought.person)))):
        before = np.flatnonzero((bought.person == person) & (bought.day <= day))
        expected = feelings.mood[before[-1]] if len(before) else feelings.temper[person]
        assert mood[person] == expected


def test_who_buys_often_cares_more(block, feelings):
    often = block.habits.rate > 15
    assert feelings.care[often].mean() > feelings.care[~often].mean() + 0.05
    assert (feelings.care > 0).all()
    assert (feelings.care < 1).all()
