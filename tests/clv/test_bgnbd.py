import mpmath as mp
import numpy as np
import pytest
from lifetimes import BetaGeoFitter

from customer_insight.clv import BGNBD, GammaGamma

COLUMNS = ("repeat_purchases", "weeks_first_to_last", "weeks_observed")


@pytest.fixture(scope="module")
def fitted(cdnow_weeks):
    return BGNBD().fit(cdnow_weeks)


def test_cdnow_gives_the_published_parameters(fitted):
    assert fitted.r_ == pytest.approx(0.24259, abs=5e-6)
    assert fitted.alpha_ == pytest.approx(4.4135, abs=2e-4)
    assert fitted.a_ == pytest.approx(0.79289, abs=5e-5)
    assert fitted.b_ == pytest.approx(2.4258, abs=2e-4)
    assert fitted.log_likelihood_ == pytest.approx(-9582.43, abs=0.01)
    assert (fitted.n_customers_, fitted.unit_) == (2357, "week")


def test_the_published_summary_gives_the_published_digits(cdnow_published):
    model = BGNBD().fit(cdnow_published)
    found = [
        round(float(value), digits)
        for value, digits in zip(model.parameters, (5, 4, 5, 4), strict=True)
    ]
    assert found == [0.24259, 4.4135, 0.79289, 2.4258]
    assert model.log_likelihood_ == pytest.approx(-9582.43, abs=0.01)


def test_the_published_customer_is_expected_to_buy_1_2260_times(cdnow_published, one):
    model = BGNBD().fit(cdnow_published)
    # Published as t_x = 30.43 and T = 38.86: 213 and 272 days, rounded to weeks.
    found = model.expected_purchases(one((2, 213 / 7, 272 / 7)), horizon="39 weeks")[0]
    assert found == pytest.approx(1.2260, abs=5e-5)


def test_twelve_months_by_the_arithmetic_of_lifetimes(cdnow_published):
    model, spend = BGNBD().fit(cdnow_published), GammaGamma().fit(cdnow_published)
    steps = np.arange(1, 13)
    purchases = model.scheduled_purchases(
        cdnow_published, step_ends=4.345 * steps, discount_factors=1.01**-steps
    )
    value = purchases * spend.expected_spend(cdnow_published)
    assert value[0] == pytest.approx(36.28, abs=0.005)
    assert value.sum() == pytest.approx(71_509.90, abs=0.05)


def test_fifty_two_weeks_at_ten_per_cent_a_year(cdnow_published):
    model, spend = BGNBD().fit(cdnow_published), GammaGamma().fit(cdnow_published)
    value = model.discounted_value(
        cdnow_published,
        spend.expected_spend(cdnow_published),
        horizon="52 weeks",
        discount_per_year=0.10,
    )
    assert value[0] == pytest.approx(36.75, abs=0.005)


def test_lifetimes_agrees_on_cdnow(fitted, cdnow_weeks):
    x, t_x, T = (cdnow_weeks[name].to_numpy() for name in COLUMNS)
    peer = BetaGeoFitter().fit(x, t_x, T, tol=1e-8)
    np.testing.assert_allclose(fitted.parameters, peer.params_, rtol=1e-6)
    for name, error in fitted.standard_errors_.items():
        assert error == pytest.approx(peer.standard_errors_[name], rel=1e-5)
    peer.params_[:] = fitted.parameters
    np.testing.assert_allclose(
        fitted.expected_purchases(cdnow_weeks, horizon="52 weeks"),
        peer.predict(52, x, t_x, T),
        rtol=1e-11,
    )
    np.testing.assert_allclose(
        fitted.probability_alive(cdnow_weeks),
        peer.conditional_probability_alive(x, t_x, T),
        rtol=1e-12,
    )
    assert fitted.expected_purchases_of_new("39 weeks") == pytest.approx(
        peer.expected_number_of_purchases_up_to_time(39), rel=1e-11
    )
    counts = fitted.purchase_count_distribution("39 weeks", most=20)
    wanted = [peer.probability_of_n_purchases_up_to_time(39, n) for n in range(21)]
    np.testing.assert_allclose(counts, wanted, rtol=1e-9)


def test_lifetimes_agrees_on_drawn_customers(drawn):
    summary = drawn(BGNBD, 3000, seed=4)
    x, t_x, T = (summary[name].to_numpy() for name in COLUMNS)
    peer = BetaGeoFitter().fit(x, t_x, T, tol=1e-8)
    np.testing.assert_allclose(BGNBD().fit(summary).parameters, peer.params_, rtol=1e-5)


def test_all_who_bought_once_are_called_alive(fitted, cdnow_weeks):
    once = cdnow_weeks["repeat_purchases"].to_numpy() == 0
    alive = fitted.probability_alive(cdnow_weeks)
    assert round(100 * once.mean(), 1) == 59.9
    assert (alive[once] == 1).all()
    assert (alive[~once] < 1).all()


def expected(parameters, x, t_x, T, t):
    """Fader, Hardie and Lee (2005) eq. 10 and P(alive), in as many digits as it takes."""
    r, alpha, a, b, t_x, T, t = map(mp.mpf, (*parameters, t_x, T, t))
    odds = a / (b + x - 1) * ((alpha + T) / (alpha + t_x)) ** (r + x) if x else mp.mpf(0)
    hyper = mp.hyp2f1(r + x, b + x, a + b + x - 1, t / (alpha + T + t), maxterms=10**6)
    shrunk = ((alpha + T) / (alpha + T + t)) ** (r + x) * hyper
    return 1 / (1 + odds), (a + b + x - 1) / (a - 1) * (1 - shrunk) / (1 + odds)


HISTORIES = [(0, 0, 39), (1, 0.15, 39), (4, 39, 39), (200, 380, 390), (10_000, 998, 1000)]
PARAMETERS = [
    (0.243, 4.414, 0.793, 2.426),
    (0.243, 4.414, 1 + 1e-12, 2.426),
    (0.243, 4.414, 1 - 1e-12, 2.426),
    (1e-3, 0.01, 1e-3, 1e-2),
    (60.0, 90.0, 20.0, 700.0),
]


@pytest.mark.parametrize("history", HISTORIES)
@pytest.mark.parametrize("parameters", PARAMETERS)
def test_p_alive_and_expectation_equal_fifty_digits(one, parameters, history):
    model = BGNBD.from_parameters(
        unit="week", **dict(zip(BGNBD.parameter_names, parameters, strict=True))
    )
    with mp.workdps(80):
        alive, purchases = map(float, expected(parameters, *history, 52))
    summary = one(history)
    assert model.probability_alive(summary)[0] == pytest.approx(alive, rel=1e-11)
    found = model.expected_purchases(summary, horizon="52 weeks")[0]
    assert found == pytest.approx(purchases, rel=1e-11)


def test_at_a_equal_to_one_the_limit_is_taken(one):
    at, beside = (
        BGNBD.from_parameters(unit="week", r=0.243, alpha=4.414, a=a, b=2.426).expected_purchases(
            one((3, 20, 39)), horizon="52 weeks"
        )[0]
        for a in (1.0, 1 + 1e-9)
    )
    assert at == pytest.approx(beside, rel=1e-8)
