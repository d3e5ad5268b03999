"""Do the models find the parameters that the data were drawn from, and know how sure they are?"""

import numpy as np
import polars as pl
import pytest

from customer_insight.clv import (
    BGNBD,
    MBGNBD,
    FitRefusedError,
    GammaGamma,
    ParetoNBD,
    ShiftedBetaGeometric,
)

SAMPLES = 200
# Binomial limits of a true coverage of 95 % in 200 samples, one in ten thousand beyond each.
COVERED = (173, 200)


def draw_purchases(truth, seed):
    days = np.random.default_rng([seed, 1]).integers(365, 730, 3000)
    return pl.DataFrame(truth.simulate(days / 7, seed=seed))


def draw_spend(truth, seed):
    x = np.random.default_rng([seed, 2]).geometric(0.4, 1500)
    return pl.DataFrame({"repeat_purchases": x, "repeat_amount": truth.simulate(x, seed=seed)})


def draw_contracts(truth, seed):
    return truth.simulate(2000, periods=7, seed=seed)


BG = {"unit": "week", "r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426}
MBG = {"unit": "week", "r": 0.525, "alpha": 6.183, "a": 0.891, "b": 1.614}
PARETO = {"unit": "week", "r": 0.553, "alpha": 10.578, "s": 0.606, "beta": 11.669}
CASES = {
    BGNBD: (BG, draw_purchases),
    MBGNBD: (MBG, draw_purchases),
    ParetoNBD: (PARETO, draw_purchases),
    GammaGamma: ({"p": 6.25, "q": 3.74, "v": 1544.0}, draw_spend),
    ShiftedBetaGeometric: ({"alpha": 0.668, "beta": 3.806}, draw_contracts),
}


@pytest.mark.evidence
@pytest.mark.parametrize("kind", CASES, ids=lambda kind: kind.__name__)
def test_two_hundred_samples_give_the_truth_back(kind):
    parameters, draw = CASES[kind]
    truth = kind.from_parameters(**parameters)
    errors, spreads, refused = [], [], 0
    for seed in range(SAMPLES):
        try:
            model = kind().fit(draw(truth, seed))
        except FitRefusedError:
            refused += 1
            continue
        errors.append(np.log(model.parameters / truth.parameters))
        spreads.append(np.sqrt(np.diag(model.log_covariance_)))
    errors, spreads = np.array(errors), np.array(spreads)
    covered = (np.abs(errors) <= 1.959964 * spreads).sum(axis=0)
    bias = errors.mean(axis=0) / errors.std(axis=0)
    for name, off, share, hit in zip(
        kind.parameter_names, errors.mean(axis=0), bias, covered, strict=True
    ):
        print(
            f"{kind.__name__:20s} {name:5s} bias {100 * off:+5.1f} % ({share:+.2f} standard errors)"
            f"  95 % interval holds the truth in {hit} of {len(errors)}"
        )
    assert refused == 0
    assert (np.abs(bias) < 0.35).all()
    assert (covered >= COVERED[0]).all()
    assert (covered <= COVERED[1]).all()
