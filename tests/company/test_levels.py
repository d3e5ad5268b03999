"""Levels by year."""

import polars as pl
import pytest

from customer_insight.company import calendar
from customer_insight.company.habits import NEVER
from customer_insight.company.ids import customer_ids
from customer_insight.company.levels import level_table
from customer_insight.data.mechanisms import mechanism


@pytest.fixture(scope="module")
def table(block):
    return level_table(block)


def test_everybody_has_a_level_from_the_year_of_sign_up(block, table):
    for year in calendar.YEARS:
        signed_up = (block.habits.first < calendar.year_bounds(year)[1]).sum()
        assert table.filter(year=year).height == signed_up
    assert table.n_unique(["customer_id", "year"]) == table.height


def test_the_orders_of_the_year_before_give_the_level(block, table):
    bought = block.purchases
    orders = pl.DataFrame(
        {
            "customer_id": customer_ids(0, bought.person),
            "year": [calendar.dates()[day].year + 1 for day in bought.day],
        }
    ).group_by("customer_id", "year")
    counted = table.join(orders.len("count"), on=["customer_id", "year"], how="left")
    assert (counted["count"].fill_null(0) == counted["orders_before"]).all()
    assert counted["orders_before"].sum() == len(bought.person)
    facts = mechanism("levels")
    for name, least, most in zip(
        facts["names"], facts["orders"], [*facts["orders"][1:], NEVER], strict=True
    ):
        own = table.filter(level=name)["orders_before"]
        assert least <= own.min() <= own.max() < most


def test_who_is_new_is_basic(table):
    new = table.group_by("customer_id").agg(pl.col("level", "year").sort_by("year").first())
    assert set(new["level"]) == {"basic"}
