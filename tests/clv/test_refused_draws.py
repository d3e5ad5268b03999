import pytest

from customer_insight.clv import BGNBD, FitRefusedError, GammaGamma, bootstrap
from customer_insight.clv.refused_draws import too_many_refused


def refused(model, why):
    return FitRefusedError(f"{model} was not fitted: {why}. A prediction would be made up.")


def test_refused_draws_are_counted_by_model_with_the_commonest_reason():
    errors = [
        refused("BGNBD", "with these 900 customers the parameter b ran off"),
        refused("GammaGamma", "38 customers have repeat purchases, and at least 40 must have"),
        refused("BGNBD", "with these 901 customers the parameter b ran off"),
        refused("GammaGamma", "39 customers have repeat purchases, and at least 40 must have"),
        refused("BGNBD", "with these 900 customers no maximum was reached in 100 steps"),
    ]
    said = too_many_refused(errors, 20)
    assert said.startswith("5 of 20 samples drawn from the fitted model could not carry it")
    assert (
        "BGNBD: 3 draws, of which 2 because with these 900 customers the parameter b ran off. "
        "GammaGamma: 2 draws, of which 2 because 38 customers have repeat purchases"
    ) in said
    assert "Try MBGNBD or ParetoNBD in its place, the mean spend of all purchases" in said
    assert "fewer weeks held back" in said
    assert "made up" not in said


def test_a_long_reason_is_cut():
    said = too_many_refused([refused("BGNBD", " ".join(["word"] * 30))], 2)
    assert " ".join(["word"] * 16) + " …" in said
    assert " ".join(["word"] * 17) not in said


def test_customers_too_few_to_redraw_are_told_of_by_model(drawn):
    """38 of 40 who must have come back: about every second draw has fewer."""
    summary = drawn(BGNBD, 3000, seed=8)
    some = summary.filter(summary["repeat_purchases"] > 0).head(41)
    spend = GammaGamma.from_parameters(p=6.25, q=3.74, v=15.44)
    money = spend.simulate(some["repeat_purchases"].to_numpy(), seed=2)
    few = some.with_columns(repeat_amount=money)
    once = summary.filter(summary["repeat_purchases"] == 0).head(80).with_columns(repeat_amount=0.0)
    people = few.vstack(once.select(few.columns))
    models = BGNBD.from_parameters(unit="week", r=0.243, alpha=4.414, a=0.793, b=2.426), spend
    with pytest.raises(FitRefusedError, match=r"BGNBD: \d+ draws, of which \d+ because") as error:
        bootstrap(models, people, lambda *_: 1.0, resamples=40, seed=1)
    assert "Try MBGNBD or ParetoNBD in its place" in str(error.value)
