"""Who the people are."""

import numpy as np
import polars as pl
import pytest

from customer_insight.company.draws import Draws
from customer_insight.company.habits import SEGMENTS
from customer_insight.company.people import people_tables
from customer_insight.company.people_block import draw_people_block
from customer_insight.company.world import goods_and_places
from customer_insight.data.mechanisms import mechanism


@pytest.fixture(scope="module")
def drawn():
    """Return a block of 10,000 people with their tables."""
    draws = Draws(9)
    goods, places = goods_and_places(draws)
    block = draw_people_block(0, 10_000, places, goods, draws)
    channels = pl.Series(["search"] * len(block))
    return block, people_tables(block, places, channels, draws)


def test_nobody_can_be_called_or_written_to(drawn):
    customers = drawn[1]["customers"]
    assert customers["phone"].str.contains(r"^000\d{8}$").all()
    assert customers["email"].str.contains(r"^[a-z']+\.[a-z]+\d+@example\.com$").all()
    assert not customers["phone"].is_duplicated().any()


def test_no_attribute_gives_a_segment_away(drawn):
    """The best guess from any one attribute is right for less than half of the people."""
    block, tables = drawn
    segment = pl.Series("segment", np.array(SEGMENTS)[block.habits.segment])
    customers = tables["customers"].with_columns(segment)
    answered = tables["profiles"].join(customers.select("customer_id", "segment"), on="customer_id")
    columns = [(customers, name) for name in ("sex", "occupation", "household_size", "children")]
    columns += [(answered, name) for name in mechanism("people")["attitudes"]]
    for table, name in columns:
        best = table.group_by(name).agg(pl.col("segment").value_counts(sort=True).first())
        right = best["segment"].struct.field("count").sum() / table.height
        assert right < 0.5, name


def test_attributes_play_their_stated_roles(drawn):
    """What predicts does, the noise does not, and the app only looks as if it caused anything."""
    block, tables = drawn
    habits = block.habits
    own = habits.orders & (habits.segment == SEGMENTS.index("family"))
    app = tables["customers"]["app_user"].to_numpy()
    assert habits.rate[own & app].mean() > 1.3 * habits.rate[own & ~app].mean()
    size = tables["customers"]["household_size"].to_numpy()
    assert np.corrcoef(size[own], habits.spend[own])[0, 1] > 0.3
    answered = tables["profiles"]
    people = answered["customer_id"].str.slice(1).cast(pl.Int64).to_numpy()
    for noise in ("blood_type", "lucky_colour"):
        groups = [
            habits.rate[people[(answered[noise] == v).to_numpy()]] for v in answered[noise].unique()
        ]
        means = np.array([group.mean() for group in groups])
        error = habits.rate.std() / np.sqrt(min(map(len, groups)))
        assert np.abs(means - habits.rate[people].mean()).max() < 4 * error


def test_incomes_are_missing_more_often_where_they_are_high(drawn):
    tables = drawn[1]
    untold = tables["customers"]["income_band"].is_null().to_numpy()
    assert 0.08 < untold.mean() < 0.2
    office = tables["customers"]["occupation"].is_in(["engineer", "manager"]).to_numpy()
    retired = (tables["customers"]["occupation"] == "retired").to_numpy()
    assert untold[office].mean() > untold[retired].mean()


def test_who_seldom_buys_seldom_answers(drawn):
    block, tables = drawn
    answered = np.zeros(len(block), dtype=bool)
    answered[tables["profiles"]["customer_id"].str.slice(1).cast(pl.Int64).to_numpy()] = True
    rate = block.habits.rate
    median = np.median(rate)
    assert answered[rate > median].mean() > answered[rate <= median].mean() + 0.05


def test_ages_and_households_are_possible(drawn):
    customers = drawn[1]["customers"]
    age = 2024 - customers["born_on"].dt.year()
    assert (age.min(), age.max()) >= (18, 40)
    assert age.max() <= 84
    assert (customers["children"] < customers["household_size"]).all()
    students = customers.filter(pl.col("occupation") == "student")
    assert (2024 - students["born_on"].dt.year()).median() < 26
