import mpmath as mp
import numpy as np
import pytest

from customer_insight.clv import FitRefusedError, ShiftedBetaGeometric

# Fader and Hardie (2007), table 1: per cent of 1,000 customers left, years 0 to 12.
HIGH_END = [1000, 869, 743, 653, 593, 551, 517, 491, 468, 445, 427, 409, 394]
REGULAR = [1000, 631, 468, 382, 326, 289, 262, 241, 223, 207, 194, 183, 173]


@pytest.mark.parametrize(
    ("survivors", "alpha", "beta", "log_likelihood"),
    [(HIGH_END, 0.668, 3.806, -1611.2), (REGULAR, 0.704, 1.182, -1680.3)],
)
def test_the_published_cohorts_give_the_published_parameters(
    survivors, alpha, beta, log_likelihood
):
    model = ShiftedBetaGeometric().fit(survivors[:8])
    assert (round(model.alpha_, 3), round(model.beta_, 3)) == (alpha, beta)
    assert round(model.log_likelihood_, 1) == log_likelihood
    assert model.n_customers_ == 1000
    # the paper's point: fitted on seven years, the next five are foretold
    np.testing.assert_allclose(1000 * model.survival(12)[8:], survivors[8:], atol=17)


def test_the_retention_rate_rises_though_nobody_changes():
    model = ShiftedBetaGeometric.from_parameters(alpha=0.668, beta=3.806)
    rate = model.retention_rate(12)
    assert (np.diff(rate) > 0).all()
    np.testing.assert_allclose(np.cumprod(rate), model.survival(12)[1:], rtol=1e-13)


@pytest.mark.parametrize("discount", [1e-4, 0.1, 3.0])
@pytest.mark.parametrize(("alpha", "beta"), [(0.668, 3.806), (1e-3, 1e-2), (50.0, 2.0), (1.0, 1.0)])
def test_del_and_derl_equal_fifty_digits(alpha, beta, discount):
    model = ShiftedBetaGeometric.from_parameters(alpha=alpha, beta=beta)
    found = model.discounted_expected_residual_lifetime([4, 0, 4], discount_per_year=discount)
    new = model.discounted_expected_lifetime(discount_per_year=discount)
    with mp.workdps(50):
        a, b, z = mp.mpf(alpha), mp.mpf(beta), 1 / (1 + mp.mpf(discount))
        wanted = float(mp.hyp2f1(1, b, a + b, z))
        residual = [
            (b + n) / (a + b + n) * mp.hyp2f1(1, b + n + 1, a + b + n + 1, z) for n in (4, 0, 4)
        ]
    assert new == pytest.approx(wanted, rel=1e-12)
    np.testing.assert_allclose(found, [float(value) for value in residual], rtol=1e-12)


def test_del_is_the_sum_of_discounted_payments_and_months_are_a_twelfth_of_a_year():
    model = ShiftedBetaGeometric.from_parameters(alpha=2.0, beta=20.0, periods_per_year=12)
    payments = model.survival(10_000) / 1.1 ** (np.arange(10_001) / 12)
    assert model.discounted_expected_lifetime(discount_per_year=0.1) == pytest.approx(
        payments.sum()
    )


def test_draws_survive_as_the_model_says():
    model = ShiftedBetaGeometric.from_parameters(alpha=0.668, beta=3.806)
    drawn = model.simulate(10**6, periods=12, seed=5)
    np.testing.assert_allclose(drawn / 10**6, model.survival(12), atol=3e-3)
    assert (np.diff(drawn) <= 0).all()


def test_a_cohort_of_equals_is_refused():
    with pytest.raises(FitRefusedError, match="alike in how readily they cancel"):
        ShiftedBetaGeometric().fit([100_000, 80_000, 64_000, 51_200, 40_960, 32_768])


def test_arguments_out_of_range_are_refused():
    model = ShiftedBetaGeometric.from_parameters(alpha=1.0, beta=1.0)
    with pytest.raises(ValueError, match="whole number from 0 to 10,000"):
        model.survival(-1)
    with pytest.raises(ValueError, match="renewed must be whole numbers"):
        model.discounted_expected_residual_lifetime([0.5], discount_per_year=0.1)
    with pytest.raises(ValueError, match="without a discount"):
        model.discounted_expected_lifetime(discount_per_year=0)
    with pytest.raises(ValueError, match="periods_per_year is 0"):
        model.fit(HIGH_END, periods_per_year=0)
    with pytest.raises(ValueError, match="not fitted yet"):
        ShiftedBetaGeometric().survival(3)
    with pytest.raises(ValueError, match="positive and finite"):
        ShiftedBetaGeometric.from_parameters(alpha=-1.0, beta=1.0)


@pytest.mark.filterwarnings("error")
def test_nothing_is_ever_nan_infinite_or_negative():
    for alpha in (1e-5, 1.0, 1e5):
        for beta in (1e-5, 1.0, 1e5):
            model = ShiftedBetaGeometric.from_parameters(alpha=alpha, beta=beta)
            results = (
                model.survival(10_000),
                model.retention_rate(10_000),
                model.discounted_expected_residual_lifetime([0, 9_999], discount_per_year=1e-6),
                np.array([model.discounted_expected_lifetime(discount_per_year=9.0)]),
            )
            for result in results:
                assert np.isfinite(result).all()
                assert (result >= 0).all()
