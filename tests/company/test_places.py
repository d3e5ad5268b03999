"""Cities and shops."""

import numpy as np
import polars as pl

from customer_insight.company import calendar
from customer_insight.company.draws import Draws


def test_people_shop_in_their_own_city_in_shops_that_are_open(world, block):
    _, places = world
    bought = block.purchases
    at = bought.shop >= 0
    assert (at == ~bought.outcomes.web).all()
    shops, cities = places.shops, places.cities
    city_of_shop = shops["city_id"].to_numpy()[bought.shop[at]]
    city = cities["city_id"].to_numpy()[block.city[bought.person[at]]]
    assert (city_of_shop == city).all()
    opened = shops["opened"].cast(pl.Int64).to_numpy()[bought.shop[at]]
    assert (opened <= bought.day[at] + calendar.FIRST_DAY).all()


def test_where_no_shop_is_open_there_is_none_to_go_to(world):
    _, places = world
    without = np.flatnonzero(places.shop_from > 0)[:1]
    first_day = np.zeros(1, dtype=np.int64)
    assert places.shop_at(without, first_day, Draws(1)).tolist() == [-1]


def test_every_shop_sells(world, block):
    _, places = world
    sold = np.bincount(block.purchases.shop[block.purchases.shop >= 0], minlength=24)
    assert len(places.shops) == 24
    assert (sold > 0).all()


def test_every_tier_has_customers(world):
    _, places = world
    for tier in range(4):
        assert places.weight[places.tier == tier].sum() > 0
