"""How organisations pay, fail, and what credit they get."""

import numpy as np
import pytest

from customer_insight.company import calendar
from customer_insight.company.credit import CLASSES, GRADES, UNGRADED, YEARS, downturn, draw_credit
from customer_insight.company.habits import NEVER
from customer_insight.company.organisations import SIZE_BANDS, draw_organisations
from customer_insight.data.mechanisms import mechanism

DOWNTURN = YEARS.index(mechanism("credit")["downturn_year"])


@pytest.fixture(scope="module")
def many(world, draws):
    streams = [draws.within(number) for number in range(20)]
    blocks = [(draw_organisations(400, world[1], own), own) for own in streams]
    return [(block, draw_credit(block, own)) for block, own in blocks]


def stacked(many, name):
    return np.concatenate([getattr(credit, name) for _, credit in many])


def test_late_shares_have_the_means_of_their_class_and_overlap(many):
    late, payment_class = stacked(many, "late"), stacked(many, "payment_class")
    for place, name in enumerate(CLASSES):
        a, b = mechanism("credit")["late"][name]
        assert late[payment_class == place].mean() == pytest.approx(a / (a + b), abs=0.02)
    assert late[payment_class == 0].max() > late[payment_class == 2].min()


def test_failures_come_as_often_as_their_chance_and_most_in_the_downturn(many):
    default = stacked(many, "default")
    assert (default[:, DOWNTURN] > default[:, 0]).mean() > 0.99
    failed, since = stacked(many, "failed"), np.concatenate([block.since for block, _ in many])
    assert (failed > since).all()
    for place, year in enumerate(YEARS):
        start, end = calendar.year_bounds(year)
        exposed = (since < start) & (failed >= start)
        came = ((failed >= start) & (failed < end))[exposed].sum()
        expected = default[exposed, place].sum()
        if exposed.any():
            assert abs(came - expected) < 4 * np.sqrt(expected)
    assert 0.01 < (failed < NEVER).mean() < 0.1


def test_the_grade_ranks_the_risk_through_noise(many):
    usual, grade = stacked(many, "default")[:, 0], stacked(many, "grade")
    means = [usual[grade == place].mean() for place in range(len(GRADES))]
    assert (np.diff(means) > 0).all()
    assert usual[grade == 0].max() > usual[grade == len(GRADES) - 1].min()
    shares = np.bincount(grade[grade != UNGRADED]) / (grade != UNGRADED).sum()
    assert shares.min() > 0.05


def test_the_smallest_are_graded_least(many):
    grade, band = stacked(many, "grade"), np.concatenate([block.band for block, _ in many])
    ungraded = [(grade[band == place] == UNGRADED).mean() for place in range(len(SIZE_BANDS))]
    assert ungraded == sorted(ungraded, reverse=True)


def test_limits_are_whole_steps_and_grow_with_size_and_grade(many):
    limit, grade = stacked(many, "limit"), stacked(many, "grade")
    band = np.concatenate([block.band for block, _ in many])
    assert not (limit % mechanism("credit")["limit_step"]).any()
    assert limit.min() > 0
    for place in range(len(GRADES) - 1):
        for size in range(len(SIZE_BANDS)):
            here, worse = (limit[(band == size) & (grade == g)] for g in (place, place + 1))
            assert here.min() > worse.max()
    assert set(stacked(many, "terms")) == {30, 45, 60}


def test_the_downturn_is_one_calendar_year():
    days = np.arange(len(calendar.dates()))
    years = [calendar.dates()[day].year for day in days[downturn(days)]]
    assert set(years) == {mechanism("credit")["downturn_year"]}
    assert len(years) == 365
