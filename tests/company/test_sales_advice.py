"""Advice: the roles' effects on fit, purchase and returns are recovered."""

import numpy as np
import polars as pl
import pytest

from customer_insight.company import advice
from customer_insight.company.advice import ROLES, advice_table
from customer_insight.company.returns import return_table
from customer_insight.company.sales_team import draw_sales_team
from customer_insight.data.mechanisms import mechanism


@pytest.fixture(scope="module")
def queries(block, world, draws):
    """Return the questions, if every purchase of a bag had begun with one, with fit and return."""
    goods, _ = world
    returns = return_table(block, goods, draws)
    own, team = draws.within(0), draw_sales_team(0, draws)
    facts = mechanism("advice")
    everybody = {name: facts[name] for name in facts.parameters} | {"asked": 1.0}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(advice, "mechanism", lambda _: everybody)
        table = advice_table(block, goods, returns, team=team, draws=own)
    bags = goods.products.select("product_id", "comfort_c", "user_length_cm", "launched")
    joined = table.join(bags, on="product_id", maintain_order="left")
    return joined.with_columns(
        fits=pl.col("comfort_c") <= pl.col("lowest_c"),
        returned=pl.col("order_id").is_in(returns["order_id"].implode()),
        bought=pl.col("order_id").is_not_null(),
    )


def near(values, true):
    return abs(values.mean() - true) < 4 * np.sqrt(0.25 / len(values))


def test_each_role_has_its_share_of_purchases_and_fits(queries):
    facts = mechanism("advice")
    for role in ROLES:
        own = queries.filter(role=role)
        assert near(own["bought"], facts[role]["buys"])
        assert near(own["fits"], facts[role]["fits"])
        assert near(own.filter("bought")["fits"], facts[role]["fits"])
    assert near(queries["role"] == ROLES[0], 0.5)


def test_bags_that_do_not_fit_come_back_more_often_by_the_stated_ratio(queries):
    fits, misfit = mechanism("advice")["returned"]
    share = dict(
        queries.filter("bought").group_by("fits").agg(pl.col("returned").mean()).iter_rows()
    )
    odds = {key: value / (1 - value) for key, value in share.items()}
    true = (misfit / (1 - misfit)) / (fits / (1 - fits))
    counts = queries.filter("bought").group_by("fits", "returned").len()["len"]
    assert abs(np.log(odds[False] / odds[True] / true)) < 4 * np.sqrt((1 / counts).sum())


def test_questions_say_what_the_columns_say(queries):
    for row in queries.head(200).iter_rows(named=True):
        for name in ("lowest_c", "body_length_cm"):
            assert str(row[name]) in row["text"]
        assert str(row["budget"] // 100) in row["text"]
    chinese = queries.filter(language="zh")["text"]
    assert chinese.str.contains(r"\p{Han}").all()
    assert not queries.filter(language="en")["text"].str.contains(r"\p{Han}").any()


def test_bags_can_be_named_and_are_long_enough(queries):
    assert (queries["asked_at"].dt.date() >= queries["launched"]).mean() > 0.99
    assert (queries["body_length_cm"] < queries["user_length_cm"]).all()
    assert queries["asked_at"].is_sorted()
