"""Changes of customers' facts, and when the company learnt of them."""

import numpy as np
import polars as pl
import pytest

from customer_insight.company import calendar
from customer_insight.company.customer_changes import (
    ATTRIBUTES,
    change_tables,
    draw_changes,
)
from customer_insight.company.habits import NEVER
from customer_insight.company.people import people_tables


@pytest.fixture(scope="module")
def customers(block, world, draws):
    return people_tables(block, world[1], pl.Series(["search"] * 4000), draws)["customers"]


@pytest.fixture(scope="module")
def changes(block, customers, world, draws):
    return draw_changes(block, customers, world[1], draws)


@pytest.fixture(scope="module")
def tables(block, customers, changes, draws):
    return change_tables(block, customers, changes, draws)


def day_numbers(dates):
    return (dates.cast(pl.Date).cast(pl.Int32) - calendar.FIRST_DAY).to_numpy()


def test_changes_are_learnt_after_they_happened_and_within_the_data(changes, tables):
    happened = changes.day < NEVER
    assert 0.02 < happened.mean() < 0.08
    assert (changes.recorded[happened] > changes.day[happened]).all()
    assert (changes.recorded[happened] < calendar.DAYS).all()
    assert tables["customer_changes"].height == happened.sum()
    assert tables["customer_changes"]["recorded_at"].is_sorted()


def test_the_new_value_is_the_customers_and_the_old_one_nobodys(tables, customers):
    joined = tables["customer_changes"].join(customers, on="customer_id", validate="m:1")
    for attribute in ATTRIBUTES:
        own = joined.filter(attribute=attribute)
        assert own.height > 20
        assert own["new_value"].equals(own[attribute], check_names=False)
        if attribute != "city_id":
            assert not set(own["old_value"]) & set(customers[attribute])


def test_people_move_within_a_tier_and_before_their_first_order_in_a_shop(
    block, changes, tables, world
):
    tier = dict(zip(world[1].cities["city_id"], world[1].tier, strict=True))
    moves = tables["customer_changes"].filter(attribute="city_id")
    assert all(tier[old] == tier[new] for old, new in moves.select("old_value", "new_value").rows())
    first = np.full(len(block), NEVER)
    shop = block.purchases.shop >= 0
    np.minimum.at(first, block.purchases.person[shop], block.purchases.day[shop])
    day = changes.day[:, ATTRIBUTES.index("city_id")]
    assert (day <= first)[day < NEVER].all()


def test_a_purchase_that_brings_a_change_to_light_is_there(block, tables):
    bought = {*zip(block.purchases.person.tolist(), block.purchases.day.tolist(), strict=True)}
    told = tables["customer_changes"].filter(trigger="purchase")
    place = told["customer_id"].str.slice(1).cast(pl.Int64).to_list()
    days = day_numbers(told["recorded_at"]).tolist()
    assert told.height > 20
    assert all(pair in bought for pair in zip(place, days, strict=True))


def test_wrong_days_are_those_in_the_truth(changes, tables):
    table, errors = tables["customer_changes"], tables["truth_errors"]
    person = table["customer_id"].str.slice(1).cast(pl.Int64).to_numpy()
    attribute = np.array([ATTRIBUTES.index(name) for name in table["attribute"]])
    real = changes.day[person, attribute]
    stated = day_numbers(table["valid_from"])
    wrong = table.filter(pl.Series(real != stated))
    assert wrong["change_id"].to_list() == errors["row_key"].to_list()
    assert (wrong["valid_from"] == wrong["recorded_at"].dt.date()).all()
    days = errors["true_value"].str.to_date()
    assert (day_numbers(days) == real[real != stated]).all()


def test_facts_as_of_a_day_are_the_old_ones_before_a_change(changes, customers):
    row = ATTRIBUTES.index("phone")
    person = np.flatnonzero(changes.day[:, row] < NEVER)[:5]
    day, now = changes.day[person, row], customers["phone"]
    assert changes.value_at("phone", now, person, day).equals(now.gather(person), check_names=False)
    before = changes.value_at("phone", now, person, day - 1)
    assert before.str.starts_with("0005").all()


def test_the_same_draw_gives_the_same_changes(block, customers, tables, world, draws):
    again = draw_changes(block, customers, world[1], draws)
    other = change_tables(block, customers, again, draws)
    assert all(other[name].equals(table) for name, table in tables.items())
