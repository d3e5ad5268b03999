import mpmath as mp
import numpy as np
import pytest

from customer_insight.clv import special


def test_softplus_and_its_slopes_keep_their_digits_from_end_to_end():
    d = np.array([-745.0, -40.0, -1e-9, 0.0, 3.0, 40.0, 600.0, 1e6])
    value, first, second = special.softplus(d)
    with mp.workdps(50):
        exact = [(mp.log1p(mp.exp(z)), 1 / (1 + mp.exp(-z)), 1 / (2 + 2 * mp.cosh(z))) for z in d]
    for found, wanted in zip((value, first, second), zip(*exact, strict=True), strict=True):
        assert np.isfinite(found).all()
        np.testing.assert_allclose(found, np.array(wanted, dtype=float), rtol=1e-14, atol=1e-217)


@pytest.mark.parametrize("c", [1e-8, 0.24, 3.0, 1e8])
def test_log_rising_keeps_its_digits_where_log_gammas_cancel(c):
    rising = special.log_rising(c, 10_000)
    for n in (0, 1, 7, 10_000):
        with mp.workdps(50):
            value = mp.loggamma(mp.mpf(c) + n) - mp.loggamma(mp.mpf(c))
            first = mp.digamma(mp.mpf(c) + n) - mp.digamma(mp.mpf(c))
            second = mp.psi(1, mp.mpf(c) + n) - mp.psi(1, mp.mpf(c))
        assert rising.value[n] == pytest.approx(float(value), rel=1e-13, abs=1e-13)
        assert rising.first[n] == pytest.approx(float(first), rel=1e-13)
        assert rising.second[n] == pytest.approx(float(second), rel=1e-13)


@pytest.mark.parametrize(("a", "b"), [(1e-6, 1e-6), (0.8, 2.4), (1e6, 3.0)])
def test_log_survival_is_a_ratio_of_beta_functions(a, b):
    found = special.log_survival(a, b, 500)
    with mp.workdps(50):
        exact = mp.log(mp.beta(mp.mpf(a), mp.mpf(b) + 500) / mp.beta(mp.mpf(a), mp.mpf(b)))
    assert found[500] == pytest.approx(float(exact), rel=1e-13)


def test_negative_binomial_sums_to_one_and_stands_still_at_share_zero():
    assert special.negative_binomial(0.3, 0.9, 1000).sum() == pytest.approx(1, abs=1e-14)
    assert special.negative_binomial(0.3, 0.0, 3).tolist() == [1, 0, 0, 0]


@pytest.mark.parametrize("rate", [-2.0, -1e-13, 0.0, 1e-13, 5.0])
def test_decayed_length_passes_through_rate_zero(rate):
    with mp.workdps(50):
        exact = mp.quad(lambda v: mp.exp(-mp.mpf(rate) * v), [0, 3])
    assert float(special.decayed_length(rate, 3.0)) == pytest.approx(float(exact), rel=1e-15)
