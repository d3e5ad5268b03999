import numpy as np
import polars as pl
import pytest

from customer_insight.clv import BGNBD, MBGNBD, FitRefusedError, ParetoNBD
from customer_insight.clv import sufficiency as module

MODELS = [BGNBD, MBGNBD, ParetoNBD]


def summary(customers, x, t_x, T):
    return pl.DataFrame(
        {
            "repeat_purchases": np.broadcast_to(x, customers),
            "weeks_first_to_last": np.broadcast_to(t_x, customers).astype(float),
            "weeks_observed": np.broadcast_to(T, customers).astype(float),
        }
    )


@pytest.mark.parametrize("model", MODELS)
def test_everyone_bought_once(model):
    with pytest.raises(
        FitRefusedError, match=rf"{model.__name__} .* all 500 customers bought once"
    ):
        model().fit(summary(500, 0, 0, 40))


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("customers", [1, module.FEWEST_CUSTOMERS - 1])
def test_one_customer_or_too_few(model, customers):
    with pytest.raises(FitRefusedError, match=rf"{customers} customers are too few, at least 100"):
        model().fit(summary(customers, 2, 3, 40))


@pytest.mark.parametrize("model", MODELS)
def test_too_few_came_back(model):
    x = np.where(np.arange(500) < module.FEWEST_REPEAT_BUYERS - 1, 1, 0)
    with pytest.raises(FitRefusedError, match="39 of 500 customers came back, and at least 40"):
        model().fit(summary(500, x, np.where(x, 3, 0), 40))


@pytest.mark.parametrize("model", MODELS)
def test_too_short_a_history_in_either_unit(model):
    with pytest.raises(FitRefusedError, match="longest history has 49 days, and at least 56"):
        model().fit(summary(500, 1, 3, 7))


@pytest.mark.parametrize("model", MODELS)
def test_no_time_without_a_purchase(model):
    with pytest.raises(FitRefusedError, match=r"bought on the very last day.*Check as_of"):
        model().fit(summary(500, 1, 40, 40))


def test_a_refusal_is_a_value_error():
    assert issubclass(FitRefusedError, ValueError)
