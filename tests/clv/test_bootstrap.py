import numpy as np
import polars as pl
import pytest

from customer_insight.clv import (
    BGNBD,
    MBGNBD,
    FitRefusedError,
    GammaGamma,
    ShiftedBetaGeometric,
    bootstrap,
)

SURVIVORS = [1000, 869, 743, 653, 593, 551, 517, 491]
VARIED = GammaGamma.from_parameters(p=0.6, q=3.0, v=2000.0)  # large and small baskets of one buyer


def parameters(model):
    return model.parameters


def test_the_spread_of_refitted_parameters_is_the_standard_error(drawn):
    summary = drawn(BGNBD, 3000, seed=8)
    model = BGNBD().fit(summary)
    found = bootstrap(model, summary, parameters, resamples=100, confidence=0.683, seed=1)
    half = (found.high - found.low) / 2
    errors = np.array(list(model.standard_errors_.values()))
    np.testing.assert_allclose(half, errors, rtol=0.35)
    assert found.estimate.tolist() == model.parameters.tolist()
    assert (found.resamples, found.refused) == (100, 0)


def test_contracts_and_spend_can_be_redrawn(cdnow_weeks):
    contracts = ShiftedBetaGeometric().fit(SURVIVORS)
    found = bootstrap(contracts, SURVIVORS, lambda m: m.survival(12)[-1], seed=1)
    assert found.low < 0.394 < found.high  # what was seen in the end
    spend = GammaGamma().fit(cdnow_weeks)
    found = bootstrap(spend, cdnow_weeks, lambda m: m.mean_spend(), resamples=60, seed=1)
    assert found.low < found.estimate < found.high


def test_a_seed_gives_the_same_interval_again():
    model = ShiftedBetaGeometric().fit(SURVIVORS)
    first, second, third = (bootstrap(model, SURVIVORS, parameters, seed=s) for s in (4, 4, 5))
    assert first.low.tolist() == second.low.tolist()
    assert first.low.tolist() != third.low.tolist()


@pytest.fixture(scope="module")
def spenders(drawn):
    """Return customers whose spend varies so much that it is known no better than the purchases."""
    summary = drawn(BGNBD, 1500, seed=21)
    money = VARIED.simulate(summary["repeat_purchases"].to_numpy(), seed=22)
    return summary.with_columns(repeat_amount=pl.Series(money))


@pytest.fixture(scope="module")
def pair(spenders):
    return BGNBD().fit(spenders), GammaGamma().fit(spenders)


def value_of(summary):
    """Return the question of the money of a year, and of what it is made of."""

    def value(purchases, spend):
        expected = purchases.expected_purchases(summary, horizon="52 weeks")
        return [expected @ spend.expected_spend(summary), expected.sum(), spend.mean_spend()]

    return value


def test_the_interval_of_a_value_holds_what_is_not_known_of_purchases_and_of_spend(spenders, pair):
    value, purchases, spend = value_of(spenders), *pair
    options = {"resamples": 150, "confidence": 0.683, "seed": 1}
    both = bootstrap(pair, spenders, value, **options)
    first = bootstrap(purchases, spenders, lambda m: value(m, spend), **options)
    second = bootstrap(spend, spenders, lambda m: value(purchases, m), **options)
    width, only_purchases, only_spend = (
        np.log(np.array(found.high) / found.low) for found in (both, first, second)
    )
    # log money is a sum of two independent errors, so their variances add up
    assert width[0] == pytest.approx(np.hypot(only_purchases[0], only_spend[0]), rel=0.2)
    assert width[0] > 1.15 * only_purchases[0]
    assert width[0] > 1.15 * only_spend[0]
    assert width[1] == pytest.approx(only_purchases[1], rel=0.25)
    assert width[2] == pytest.approx(only_spend[2], rel=0.25)
    assert both.estimate.tolist() == value(*pair)


def test_a_pair_is_fitted_to_the_same_drawn_customers(cdnow_weeks):
    kinds = (MBGNBD().fit(cdnow_weeks), GammaGamma().fit(cdnow_weeks))
    seen = []

    def customers(purchases, spend):
        seen.append((purchases, spend))
        return spend.n_customers_

    found = bootstrap(kinds, cdnow_weeks, customers, resamples=40, seed=3)
    assert found.refused == 0
    rng = np.random.default_rng(3)
    for purchases, spend in seen[1:]:
        drawn = kinds[0].draw_histories(cdnow_weeks, rng)
        back = drawn.x[drawn.x > 0]
        kinds[1].simulate(back, seed=rng)
        assert (purchases.n_customers_, spend.n_customers_) == (len(drawn), len(back))
    assert len({spend.n_customers_ for _, spend in seen}) > 10


