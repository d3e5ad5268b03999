import sys

import numpy as np
import polars as pl
import pytest

from customer_insight.clv import BGNBD, MBGNBD, ParetoNBD
from customer_insight.clv.count_intervals import count_intervals

CUSTOMERS = [(0, 0, 39), (2, 30.43, 38.86), (9, 38, 39), (9, 12, 39), (40, 60, 104), (90, 104, 104)]


@pytest.mark.parametrize("kind", [BGNBD, MBGNBD, ParetoNBD])
@pytest.mark.parametrize("confidence", [0.5, 0.95])
def test_ends_and_promise_by_hand_from_the_models_own_chances(kind, confidence, truth, one):
    model, summary = truth(kind), one(*CUSTOMERS)
    found = count_intervals(model, summary, horizon="26 weeks", confidence=confidence)
    chances = model.conditional_count_distribution(summary, horizon="26 weeks", most=400)
    assert found.confidence == confidence
    assert found.low.max() > 0
    for low, high, promised, chance in zip(
        found.low, found.high, found.promised, chances, strict=True
    ):
        tail = (1 - confidence) / 2
        assert chance[:low].sum() < tail <= chance[: low + 1].sum()
        assert chance[:high].sum() < 1 - tail <= chance[: high + 1].sum()
        assert promised == pytest.approx(chance[low : high + 1].sum(), abs=1e-12)
        assert promised >= confidence - 1e-12


def bought_until(weeks, last, gaps):
    """Return how many purchases come until so many weeks, none after the one where they leave."""
    return np.minimum((np.cumsum(gaps, axis=1) <= weeks).sum(axis=1), last)


def test_drawn_customers_lie_inside_as_often_as_promised(truth):
    """Two coins by hand: 4,000 customers watched for 60 weeks, then for 30 more."""
    model, rng, size = truth(BGNBD), np.random.default_rng(5), 4000
    rate = rng.gamma(model.r_, 1 / model.alpha_, size)
    last = rng.geometric(rng.beta(model.a_, model.b_, size))
    gaps = rng.exponential(1 / rate, (400, size)).T
    before, in_all = (bought_until(weeks, last, gaps) for weeks in (60, 90))
    arrived = np.cumsum(gaps, axis=1)
    latest = arrived[np.arange(size), np.maximum(before - 1, 0)]
    summary = pl.DataFrame(
        {
            "repeat_purchases": before,
            "weeks_first_to_last": np.where(before > 0, latest, 0.0),
            "weeks_observed": np.full(size, 60.0),
        }
    )
    for confidence in (0.5, 0.8, 0.95):
        found = count_intervals(model, summary, horizon="30 weeks", confidence=confidence)
        inside = (in_all - before >= found.low) & (in_all - before <= found.high)
        spread = np.sqrt((found.promised * (1 - found.promised)).sum()) / size
        assert inside.mean() == pytest.approx(found.promised.mean(), abs=4 * spread)


def test_neither_the_order_nor_the_kind_of_frame_nor_the_blocks_matter(truth, one, monkeypatch):
    model, summary = truth(BGNBD), one(*CUSTOMERS)
    whole = count_intervals(model, summary, horizon="26 weeks")
    turned = count_intervals(model, summary[::-1], horizon="26 weeks")
    pandas = count_intervals(model, summary.to_pandas(), horizon="26 weeks")
    module = sys.modules["customer_insight.clv.count_intervals"]  # the package has the function
    monkeypatch.setattr(module, "_ROWS", 2)
    blocks = count_intervals(model, summary, horizon="26 weeks")
    for name in ("low", "high", "promised"):
        wanted = getattr(whole, name)
        for found in (getattr(turned, name)[::-1], getattr(pandas, name), getattr(blocks, name)):
            np.testing.assert_allclose(found, wanted, rtol=1e-12)


def test_counts_beyond_the_first_table_are_found_and_beyond_the_last_refused(one):
    model = BGNBD.from_parameters(unit="week", r=90.0, alpha=10.0, a=0.01, b=90.0)
    busy = one((900, 100, 100))
    found = count_intervals(model, busy, horizon="52 weeks")
    assert 300 < found.low[0] < 468 < found.high[0] < 600
    with pytest.raises(ValueError, match=r"for 1 customers .*'300 weeks' ends beyond 1,000"):
        count_intervals(model, busy, horizon="300 weeks")


@pytest.mark.parametrize("confidence", [0, 1, 95, "0.95"])
def test_a_confidence_that_is_no_share_is_refused(confidence, truth, one):
    with pytest.raises(ValueError, match="confidence"):
        count_intervals(truth(BGNBD), one((0, 0, 39)), horizon="1 week", confidence=confidence)
