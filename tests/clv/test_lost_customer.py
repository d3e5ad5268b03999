import numpy as np
import pandas as pd
import polars as pl
import pytest

from customer_insight.clv.lost_customer import cost_of_loss

CUSTOMERS = {
    "customer_id": ["a", "b"],
    "period_revenue": [20_000, 5_000],
    "period_margin": [8_000, 0],
    "lifetime_value": [30_000, -2_000],
    "referral_value": [5_000, 500],
}
TERMS = {
    "replacement_cost": 6_000,
    "replacement_value": 10_000,
    "replacement_delay": "26 weeks",
    "discount_per_year": 0.10,
}


@pytest.mark.parametrize("kind", [pl.DataFrame, pd.DataFrame])
def test_cash_flow_beside_the_books_by_hand(kind):
    found = cost_of_loss(kind(CUSTOMERS), **TERMS)
    assert type(found) is type(kind(CUSTOMERS))
    gained = (10_000 - 6_000) * 1.1 ** (-182 / 365.25)
    assert list(found["loss_if_not_replaced"]) == [35_000, -1_500]
    assert list(found["loss_if_replaced"]) == pytest.approx([35_000 - gained, -1_500 - gained])
    assert list(found["period_margin"]) == [8_000, 0]
    assert found["times_books"][0] == 4.375
    assert np.isnan(found["times_books"][1])


def test_a_newcomer_just_like_the_lost_one_leaves_the_cost_and_the_wait():
    terms = TERMS | {"replacement_value": 35_000, "replacement_delay": "1 day"}
    found = cost_of_loss(pl.DataFrame(CUSTOMERS), **terms | {"discount_per_year": 0.0})
    assert found["loss_if_replaced"][0] == pytest.approx(6_000)
    waited = cost_of_loss(pl.DataFrame(CUSTOMERS), **terms | {"replacement_delay": "104 weeks"})
    assert waited["loss_if_replaced"][0] > 6_000


def test_a_newcomer_not_worth_the_cost_makes_the_loss_larger():
    found = cost_of_loss(pl.DataFrame(CUSTOMERS), **TERMS | {"replacement_value": 1_000})
    assert (found["loss_if_replaced"] > found["loss_if_not_replaced"]).all()


@pytest.mark.parametrize(
    ("terms", "message"),
    [
        ({"replacement_cost": -1}, "replacement_cost is -1, and must be an amount of money from 0"),
        ({"replacement_value": None}, "replacement_value is None"),
        ({"replacement_delay": 26}, "must be a whole positive number with its unit"),
        ({"discount_per_year": 10}, "discount_per_year is 10"),
    ],
)
def test_options_out_of_range_are_refused(terms, message):
    with pytest.raises(ValueError, match=message):
        cost_of_loss(pl.DataFrame(CUSTOMERS), **TERMS | terms)


def test_a_missing_column_is_named():
    with pytest.raises(ValueError, match="customers has no column referral_value"):
        cost_of_loss(pl.DataFrame(CUSTOMERS).drop("referral_value"), **TERMS)
