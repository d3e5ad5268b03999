import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from customer_insight.clv.apportionment import apportion, whole_sums

weights = st.lists(st.integers(0, 10**9), min_size=1, max_size=30).filter(any)


def test_seats_of_the_textbook_example_of_hamiltons_method():
    # five parties, 100 seats of 1,000: quotas 43.6, 24.2, 20.8, 7.7, 3.7 (by hand)
    assert apportion(100, [436, 242, 208, 77, 37]).tolist() == [43, 24, 21, 8, 4]


def test_equal_remainders_are_served_in_row_order():
    assert apportion(5, [1, 1, 1]).tolist() == [2, 2, 1]
    assert apportion(-5, [1, 1, 1]).tolist() == [-2, -2, -1]


def test_customers_without_weight_get_nothing_and_nothing_is_shared_as_zeros():
    assert apportion(7, [0, 3, 0]).tolist() == [0, 7, 0]
    assert apportion(0, [1, 2]).tolist() == [0, 0]


@settings(max_examples=60)
@given(st.integers(-(10**13), 10**13), weights)
def test_shares_add_up_and_stay_within_one_unit_of_the_exact_share(amount, column):
    shares = apportion(amount, column)
    assert sum(shares.tolist()) == amount
    total = sum(column)
    for share, weight in zip(shares.tolist(), column, strict=True):
        assert abs(share * total - amount * weight) < total


def test_products_beyond_64_bits_stay_exact():
    column = np.array([2**50, 2**50 - 1, 3])
    shares, total = apportion(2**51 + 7, column), int(column.sum())
    exact = [(2**51 + 7) * int(weight) // total for weight in column]
    assert sum(shares.tolist()) == 2**51 + 7
    assert all(0 <= s - e <= 1 for s, e in zip(shares.tolist(), exact, strict=True))


@pytest.mark.parametrize(
    ("amount", "column", "message"),
    [
        (1.5, [1], "amount is a float .* whole number of minor units"),
        (True, [1], "amount is a bool"),
        (2**53, [1], "out of range"),
        (1, [0.5], "weights holds float64 .* whole numbers"),
        (1, [], "weights holds"),
        (1, [2, -1], "1 of 2 weights are negative: .* richer"),
        (1, [0, 0], "the 2 weights add up to 0, .* leave the amount unallocated"),
    ],
)
def test_what_cannot_be_shared_is_refused(amount, column, message):
    with pytest.raises(ValueError, match=message):
        apportion(amount, column)


def test_sums_beyond_exact_floats_are_refused():
    places, amounts = np.array([0, 0]), np.array([2**52, 2**52])
    with pytest.raises(ValueError, match=r"the 2 amounts add up to 2\*\*53 or more"):
        whole_sums(places, amounts, 1)
