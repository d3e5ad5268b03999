import mpmath as mp
import numpy as np
import pytest
from lifetimes import ParetoNBDFitter

from customer_insight.clv import ParetoNBD
from customer_insight.clv.discounting import continuous_rate

COLUMNS = ("repeat_purchases", "weeks_first_to_last", "weeks_observed")


@pytest.fixture(scope="module")
def fitted(cdnow_weeks):
    return ParetoNBD().fit(cdnow_weeks)


def test_cdnow_gives_the_parameters_of_fader_and_hardies_note(fitted):
    np.testing.assert_allclose(fitted.parameters, [0.5533, 10.578, 0.606, 11.67], rtol=1e-3)
    assert fitted.log_likelihood_ == pytest.approx(-9594.98, abs=0.01)


def test_lifetimes_agrees_on_cdnow(fitted, cdnow_weeks):
    x, t_x, T = (cdnow_weeks[name].to_numpy() for name in COLUMNS)
    with np.errstate(all="ignore"):
        peer = ParetoNBDFitter().fit(x, t_x, T, tol=1e-8, maxiter=5000)
    np.testing.assert_allclose(fitted.parameters, peer.params_, rtol=1e-5)
    peer.params_[:] = fitted.parameters
    np.testing.assert_allclose(
        fitted.expected_purchases(cdnow_weeks, horizon="52 weeks"),
        peer.predict(52, x, t_x, T),
        rtol=1e-11,
    )
    np.testing.assert_allclose(
        fitted.probability_alive(cdnow_weeks),
        peer.conditional_probability_alive(x, t_x, T),
        rtol=1e-11,
    )
    found = fitted.conditional_count_distribution(cdnow_weeks.head(5), horizon="39 weeks", most=6)
    for n in range(7):
        wanted = peer.conditional_probability_of_n_purchases_up_to_time(
            n, 39, x[:5], t_x[:5], T[:5]
        )
        np.testing.assert_allclose(found[:, n], wanted, rtol=1e-8)


def test_lifetimes_agrees_on_drawn_customers(drawn):
    summary = drawn(ParetoNBD, 3000, seed=4)
    history = [summary[name].to_numpy() for name in COLUMNS]
    with np.errstate(all="ignore"):  # its search passes places where its likelihood is undefined
        peer = ParetoNBDFitter().fit(*history, tol=1e-8, maxiter=5000)
    np.testing.assert_allclose(ParetoNBD().fit(summary).parameters, peer.params_, rtol=1e-5)


@pytest.mark.parametrize("s", [0.606, 1.0, 1 + 1e-12, 1 - 1e-12])
@pytest.mark.parametrize("history", [(0, 0, 39), (4, 30, 39), (200, 380, 390), (10_000, 998, 1000)])
def test_the_expectation_equals_fifty_digits(one, history, s):
    model = ParetoNBD.from_parameters(unit="week", r=0.553, alpha=10.578, s=s, beta=11.669)
    alive = model.probability_alive(one(history))[0]
    x, _, T = history
    with mp.workdps(50):
        r, alpha, s, beta = map(mp.mpf, model.parameters)
        stay = mp.quad(lambda t: ((beta + T) / (beta + T + t)) ** s, [0, 52])
        wanted = float((r + x) / (alpha + T) * stay) * alive
    found = model.expected_purchases(one(history), horizon="52 weeks")[0]
    assert found == pytest.approx(wanted, rel=1e-13)


@pytest.mark.parametrize("history", [(0, 0, 0), (2, 30.43, 38.86), (60, 38, 38.86)])
@pytest.mark.parametrize("discount", [0.001, 0.15, 3.0])
def test_dert_equals_the_confluent_form_of_fader_hardie_and_lee(fitted, one, history, discount):
    found = fitted.discounted_expected_residual_transactions(
        one(history), discount_per_year=discount
    )
    alive = fitted.probability_alive(one(history))[0]
    x, _, T = history
    with mp.workdps(50):
        r, alpha, s, beta = map(mp.mpf, fitted.parameters)
        y = mp.mpf(continuous_rate(discount, unit="week")) * (beta + T)
        wanted = (r + x) / (alpha + T) * (beta + T) * y ** (s - 1) * mp.hyperu(s, s, y)
    assert found[0] == pytest.approx(float(wanted) * alive, rel=1e-12)
