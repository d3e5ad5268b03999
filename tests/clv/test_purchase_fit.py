import numpy as np
import pandas as pd
import polars as pl
import pytest

from customer_insight.clv import BGNBD, MBGNBD, FitRefusedError, ParetoNBD

MODELS = [BGNBD, MBGNBD, ParetoNBD]

pytestmark = pytest.mark.parametrize("kind", MODELS)


def test_the_order_and_kind_of_rows_change_nothing(kind, cdnow_weeks):
    shuffled = cdnow_weeks.sample(fraction=1.0, shuffle=True, seed=3)
    model, again = kind().fit(cdnow_weeks), kind().fit(shuffled.to_pandas())
    assert again.parameters.tolist() == model.parameters.tolist()
    assert again.log_likelihood_ == model.log_likelihood_


def test_the_fit_is_a_maximum(kind, cdnow_weeks):
    model = kind().fit(cdnow_weeks)
    for name in kind.parameter_names:
        for factor in (0.99, 1.01):
            moved = dict(zip(kind.parameter_names, model.parameters, strict=True))
            moved[name] *= factor
            there = kind.from_parameters(unit="week", **moved).log_likelihood(cdnow_weeks)
            assert there < model.log_likelihood_


def test_many_customers_are_fitted_as_one_climb_over_all_would(kind, truth, monkeypatch):
    rng = np.random.default_rng(6)
    T = rng.integers(200, 400, 40_000) / 7
    summary = pl.DataFrame(truth(kind).simulate(T, seed=rng))
    warm = kind().fit(summary).parameters
    monkeypatch.setattr(kind, "_warm_start", lambda self, histories, start: start)
    np.testing.assert_allclose(kind().fit(summary).parameters, warm, rtol=1e-9)


def test_draws_have_the_moments_of_the_model(kind, truth):
    model = truth(kind)
    drawn = model.simulate(np.full(200_000, 39.0), seed=11)
    x, t_x = drawn["repeat_purchases"], drawn["weeks_first_to_last"]
    error = 4 * x.std() / np.sqrt(len(x))
    assert x.mean() == pytest.approx(model.expected_purchases_of_new("273 days"), abs=error)
    shares = np.bincount(x, minlength=10)[:10] / len(x)
    np.testing.assert_allclose(
        shares, model.purchase_count_distribution("39 weeks", most=9), atol=5e-3
    )
    assert ((t_x > 0) == (x > 0)).all()
    assert (t_x <= 39).all()
    alive = model.probability_alive(pl.DataFrame(drawn))
    more = model.simulate(np.full(200_000, 78.0), seed=12)["repeat_purchases"].mean()
    later = model.expected_purchases(pl.DataFrame(drawn), horizon="39 weeks").mean()
    assert x.mean() + later == pytest.approx(more, abs=0.04)
    assert 0 < alive.mean() < 1


def test_the_same_seed_draws_the_same_customers(kind, truth):
    first, second = (truth(kind).simulate(np.full(50, 30.0), seed=9) for _ in range(2))
    assert first["weeks_first_to_last"].tolist() == second["weeks_first_to_last"].tolist()


def test_parameters_that_are_none_are_refused(kind):
    with pytest.raises(
        ValueError, match=rf"{kind.__name__} has the parameters r, alpha, .* were given"
    ):
        kind.from_parameters(unit="week", r=1.0)
    good = dict.fromkeys(kind.parameter_names, 1.0)
    with pytest.raises(ValueError, match="alpha must be positive and finite"):
        kind.from_parameters(unit="week", **(good | {"alpha": -1.0}))
    with pytest.raises(ValueError, match="must be one of 'day', 'week'"):
        kind.from_parameters(unit="month", **good)


def test_times_to_draw_for_must_be_times(kind, truth):
    with pytest.raises(ValueError, match="one column of finite times, none negative"):
        truth(kind).simulate([1.0, -1.0], seed=1)


def test_nobody_leaving_is_refused_or_foretold_right(kind):
    rng = np.random.default_rng(2)
    T = np.full(2000, 52.0)
    x = rng.poisson(rng.gamma(2.0, 0.1, 2000) * T)
    t_x = np.where(x > 0, T * rng.beta(np.maximum(x, 1), 1.0), 0.0)
    summary = pd.DataFrame({"repeat_purchases": x, "weeks_first_to_last": t_x, "weeks_observed": T})
    refusal, found = "", x.sum()
    try:
        found = kind().fit(summary).expected_purchases(summary, horizon="52 weeks").sum()
    except FitRefusedError as refused:
        refusal = str(refused)
    assert not refusal or "Nobody seems to leave" in refusal
    assert found == pytest.approx(x.sum(), rel=0.1)
