"""Services and privileges, and who takes them up."""

import numpy as np
import polars as pl
import pytest

from customer_insight.company import calendar
from customer_insight.company.feelings import draw_feelings
from customer_insight.company.levels import level_table
from customer_insight.company.order_tables import order_tables
from customer_insight.company.organisation_block import draw_organisation_block
from customer_insight.company.service_menu import (
    FREE_DELIVERY,
    organisation_service_uses,
    service_menu,
    service_uses,
)
from customer_insight.data.mechanisms import mechanism


@pytest.fixture(scope="module")
def uses(block, draws):
    return service_uses(block, draw_feelings(block, draws), draws)


@pytest.fixture(scope="module")
def organisations(world, draws):
    goods, places = world
    return draw_organisation_block(0, 400, places, goods, draws)


def test_services_are_taken_up_from_their_level_on(block, uses):
    names = ["basic", "silver", "gold", "diamond"]
    levels = level_table(block).select("customer_id", "year", "level")
    rank = pl.DataFrame({"level": names, "rank": range(4)})
    joined = (
        uses.with_columns(year=pl.col("used_on").dt.year())
        .join(levels.with_columns(pl.col("year").cast(pl.Int32)), on=["customer_id", "year"])
        .join(rank, on="level")
        .join(
            service_menu().select("service_id", "level").join(rank, on="level"),
            on="service_id",
            suffix="_needed",
        )
    )
    assert joined.height > 0.99 * uses.height
    assert (joined["rank"] >= joined["rank_needed"]).all()


def test_free_delivery_is_every_web_order_from_silver_on(block, uses, world):
    orders = order_tables(block, *world)["orders"].filter(channel="web")
    levels = level_table(block).filter(pl.col("level") != "basic").select("customer_id", "year")
    year = pl.col("ordered_at").dt.year().cast(levels.schema["year"])
    expected = orders.with_columns(year=year).join(levels, on=["customer_id", "year"], how="semi")
    assert uses.filter(service_id=FREE_DELIVERY).height == expected.height


def test_uses_come_at_the_stated_rate_and_more_from_those_who_care(block, uses, draws):
    feelings, facts = draw_feelings(block, draws), mechanism("services")
    low, step = facts["by_care"]
    for service in facts["menu"]:
        if service["side"] != "person" or service["service_id"] == FREE_DELIVERY:
            continue
        expected = 0.0
        for place, year in enumerate(calendar.YEARS[:-1]):
            start, end = calendar.year_bounds(year)
            days = np.minimum(block.left + 1, end) - np.maximum(block.habits.first, start)
            level = ["basic", "silver", "gold", "diamond"].index(service["level"])
            days = np.where(block.levels[:, place] >= level, np.maximum(days, 0), 0)
            often = (low + step * feelings.care) * service["a_year"]
            expected += (days * often).sum() / 365
        came = uses.filter(service_id=service["service_id"]).height
        assert abs(came - expected) < 4 * np.sqrt(expected) + 1, service["service_id"]


def test_minutes_and_cost_are_as_usual_in_the_mean(uses):
    menu = service_menu()
    means = uses.group_by("service_id").agg(
        pl.col("minutes").mean(), pl.col("cost").mean(), pl.len().alias("uses")
    )
    both = means.join(menu, on="service_id", suffix="_usual").filter(pl.col("uses") > 100)
    for row in both.iter_rows(named=True):
        assert row["minutes"] == pytest.approx(row["minutes_usual"], rel=0.1)
        assert row["cost"] == pytest.approx(row["cost_usual"], rel=0.15)


def test_larger_organisations_take_up_more(organisations, draws):
    uses = organisation_service_uses(organisations, draws)
    menu = mechanism("services")["menu"]
    assert set(uses["service_id"]) == {s["service_id"] for s in menu if s["side"] == "organisation"}
    band, since = organisations.organisations.band, organisations.organisations.since
    days = np.minimum(organisations.demand.left + 1, calendar.DAYS) - since
    place = uses["customer_id"].str.slice(1).cast(pl.Int64).to_numpy()
    count = np.bincount(place, minlength=len(organisations))
    small, large = band == band.min(), band >= band.max() - 1
    assert count[large].sum() / days[large].sum() > 1.5 * count[small].sum() / days[small].sum()
    assert organisation_service_uses(organisations, draws).equals(uses)


def test_no_organisation_has_no_uses(world, draws, uses):
    goods, places = world
    nobody = draw_organisation_block(0, 0, places, goods, draws)
    table = organisation_service_uses(nobody, draws)
    assert table.is_empty()
    assert table.schema == uses.schema
