"""Deliveries, pains and leaving."""

from dataclasses import replace

import numpy as np
import pytest

from customer_insight.company import calendar
from customer_insight.company.draws import Draws
from customer_insight.company.habits import draw_habits
from customer_insight.company.pains import KINDS, draw_outcomes, leave_chance, promised_days
from customer_insight.data.mechanisms import mechanism

SIZE = 60_000


@pytest.fixture(scope="module")
def habits():
    tier = np.arange(SIZE) % 4
    return draw_habits(tier, np.zeros(SIZE, dtype=np.int64), Draws(1))


def outcomes(habits, day):
    person = np.arange(len(habits))
    return draw_outcomes(habits, person, np.full(len(person), day), Draws(2))


@pytest.mark.parametrize("crowded", [False, True])
def test_people_leave_as_often_as_stated(habits, crowded):
    day = int(np.argmax(calendar.crowded() == crowded))
    drawn = outcomes(habits, day)
    expected = leave_chance(habits, crowded=crowded, shop=True)
    error = np.sqrt((expected * (1 - expected)).sum())
    assert abs(drawn.leaves.sum() - expected.sum()) < 4 * error
    assert not drawn.leaves[habits.steady].any()
    assert not expected[habits.steady].any()


def test_small_cities_wait_longer_and_crowded_days_are_worse(habits):
    calm, crowded = (
        outcomes(habits, int(np.argmax(calendar.crowded() == c))) for c in (False, True)
    )
    for drawn in (calm, crowded):
        late = [(drawn.days_late > 0)[(habits.tier == t) & drawn.web].mean() for t in range(4)]
        assert late == sorted(late)
    assert (crowded.days_late > 0).mean() > 1.5 * (calm.days_late > 0).mean()
    assert promised_days(np.arange(4)).tolist() == mechanism("pain")["promised_days"]


def test_only_late_parcels_hurt_as_process_and_only_pains_have_a_severity(habits):
    drawn = outcomes(habits, 40)
    process = drawn.hurts[:, KINDS.index("process")]
    assert not process[drawn.days_late == 0].any()
    assert not (drawn.days_late > 0)[~drawn.web].any()
    assert ((drawn.severity > 0) == drawn.hurts.any(axis=1)).all()
    assert not drawn.leaves[drawn.severity == 0].any()
    for kind in ("function", "service", "value"):
        share = drawn.hurts[:, KINDS.index(kind)].mean()
        assert abs(share - mechanism("pain")[kind]) < 0.004


def test_before_a_shop_opens_in_town_all_is_bought_on_the_web(habits):
    later = replace(habits, shop_from=np.full(SIZE, 50))
    assert outcomes(later, 49).web.all()
    assert not outcomes(later, 50).web.all()
    before = leave_chance(later, crowded=False, shop=False)
    assert (before >= leave_chance(later, crowded=False, shop=True)).all()
