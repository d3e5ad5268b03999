import numpy as np
import pytest

from customer_insight.clv import BGNBD, GammaGamma
from customer_insight.clv.event_economics import OrderEconomics, OrderEvent, unit_money
from customer_insight.clv.event_table import event_columns, profit_variance
from customer_insight.clv.gamma_poisson import GammaPoisson
from customer_insight.clv.order_forecast import order_forecast

HISTORY, WEEKS, DRAWS = (10, 90.0, 100.0), 52, 400_000
BUYING = BGNBD.from_parameters(unit="week", r=0.9, alpha=8.0, a=0.9, b=3.6)
SPEND = GammaGamma.from_parameters(p=5.0, q=6.0, v=4800.0)
RATE = GammaPoisson.from_parameters(shape=1.0, exposure=20.0)
ECONOMICS = OrderEconomics(margin=0.4, order_cost=600.0)
EVENTS = [OrderEvent("return", RATE, [2], revenue=-7000.0, cost=1000.0)]


@pytest.fixture(scope="module")
def forecast(one):
    summary = one(HISTORY).with_columns(repeat_amount=90_000)
    orders = order_forecast(BUYING, summary, horizon=f"{WEEKS} weeks")
    return orders, unit_money(SPEND, summary, EVENTS, ECONOMICS)


@pytest.fixture(scope="module")
def drawn(forecast):
    """Return orders, returns and profit drawn from the posteriors of one customer."""
    orders, _ = forecast
    rng = np.random.default_rng(9)
    x, _, T = HISTORY
    rate = rng.gamma(BUYING.r_ + x, 1 / (BUYING.alpha_ + T), DRAWS)
    final = rng.geometric(np.maximum(rng.beta(BUYING.a_, BUYING.b_ + x, DRAWS), 1e-15))
    number = np.minimum(rng.poisson(rate * WEEKS), final) * (rng.random(DRAWS) < orders.alive[0])
    scale = (SPEND.v_ + 90_000) / rng.gamma(SPEND.p_ * x + SPEND.q_, 1.0, DRAWS)
    money = rng.gamma(np.maximum(SPEND.p_ * number, 1e-9)) * scale
    returns = rng.poisson(rng.gamma(3.0, 1 / 31.0, DRAWS) * number)
    return number, returns, 0.4 * money * (number > 0) - 600 * number - 8000 * returns


def test_numbers_chances_and_spread_are_those_of_drawn_futures(forecast, drawn):
    orders, money = forecast
    columns = event_columns(orders, money, EVENTS, ECONOMICS, factor=np.ones(1), days=7 * WEEKS)
    for name, number in (("order", drawn[0]), ("return", drawn[1])):
        assert columns[name].number[0] == pytest.approx(number.mean(), rel=0.01)
        assert columns[name].variance[0] == pytest.approx(number.var(), rel=0.02)
    assert columns["order"].chance[0] == pytest.approx((drawn[0] > 0).mean(), abs=0.003)
    # the approximation in the notes: within two hundredths
    assert columns["return"].chance[0] == pytest.approx((drawn[1] > 0).mean(), abs=0.02)


def test_profit_and_its_variance_are_those_of_drawn_futures(forecast, drawn):
    orders, money = forecast
    columns = event_columns(orders, money, EVENTS, ECONOMICS, factor=np.ones(1), days=7 * WEEKS)
    profit = sum(each.revenue - each.cost for each in columns.values())
    assert profit[0] == pytest.approx(drawn[2].mean(), rel=0.01)
    found = profit_variance(orders, money, ECONOMICS, factor=np.ones(1))
    assert found[0] == pytest.approx(drawn[2].var(), rel=0.02)


def test_discount_and_lapse_cost_are_taken_off(forecast):
    orders, money = forecast
    terms = OrderEconomics(margin=0.4, order_cost=600.0, lapse_cost=1000.0)
    whole, half = (
        event_columns(orders, money, EVENTS, terms, factor=np.full(1, f), days=364)
        for f in (1, 0.5)
    )
    assert whole["lapse"].cost == pytest.approx(1000 * orders.leaves)
    for name, each in whole.items():
        assert half[name].revenue == pytest.approx(0.5 * each.revenue)
        assert half[name].cost == pytest.approx(0.5 * each.cost)
        assert half[name].number == each.number
    more = profit_variance(orders, money, terms, factor=np.ones(1)) ** 0.5
    less = profit_variance(orders, money, ECONOMICS, factor=np.ones(1)) ** 0.5
    assert more - less == pytest.approx(1000 * np.sqrt(orders.leaves * (1 - orders.leaves)))
