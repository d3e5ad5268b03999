import numpy as np
import pytest

from customer_insight.clv import BGNBD, MBGNBD, ParetoNBD
from customer_insight.clv.history_grid import history_grid

MODELS = [
    BGNBD.from_parameters(unit="week", r=0.243, alpha=4.414, a=0.793, b=2.426),
    MBGNBD.from_parameters(unit="week", r=0.525, alpha=6.183, a=0.891, b=1.614),
    ParetoNBD.from_parameters(unit="week", r=0.553, alpha=10.578, s=0.606, beta=11.669),
]


@pytest.mark.parametrize("model", MODELS)
def test_the_later_the_last_purchase_the_more_alive(model):
    grid = history_grid(model, repeat_purchases=6, observed=38.0)
    assert 2 < len(grid) <= 40
    assert np.all(np.diff(grid["probability_alive"]) > 0)
    assert np.all(np.diff(grid["expected_purchases"]) > 0)
    assert grid["last_purchase"].iloc[-1] == 38.0
    assert (grid["last_purchase"] + grid["silence"]).to_numpy() == pytest.approx(38.0)


def test_the_more_purchases_the_more_a_silence_says():
    # The published surprise: of two customers silent as long, the busier one is the likelier gone.
    rare, busy = (
        history_grid(MODELS[0], repeat_purchases=x, observed=38.0).set_index("silence")
        for x in (1, 12)
    )
    same = rare.index.intersection(busy.index)
    long_silence = same[same > 20]
    assert len(long_silence) > 0
    assert (
        rare.loc[long_silence, "probability_alive"] > busy.loc[long_silence, "probability_alive"]
    ).all()


def test_without_a_repeat_there_is_one_row():
    grid = history_grid(MODELS[0], repeat_purchases=0, observed=38.0)
    assert grid[["last_purchase", "probability_alive"]].to_numpy().tolist() == [[0.0, 1.0]]


def test_a_model_in_days_is_asked_in_days():
    model = BGNBD.from_parameters(unit="day", r=0.243, alpha=4.414 * 7, a=0.793, b=2.426)
    in_days = history_grid(model, repeat_purchases=4, observed=266)
    in_weeks = history_grid(MODELS[0], repeat_purchases=4, observed=38.0)
    assert in_days["probability_alive"].to_numpy() == pytest.approx(
        in_weeks["probability_alive"].to_numpy(), rel=1e-12
    )


def test_a_horizon_without_its_unit_is_refused():
    with pytest.raises(ValueError, match="52 weeks"):
        history_grid(MODELS[0], repeat_purchases=4, observed=38.0, horizon=52)
