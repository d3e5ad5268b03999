import numpy as np
import pandas as pd
import polars as pl
import pytest

from customer_insight.clv import BGNBD, MBGNBD, GammaGamma, ParetoNBD
from customer_insight.clv.value_draws import ValueDraws

from .conftest import TRUTHS

SPEND = GammaGamma.from_parameters(p=6.25, q=3.74, v=1544.0)
TERMS = {"horizon": "52 weeks", "discount_per_year": 0.1, "margin": 0.4}


@pytest.fixture(scope="module")
def summary(drawn):
    table = drawn(BGNBD, 400, 5)
    spent = np.rint(SPEND.simulate(table["repeat_purchases"], seed=6)).astype(np.int64)
    return table.with_columns(repeat_amount=pl.Series(spent))


@pytest.mark.parametrize("kind", [BGNBD, MBGNBD, ParetoNBD])
def test_draws_have_the_mean_and_spread_of_the_models(kind, truth, summary):
    source = ValueDraws((truth(kind), SPEND), summary, **TERMS)
    total = source.of_all(4000, np.random.default_rng(1))
    assert abs(total.mean() - source.mean.sum()) < 4 * total.std() / np.sqrt(len(total))
    value = truth(kind).discounted_value(
        summary, SPEND.expected_spend(summary), horizon="52 weeks", discount_per_year=0.1
    )
    np.testing.assert_allclose(source.mean, 0.4 * value, rtol=1e-12)


def test_a_heavy_buyer_among_light_ones_is_drawn_to_the_end(truth, summary):
    """Who buys hundreds of times needs more counts than the others, who get no more for it."""
    heavy = {"repeat_purchases": [300], "weeks_first_to_last": [50.0], "weeks_observed": [50.1]}
    table = pl.concat([summary, pl.DataFrame(heavy | {"repeat_amount": [600_000]})])
    asked = []

    class Counted(BGNBD):
        def conditional_count_distribution(self, summary, *, horizon, most):
            asked.append((most, len(summary)))
            return super().conditional_count_distribution(summary, horizon=horizon, most=most)

    model = Counted.from_parameters(unit="week", **TRUTHS[BGNBD])
    source = ValueDraws((model, SPEND), table, **TERMS)
    of_heavy = np.concatenate(
        [block.T for block in source.of_each_history(4000, np.random.default_rng(1))]
    )[source.history[-1]]
    error = of_heavy.std() / np.sqrt(len(of_heavy))
    assert abs(of_heavy.mean() - source.mean[-1]) < 4 * error < 0.1 * source.mean[-1]
    assert asked[0][0] < 100 < asked[0][1]
    assert asked[-1][0] > 300
    assert asked[-1][1] == 1


def test_counts_follow_their_distribution(truth, summary):
    source = ValueDraws((truth(BGNBD), SPEND), summary, **TERMS)
    nothing = np.concatenate(
        [
            (block == 0).mean(axis=0)
            for block in source.of_each_history(4000, np.random.default_rng(2))
        ]
    )[source.history]
    chance = truth(BGNBD).conditional_count_distribution(summary, horizon="52 weeks", most=0)[:, 0]
    spread = np.sqrt(chance * (1 - chance) / 4000)
    assert np.max(np.abs(nothing - chance) / np.maximum(spread, 1e-3)) < 5


def test_the_variance_of_one_customer_by_the_law_of_total_variance(truth):
    """Var = E[n] V + E[n] s2 + Var(n) m2 + ..., written with the moments of the gamma posterior."""
    one = pl.DataFrame(
        {
            "repeat_purchases": [30],
            "weeks_first_to_last": [50.0],
            "weeks_observed": [50.5],
            "repeat_amount": [90_000],
        }
    )
    model = truth(BGNBD)
    chance = model.conditional_count_distribution(one, horizon="52 weeks", most=200)[0]
    n = np.arange(201)
    shape, rate = SPEND.p_ * 30 + SPEND.q_, SPEND.v_ + 90_000
    first, second = rate / (shape - 1), rate**2 / ((shape - 1) * (shape - 2))
    by_count = SPEND.p_ * n * (SPEND.p_ * n + 1) * second
    mean = chance @ (SPEND.p_ * n) * first
    variance = chance @ by_count - mean**2
    source = ValueDraws((model, SPEND), one, horizon="52 weeks", discount_per_year=0.0, margin=1.0)
    drawn = source.of_all(200_000, np.random.default_rng(3))
    assert drawn.mean() == pytest.approx(mean, rel=0.01)
    assert drawn.var() == pytest.approx(variance, rel=0.02)


@pytest.mark.parametrize("kind", [pl.DataFrame, pd.DataFrame])
def test_row_order_and_kind_of_frame_do_not_matter(kind, truth, summary):
    turned = summary.reverse()
    turned = turned if kind is pl.DataFrame else pd.DataFrame(turned.to_dict(as_series=False))
    straight = ValueDraws((truth(BGNBD), SPEND), summary, **TERMS)
    other = ValueDraws((truth(BGNBD), SPEND), turned, **TERMS)
    np.testing.assert_array_equal(straight.mean, other.mean[::-1])
    np.testing.assert_array_equal(straight.history, other.history[::-1])
    totals = [source.of_all(50, np.random.default_rng(1)) for source in (straight, other)]
    np.testing.assert_array_equal(*totals)


@pytest.mark.parametrize("margin", [0, 1.5, -0.1, True])
def test_a_margin_that_is_no_share_is_refused(margin, truth, summary):
    with pytest.raises(ValueError, match=r"margin_rate is .*, and must lie above 0 and up to 1"):
        ValueDraws((truth(BGNBD), SPEND), summary, **TERMS | {"margin": margin})


def test_what_is_no_pair_is_refused(truth, summary):
    for models in (truth(BGNBD), (SPEND, truth(BGNBD)), (truth(BGNBD),)):
        with pytest.raises(ValueError, match="models must be a pair of fitted models"):
            ValueDraws(models, summary, **TERMS)
