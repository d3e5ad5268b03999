import numpy as np
import pytest

from customer_insight.clv import GammaGamma, ShiftedBetaGeometric, bootstrap
from customer_insight.clv.gamma_poisson import GammaPoisson
from customer_insight.clv.parameter_uncertainty import parameter_variances

SURVIVORS = [1000, 869, 743, 653, 593, 551, 517, 491]


def test_one_rates_total_varies_as_its_events_do():
    model = GammaPoisson.one_rate([100], [1000])
    found = parameter_variances(lambda m: 5000 * m.rate([0], [1]), [model])
    assert found**0.5 == pytest.approx([500 / 100**0.5], rel=1e-5)


def test_errors_of_a_models_own_parameter_come_back():
    model = ShiftedBetaGeometric().fit(SURVIVORS)
    found = parameter_variances(lambda m: m.parameters, [model])
    assert found**0.5 == pytest.approx(list(model.standard_errors_.values()), rel=1e-6)


def test_given_parameters_are_known_and_models_count_apart():
    known = GammaGamma.from_parameters(p=5.0, q=4.0, v=4800.0)
    model = GammaPoisson.one_rate([100], [1000])
    alone = parameter_variances(lambda m: m.rate([0], [1]), [model])
    both = parameter_variances(lambda m, k: m.rate([0], [1]) + 0 * k.mean_spend(), [model, known])
    assert parameter_variances(lambda k: np.array([k.mean_spend()]), [known]) == [0.0]
    assert both == pytest.approx(alone)


@pytest.mark.evidence
def test_it_agrees_with_the_bootstrap():
    model = ShiftedBetaGeometric().fit(SURVIVORS)
    found = parameter_variances(lambda m: 1000 * m.survival(12)[-1:], [model])[0] ** 0.5
    drawn = bootstrap(model, SURVIVORS, lambda m: 1000 * m.survival(12)[-1], seed=1)
    assert (drawn.high - drawn.low) / (2 * 1.96) == pytest.approx(found, rel=0.15)