def test_the_order_of_rows_changes_nothing(spenders):
    options = {"resamples": 40, "seed": 4}
    found = []
    for rows in (spenders, spenders.sample(fraction=1.0, shuffle=True, seed=5)):
        models = (BGNBD().fit(rows), GammaGamma().fit(rows))
        both = bootstrap(models, rows, value_of(rows), **options)
        alone = bootstrap(models[1], rows, parameters, **options)
        found.append(np.concatenate((both.low, both.high, alone.low)))
    np.testing.assert_allclose(*found, rtol=1e-9)
    turned = [
        bootstrap(ShiftedBetaGeometric().fit(cohorts), cohorts, parameters, **options).low
        for cohorts in ([SURVIVORS, SURVIVORS[:5]], [SURVIVORS[:5], SURVIVORS])
    ]
    np.testing.assert_allclose(*turned, rtol=1e-9)


def test_one_number_comes_back_as_plain_numbers():
    model = ShiftedBetaGeometric().fit(SURVIVORS)
    found = bootstrap(model, SURVIVORS, lambda m: m.survival(12)[-1], resamples=40, seed=1)
    assert [type(number) for number in (found.estimate, found.low, found.high)] == [float] * 3
    assert bootstrap(model, SURVIVORS, parameters, resamples=40, seed=1).low.shape == (2,)


def test_what_does_not_make_a_pair_is_refused(pair):
    purchases, spend = pair
    for models, given in (
        ((spend, purchases), r"\(GammaGamma, BGNBD\)"),
        ((purchases, purchases), r"\(BGNBD, BGNBD\)"),
        ((purchases,), r"\(BGNBD\)"),
        ((purchases, spend, spend), r"\(BGNBD, GammaGamma, GammaGamma\)"),
        ((ShiftedBetaGeometric().fit(SURVIVORS), spend), "ShiftedBetaGeometric, GammaGamma"),
    ):
        with pytest.raises(ValueError, match=f"{given}.*BGNBD, MBGNBD or ParetoNBD first"):
            bootstrap(models, None, parameters, seed=1)
    for model in ([purchases, spend], BGNBD, object()):
        with pytest.raises(ValueError, match=r"must be a fitted model .* or a tuple of two"):
            bootstrap(model, None, parameters, seed=1)


def test_models_that_are_not_fitted_are_refused(spenders, pair):
    with pytest.raises(ValueError, match="this GammaGamma is not fitted yet"):
        bootstrap((pair[0], GammaGamma()), spenders, value_of(spenders), seed=1)


def test_a_draw_without_an_answer_is_told_and_not_left_out(spenders, pair):
    edge = GammaGamma.from_parameters(p=2.0, q=1.02, v=2000.0)
    with pytest.raises(ValueError, match=r"draw \d+ of 40 .* has no answer: spend has no mean"):
        bootstrap((pair[0], edge), spenders, value_of(spenders), resamples=40, seed=1)


def test_answers_that_are_no_numbers_or_change_their_shape_are_refused():
    model = ShiftedBetaGeometric().fit(SURVIVORS)
    with pytest.raises(ValueError, match="missing or infinite in 1 of 2 numbers"):
        bootstrap(model, SURVIVORS, lambda m: [1.0, np.nan], seed=1)
    with pytest.raises(
        ValueError, match=r"shape \(2,\) for the fitted model and \(3,\) for a draw"
    ):
        bootstrap(model, SURVIVORS, lambda m: m.survival(1 if m is model else 2), seed=1)


class Brittle:
    parameters = 1.0

    def redraw(self, data, rng):
        raise FitRefusedError("no")


def test_an_interval_of_the_few_that_could_be_fitted_is_refused():
    with pytest.raises(FitRefusedError, match="40 of 40 samples drawn from the fitted model"):
        bootstrap(Brittle(), None, parameters, resamples=40, seed=1)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"resamples": 39}, "at least 40"),
        ({"resamples": 100.0}, "must be a whole number"),
        ({"confidence": 95}, "confidence is 95"),
        ({"seed": -1}, "seed is -1"),
    ],
)
def test_arguments_out_of_range_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        bootstrap(Brittle(), None, parameters, **({"seed": 1} | arguments))
