import mpmath as mp
import numpy as np
import pytest

from customer_insight.clv.histories import DistinctHistories
from customer_insight.clv.pareto_nbd_likelihood import ParetoNBDLikelihood, log_odds_gone

CDNOW = (0.553, 10.578, 0.606, 11.669)


def exact(parameters, x, t_x, T):
    """Fader and Hardie (2005), equations 18 to 20: with Gauss's hypergeometric function."""
    r, alpha, s, beta, t_x, T = map(mp.mpf, (*parameters, t_x, T))
    near, far = (alpha, beta) if alpha >= beta else (beta, alpha)
    second = s + 1 if alpha >= beta else r + x

    def part(t):
        share = (near - far) / (near + t)
        hyper = mp.hyp2f1(r + s + x, second, r + s + x + 1, share, maxterms=10**6)
        return hyper / (near + t) ** (r + s + x)

    living = 1 / ((alpha + T) ** (r + x) * (beta + T) ** s)
    gone = s / (r + s + x) * (part(t_x) - part(T))
    scale = mp.gamma(r + x) / mp.gamma(r) * alpha**r * beta**s
    return mp.log(scale * (living + gone)), mp.log(gone / living) if gone > 0 else -mp.inf


def columns(*values):
    return [np.atleast_1d(np.asarray(value, dtype=float)) for value in values]


HISTORIES = [(0, 0, 39), (1, 0.15, 39), (4, 39, 39), (200, 380, 390), (10_000, 900, 1000)]
PARAMETERS = [
    CDNOW,
    (0.553, 11.669, 0.606, 10.578),
    (1e-3, 0.01, 1e-3, 300.0),
    (40.0, 90.0, 9.0, 700.0),
]


@pytest.mark.parametrize("history", HISTORIES)
@pytest.mark.parametrize("parameters", PARAMETERS)
def test_log_likelihood_and_odds_equal_many_digits(parameters, history):
    found = ParetoNBDLikelihood(DistinctHistories(*columns(*history, 1)))(np.array(parameters))
    odds = log_odds_gone(np.array(parameters), *columns(*history))[0]
    with mp.workdps(120):
        wanted, wanted_odds = exact(parameters, *history)
    assert found.value == pytest.approx(float(wanted), rel=1e-12)
    assert odds == pytest.approx(float(wanted_odds), rel=1e-11, abs=1e-12)


@pytest.mark.parametrize("parameters", [CDNOW, (2.0, 1.0, 3.0, 0.4)])
def test_gradient_and_hessian_equal_differences_of_many_digits(parameters):
    histories, weights = [(0, 0, 39), (1, 5, 39), (7, 20, 30), (3, 30, 30)], [3, 1, 2, 1]
    rows = DistinctHistories(*columns(*zip(*histories, strict=True), weights))
    found = ParetoNBDLikelihood(rows)(np.array(parameters))

    def total(*at):
        pairs = zip(histories, weights, strict=True)
        return sum(n * exact(at, *history)[0] for history, n in pairs)

    with mp.workdps(60):
        at = tuple(map(mp.mpf, parameters))
        for i in range(4):
            order = tuple(int(i == k) for k in range(4))
            assert found.gradient[i] == pytest.approx(float(mp.diff(total, at, order)), rel=1e-9)
            for j in range(4):
                both = tuple(order[k] + int(j == k) for k in range(4))
                wanted = float(mp.diff(total, at, both))
                assert found.hessian[i, j] == pytest.approx(wanted, rel=1e-8, abs=1e-12)
