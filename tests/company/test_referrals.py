"""Referrals: what is seen, and what really happened."""

import numpy as np
import polars as pl
import pytest

from customer_insight.company import calendar
from customer_insight.company.communities import make_communities
from customer_insight.company.draws import Draws
from customer_insight.company.habits import SEGMENTS
from customer_insight.company.referrals import (
    draw_referrals,
    referral_table,
    referral_truth,
)
from customer_insight.data.mechanisms import mechanism

BARGAIN = SEGMENTS.index("bargain")


@pytest.fixture(scope="module")
def communities(block, draws):
    return make_communities(block, draws)


@pytest.fixture(scope="module")
def referrals(block, communities, draws):
    return draw_referrals(block, communities, draws)


@pytest.fixture(scope="module")
def pairs(block, communities):
    """Return every earlier customer of a circle beside every later one, by plain joins."""
    people = pl.DataFrame(
        {
            "person": np.arange(len(block)),
            "circle": communities.circle,
            "first": block.habits.first,
            "left": block.left,
            "influence": communities.influence,
            "segment": block.habits.segment,
        }
    )
    bought = block.purchases
    orders = pl.DataFrame(
        {
            "person": bought.person,
            "day": bought.day,
            "hurt": bought.outcomes.hurts.any(axis=1),
        }
    )
    later = people.select("circle", later="person", day="first")
    both = people.join(later, on="circle").filter(
        pl.col("first") < pl.col("day"), pl.col("left") >= pl.col("day")
    )
    facts = mechanism("referrals")
    told = both.join(orders.rename({"day": "on"}), on="person").filter(pl.col("on") < pl.col("day"))
    age = pl.col("day") - pl.col("on")
    told = told.group_by("person", "later").agg(
        (pl.col("hurt") & (age <= facts["pains_within"])).sum().alias("pains"),
        (age <= facts["orders_within"]).any().alias("lately"),
    )
    satisfaction = dict(enumerate(facts["satisfaction"]))
    return both.join(told, on=["person", "later"]).with_columns(
        moves=pl.col("influence")
        * pl.col("pains").clip(0, 3).cast(pl.Int64).replace_strict(satisfaction)
        * pl.when("lately").then(1000).otherwise(facts["idle"])
        / 1e9
    )


def test_the_same_draw_gives_the_same_referrals(block, communities, draws, referrals):
    again = draw_referrals(block, communities, draws)
    assert (again.caused_by == referrals.caused_by).all()
    assert (again.code_of == referrals.code_of).all()
    other = draw_referrals(block, communities, Draws(8))
    assert not (other.code_of == referrals.code_of).all()


def test_only_customers_of_the_circle_refer(block, communities, referrals):
    for referrer in (referrals.caused_by, referrals.code_of):
        referred = np.flatnonzero(referrer >= 0)
        by = referrer[referred]
        day = block.habits.first[referred]
        assert len(referred) > 100
        assert (block.habits.first[by] < day).all()
        assert (block.left[by] >= day).all()
        assert (communities.circle[by] == communities.circle[referred]).all()


def test_arrivals_are_caused_as_often_as_the_circle_moves_them(block, referrals, pairs):
    moved = pairs.group_by("later").agg(pl.col("moves").sum())
    chance = np.zeros(len(block))
    chance[moved["later"]] = 1 - np.exp(-mechanism("referrals")["talk"] * moved["moves"])
    caused = referrals.caused_by >= 0
    assert 0.05 < caused.mean() < 0.2
    assert not caused[chance == 0].any()
    for part in np.array_split(np.argsort(chance, kind="stable"), 5):
        spread = np.sqrt((chance[part] * (1 - chance[part])).sum())
        assert abs(caused[part].sum() - chance[part].sum()) < 3.5 * spread + 1


