import mpmath as mp
import numpy as np
import pytest

from customer_insight.clv import quadrature


def test_the_gauss_rule_has_the_moments_of_the_beta_distribution():
    at, weight = quadrature.gauss_beta(12, 0.3, 7.0)
    with mp.workdps(40):
        for n in range(20):
            exact = mp.beta(mp.mpf("0.3") + n, 7) / mp.beta(mp.mpf("0.3"), 7)
            assert (weight @ at**n) == pytest.approx(float(exact), rel=1e-12)


def test_the_gauss_rule_stands_where_its_recurrence_reads_zero_by_zero():
    at, weight = quadrature.gauss_beta(8, 0.25, 0.75)  # a + b = 1
    assert weight @ at == pytest.approx(0.25, rel=1e-13)


def _purchases(power, a, b, tau):
    """The closed form of the papers, in as many digits as its cancellation takes."""
    with mp.workdps(80):
        power, a, b, tau = map(mp.mpf, (power, a, b, tau))
        hyper = mp.hyp2f1(power, b, a + b - 1, tau / (1 + tau), maxterms=10**6)
        return float((a + b - 1) / (a - 1) * (1 - (1 + tau) ** -power * hyper))


GRID = [
    (x, r, a, b, tau)
    for x in (0, 3, 200, 10_000)
    for r, a, b in ((0.24, 0.8, 2.4), (1e-3, 1e-3, 1e-2), (20.0, 50.0, 300.0))
    for tau in (1e-6, 0.5, 7.0, 300.0)
]


@pytest.mark.parametrize(("x", "r", "a", "b", "tau"), GRID)
def test_means_over_the_beta_distribution_equal_the_hypergeometric_form(x, r, a, b, tau):
    p, weight = quadrature.beta_rule(a, b + x, reach=tau, power=r + x)
    found = weight @ (-np.expm1(-(r + x) * np.log1p(p * tau)) / p)
    assert found == pytest.approx(_purchases(r + x, a, b + x, tau), rel=1e-12)


@pytest.mark.evidence
def test_means_over_the_beta_distribution_hold_at_a_thousand_drawn_places():
    rng = np.random.default_rng(20)
    worst = 0.0
    for _ in range(1000):
        x = int(rng.choice([0, 1, 2, 5, 30, 200, 10_000]))
        r, a, b = 10 ** rng.uniform(-3, 2, 3)
        tau = 10 ** rng.uniform(-6, 3.5)
        p, weight = quadrature.beta_rule(a, b + x, reach=tau, power=r + x)
        found = weight @ (-np.expm1(-(r + x) * np.log1p(p * tau)) / p)
        worst = max(worst, abs(found / _purchases(r + x, a, b + x, tau) - 1))
    print(f"largest relative error {worst:.1e}")
    assert worst < 1e-12


def test_rules_shared_by_neighbours_equal_rules_of_their_own():
    survived = np.array([0, 1, 2, 7, 8, 9, 10, 40, 45, 50])
    for rule in quadrature.beta_rules(0.8, 2.4, survived, reach=6.0, spare=1.3):
        for k, weight in zip(survived[rule.members], rule.weight, strict=True):
            shared = weight @ (1 + 6.0 * rule.p) ** -(k + 1.3)
            p, own = quadrature.beta_rule(0.8, 2.4 + k, reach=6.0, power=k + 1.3)
            assert shared == pytest.approx(own @ (1 + 6.0 * p) ** -(k + 1.3), rel=1e-13)


@pytest.mark.parametrize("y", [1e-7, 0.01, 1.0, 60.0, 5000.0])
@pytest.mark.parametrize("s", [1e-3, 0.6, 1.0, 30.0])
def test_the_laplace_rule_gives_the_exponential_integral(y, s):
    u, weight = quadrature.laplace_rule(np.array([y, 1.0]))
    with mp.workdps(40):
        exact = mp.exp(mp.mpf(y)) * mp.expint(mp.mpf(s), mp.mpf(y))
    assert np.exp(-y * u) @ (weight * (1 + u) ** -s) == pytest.approx(float(exact), rel=1e-12)


def test_few_places_are_their_own_interpolation_points():
    at, spread = quadrature.chebyshev(np.array([0.0, 1.0]))
    assert at.tolist() == [0, 1]
    assert spread.tolist() == [[1, 0], [0, 1]]


def test_interpolation_passes_through_a_point_that_is_also_a_place():
    at, _ = quadrature.chebyshev(np.linspace(0, 2, 200))
    places = np.sort(np.append(np.linspace(0, 2, 200), at[3]))
    points, spread = quadrature.chebyshev(places)
    np.testing.assert_allclose(np.exp(-points) @ spread, np.exp(-places), rtol=1e-14)
