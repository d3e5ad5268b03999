"""Logarithm and exponential made of exactly rounded operations."""

import mpmath
import numpy as np
import pytest

from customer_insight.company.arithmetic import exp, ln, power

rng = np.random.default_rng(0)


def test_logarithm_is_within_a_last_bit_of_forty_digits():
    x = np.concatenate(
        [rng.random(200), 10 ** rng.uniform(-300, 300, 200), 1 + rng.uniform(-1e-9, 1e-9, 50)]
    )
    exact = np.array([float(mpmath.log(mpmath.mpf(float(value)))) for value in x])
    assert (np.abs(ln(x) - exact) <= 3e-16 * np.maximum(1, np.abs(exact))).all()


def test_exponential_is_within_two_last_bits_of_forty_digits():
    x = rng.uniform(-700, 700, 300)
    exact = np.array([float(mpmath.exp(mpmath.mpf(float(value)))) for value in x])
    np.testing.assert_allclose(exp(x), exact, rtol=5e-16)


def test_exact_points_are_exact():
    assert ln(1.0) == 0
    assert exp(0.0) == 1
    assert power(3.0, 0.0) == 1
    np.testing.assert_allclose(power([4.0, 9.0], 0.5), [2, 3], rtol=1e-15)


@pytest.mark.parametrize("bad", [0.0, -1.0, np.nan, np.inf])
def test_a_number_without_logarithm_is_refused(bad):
    with pytest.raises(ValueError, match="finite numbers above 0"):
        ln([1.0, bad])


@pytest.mark.parametrize("bad", [701.0, -701.0, np.nan])
def test_an_exponential_out_of_reach_is_refused(bad):
    with pytest.raises(ValueError, match="-700 to 700"):
        exp([bad])


def test_known_bits_stay_known():
    """The bits of a sum over many values: equal on every machine and Python that runs this."""
    x = (np.arange(1, 20_001) * 0.7368062997280773) % 97 + 1e-3
    bits = ln(x).view(np.uint64) ^ exp(-x).view(np.uint64)
    assert int(np.bitwise_xor.reduce(bits)) == KNOWN


KNOWN = 10_114_363_172_534_811_335
