"""The published numbers that the lesson rests on, by the same calls as in the lesson."""

import datetime as dt
import importlib.util
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from lifetimes import BetaGeoFitter, GammaGammaFitter

from customer_insight import data, features
from customer_insight.course.house import find_house
from customer_insight.course.notebook import read_notebook

STOP = dt.date(1997, 9, 30)
pytestmark = pytest.mark.filterwarnings("ignore:.*:RuntimeWarning")  # lifetimes' line search


@pytest.fixture(scope="module")
def transactions():
    orders = data.load("cdnow_sample")
    return data.transactions(orders, customer="master_id", day="date", amount="dollar_value")


@pytest.fixture(scope="module")
def summary(transactions):
    frame = features.purchase_summary(transactions, as_of=STOP, unit="week")
    return frame.sort_values("customer_id", ignore_index=True)


@pytest.fixture(scope="module")
def history(summary):
    return summary["repeat_purchases"], summary["weeks_first_to_last"], summary["weeks_observed"]


@pytest.fixture(scope="module")
def model(history):
    return BetaGeoFitter().fit(*history)


@pytest.fixture(scope="module")
def mean_spend(summary):
    return summary["repeat_amount"] / summary["repeat_purchases"].clip(lower=1) / 100


@pytest.fixture(scope="module")
def spend_model(history, mean_spend):
    return GammaGammaFitter().fit(history[0][history[0] > 0], mean_spend[history[0] > 0])


@pytest.fixture(scope="module")
def published():
    """The table that comes with lifetimes, its weeks rounded to two places, and both models."""
    folder = Path(importlib.util.find_spec("lifetimes").submodule_search_locations[0])
    table = pd.read_csv(folder / "datasets" / "cdnow_customers_summary_with_transactions.csv")
    back = table["x"] > 0
    model = BetaGeoFitter().fit(table["x"], table["t_x"], table["T"])
    return table, model, GammaGammaFitter().fit(table["x"][back], table["zbar"][back])


@pytest.fixture
def first_cells():
    """Return what runs the lesson with other settings, up to the cell that looks at them."""
    lesson = read_notebook(find_house().notebooks / "05_clv" / "3_buy_till_you_die.ipynb")
    codes = [cell.source for cell in lesson.cells if cell.cell_type == "code"]
    last = next(place for place, code in enumerate(codes) if "weeks_left" in code)

    def run(**settings):
        names = {}
        exec(codes[0], names)
        names |= settings
        for code in codes[1 : last + 1]:
            exec(code, names)

    return run


def test_weeks_that_the_data_do_not_hold_are_refused_in_weeks_before_a_model_is_fitted(first_cells):
    first_cells(horizon_weeks=39)
    first_cells(horizon_weeks=52, as_of="1997-06-30")
    with pytest.raises(ValueError, match="horizon_weeks is 60, and the data end 39 weeks after"):
        first_cells(horizon_weeks=60)
    with pytest.raises(ValueError, match=r"horizon_weeks is 0, .* Choose at least 1 week"):
        first_cells(horizon_weeks=0)
    with pytest.raises(ValueError, match=r"the data end 0 weeks after as_of \(1998-06-30\)"):
        first_cells(as_of="1998-06-30")


def test_the_calibration_period(summary):
    assert len(summary) == 2357
    assert summary["repeat_purchases"].sum() == 2457
    assert (summary["repeat_purchases"] == 0).sum() == 1411


def test_the_hold_out(transactions):
    later = features.holdout_purchases(transactions, as_of=STOP, horizon="273 days")
    assert later["later_purchases"].sum() == 1882
    assert later["later_amount"].sum() == 7_097_639


def test_bg_nbd_on_the_cdnow_sample(model, history):
    found = model.params_[["r", "alpha", "a", "b"]].to_numpy()
    assert found == pytest.approx([0.24259, 4.4135, 0.79289, 2.4258], rel=1e-4)
    # lifetimes fits in time scaled by _scale and returns the mean of the negative logarithms.
    in_scaled_time = -model._negative_log_likelihood_ * len(history[0])
    log_likelihood = in_scaled_time + history[0].sum() * np.log(model._scale)
    assert log_likelihood == pytest.approx(-9582.43, abs=0.01)


def test_expected_purchases_of_one_customer(model):
    # Published as x = 2, t_x = 30.43, T = 38.86: 213 and 272 days, rounded to weeks.
    found = model.conditional_expected_number_of_purchases_up_to_time(39, 2, 213 / 7, 272 / 7)
    assert found == pytest.approx(1.2260, abs=5e-5)


def test_gamma_gamma_on_the_946_who_came_back(history, spend_model):
    assert (history[0] > 0).sum() == 946
    found = spend_model.params_[["p", "q", "v"]].to_numpy()
    assert found == pytest.approx([6.24957, 3.74422, 15.44353], rel=1e-4)


def test_everybody_who_bought_once_is_said_to_be_alive(model, history):
    alive = model.conditional_probability_alive(*history)
    assert (alive == 1).mean() == pytest.approx(0.599, abs=5e-4)


@pytest.mark.parametrize(
    ("freq", "first", "everybody"), [("W", 36.28, 71_509.90), ("D", 140.10, 266_621.60)]
)
def test_value_of_twelve_months_in_weeks_and_with_weeks_read_as_days(
    published, freq, first, everybody
):
    table, model, spend_model = published
    times = (table["x"], table["t_x"], table["T"])
    value = spend_model.customer_lifetime_value(
        model, *times, table["zbar"], time=12, discount_rate=0.01, freq=freq
    )
    assert value.iloc[0] == pytest.approx(first, abs=0.005)
    assert value.sum() == pytest.approx(everybody, abs=0.05)
