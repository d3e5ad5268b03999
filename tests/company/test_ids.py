"""Ids of people, orders and what follows from them."""

import numpy as np
import polars as pl
import pytest

from customer_insight.company.ids import block_ids, customer_ids, order_ids


def test_ids_tell_block_and_place_and_sort_by_them():
    assert customer_ids(2, [0, 9999]).to_list() == ["C0020000", "C0029999"]
    assert order_ids(12, [3]).to_list() == ["S0012000003"]
    ids = pl.concat([block_ids("F", block, np.arange(12)) for block in (0, 1, 10)])
    assert ids.is_sorted()
    assert ids.n_unique() == 36


def test_nobody_has_no_id():
    assert customer_ids(0, [-1, 5]).to_list() == [None, "C0000005"]
    assert order_ids(0, np.array([], dtype=int)).dtype == pl.String


@pytest.mark.parametrize("ids", [customer_ids, order_ids])
@pytest.mark.parametrize("place", [-2, 1_000_000])
def test_a_place_outside_its_block_is_refused(ids, place):
    with pytest.raises(ValueError, match=r"1 of 2 places are outside their block.*smaller blocks"):
        ids(0, [0, place])


def test_a_person_beyond_the_block_would_be_a_person_of_the_next():
    with pytest.raises(ValueError, match="from 0 to 9,999"):
        customer_ids(0, [10_000])


@pytest.mark.parametrize(("block", "last"), [(-1, "999"), (1000, "999")])
def test_a_block_without_ids_is_refused(block, last):
    with pytest.raises(ValueError, match=f"Block {block} has no ids.*to {last}"):
        customer_ids(block, [0])
    assert order_ids(1000, [0]).to_list() == ["S1000000000"]
