"""Four small shops: who buys for whom, and for what."""

import numpy as np
import polars as pl
import pytest

from customer_insight.company.draws import Draws
from customer_insight.company.survey_small_shops import SHOPS, small_shop_customers
from customer_insight.data.mechanisms import mechanism


@pytest.fixture(scope="module")
def table():
    return small_shop_customers(Draws(5))


def test_as_many_are_asked_in_each_shop_and_the_draw_decides(table):
    facts = mechanism("small_shops")
    assert dict(table["shop_kind"].value_counts().iter_rows()) == dict.fromkeys(
        SHOPS, facts["asked"]
    )
    assert table["person_id"].is_sorted()
    assert small_shop_customers(Draws(5)).equals(table)
    assert not small_shop_customers(Draws(6)).equals(table)


def test_parents_buy_what_children_use(table):
    toys = table.filter(pl.col("shop_kind") == "toys", ~pl.col("user_is_buyer"))
    assert toys.height > 0.85 * 150
    assert toys["user_age"].median() < 10
    assert toys["buyer_age"].median() > 30
    own = table.filter("user_is_buyer")
    assert (own["user_age"] == own["buyer_age"]).all()


def test_who_buys_for_others_has_the_needs_stated_for_them():
    table = pl.concat(small_shop_customers(Draws(seed)) for seed in range(10))
    for shop, needs in mechanism("small_shops")["needs"].items():
        for place, own in enumerate((True, False)):
            named = table.filter(shop_kind=shop, user_is_buyer=own)["need"]
            total = sum(weights[place] for weights in needs.values())
            for need, weights in needs.items():
                share = weights[place] / total
                error = np.sqrt(share * (1 - share) / len(named))
                assert abs((named == need).mean() - share) < 4 * error


def test_spend_is_visits_times_what_the_shop_takes(table):
    facts = mechanism("small_shops")
    for shop in SHOPS:
        own = table.filter(pl.col("shop_kind") == shop, pl.col("visits_a_month") > 0)
        each = np.log(own["spend_a_month"] / own["visits_a_month"])
        old = facts["older"] * (own["buyer_age"].to_numpy() - facts["buyer_age"][shop][0])
        error = facts["spend_spread"] / np.sqrt(own.height)
        assert abs((each.to_numpy() - old).mean() - np.log(facts["spend"][shop])) < 4 * error
