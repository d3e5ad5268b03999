import mpmath as mp
import numpy as np
import pytest

from customer_insight.clv.fit import FitRefusedError
from customer_insight.clv.gamma_poisson import GammaPoisson, _Likelihood


def exact(r, alpha, y, e):
    """The chance of y events: a Poisson mean over the gamma distribution, by quadrature."""
    density = lambda rate: (  # noqa: E731
        mp.exp(-alpha * rate) * rate ** (r - 1) * alpha**r / mp.gamma(r)
    )
    chance = lambda rate: mp.exp(-rate * e) * (rate * e) ** y / mp.factorial(y)  # noqa: E731
    return mp.quad(lambda rate: density(rate) * chance(rate), [0, 0.05, 0.3, 1, 4, mp.inf])


@pytest.mark.parametrize(("y", "e"), [(0, 3.0), (2, 1.0), (5, 20.0)])
def test_the_likelihood_is_the_mean_of_poisson_chances(y, e):
    found = _Likelihood(np.array([float(y)]), np.array([e]), np.ones(1))(np.array([1.5, 4.0]))
    assert found.value == pytest.approx(float(mp.log(exact(1.5, 4.0, y, e))), abs=1e-8)


def test_gradient_and_hessian_equal_differences():
    y, e, n = np.array([0.0, 1, 7]), np.array([2.0, 3, 10]), np.array([40.0, 9, 2])
    likelihood, at = _Likelihood(y, e, n), np.array([0.7, 3.0])
    found = likelihood(at)
    for i in range(2):
        step = np.eye(2)[i] * 1e-5
        up, down = likelihood(at + step), likelihood(at - step)
        assert found.gradient[i] == pytest.approx((up.value - down.value) / 2e-5, rel=1e-6)
        assert found.hessian[i] == pytest.approx((up.gradient - down.gradient) / 2e-5, rel=1e-6)


def test_accidents_of_greenwood_and_yule_1920():
    """647 women on shells for five weeks; by moments they expect 442, 140, 45, 14, 5, 2."""
    women = np.array([447, 132, 42, 21, 3, 2])
    events = np.repeat(np.arange(6.0), women)
    mean, variance = events.mean(), events.var()
    at = np.array([mean**2, mean]) / (variance - mean)
    chances = [_Likelihood(np.array([y]), np.ones(1), np.ones(1))(at).value for y in range(6)]
    assert 647 * np.exp(chances) == pytest.approx([442, 140, 45, 14, 5, 2], abs=1.5)
    model = GammaPoisson().fit(events, np.ones(647))
    assert model.shape_ / model.exposure_ == pytest.approx(301 / 647, rel=1e-6)
    assert abs(model.shape_ - at[0]) < model.standard_errors_["shape"]
    assert model.log_likelihood_ > women @ chances


def test_parameters_are_recovered_within_their_errors():
    rng = np.random.default_rng(6)
    exposure = rng.integers(1, 30, 20_000)
    events = rng.poisson(rng.gamma(0.5, 1 / 8.0, 20_000) * exposure)
    model = GammaPoisson().fit(events, exposure)
    errors = model.standard_errors_
    assert abs(model.shape_ - 0.5) < 3 * errors["shape"]
    assert abs(model.exposure_ - 8.0) < 3 * errors["exposure"]


def test_row_order_changes_no_byte():
    rng = np.random.default_rng(7)
    exposure = rng.integers(1, 9, 400)
    events = rng.poisson(rng.gamma(0.7, 0.3, 400) * exposure)
    order = rng.permutation(400)
    one, other = (
        GammaPoisson().fit(*columns)
        for columns in ((events, exposure), (events[order], exposure[order]))
    )
    assert (one.parameters == other.parameters).all()


def test_one_rate_is_known_as_well_as_its_events_tell():
    model = GammaPoisson.one_rate([30, 0, 6], [100, 200, 60])
    assert model.rate([0, 30], [100, 100]) == pytest.approx([0.1, 0.1])
    assert model.log_covariance_.tolist() == [[0, 0], [0, 1 / 36]]


@pytest.mark.parametrize(
    ("events", "exposure", "message"),
    [
        ([1] * 99, [1] * 99, "99 customers had 99 events, and at least 100 customers and 20"),
        ([0] * 190 + [1] * 19, [1] * 209, "209 customers had 19 events"),
        ([1] * 200, [1] * 200, "Customers do not differ .*one_rate will do"),
    ],
)
def test_what_cannot_tell_customers_apart_is_refused(events, exposure, message):
    with pytest.raises(FitRefusedError, match=message):
        GammaPoisson().fit(events, exposure)


@pytest.mark.parametrize(
    ("events", "exposure", "message"),
    [
        ([0.5], [1], "events: 1 of 1 values are not whole"),
        ([1], [0], "exposure: 1 of 1 values are 0"),
        ([-1], [1], "negative"),
        ([1, 2], [1], "exposure"),
    ],
)
def test_columns_that_are_no_counts_are_refused(events, exposure, message):
    with pytest.raises(ValueError, match=message):
        GammaPoisson().fit(events, exposure)


def test_one_rate_of_a_handful_of_events_is_refused():
    with pytest.raises(FitRefusedError, match=r"19 events.*one rate for all needs 20"):
        GammaPoisson.one_rate([19], [100])
