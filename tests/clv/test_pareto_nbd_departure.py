import mpmath as mp
import numpy as np
import pytest

from customer_insight.clv.pareto_nbd_departure import departures


def integral(parameters, x, t_x, T):
    """The integral relative to its integrand at t_x."""
    columns = (np.atleast_1d(np.asarray(c, dtype=float)) for c in (x, t_x, T))
    (part,) = departures(np.array(parameters), *columns)
    return float(part.scale[0] * part.weight.sum())


def exact(parameters, x, t_x, T):
    r, alpha, s, beta, t_x, T = map(mp.mpf, (*parameters, t_x, T))

    def integrand(y):
        return ((alpha + t_x) / (alpha + y)) ** (r + x) * ((beta + t_x) / (beta + y)) ** (s + 1)

    # in pieces that double, as the integrand falls on the scale of the nearer singularity
    edges, step = [t_x], (min(alpha, beta) + t_x) / (1 + r + x + s)
    while edges[-1] + step < T:
        edges.append(edges[-1] + step)
        step *= 2
    return mp.quad(integrand, [*edges, T])


HISTORIES = [
    (0, 0, 1 / 7),
    (0, 0, 500),
    (1, 0.2, 39),
    (9, 30, 39),
    (200, 100, 400),
    (10_000, 30, 39),
]
PARAMETERS = [
    (0.553, 10.578, 0.606, 11.669),
    (0.553, 10.578, 0.606, 10.578),
    (1e-3, 1e-3, 1e-3, 500.0),  # alpha far under a day, beta far above
    (0.5, 2000.0, 0.3, 1e-3),  # and the reverse, where one fixed rule fails
    (50.0, 300.0, 20.0, 4000.0),
]


@pytest.mark.parametrize("history", HISTORIES)
@pytest.mark.parametrize("parameters", PARAMETERS)
def test_the_integral_equals_fifty_digits(parameters, history):
    with mp.workdps(50):
        wanted = float(exact(parameters, *history))
    assert integral(parameters, *history) == pytest.approx(wanted, rel=1e-12)


@pytest.mark.evidence
def test_the_integral_holds_at_two_hundred_drawn_places():
    rng = np.random.default_rng(3)
    worst = 0.0
    for _ in range(200):
        parameters = 10 ** rng.uniform([-3, -3, -3, -3], [2, 3.3, 2, 3.3])
        x = int(rng.choice([0, 1, 2, 8, 40, 200, 10_000]))
        T = 10 ** rng.uniform(-0.5, 2.7)
        t_x = T * rng.uniform(0.001, 0.999) if x else 0.0
        with mp.workdps(40):
            wanted = float(exact(parameters, x, t_x, T))
        worst = max(worst, abs(integral(parameters, x, t_x, T) / wanted - 1))
    print(f"largest relative error {worst:.1e}")
    assert worst < 1e-12


def test_no_time_no_integral():
    assert integral((0.5, 10.0, 0.6, 11.0), 3, 20, 20) == 0
