import numpy as np
import polars as pl
import pytest

from customer_insight.clv import GammaGamma
from customer_insight.clv.event_economics import OrderEconomics, OrderEvent, unit_money
from customer_insight.clv.gamma_poisson import GammaPoisson

SPEND = GammaGamma.from_parameters(p=5.0, q=4.0, v=4800.0)
RATE = GammaPoisson.from_parameters(shape=1.0, exposure=20.0)
SUMMARY = pl.DataFrame({"repeat_purchases": [2, 0], "repeat_amount": [20_000, 0]})


def test_what_an_order_brings_by_hand():
    returns = OrderEvent("return", RATE, [1, 0], revenue=-7000, cost=1000)
    found = unit_money(SPEND, SUMMARY, [returns], OrderEconomics(margin=0.4, order_cost=600))
    spend = np.array([5 * 24_800 / 13, 5 * 4800 / 3])
    rate = np.array([2 / 23, 1 / 21])  # (shape + events) over (exposure + orders)
    assert found.spend == pytest.approx(spend)
    assert found.rates[0] == pytest.approx(rate)
    assert found.net == pytest.approx(0.4 * spend - 600 - 8000 * rate)
    between = spend**2 / np.array([12, 2])
    posterior = np.array([2 / 23**2, 1 / 21**2])
    assert found.net_variance == pytest.approx(0.16 * between + 8000**2 * posterior)
    assert found.noise == pytest.approx(0.16 * (spend**2 + between) / 5 + 8000**2 * rate)


@pytest.mark.parametrize("terms", [{"margin": 40}, {"margin": 0.4, "order_cost": -1}])
def test_per_cent_and_negative_costs_are_refused(terms):
    with pytest.raises(ValueError, match=r"margin is .* share above 0 and up to 1"):
        OrderEconomics(**terms)


@pytest.mark.parametrize(
    ("event", "message"),
    [
        (OrderEvent("return", RATE, [1]), "counts of return has 1 values for 2 customers"),
        (OrderEvent("return", RATE, [1, 0], cost=-5), "return: .* cost 0 or more"),
    ],
)
def test_events_beside_nobody_are_refused(event, message):
    with pytest.raises(ValueError, match=message):
        unit_money(SPEND, SUMMARY, [event], OrderEconomics(margin=0.4))
