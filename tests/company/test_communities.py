"""Circles and influence."""

import numpy as np
import pytest

from customer_insight.company.communities import community_truth, make_communities
from customer_insight.company.draws import Draws
from customer_insight.company.habits import SEGMENTS
from customer_insight.data.mechanisms import mechanism


@pytest.fixture(scope="module")
def communities(block, draws):
    return make_communities(block, draws)


def test_circles_have_about_forty_people_of_one_tier(block, communities):
    sizes = np.bincount(communities.circle)
    assert abs(sizes.mean() - 40) < 1
    assert 15 < sizes.min() < sizes.max() < 80
    for circle in range(len(sizes)):
        assert len(set(block.habits.tier[communities.circle == circle])) == 1


def test_like_joins_like(block, communities):
    segment, circle = block.habits.segment, communities.circle
    crossed = np.zeros((circle.max() + 1, len(SEGMENTS)))
    np.add.at(crossed, (circle, segment), 1)
    size = crossed.sum(axis=1)
    alike = (crossed * (crossed - 1)).sum() / (size * (size - 1)).sum()
    by_chance = (np.bincount(segment) ** 2).sum() / len(block) ** 2
    assert 1.7 * by_chance < alike < mechanism("communities")["homophily"]


def test_influence_has_a_heavy_tail(communities):
    facts = mechanism("communities")
    influence = communities.influence / 1000
    assert 1 <= influence.min() <= influence.max() == facts["most_influence"]
    for times in (2, 5, 10):
        expected = times ** -facts["influence_tail"]
        assert abs((influence > times).mean() - expected) < 0.02
    top = np.sort(influence)[-len(influence) // 10 :]
    assert top.sum() > 0.35 * influence.sum()


def test_the_truth_names_everybody_once(block, communities, draws):
    truth = community_truth(block, communities)
    assert truth["customer_id"].n_unique() == len(block)
    assert truth["circle_id"].n_unique() == communities.circle.max() + 1
    assert truth.equals(community_truth(block, make_communities(block, draws)))
    other = make_communities(block, Draws(8))
    assert not (other.circle == communities.circle).all()
