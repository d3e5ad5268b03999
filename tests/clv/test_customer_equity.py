import numpy as np
import pytest

from customer_insight.clv.customer_equity import customer_equity

PLAN = {"newcomers": [10, 20], "newcomer_value": 121.0, "acquisition_cost": 11.0}


def test_two_cohorts_by_hand():
    found = customer_equity([500, 300, -50], **PLAN, discount_per_year=0.10)
    assert found.current == 750
    np.testing.assert_allclose(found.cohorts, [10 * 110 / 1.1, 20 * 110 / 1.21])
    assert found.total == pytest.approx(750 + 1000 + 2200 / 1.21)
    assert found.future == pytest.approx(found.total - found.current)


def test_a_steady_stream_of_cohorts_is_the_perpetuity():
    plan = PLAN | {"newcomers": np.full(2000, 10.0)}
    found = customer_equity([0.0], **plan, discount_per_year=0.05)
    assert found.future == pytest.approx(10 * 110 / 0.05)


def test_costs_by_year_and_cohorts_that_cost_more_than_they_bring():
    plan = PLAN | {"acquisition_cost": [11.0, 221.0]}
    found = customer_equity([0.0], **plan, discount_per_year=0.0)
    assert found.cohorts.tolist() == [1100.0, -2000.0]


def test_row_order_does_not_matter():
    values = np.random.default_rng(1).normal(0, 1e9, 1000)
    one, other = (
        customer_equity(v, **PLAN, discount_per_year=0.1).current for v in (values, values[::-1])
    )
    assert one == other


@pytest.mark.parametrize(
    ("plan", "message"),
    [
        ({"newcomers": [-1]}, "newcomers: 1 of 1 values are negative"),
        ({"acquisition_cost": -5}, "acquisition_cost is negative"),
        ({"newcomer_value": [1, 2, 3]}, "newcomer_value has 3 years and newcomers 2"),
        ({"discount_per_year": 12}, "discount_per_year is 12"),
    ],
)
def test_plans_that_cannot_be_are_refused(plan, message):
    with pytest.raises(ValueError, match=message):
        customer_equity([1.0], **PLAN | {"discount_per_year": 0.1} | plan)
