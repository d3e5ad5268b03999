import numpy as np
import pytest

from customer_insight.clv import BGNBD, FitRefusedError, GammaGamma, ShiftedBetaGeometric, bootstrap

SURVIVORS = [1000, 869, 743, 653, 593, 551, 517, 491]


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
    ],
)
def test_arguments_out_of_range_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        bootstrap(Brittle(), None, parameters, seed=1, **arguments)
