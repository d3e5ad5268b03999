"""The hidden numbers of people."""

import numpy as np

from customer_insight.company import calendar
from customer_insight.company.habits import SEGMENTS, draw_habits
from customer_insight.data.mechanisms import mechanism


def habits(draws, size=20_000, block=1):
    tier = np.arange(size) % 4
    return draw_habits(tier, np.zeros(size, dtype=np.int64), draws.within(block))


def test_segments_have_their_shares_and_rates(draws):
    drawn = habits(draws)
    facts = mechanism("segments")
    for place, name in enumerate(SEGMENTS):
        own = drawn.segment == place
        assert abs(own.mean() - facts["share"][name] / 1000) < 0.012
        if name != "steady":
            mean = facts["orders_per_year"][name] * np.mean(facts["tier_factor"])
            spread = drawn.rate[own].std() / np.sqrt(own.sum())
            assert abs(drawn.rate[own].mean() - mean) < 4 * spread


def test_steady_buyers_have_the_parameters_of_the_model(draws):
    drawn, facts = habits(draws), mechanism("steady")
    own = drawn.steady
    weekly = drawn.rate[own] * 7 / 365
    assert abs(weekly.mean() - facts["r"] / facts["alpha"]) < 0.008
    assert abs(drawn.leaves_after[own].mean() - facts["a"] / (facts["a"] + facts["b"])) < 0.015
    assert abs(drawn.spend[own].mean() / (facts["p"] * facts["v"] / (facts["q"] - 1)) - 1) < 0.05
    assert not drawn.leaving[own].any()
    assert drawn.orders[own].all()


def test_in_rhythm_baskets_shrink_as_rates_grow(draws):
    drawn = habits(draws)
    own = drawn.segment == SEGMENTS.index("rhythm")
    assert np.corrcoef(np.log(drawn.rate[own]), np.log(drawn.spend[own]))[0, 1] < -0.15
    free = drawn.segment == SEGMENTS.index("family")
    assert abs(np.corrcoef(np.log(drawn.rate[free]), np.log(drawn.spend[free]))[0, 1]) < 0.06


def test_people_arrive_in_order_within_the_three_years(draws):
    drawn = habits(draws)
    assert (np.diff(drawn.first) >= 0).all()
    assert drawn.first[0] >= 0
    assert drawn.first[-1] < calendar.DAYS


def test_blocks_are_drawn_for_themselves(draws):
    assert (habits(draws, 500, 1).rate == habits(draws, 500, 1).rate).all()
    assert not (habits(draws, 500, 1).rate == habits(draws, 500, 2).rate).any()
