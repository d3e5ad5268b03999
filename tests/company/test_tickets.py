"""Service requests: what makes them slow, repeated and rated, and who answers."""

import numpy as np
import pytest

from customer_insight.company.feelings import draw_feelings
from customer_insight.company.organisation_block import draw_organisation_block
from customer_insight.company.phone_calls_queue import draw_calls, no_calls
from customer_insight.company.phone_calls_rota import make_rota
from customer_insight.company.service import (
    CHANNELS,
    REASONS,
    draw_demandingness,
    service_contacts,
)
from customer_insight.company.service_clock import DAY, END, HOUR, after_working
from customer_insight.company.service_requests import asking_people, delivery_day, draw_requests
from customer_insight.company.service_team import draw_desk
from customer_insight.company.service_truth import effect_table
from customer_insight.company.tickets_handling import handle
from customer_insight.company.tickets_organisations import (
    asking_organisations,
    draw_organisation_requests,
    late,
)
from customer_insight.data.mechanisms import mechanism


@pytest.fixture(scope="module")
def requests(block, world, draws):
    contacts = service_contacts(block, draw_demandingness(block, draws), draws)
    return draw_requests(block, contacts, world[0], draws)


@pytest.fixture(scope="module")
def desk(draws):
    return draw_desk(0, draws)


@pytest.fixture(scope="module")
def askers(block, requests, draws):
    return asking_people(block, draw_feelings(block, draws), requests)


@pytest.fixture(scope="module")
def handled(block, requests, askers, desk, draws):
    own = draws.within(0)
    calls = draw_calls(requests, make_rota(desk), own)
    return handle(requests, askers, desk, calls, own)


def fit(outcome, *causes):
    """Return the slopes of least squares with their standard errors, after the constant."""
    x = np.column_stack([np.ones(len(outcome)), *causes]).astype(float)
    inverse = np.linalg.inv(x.T @ x)
    slopes = inverse @ x.T @ outcome
    rest = outcome - x @ slopes
    variance = rest @ rest / (len(outcome) - x.shape[1])
    return slopes[1:], np.sqrt(variance * np.diag(inverse))[1:]


def stated(cause, outcome, group="tickets"):
    row = effect_table().filter(cause=cause, outcome=outcome, group_name=group)
    return row["effect"].item()


def test_causes_move_satisfaction_as_the_truth_states(requests, askers, handled):
    names = ("slowness", "repeated_questions", "transfers", "reopened", "personal", "mood")
    care, satisfaction = handled.care, handled.satisfaction
    causes = (satisfaction.slowness, care.repeated, care.transfers, handled.times.back)
    slopes, errors = fit(satisfaction.exact, *causes, care.personal, askers.mood, requests.batch)
    for name, slope, error in zip(names, slopes, errors, strict=False):
        assert abs(slope - stated(name, "satisfaction")) < 3.5 * error, name
        assert error < 0.06, name


def test_slow_answers_lower_the_stars_that_people_gave(handled):
    told = handled.satisfaction.told
    slopes, errors = fit(handled.satisfaction.stars[told], handled.satisfaction.slowness[told])
    assert told.sum() > 400
    assert slopes[0] < -3 * errors[0]


def test_who_is_content_and_who_cares_answers_more_often(askers, handled):
    satisfaction = handled.satisfaction
    asked, exact = satisfaction.asked, satisfaction.exact
    told = satisfaction.told[asked]
    assert exact[satisfaction.told].mean() > exact[asked].mean() + 0.1
    assert askers.cares[satisfaction.told].mean() > askers.cares[asked].mean() + 0.03
    expected = satisfaction.chance[asked].sum()
    assert abs(told.sum() - expected) < 4 * np.sqrt(expected)
    slopes, errors = fit(told, exact[asked], askers.cares[asked])
    _, cares, star = mechanism("service_satisfaction")["answers"]
    assert abs(slopes[0] - star) < 3.5 * errors[0] + 0.02
    assert abs(slopes[1] - cares) < 3.5 * errors[1] + 0.02


def test_nobody_is_asked_before_the_request_is_solved(handled):
    assert not (handled.satisfaction.asked & (handled.times.solved >= END)).any()
    assert not (handled.satisfaction.told & ~handled.satisfaction.asked).any()


