import numpy as np

from customer_insight.stats.sums import divide, sum_of_products


def test_sums_equal_numpy_beyond_one_block():
    rng = np.random.default_rng(1)
    counts = rng.integers(0, 5, (3, 50_001)).astype(float)
    values = rng.integers(0, 100, 50_001).astype(float)
    expected = (counts * values * values).sum(axis=1)
    assert sum_of_products(counts, values, values).tolist() == expected.tolist()


def test_one_factor_and_no_columns():
    assert sum_of_products(np.ones((2, 4))).tolist() == [4.0, 4.0]
    assert sum_of_products(np.ones((2, 0)), np.ones(0)).tolist() == [0.0, 0.0]


def test_a_quotient_by_zero_is_missing_without_a_warning():
    assert np.isnan(divide([0.0, 1.0], 0.0)).all()
    assert divide([3.0, 1.0], [2.0, 4.0]).tolist() == [1.5, 0.25]
