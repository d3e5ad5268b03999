import mpmath as mp
import numpy as np
import pytest

from customer_insight.clv.beta_geometric_likelihood import BetaGeometricLikelihood
from customer_insight.clv.histories import DistinctHistories, read_histories

CDNOW = np.array([0.243, 4.414, 0.793, 2.426])


def exact(parameters, x, t_x, T, first):
    """Fader, Hardie and Lee (2005) eq. 6, and Batislam et al. (2007), written out anew."""
    r, alpha, a, b, t_x, T = map(mp.mpf, (*parameters, t_x, T))
    survived = x + first
    living = mp.beta(a, b + survived) / mp.beta(a, b) * (alpha + T) ** -(r + x)
    gone = 0
    if survived > 0:
        gone = mp.beta(a + 1, b + survived - 1) / mp.beta(a, b) * (alpha + t_x) ** -(r + x)
    return mp.log(mp.gamma(r + x) / mp.gamma(r) * alpha**r * (living + gone))


def single(x, t_x, T, customers=1):
    columns = np.atleast_1d(x), np.atleast_1d(t_x), np.atleast_1d(T), np.atleast_1d(customers)
    return DistinctHistories(*(np.asarray(column, dtype=float) for column in columns))


HISTORIES = [
    (0, 0, 0),
    (0, 0, 39),
    (1, 0.15, 39),
    (4, 39, 39),
    (200, 380, 390),
    (10_000, 900, 1000),
]
PARAMETERS = [
    CDNOW,
    (1e-4, 1e-3, 1e-4, 1e-4),
    (300.0, 500.0, 40.0, 2000.0),
    (0.243, 4.414, 1 + 1e-12, 2.426),
    (0.243, 4.414, 1 - 1e-12, 2.426),
]


@pytest.mark.parametrize("first", [0, 1])
@pytest.mark.parametrize("history", HISTORIES)
@pytest.mark.parametrize("parameters", PARAMETERS)
def test_the_log_likelihood_equals_fifty_digits(parameters, history, first):
    found = BetaGeometricLikelihood(single(*history), first)(np.array(parameters)).value
    with mp.workdps(50):
        wanted = float(exact(parameters, *history, first))
    assert found == pytest.approx(wanted, rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("first", [0, 1])
@pytest.mark.parametrize("parameters", [CDNOW, (2.0, 1.0, 3.0, 0.4)])
def test_gradient_and_hessian_equal_differences_of_fifty_digits(parameters, first):
    histories = [(0, 0, 39), (1, 5, 39), (7, 20, 30)]
    weights = [3, 1, 2]
    x, t_x, T = zip(*histories, strict=True)
    found = BetaGeometricLikelihood(single(x, t_x, T, weights), first)(np.array(parameters))

    def total(*at):
        rows = zip(histories, weights, strict=True)
        return sum(n * exact(at, *history, first) for history, n in rows)

    with mp.workdps(50):
        at = tuple(map(mp.mpf, parameters))
        for i in range(4):
            order = tuple(int(i == k) for k in range(4))
            assert found.gradient[i] == pytest.approx(float(mp.diff(total, at, order)), rel=1e-10)
            for j in range(4):
                both = tuple(order[k] + int(j == k) for k in range(4))
                wanted = float(mp.diff(total, at, both))
                assert found.hessian[i, j] == pytest.approx(wanted, rel=1e-9, abs=1e-12)


def test_blocks_do_not_change_the_sum(monkeypatch, cdnow_weeks):
    from customer_insight.clv import beta_geometric_likelihood as module
    from customer_insight.clv.histories import blocks

    whole = read_histories(cdnow_weeks).distinct()
    first = BetaGeometricLikelihood(whole, 0)(CDNOW)
    monkeypatch.setattr(module, "blocks", lambda rows, start=0: blocks(rows, 37, start=start))
    second = BetaGeometricLikelihood(whole, 0)(CDNOW)
    assert second.value == pytest.approx(first.value, rel=1e-13)
    np.testing.assert_allclose(second.gradient, first.gradient, rtol=1e-10, atol=1e-8)
    np.testing.assert_allclose(second.hessian, first.hessian, rtol=1e-10)
