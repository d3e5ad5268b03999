"""What members of campaigns would do in each arm: the stated effects, found again."""

import numpy as np
import pytest

from customer_insight.company.campaign_plan import STATES, campaigns
from customer_insight.company.campaign_response import (
    draw_responses,
    gather_audience,
    seen_chance,
    typical_amount,
)
from customer_insight.company.feelings import draw_feelings
from customer_insight.data.mechanisms import mechanism

STILL_HERE = STATES.index("customer")


@pytest.fixture(scope="module")
def everybody(block, world, draws):
    """Return audience and responses of each campaign, as if all who had signed up took part."""
    feelings, goods = draw_feelings(block, draws), world[0]
    app = np.arange(len(block)) % 2 == 0
    drawn = []
    for campaign in campaigns():
        person = np.flatnonzero(block.habits.first < campaign.start)
        audience = gather_audience(block, feelings, app, campaign, person)
        responses = draw_responses(campaign, audience, goods, draws.within(0))
        drawn.append((campaign, audience, responses))
    return drawn


def error(values):
    return values.std() / np.sqrt(len(values)) + 1e-9


def test_lots_come_out_as_the_chances_say(everybody):
    for _, _, responses in everybody:
        came = responses.responds - responses.chance
        paid = responses.amount - responses.expected
        later = responses.later_amount - responses.expected_later
        for difference in (came, paid, later):
            for arm in difference.T:
                assert abs(arm.mean()) < 4 * error(arm)


def test_messages_are_seen_by_channel_and_never_in_the_control(everybody):
    for campaign, audience, responses in everybody:
        chance = seen_chance(campaign, audience)
        assert not responses.seen[:, 0].any()
        assert (chance[:, 0] == 0).all()
        for arm in range(1, len(campaign.arms)):
            seen = responses.seen[:, arm] - chance[:, arm]
            assert abs(seen.mean()) < 4 * error(seen)


def test_the_chance_to_buy_for_a_message_is_the_stated_one_in_each_segment(everybody):
    low, step = mechanism("campaigns")["attention"]
    for campaign, audience, responses in everybody:
        lift = campaign.by_segment("lift", 0.0)
        usual = campaign.by_state()[:, STILL_HERE]
        for arm in range(1, len(campaign.arms)):
            saw = responses.seen[:, arm] & (audience.state == STILL_HERE)
            for segment in np.unique(audience.segment):
                own = saw & (audience.segment == segment)
                attention = low + step * audience.care[own]
                stated = np.minimum(lift[arm, segment] * usual[arm] * attention, 0.95)
                took = responses.takes[own, arm] - stated
                bound = 4 * np.sqrt((stated * (1 - stated)).sum()) / own.sum() + 0.02
                assert abs(took.mean()) < bound, (campaign.id, campaign.arms[arm], segment)


def test_who_cares_buys_more_for_a_message_by_as_much_as_stated(everybody):
    low, step = mechanism("campaigns")["attention"]
    took, stated, spread = np.zeros(2), np.zeros(2), np.zeros(2)
    for campaign, audience, responses in everybody:
        usual = campaign.by_segment("lift", 0.0).T[audience.segment]
        usual = usual * campaign.by_state().T[audience.state]
        chance = np.minimum(usual * (low + step * audience.care)[:, None], 0.95)
        for half in (0, 1):
            own = responses.seen & ((audience.care > 0.5) == half)[:, None]
            took[half] += responses.takes[own].sum()
            stated[half] += chance[own].sum()
            spread[half] += (chance * (1 - chance))[own].sum()
    assert (stated > 100).all()
    assert (np.abs(took - stated) < 3 * np.sqrt(2 * spread)).all()


def test_a_message_without_effect_changes_nobody(everybody):
    campaign, _, responses = everybody[0]
    sms = campaign.arms.index("sms")
    assert (responses.responds[:, sms] == responses.responds[:, 0]).all()
    assert (responses.amount[:, sms] == responses.amount[:, 0]).all()


def test_a_pain_is_healed_by_a_call_and_not_by_money(everybody):
    campaign, audience, responses = everybody[-1]
    hurt = audience.state == STATES.index("hurt")
    call, voucher = campaign.arms.index("call"), campaign.arms.index("voucher")
    assert hurt.sum() > 100
    assert responses.chance[hurt, call].mean() > 2 * responses.chance[hurt, voucher].mean()


def test_a_stated_part_of_what_is_bought_for_a_discount_is_missing_later(everybody):
    for campaign, _, responses in everybody:
        pulled = campaign.by_arm("pulled")
        would = responses.later_amount[:, 0] > 0
        for arm in np.flatnonzero(campaign.by_arm("discount")):
            took = responses.takes[:, arm]
            gone = (responses.later_amount[:, arm] == 0)[would & took]
            missing = gone.mean() - pulled[arm]
            assert abs(missing) < 4 * np.sqrt(pulled[arm] * (1 - pulled[arm]) / len(gone)) + 0.01
            same = responses.later_amount[~took, arm] == responses.later_amount[~took, 0]
            assert same.all()


def test_offers_that_miss_the_mark_put_people_off(everybody):
    for campaign, audience, responses in everybody:
        factor = campaign.by_segment("own_factor", 1.0)
        for arm, segment in np.argwhere(factor < 1):
            own = responses.seen[:, arm] & (audience.segment == segment)
            assert responses.unasked[own, arm].sum() <= responses.unasked[own, 0].sum()
        other = responses.seen & (factor.T[audience.segment] == 1)
        unasked = np.broadcast_to(responses.unasked[:, :1], other.shape)
        assert (responses.unasked[other] == unasked[other]).all()


def test_a_discount_goes_also_to_those_who_would_have_come_anyway(everybody):
    campaign, _, responses = everybody[-1]
    arm = campaign.arms.index("voucher")
    anyway = responses.seen[:, arm] & responses.unasked[:, 0] & ~responses.takes[:, arm]
    paid = responses.amount[anyway, arm] / responses.amount[anyway, 0]
    assert anyway.sum() > 10
    assert paid == pytest.approx(0.8, abs=0.001)


def test_margins_are_amounts_less_cost(everybody):
    for _, _, responses in everybody:
        assert (responses.margin <= responses.amount).all()
        assert (responses.amount[~responses.responds] == 0).all()
        full = responses.unasked[:, 0]
        share = responses.margin[full, 0].sum() / responses.amount[full, 0].sum()
        assert share == pytest.approx(mechanism("campaigns")["margin"] / 1000, abs=0.001)


def test_the_usual_amount_leans_on_ones_own_orders(block):
    day, bought = 700, block.purchases
    typical = typical_amount(block, day)
    before = bought.day < day
    line = before[block.lines.order]
    person = int(np.argmax(np.bincount(bought.person[before])))
    own = bought.person[block.lines.order[line]] == person
    paid, orders = block.lines.amount[line][own].sum(), (bought.person[before] == person).sum()
    general = block.lines.amount[line].sum() / before.sum()
    assert typical[person] == pytest.approx((paid + 3 * general) / (orders + 3))
