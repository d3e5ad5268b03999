"""The market survey: who stops, what they say, and who buys since."""

import numpy as np
import polars as pl
import pytest

from customer_insight.company.content import content
from customer_insight.company.draws import Draws
from customer_insight.company.ids import block_ids
from customer_insight.company.market_survey import asked_outside, market_tables
from customer_insight.data.mechanisms import mechanism

CUSTOMERS = 20_000


@pytest.fixture(scope="module")
def tables():
    ids = block_ids("Q", 0, np.arange(asked_outside(CUSTOMERS)))
    return market_tables(ids, CUSTOMERS, Draws(5, (0,)))


@pytest.fixture(scope="module")
def said(tables):
    return tables["market_survey"]


def test_those_who_stop_are_thirsty_and_as_many_as_their_chances_say(tables, said):
    asked, truth = tables["survey_invitations"], tables["truth_invitations"]
    came = asked["answered_on"].is_not_null()
    chance = truth["answer_chance"].to_numpy()
    assert asked.height == CUSTOMERS * 0.35
    assert abs(came.sum() - chance.sum()) < 4 * np.sqrt((chance * (1 - chance)).sum())
    assert asked.filter(came)["invitation_id"].equals(said["invitation_id"])
    usual = mechanism("market_survey")
    share = np.array(list(usual["segments"].values())) / sum(usual["segments"].values())
    mean = (share * np.array(list(usual["drinks"].values()))).sum()
    assert said["drinks_a_week"].mean() > mean * 1.05


def test_cities_are_asked_alike_and_differ(said):
    facts = mechanism("market_survey")
    counts = dict(said["city_id"].value_counts().iter_rows())
    assert set(counts) == set(facts["cities"])
    assert max(counts.values()) < 1.15 * min(counts.values())
    herbal = said.group_by("city_id").agg((pl.col("favourite_category") == "herbal_tea").mean())
    share = dict(herbal.iter_rows())
    assert share["C01"] > share["C20"] > share["C06"]
    price = dict(said.group_by("city_id").agg(pl.col("price_paid").mean()).iter_rows())
    assert price["C20"] < min(price["C01"], price["C06"])


def test_will_and_means_and_need_decide_who_buys(said):
    facts = mechanism("market_survey")
    base, wills, purse, need = facts["bought"]
    served = np.isin(said["kind_of_need"], [facts["need_kinds"][n] for n in facts["served_best"]])
    relative = np.log(said["means"].to_numpy() / facts["means"][0])
    x = np.column_stack([np.ones(said.height), said["will"], relative, served])
    bought, slopes = said["bought_since"].to_numpy(), np.zeros(4)
    for _ in range(20):
        p = 1 / (1 + np.exp(-x @ slopes))
        information = x.T @ (x * (p * (1 - p))[:, None])
        slopes = slopes + np.linalg.solve(information, x.T @ (bought - p))
    error = np.sqrt(np.diag(np.linalg.inv(information)))
    assert (np.abs(slopes - (base, wills, purse, need))[1:3] < 4 * error[1:3]).all()
    assert 0 < slopes[3] < need + 4 * error[3]  # the kind named is not always one's own
    assert 0.03 < bought.mean() < 0.12


def test_who_is_willing_agrees_to_be_called(said):
    agreed, more = mechanism("market_survey")["agreed"]
    for will in range(1, 5):
        own = said.filter(will=will)["agreed_to_contact"]
        true = agreed + more * (will - 1)
        assert abs(own.mean() - true) < 4 * np.sqrt(true * (1 - true) / len(own))


def test_students_are_young_and_the_retired_old(said):
    age = said.filter(pl.col("age") < 120)
    young = age.filter(occupation="student")["age"]
    assert young.quantile(0.9) < 40
    assert age.filter(occupation="retired")["age"].min() >= 35
    assert set(said["occupation"]) <= set(content("occupations")["occupation"])


def test_needs_and_brands_are_those_of_the_same_people(tables, said):
    ids = set(said["invitation_id"])
    for name in ("survey_needs", "brand_choices", "brand_ratings"):
        assert set(tables[name]["invitation_id"]) == ids
    assert tables["survey_needs"]["satisfaction"].is_null().all()
    assert set(tables["brand_choices"]["family"]) == {"tea"}
    known = tables["brand_choices"].filter(firm_id="own")["aware"].mean()
    assert abs(known - mechanism("brands")["known"]["tea"][0]) < 0.05
