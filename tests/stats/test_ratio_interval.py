import numpy as np
import pytest

from customer_insight.stats.ratio_interval import ratio_interval


def test_the_ends_are_where_the_difference_is_two_standard_errors():
    a, b, variances, covariance = 3.0, 8.0, (0.5, 0.9), 0.2
    found = ratio_interval(a, b, variances=variances, covariance=covariance, n=5)
    for r in (found.low, found.high):
        variance = variances[0] - 2 * r * covariance + r**2 * variances[1]
        assert abs(a - r * b) == pytest.approx(1.959964 * variance**0.5, rel=1e-6)
    assert found.low < found.estimate == 3 / 8 < found.high


def test_a_divisor_known_exactly_gives_the_plain_interval():
    found = ratio_interval(6.0, 2.0, variances=(1.0, 0.0), covariance=0.0, n=5)
    assert (found.low, found.high) == pytest.approx((3 - 0.979982, 3 + 0.979982))


def test_a_divisor_that_may_be_zero_is_refused():
    with pytest.raises(ValueError, match=r"divisor 1 does not differ from 0 .*dividend alone"):
        ratio_interval(1.0, 1.0, variances=(1.0, 1.0), covariance=0.0, n=5)


def test_a_negative_variance_is_refused():
    with pytest.raises(ValueError, match="variances not negative"):
        ratio_interval(1.0, 9.0, variances=(-1.0, 1.0), covariance=0.0, n=5)


@pytest.mark.evidence
def test_coverage_of_a_ratio_of_correlated_means():
    rng = np.random.default_rng(4)
    drawn = rng.multivariate_normal([0.7, 1.0], [[1.0, 0.6], [0.6, 1.0]], (3000, 150))
    held = []
    for sample in drawn:
        c = np.cov(sample.T) / len(sample)
        found = ratio_interval(
            *sample.mean(axis=0), variances=(c[0, 0], c[1, 1]), covariance=c[0, 1], n=150
        )
        held.append(found.low <= 0.7 <= found.high)
    assert np.mean(held) == pytest.approx(0.95, abs=0.012)
