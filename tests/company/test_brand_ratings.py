"""Brands in people's minds: positions, weights and choices come out of what is said."""

import numpy as np
import polars as pl
import pytest

from customer_insight.company.brand_ratings import (
    FIRMS,
    brand_tables,
    draw_minds,
    position_truth,
    weight_truth,
)
from customer_insight.company.draws import Draws
from customer_insight.company.habits import SEGMENTS
from customer_insight.data.mechanisms import mechanism

PEOPLE = 7_000


@pytest.fixture(scope="module")
def minds():
    """Return what outsiders think, 1,000 of each segment, half of them asked about gear."""
    segment = np.repeat(np.arange(len(SEGMENTS)), PEOPLE // len(SEGMENTS))
    return draw_minds(segment, np.arange(PEOPLE) % 2 == 1, None, "market_survey", Draws(5))


@pytest.fixture(scope="module")
def tables(minds):
    ids = pl.Series([f"Q{place:010d}" for place in range(PEOPLE)])
    return brand_tables(ids, minds)


def test_mean_ratings_are_the_positions(tables):
    keys = ["family", "firm_id", "attribute_id"]
    said = tables["brand_ratings"].group_by(keys).agg(pl.col("rating").mean(), n=pl.len())
    both = said.join(position_truth(), on=keys, validate="1:1")
    assert both.height == 100
    middle = both.filter(pl.col("position").is_between(2.5, 5.5))  # not cut off at 1 and 7
    error = 1.1 / np.sqrt(middle["n"].to_numpy())
    found = middle["rating"].to_numpy() - middle["position"].to_numpy()
    assert (np.abs(found) < 4 * error).all()
    assert np.corrcoef(both["rating"], both["position"])[0, 1] > 0.99


def test_liking_is_regressed_on_the_weights_of_the_segment(minds):
    weights = weight_truth()
    for place, name in enumerate(SEGMENTS):
        own = slice(place * 1000, (place + 1) * 1000)
        x = (minds.seen[own].reshape(-1, 10) - 1) / 6 * 10
        found, *_ = np.linalg.lstsq(x, minds.liking[own].ravel(), rcond=None)
        true = weights.filter(segment=name)["weight"].to_numpy()
        error = mechanism("brands")["liking_chance"] * np.sqrt(np.diag(np.linalg.inv(x.T @ x)))
        assert (np.abs(found - true) < 4.5 * error).all()
        assert true.sum() == pytest.approx(1)


def test_awareness_is_the_stated_share(tables):
    choices = tables["brand_choices"]
    for family, firms in FIRMS.items():
        shares = mechanism("brands")["known"][family]
        for firm, share in zip(firms, shares, strict=True):
            known = choices.filter(family=family, firm_id=firm)["aware"]
            assert abs(known.mean() - share) < 4 * np.sqrt(share * (1 - share) / len(known)) + 1e-9


def test_the_usual_firm_is_liked_and_among_those_considered(tables):
    choices = tables["brand_choices"]
    usual = choices.filter("usual_now")
    assert usual["invitation_id"].n_unique() == usual.height == PEOPLE
    some = choices.group_by("invitation_id").agg(pl.col("considered").any())
    with_choice = some.filter("considered")["invitation_id"]
    assert usual.filter(pl.col("invitation_id").is_in(with_choice.to_list()))["considered"].all()
    assert usual["liking"].mean() > choices["liking"].mean() + 0.7


def test_as_many_switch_as_a_new_choice_among_the_same_firms_brings(minds):
    facts = mechanism("brands")
    some = minds.considered.any(axis=1)[:, None]
    allowed = np.where(some, minds.considered, minds.aware)
    odds = np.where(allowed, np.exp(facts["usual"] * minds.liking), 0.0)
    chance = odds[odds.any(axis=1)]
    chance = chance / chance.sum(axis=1)[:, None]
    other = facts["switched"] * (1 - (chance**2).sum(axis=1))
    switched = (minds.usual != minds.before)[odds.any(axis=1)]
    assert abs(switched.mean() - other.mean()) < 4 * np.sqrt(other.mean() / len(other))
    assert 0.1 < switched.mean() < 0.2


def test_customers_know_qinghe_and_like_it_more():
    segment, gear = np.zeros(2000, dtype=int), np.zeros(2000, dtype=bool)
    bonus = np.full(2000, 0.9)
    outside = draw_minds(segment, gear, None, "brand_ratings", Draws(5))
    customers = draw_minds(segment, gear, bonus, "brand_ratings", Draws(5))
    assert customers.aware[:, 0].all()
    assert np.allclose(customers.liking[:, 0] - outside.liking[:, 0], 0.9)
    assert (customers.liking[:, 1:] == outside.liking[:, 1:]).all()