def test_the_influential_and_satisfied_are_the_causes(referrals, pairs):
    later = np.flatnonzero(referrals.caused_by >= 0)
    chosen = pl.DataFrame({"later": later, "person": referrals.caused_by[later], "is": True})
    both = pairs.filter(pl.col("later").is_in(later.tolist())).join(
        chosen, on=["later", "person"], how="left"
    )
    share = pl.col("moves") / pl.col("moves").sum().over("later")
    both = both.with_columns(share.alias("share"), pl.col("is").fill_null(value=False))
    assert both["is"].sum() == len(later)
    steps = ((0, 0.02), (0.02, 0.1), (0.1, 0.3), (0.3, 1.1))
    parts = [pl.col("share").is_between(low, high, closed="left") for low, high in steps]
    parts += [pl.col("pains") == 0, pl.col("pains") > 0, pl.col("lately"), ~pl.col("lately")]
    for part in parts:
        own = both.filter(part)
        spread = np.sqrt((own["share"] * (1 - own["share"])).sum())
        assert abs(own["is"].sum() - own["share"].sum()) < 3.5 * spread


def test_codes_and_causes_are_not_the_same(block, referrals):
    facts = mechanism("referrals")
    caused, coded = referrals.caused_by >= 0, referrals.code_of >= 0
    both = caused & coded
    assert (referrals.caused_by[both] == referrals.code_of[both]).all()
    assert abs(both.sum() / caused.sum() - facts["with_code"]) < 0.08
    only = coded & ~caused
    assert only.sum() > 50
    hunters = block.habits.segment == BARGAIN
    assert only[hunters].mean() > 2.5 * only[~hunters].mean()


def test_who_posts_codes_collects_what_others_caused(block, referrals, pairs):
    only = np.flatnonzero((referrals.code_of >= 0) & (referrals.caused_by < 0))
    weights = dict(enumerate(mechanism("referrals")["posts_codes"][name] for name in SEGMENTS))
    weight = pl.col("segment").replace_strict(weights)
    share = (
        pairs.filter(pl.col("later").is_in(only.tolist()))
        .group_by("later")
        .agg((weight * (pl.col("segment") == BARGAIN)).sum() / weight.sum())["segment"]
    )
    assert share.len() == len(only)
    posted = (block.habits.segment[referrals.code_of[only]] == BARGAIN).sum()
    assert abs(posted - share.sum()) < 3.5 * np.sqrt((share * (1 - share)).sum())
    causers = block.habits.segment[referrals.caused_by[referrals.caused_by >= 0]]
    assert posted / len(only) > 2.5 * (causers == BARGAIN).mean()


def test_the_company_sees_codes_and_pays_for_orders(block, referrals):
    table = referral_table(block, referrals)
    assert table.height == (referrals.code_of >= 0).sum()
    assert table["referral_id"].is_sorted()
    assert table["day"].is_sorted()
    referred = table["referred_id"].str.slice(1).cast(pl.Int64).to_numpy()
    assert (table["day"].cast(pl.Int32) - calendar.FIRST_DAY == block.habits.first[referred]).all()
    reward = np.where(block.habits.orders[referred], mechanism("referrals")["reward"], 0)
    assert (table["reward"] == reward).all()
    assert (table["reward"] == 0).any()


def test_the_truth_tells_the_kinds_apart(block, referrals):
    truth = referral_truth(block, referrals)
    seen = referral_table(block, referrals)
    assert truth["referred_id"].n_unique() == truth.height
    assert dict(truth["kind"].value_counts().iter_rows()).keys() == {
        "caused_with_code",
        "caused_without_code",
        "code_only",
    }
    with_code = truth.filter(pl.col("code_of").is_not_null())
    joined = with_code.join(seen, on="referred_id")
    assert joined.height == seen.height
    assert (joined["code_of"] == joined["referrer_id"]).all()
    caused = pl.col("caused_by").is_not_null()
    kind = (
        pl.when(caused & pl.col("code_of").is_not_null())
        .then(pl.lit("caused_with_code"))
        .when(caused)
        .then(pl.lit("caused_without_code"))
        .otherwise(pl.lit("code_only"))
    )
    assert truth.filter(pl.col("kind") != kind).is_empty()
