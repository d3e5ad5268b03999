import mpmath as mp
import numpy as np
import pytest
from lifetimes import ModifiedBetaGeoFitter

from customer_insight.clv import MBGNBD

COLUMNS = ("repeat_purchases", "weeks_first_to_last", "weeks_observed")


@pytest.fixture(scope="module")
def fitted(cdnow_weeks):
    return MBGNBD().fit(cdnow_weeks)


def test_lifetimes_agrees_on_cdnow(fitted, cdnow_weeks):
    x, t_x, T = (cdnow_weeks[name].to_numpy() for name in COLUMNS)
    peer = ModifiedBetaGeoFitter().fit(x, t_x, T, tol=1e-8)
    np.testing.assert_allclose(fitted.parameters, peer.params_, rtol=1e-6)
    peer.params_[:] = fitted.parameters
    np.testing.assert_allclose(
        fitted.expected_purchases(cdnow_weeks, horizon="52 weeks"),
        peer.predict(52, x, t_x, T),
        rtol=1e-10,
    )
    np.testing.assert_allclose(
        fitted.probability_alive(cdnow_weeks),
        peer.conditional_probability_alive(x, t_x, T),
        rtol=1e-12,
    )
    assert fitted.expected_purchases_of_new("39 weeks") == pytest.approx(
        peer.expected_number_of_purchases_up_to_time(39), rel=1e-10
    )
    wanted = [peer.probability_of_n_purchases_up_to_time(39, n) for n in range(21)]
    np.testing.assert_allclose(
        fitted.purchase_count_distribution("39 weeks", most=20), wanted, rtol=1e-9
    )


def test_lifetimes_agrees_on_drawn_customers(drawn):
    summary = drawn(MBGNBD, 3000, seed=4)
    peer = ModifiedBetaGeoFitter().fit(*(summary[name].to_numpy() for name in COLUMNS), tol=1e-8)
    np.testing.assert_allclose(MBGNBD().fit(summary).parameters, peer.params_, rtol=1e-5)


def test_who_bought_once_is_not_called_alive_for_certain(fitted, one):
    young, old = fitted.probability_alive(one((0, 0, 2), (0, 0, 39)))
    assert old < young < 1


@pytest.mark.parametrize("history", [(0, 0, 39), (4, 30, 39), (200, 380, 390), (10_000, 998, 1000)])
@pytest.mark.parametrize("a", [0.891, 1 + 1e-12, 1 - 1e-12])
def test_p_alive_and_expectation_equal_fifty_digits(one, history, a):
    model = MBGNBD.from_parameters(unit="week", r=0.525, alpha=6.183, a=a, b=1.614)
    x, t_x, T = history
    with mp.workdps(80):
        r, alpha, a, b, t_x, T, t = map(mp.mpf, (*model.parameters, t_x, T, 52))
        odds = a / (b + x) * ((alpha + T) / (alpha + t_x)) ** (r + x)
        hyper = mp.hyp2f1(r + x, b + x + 1, a + b + x, t / (alpha + T + t), maxterms=10**6)
        shrunk = ((alpha + T) / (alpha + T + t)) ** (r + x) * hyper
        wanted = float((a + b + x) / (a - 1) * (1 - shrunk) / (1 + odds))
        alive = float(1 / (1 + odds))
    assert model.probability_alive(one(history))[0] == pytest.approx(alive, rel=1e-11)
    found = model.expected_purchases(one(history), horizon="52 weeks")[0]
    assert found == pytest.approx(wanted, rel=1e-11)
