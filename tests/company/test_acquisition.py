"""Acquisition channels and spend."""

import numpy as np
import pytest

from customer_insight.company.acquisition import (
    CHANNELS,
    MONTHS,
    REFERRAL,
    WALK_IN,
    acquisition_channels,
    acquisition_spend,
    count_sign_ups,
)
from customer_insight.company.communities import make_communities
from customer_insight.company.draws import Draws
from customer_insight.company.habits import SEGMENTS
from customer_insight.company.referrals import draw_referrals
from customer_insight.data.mechanisms import mechanism


@pytest.fixture(scope="module")
def referrals(block, draws):
    return draw_referrals(block, make_communities(block, draws), draws)


@pytest.fixture(scope="module")
def channels(block, referrals, draws):
    return acquisition_channels(block, referrals, draws)


def test_a_code_is_a_referral_and_nothing_else_is(referrals, channels):
    assert ((channels == REFERRAL) == (referrals.code_of >= 0)).all()
    assert set(channels) == set(range(len(CHANNELS)))


def test_nobody_walks_into_a_shop_where_there_is_none(block, world, channels):
    has_shop = block.habits.shop_from <= block.habits.first
    assert not (channels[~has_shop] == WALK_IN).any()
    assert (channels[has_shop] == WALK_IN).mean() > 0.1


def test_segments_and_years_have_their_mix(block, world, referrals):
    facts = mechanism("acquisition")
    own = (block.habits.shop_from <= block.habits.first) & (referrals.code_of < 0)
    drawn = np.stack([acquisition_channels(block, referrals, Draws(seed)) for seed in range(30)])
    year = block.habits.first // 365
    for place, segment in enumerate(SEGMENTS):
        for at in range(3):
            here = drawn[:, own & (block.habits.segment == place) & (year == at)].ravel()
            weights = np.array(
                [
                    facts["channels"][name][segment] * facts["year_factor"][name][at]
                    if name != "referral"
                    else 0
                    for name in CHANNELS
                ]
            )
            expected = weights / weights.sum()
            share = np.bincount(here, minlength=len(CHANNELS)) / len(here)
            spread = np.sqrt(expected * (1 - expected) / len(here))
            assert (np.abs(share - expected) <= 4.5 * spread).all()


def test_sign_ups_are_counted_by_month_and_channel(block, channels):
    counts = count_sign_ups(block, channels)
    assert counts.shape == (MONTHS, len(CHANNELS))
    assert (counts.sum(axis=0) == np.bincount(channels)).all()
    assert counts[0].sum() == (block.habits.first < 31).sum()


def test_a_customer_costs_what_the_channel_says(draws):
    facts = mechanism("acquisition")
    sign_ups = np.full((MONTHS, len(CHANNELS)), 200)
    table = acquisition_spend(sign_ups, draws)
    assert table.height == MONTHS * len(CHANNELS)
    for name in CHANNELS:
        own = table.filter(acquisition_channel=name)
        assert abs(own["spend"].sum() / (200 * MONTHS) / facts["cost"][name] - 1) < 0.06
        assert abs(own["visits"].sum() / (200 * MONTHS) / facts["visits"][name] - 1) < 0.06
        ratio = own["spend"] / (200 * facts["cost"][name])
        assert ratio.min() >= 0.84
        assert ratio.max() < 1.151
        assert ratio.std() > 0.05
    assert table.equals(acquisition_spend(sign_ups, draws))


def test_a_month_is_planned_from_the_months_around_it(draws):
    sign_ups = np.zeros((MONTHS, len(CHANNELS)), dtype=int)
    sign_ups[10, 0] = 300
    spend = acquisition_spend(sign_ups, draws).filter(acquisition_channel=CHANNELS[0])["spend"]
    assert np.flatnonzero(spend.to_numpy()).tolist() == [9, 10, 11]
    planned = 100 * mechanism("acquisition")["cost"][CHANNELS[0]]
    assert all(0.85 * planned - 1 <= value <= 1.15 * planned for value in spend[9:12])


def test_the_real_sign_ups_are_paid_for(block, channels, draws):
    counts = count_sign_ups(block, channels)
    table = acquisition_spend(counts, draws)
    costs = mechanism("acquisition")["cost"]
    for place, name in enumerate(CHANNELS):
        spend = table.filter(acquisition_channel=name)["spend"].sum()
        assert abs(spend / counts[:, place].sum() / costs[name] - 1) < 0.12


def test_counts_of_another_shape_are_refused(draws):
    with pytest.raises(ValueError, match=r"\(36, 7\).*\(12, 7\).*count_sign_ups of all blocks"):
        acquisition_spend(np.zeros((12, 7), dtype=int), draws)
