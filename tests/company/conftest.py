"""A small company that the tests share."""

import pytest

from customer_insight.company.draws import Draws
from customer_insight.company.people_block import draw_people_block
from customer_insight.company.world import goods_and_places


@pytest.fixture(scope="session")
def draws():
    return Draws(7)


@pytest.fixture(scope="session")
def world(draws):
    """Return goods and places."""
    return goods_and_places(draws)


@pytest.fixture(scope="session")
def block(world, draws):
    """Return a block of 4,000 people."""
    goods, places = world
    return draw_people_block(0, 4000, places, goods, draws)
