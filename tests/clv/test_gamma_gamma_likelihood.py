import mpmath as mp
import numpy as np
import pytest

from customer_insight.clv.gamma_gamma_likelihood import GammaGammaLikelihood


def exact(parameters, x, z):
    """Fader and Hardie (2013), equation 1a, written out anew."""
    p, q, v, z = map(mp.mpf, (*parameters, z))
    m = z / x
    gammas = mp.loggamma(p * x + q) - mp.loggamma(p * x) - mp.loggamma(q)
    powers = q * mp.log(v) + (p * x - 1) * mp.log(m) + p * x * mp.log(x)
    return gammas + powers - (p * x + q) * mp.log(v + x * m)


@pytest.mark.parametrize(("x", "z"), [(1, 1), (3, 9_000), (200, 10**6), (10_000, 10**9)])
@pytest.mark.parametrize(
    "parameters", [(6.25, 3.74, 1544.0), (0.01, 0.02, 1e7), (400.0, 90.0, 0.5)]
)
def test_the_log_likelihood_equals_fifty_digits(parameters, x, z):
    found = GammaGammaLikelihood(np.array([float(x)]), np.array([float(z)]))(np.array(parameters))
    with mp.workdps(50):
        wanted = float(exact(parameters, x, z))
    assert found.value == pytest.approx(wanted, rel=1e-11)


def test_gradient_and_hessian_equal_differences_of_fifty_digits():
    rows, at = [(1, 1200), (3, 9000), (12, 40_000)], (6.25, 3.74, 1544.0)
    x, z = (np.array(column, dtype=float) for column in zip(*rows, strict=True))
    found = GammaGammaLikelihood(x, z)(np.array(at))

    def total(*parameters):
        return sum(exact(parameters, *row) for row in rows)

    with mp.workdps(50):
        for i in range(3):
            order = tuple(int(i == k) for k in range(3))
            assert found.gradient[i] == pytest.approx(float(mp.diff(total, at, order)), rel=1e-10)
            for j in range(3):
                both = tuple(order[k] + int(j == k) for k in range(3))
                assert found.hessian[i, j] == pytest.approx(
                    float(mp.diff(total, at, both)), rel=1e-9
                )
