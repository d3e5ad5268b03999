"""The lifetime-value models beside lifetimes 0.11.3, in one run, one thread, printed as a table."""

import time

import numpy as np
import pandas as pd
import pytest
from lifetimes import BetaGeoFitter, GammaGammaFitter, ParetoNBDFitter
from threadpoolctl import threadpool_limits

from customer_insight.clv import BGNBD, GammaGamma, ParetoNBD

pytestmark = pytest.mark.evidence

RUNS = 5
BG_TRUTH = {"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426}
PARETO_TRUTH = {"r": 0.553, "alpha": 10.578, "s": 0.606, "beta": 11.669}


@pytest.fixture(autouse=True, scope="module")
def one_thread():
    with threadpool_limits(1):
        yield


def customers(kind, truth, n):
    """Draw customers observed for twelve weeks to two years, their purchases on whole days."""
    rng = np.random.default_rng(n)
    days = rng.integers(84, 729, n)
    drawn = kind.from_parameters(unit="week", **truth).simulate(days / 7, seed=rng)
    last = np.minimum(np.ceil(7 * drawn["weeks_first_to_last"]), days) / 7
    spend = GammaGamma.from_parameters(p=6.25, q=3.74, v=1544.0)
    x = drawn["repeat_purchases"]
    amount = np.maximum(np.rint(spend.simulate(x, seed=rng)), x)
    return pd.DataFrame(
        {
            "repeat_purchases": x,
            "weeks_first_to_last": last,
            "weeks_observed": days / 7,
            "repeat_amount": amount.astype(np.int64),
        }
    )


@pytest.fixture(scope="module")
def million():
    return customers(BGNBD, BG_TRUTH, 1_000_000)


def timed(call, runs=RUNS):
    """Return the median of some runs in seconds of processor time, and what the last one gave.

    One thread works, so that this is the time on an idle machine; on a busy one it stays fair.
    """
    seconds = []
    for _ in range(runs):
        start = time.process_time()
        result = call()
        seconds.append(time.process_time() - start)
    return float(np.median(seconds)), result


def report(what, ours, theirs, floor, theirs_runs=RUNS):
    print(
        f"\n{what:44s} {ours:8.3f} s   lifetimes {theirs:8.2f} s (median of {theirs_runs})   "
        f"{theirs / ours:6.1f} times   floor {floor}"
    )
    assert theirs / ours >= floor


def columns(summary):
    return summary.repeat_purchases, summary.weeks_first_to_last, summary.weeks_observed


def peer_of(model, fitter):
    """Return a fitter of lifetimes with the parameters of a model of ours."""
    fitter.params_ = pd.Series(model.parameters, index=model.parameter_names)
    fitter.predict = getattr(fitter, "conditional_expected_number_of_purchases_up_to_time", None)
    return fitter


def test_bgnbd_fit_of_a_million(million):
    ours, model = timed(lambda: BGNBD().fit(million))
    theirs, peer = timed(lambda: BetaGeoFitter().fit(*columns(million)), runs=1)
    np.testing.assert_allclose(model.parameters, peer.params_, rtol=1e-5)
    report("BG/NBD, fit of 1,000,000", ours, theirs, 15, theirs_runs=1)


def pareto_peer(summary):
    """Fit the peer from a fixed start: its own is drawn by chance, and so is where it ends."""
    return ParetoNBDFitter().fit(*columns(summary), initial_params=np.ones(4))


def test_pareto_nbd_fit_of_a_hundred_thousand():
    summary = customers(ParetoNBD, PARETO_TRUTH, 100_000)
    ours, model = timed(lambda: ParetoNBD().fit(summary))
    with np.errstate(all="ignore"):  # its search passes places where its likelihood is undefined
        theirs, peer = timed(lambda: pareto_peer(summary), runs=1)
    np.testing.assert_allclose(model.parameters, peer.params_, rtol=1e-2)
    at_peer = ParetoNBD.from_parameters(unit="week", **peer.params_).log_likelihood(summary)
    assert model.log_likelihood_ >= at_peer
    report("Pareto/NBD, fit of 100,000", ours, theirs, 30, theirs_runs=1)


def test_expected_purchases_of_a_million(million):
    model = BGNBD.from_parameters(unit="week", **BG_TRUTH)
    peer = peer_of(model, BetaGeoFitter())
    ours, found = timed(lambda: model.expected_purchases(million, horizon="52 weeks"))
    theirs, wanted = timed(lambda: peer.predict(52, *columns(million)))
    np.testing.assert_allclose(found, wanted, rtol=1e-9)
    report("BG/NBD, expected purchases of 1,000,000", ours, theirs, 8)


def test_twelve_month_value_of_a_million(million):
    model = BGNBD.from_parameters(unit="week", **BG_TRUTH)
    spend = GammaGamma.from_parameters(p=6.25, q=3.74, v=1544.0)
    peer, peer_spend = peer_of(model, BetaGeoFitter()), peer_of(spend, GammaGammaFitter())
    x, t_x, T = columns(million)
    mean = (million.repeat_amount / x.where(x > 0, 1)).astype(float)
    months = np.arange(1, 13)

    def our_value():
        purchases = model.scheduled_purchases(
            million, step_ends=4.345 * months, discount_factors=1.01**-months
        )
        return purchases * spend.expected_spend(million)

    ours, found = timed(our_value)
    theirs, wanted = timed(
        lambda: peer_spend.customer_lifetime_value(
            peer, x, t_x, T, mean, time=12, discount_rate=0.01, freq="W"
        ),
        runs=1,
    )
    np.testing.assert_allclose(found, wanted, rtol=1e-9)
    report("BG/NBD, twelve-month value of 1,000,000", ours, theirs, 50, theirs_runs=1)


@pytest.fixture(scope="module")
def growth():
    """Return seconds by number of customers: fits, expected purchases, value."""
    seconds = {}
    ask = {"horizon": "52 weeks"}
    for n in (10_000, 100_000, 1_000_000):
        seconds[n] = _seconds(
            customers(BGNBD, BG_TRUTH, n), customers(ParetoNBD, PARETO_TRUTH, n), ask
        )
    return seconds


def _seconds(summary, pareto_summary, ask):
    model = BGNBD.from_parameters(unit="week", **BG_TRUTH)
    return (
        timed(lambda: BGNBD().fit(summary))[0],
        timed(lambda: ParetoNBD().fit(pareto_summary), runs=3)[0],
        timed(lambda: model.expected_purchases(summary, **ask))[0],
        timed(lambda: model.discounted_value(summary, 3000.0, discount_per_year=0.1, **ask))[0],
    )


def test_growth_from_ten_thousand_to_a_million(growth):
    print(
        f"\n{'customers':>10s} {'BG fit':>9s} {'Pareto fit':>11s} {'purchases':>10s} {'value':>8s}"
    )
    for n, took in growth.items():
        print(f"{n:10,d} {took[0]:9.3f} {took[1]:11.3f} {took[2]:10.3f} {took[3]:8.3f}  seconds")
    # what grows as the square takes a hundred times as long for ten times the customers
    assert (np.array(growth[1_000_000]) < 20 * np.array(growth[100_000])).all()
