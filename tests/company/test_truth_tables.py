"""The truth about people and their future."""

import datetime as dt

import numpy as np
import polars as pl
import pytest

from customer_insight.company.truth_tables import future_truth, people_truth, rounded


@pytest.fixture(scope="module")
def future(world, block):
    return future_truth(block, world[0])


def test_what_came_is_what_was_expected_in_sum(future):
    """Over all customers and dates, within four standard errors of the sum."""
    for as_of in (dt.date(2022, 12, 31), dt.date(2023, 12, 31), dt.date(2024, 6, 30)):
        own = future.filter(as_of=as_of)
        for kind in ("orders", "amount"):
            off = (own[f"actual_{kind}"] - own[f"expected_{kind}"]).to_numpy()
            assert abs(off.sum()) < 4 * np.sqrt((off * off).sum()), (as_of, kind)


def test_who_left_buys_nothing(future):
    gone = future.filter(~pl.col("alive"))
    assert gone.height > 0
    for column in ("expected_orders", "expected_amount", "actual_orders"):
        assert gone[column].max() == 0


def test_beyond_the_data_nothing_is_known(future):
    last = future.filter(as_of=dt.date(2024, 12, 31))
    assert last["actual_orders"].null_count() == last.height
    assert (last["days"] == 365).all()
    assert (future.filter(as_of=dt.date(2024, 6, 30))["days"] == 184).all()


def test_the_truth_of_people_is_that_of_the_block(block):
    truth = people_truth(block)
    steady = truth["segment"] == "steady"
    assert (steady == pl.Series(block.habits.steady)).all()
    assert truth.filter(steady)["basket_size"].max() == 0
    assert truth.filter(~steady)["leaves_after_repeat"].max() == 0
    np.testing.assert_allclose(truth["orders_a_year"], block.habits.rate, atol=1e-6)


def test_rounding_is_to_millionths():
    assert rounded(np.array([0.12345649, 2.0])).tolist() == [0.123456, 2.0]
