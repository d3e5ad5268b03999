import numpy as np
import pytest

from customer_insight.clv import BGNBD, MBGNBD, ParetoNBD
from customer_insight.clv.order_forecast import mean_time_within, order_forecast, orders_and_leaving

HISTORIES = [(0, 0, 40), (2, 20, 50), (10, 90, 100), (40, 100, 101)]
PARAMETERS = {"r": 0.9, "alpha": 8.0, "a": 0.9, "b": 3.6}


def simulated(model, history, alive, weeks, draws):
    """Return the same answers from customers drawn from the posterior of one history."""
    rng = np.random.default_rng(3)
    x, _, T = history
    lives = rng.random(draws) < alive
    rate = rng.gamma(model.r_ + x, 1 / (model.alpha_ + T), draws)
    leaving = rng.beta(model.a_, model.b_ + x + model.chances_at_first_purchase, draws)
    final = rng.geometric(np.maximum(leaving, 1e-15))
    number = lives * np.minimum(rng.poisson(rate * weeks), final)
    first, last = rng.exponential(1 / rate), rng.gamma(final, 1 / rate)
    came, left = lives & (first < weeks), lives & (last < weeks)
    return {
        "chance": came.mean(),
        "expected": number.mean(),
        "expected_square": (number**2.0).mean(),
        "days_to_order": 7 * first[came].mean(),
        "leaves": left.mean(),
        "days_to_leaving": 7 * last[left].mean(),
    }


@pytest.mark.parametrize("kind", [BGNBD, MBGNBD])
@pytest.mark.parametrize("history", HISTORIES)
def test_every_answer_is_that_of_customers_drawn_from_the_posterior(kind, history, one):
    model = kind.from_parameters(unit="week", **PARAMETERS)
    found = order_forecast(model, one(history), horizon="52 weeks")
    for name, value in simulated(model, history, found.alive[0], 52, 100_000).items():
        assert getattr(found, name)[0] == pytest.approx(value, rel=0.02), name


def test_mean_and_second_moment_are_those_of_the_models_own_distribution(one):
    model = BGNBD.from_parameters(unit="week", **PARAMETERS)
    summary = one(*HISTORIES)
    counts = model.conditional_count_distribution(summary, horizon="26 weeks", most=400)
    found, n = order_forecast(model, summary, horizon="26 weeks"), np.arange(401)
    assert found.chance == pytest.approx(1 - counts[:, 0], rel=1e-10)
    assert found.expected == pytest.approx(counts @ n, rel=1e-8)
    assert found.expected_square == pytest.approx(counts @ n**2, rel=1e-8)


@pytest.mark.parametrize("horizon", ["1 day", "5000 weeks"])
def test_ends_of_the_horizon(horizon, one):
    model = BGNBD.from_parameters(unit="week", **PARAMETERS)
    found = order_forecast(model, one(*HISTORIES), horizon=horizon)
    days = 1 if horizon == "1 day" else 35_000
    assert ((found.leaves >= 0) & (found.leaves <= found.alive)).all()
    assert ((found.days_to_order > 0) & (found.days_to_order <= days / 2)).all()
    assert ((found.days_to_leaving > 0) & (found.days_to_leaving < days)).all()
    assert (found.expected_square >= found.expected**2).all()


def test_days_and_weeks_agree(one):
    weeks = one(*HISTORIES)
    days = weeks.select(
        "repeat_purchases",
        days_first_to_last=7 * weeks["weeks_first_to_last"],
        days_observed=7 * weeks["weeks_observed"],
    )
    in_weeks = BGNBD.from_parameters(unit="week", **PARAMETERS)
    in_days = BGNBD.from_parameters(unit="day", **(PARAMETERS | {"alpha": 56.0}))
    found, same = (
        order_forecast(model, table, horizon="52 weeks")
        for model, table in ((in_weeks, weeks), (in_days, days))
    )
    for name in vars(found):
        assert getattr(found, name) == pytest.approx(getattr(same, name), rel=1e-9)


@pytest.mark.parametrize("kind", [BGNBD, MBGNBD])
def test_orders_and_leaving_alone_are_those_of_the_whole_forecast(kind, one):
    model = kind.from_parameters(unit="week", **PARAMETERS)
    whole = order_forecast(model, one(*HISTORIES), horizon="52 weeks")
    expected, leaves = orders_and_leaving(model, one(*HISTORIES), horizon="52 weeks")
    np.testing.assert_array_equal(expected, whole.expected)
    np.testing.assert_array_equal(leaves, whole.leaves)


@pytest.mark.parametrize(("shape", "scale"), [(1.0, 3.0), (0.4, 0.2), (30.0, 2.0), (2.0, 1e9)])
def test_mean_time_is_that_of_the_lomax_distribution(shape, scale):
    t = (np.arange(2_000_000) + 0.5) / 2_000_000
    survival = (1 + t / scale) ** -shape
    density = shape / scale * (1 + t / scale) ** (-shape - 1)
    wanted = (t * density).sum() / density.sum()
    assert 0 < survival[-1] < 1
    found = mean_time_within(np.array([shape]), np.array([scale]))
    assert found[0] == pytest.approx(wanted, rel=1e-5)


def test_a_model_whose_customers_leave_at_any_time_is_refused(one):
    model = ParetoNBD.from_parameters(unit="week", r=0.5, alpha=10.0, s=0.6, beta=11.0)
    with pytest.raises(ValueError, match="model is a ParetoNBD, and must be a BGNBD or an MBGNBD"):
        order_forecast(model, one((1, 2, 3)), horizon="4 weeks")
    with pytest.raises(ValueError, match="model is a ParetoNBD"):
        orders_and_leaving(model, one((1, 2, 3)), horizon="4 weeks")