def test_a_joined_record_spares_repetitions_and_they_cost_minutes(requests, handled):
    care = handled.care
    base, more = mechanism("service_care")["repeated"]
    usual = base + more * care.transfers
    ratio = [care.repeated[of].sum() / usual[of].sum() for of in (~care.shared, care.shared)]
    less = stated("record_shared", "repeated_questions")
    error = np.sqrt(2 / care.repeated[care.shared].sum())
    assert abs(ratio[0] - 1) < 4 / np.sqrt(care.repeated[~care.shared].sum())
    assert abs(ratio[1] - (1 + less)) < 4 * error * (1 + less)
    later = ~handled.times.first_contact
    slopes, errors = fit(care.minutes - requests.minutes, care.repeated, care.transfers, later)
    assert abs(slopes[0] - stated("repeated_questions", "minutes")) < 3.5 * errors[0]
    assert abs(slopes[1] - stated("transfers", "minutes")) < 3.5 * errors[1]


def test_records_were_joined_tier_by_tier_and_never_in_the_last(requests, askers, handled):
    shared, day = handled.care.shared, requests.opened // DAY
    first = [day[shared & (askers.tier == tier)].min() for tier in range(3)]
    assert first == sorted(first)
    assert not shared[askers.tier == 3].any()


def test_requests_about_a_pain_belong_to_an_order_that_hurt(block, requests):
    hurts = block.purchases.outcomes.hurts
    pain = (requests.subject != REASONS.index("advice")) & ~requests.batch
    assert hurts[requests.order[pain], requests.subject[pain] - 1].all()
    day = requests.opened // DAY
    assert (day[pain] >= delivery_day(block)[requests.order[pain]]).all()
    advice = requests.subject == REASONS.index("advice")
    assert (day[advice] == block.purchases.day[requests.order[advice]]).all()


def test_requests_are_answered_after_they_came_and_solved_after_that(requests, handled):
    times = handled.times
    assert (times.answered >= requests.opened).all()
    assert (times.solved > times.answered).all()
    assert (times.back[times.solved >= 2 * END] == 0).all()
    counted = {name: (requests.channel == place).mean() for place, name in enumerate(CHANNELS)}
    assert min(counted.values()) > 0.1
    solved = (times.solved < END).mean()
    assert 0.97 < solved < 1


def test_first_contacts_solve_as_often_as_stated_for_each_subject(requests, handled):
    facts = mechanism("service_answers")
    chance = np.array([facts["first_contact"][name] for name in REASONS])[requests.subject]
    chance = chance * facts["transferred"] ** handled.care.transfers
    for place, name in enumerate(REASONS):
        own = requests.subject == place
        error = np.sqrt((chance[own] * (1 - chance[own])).sum()) / own.sum()
        assert abs(handled.times.first_contact[own].mean() - chance[own].mean()) < 3.5 * error, name


def test_working_time_stands_still_at_night():
    start = np.array([7, 21, 23, 12]) * HOUR
    ends = after_working(start, np.array([1, 2, 0, 30]) * HOUR)
    assert (ends / HOUR).tolist() == [9, 33, 32, 62]


def test_organisations_ask_most_about_late_deliveries_and_are_angry_then(world, desk, draws):
    goods, places = world
    group, own = draw_organisation_block(0, 400, places, goods, draws), draws.within(0, 1)
    requests = draw_organisation_requests(group, own)
    asking = asking_organisations(group, requests, places, own)
    facts = mechanism("organisation_requests")
    expected = facts["chance"]["late_parcel"] * late(group).sum()
    asked = requests.subject == REASONS.index("late_parcel")
    assert late(group)[requests.order[asked]].all()
    assert abs(asked.sum() - expected) < 4 * np.sqrt(expected)
    slopes, errors = fit(asking.mood, late(group)[requests.order])
    assert abs(slopes[0] + facts["late"]) < 4 * errors[0]
    handled = handle(requests, asking, desk, no_calls(), own)
    slopes, errors = fit(handled.satisfaction.exact, handled.satisfaction.slowness)
    assert slopes[0] < -2 * errors[0]
    phone = requests.channel == CHANNELS.index("phone")
    assert (handled.care.staff[phone] == -1).all()
    assert (handled.care.staff[~phone] >= 0).all()
