"""Who reviews what, with how many stars and which words."""

import numpy as np
import polars as pl
import pytest

from customer_insight.company import calendar
from customer_insight.company.feelings import draw_feelings
from customer_insight.company.pains import KINDS
from customer_insight.company.reviews import review_chance, review_tables, stars_of
from customer_insight.company.texts import ASPECTS
from customer_insight.data.mechanisms import mechanism


@pytest.fixture(scope="module")
def feelings(block, draws):
    return draw_feelings(block, draws)


@pytest.fixture(scope="module")
def tables(block, feelings, world, draws):
    return review_tables(block, feelings, world[0], draws)


@pytest.fixture(scope="module")
def reviewed(tables):
    """Return each review's place among the orders of the block."""
    return tables["reviews"]["order_id"].str.slice(5).cast(pl.Int64).to_numpy()


def test_reviews_come_by_care_and_at_both_ends(block, feelings, reviewed):
    chance = review_chance(block, feelings)
    early = block.purchases.day < calendar.DAYS - 60
    came = np.bincount(reviewed, minlength=len(chance))
    assert came.max() == 1
    extreme = np.abs(feelings.experience) > mechanism("reviews")["extreme"]
    for group in (early & extreme, early & ~extreme):
        error = np.sqrt((chance[group] * (1 - chance[group])).sum())
        assert abs(came[group].sum() - chance[group].sum()) < 4 * error
    assert came[early & extreme].mean() > 1.5 * came[early & ~extreme].mean()


def test_stars_follow_the_experience_but_for_those_turned_round(tables, feelings, reviewed):
    given, true = tables["reviews"]["stars"], stars_of(feelings.experience[reviewed])
    wrong = tables["reviews"].filter(pl.Series(given.to_numpy() != true))
    errors = tables["truth_errors"]
    assert set(errors["row_key"]) == set(wrong["review_id"])
    turned = wrong.join(errors, left_on="review_id", right_on="row_key")
    assert (turned["stars"] + turned["true_value"].cast(pl.Int64) == 6).all()
    assert 0 < errors.height < 0.03 * given.len()
    assert 0.35 < (given == 5).mean() < 0.55


def test_texts_speak_of_pains_the_graver_the_surer(block, tables, reviewed):
    outcomes = block.purchases.outcomes
    spoken = tables["truth_texts"].select(KINDS).to_numpy()
    felt, severity = outcomes.hurts[reviewed], outcomes.severity[reviewed]
    assert not (spoken & ~felt).any()
    for place, chance in enumerate(mechanism("reviews")["speaks_of"], 1):
        own = spoken[felt & (severity == place)[:, None]]
        assert abs(own.mean() - chance) < 4 * np.sqrt(chance * (1 - chance) / own.size)


def test_the_sentiment_of_aspects_goes_with_pains_and_stars(tables):
    aspects = tables["truth_aspects"].join(
        tables["reviews"], left_on="text_id", right_on="review_id"
    )
    stars = dict(aspects.group_by("sentiment").agg(pl.col("stars").mean()).iter_rows())
    assert stars[1] > stars[-1] + 0.8
    bad = aspects.filter(sentiment=-1).height
    assert bad == tables["truth_texts"].select(KINDS).sum_horizontal().sum()
    for aspect, kind in zip(ASPECTS, KINDS, strict=True):
        own = set(aspects.filter(sentiment=-1, aspect=aspect)["text_id"])
        assert own == set(tables["truth_texts"].filter(kind)["text_id"])


def test_reviews_follow_the_order_line_they_name(tables, block, world, reviewed):
    first = np.searchsorted(block.lines.order, reviewed, side="left")
    at = first + tables["reviews"]["line"].to_numpy() - 1
    assert (block.lines.order[at] == reviewed).all()
    product = world[0].products["product_id"].gather(block.lines.product[at])
    assert (product == tables["reviews"]["product_id"]).all()
    day = tables["reviews"]["written_at"].dt.date().cast(pl.Int32) - calendar.FIRST_DAY
    assert (day.to_numpy() >= block.purchases.day[reviewed]).all()


def test_slang_slips_and_switches_are_some_of_the_texts(tables):
    truth = tables["truth_texts"]
    assert 0.1 < truth["slang"].mean() < 0.4
    assert 0.02 < truth["mixed_language"].mean() < 0.25
    assert 0.01 < (truth["typing_errors"] > 0).mean() < 0.2
    assert 0.1 < truth["negated"].mean() < 0.5
    angry = truth.filter(tone="angry")
    assert angry.select(KINDS).to_numpy().any(axis=1).all()
