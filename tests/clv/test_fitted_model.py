import pytest

from customer_insight.clv import BGNBD, MBGNBD, GammaGamma, ParetoNBD, ShiftedBetaGeometric

MODELS = [BGNBD, MBGNBD, ParetoNBD, GammaGamma, ShiftedBetaGeometric]


@pytest.mark.parametrize("kind", MODELS)
def test_a_model_that_is_not_fitted_says_so(kind):
    with pytest.raises(
        ValueError, match=rf"this {kind.__name__} is not fitted yet: call fit first"
    ):
        _ = kind().parameters


def test_given_parameters_come_back_in_order():
    model = GammaGamma.from_parameters(q=3.0, v=9.0, p=2.0)
    assert model.parameters.tolist() == [2, 3, 9]


def test_a_refused_fit_leaves_an_earlier_one_as_it_was():
    survivors = [1000, 869, 743, 653, 593, 551, 517, 491]
    model = ShiftedBetaGeometric().fit(survivors)
    before = model.parameters
    with pytest.raises(ValueError, match="was not fitted"):
        model.fit([100_000, 80_000, 64_000, 51_200, 40_960, 32_768], periods_per_year=12)
    assert model.parameters.tolist() == before.tolist()
    assert model.periods_per_year_ == 1
