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


def test_a_model_tells_its_parameters_its_unit_and_its_customers(cdnow_weeks):
    assert repr(BGNBD().fit(cdnow_weeks)) == (
        "BGNBD(r=0.2426, alpha=4.414, a=0.7929, b=2.426; in weeks, fitted to 2,357 customers)"
    )
    assert repr(GammaGamma().fit(cdnow_weeks)) == (
        "GammaGamma(p=6.25, q=3.744, v=1544; fitted to 946 customers)"
    )


def test_a_model_with_given_parameters_says_so():
    given = ParetoNBD.from_parameters(unit="day", r=0.553, alpha=74, s=0.606, beta=81.7)
    assert repr(given) == (
        "ParetoNBD(r=0.553, alpha=74, s=0.606, beta=81.7; in days, parameters given)"
    )
    contracts = ShiftedBetaGeometric.from_parameters(alpha=0.668, beta=3.8, periods_per_year=12)
    assert repr(contracts) == (
        "ShiftedBetaGeometric(alpha=0.668, beta=3.8; renewals a year: 12, parameters given)"
    )


@pytest.mark.parametrize("kind", MODELS)
def test_a_model_that_is_not_fitted_can_be_looked_at(kind):
    assert repr(kind()) == f"{kind.__name__}(not fitted)"
