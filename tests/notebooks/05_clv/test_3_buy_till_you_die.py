"""The published numbers that the lesson rests on, and its marks by the truth, found again."""

import datetime as dt
import importlib.util
import re
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from lifetimes import BetaGeoFitter, GammaGammaFitter
from scipy.stats import spearmanr

from customer_insight import clv, data, features, stats
from customer_insight.course.house import find_house
from customer_insight.course.notebook import read_notebook
from customer_insight.data.mechanisms import mechanism

STOP = dt.date(1997, 9, 30)
HALF_YEAR = dt.date(2024, 6, 30)  # the date at which the lesson looks at Qinghe
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


def test_marks_on_weeks_seen_and_held_back_by_the_peer(
    transactions, summary, model, history, shown
):
    x, _, observed = history
    later = features.holdout_purchases(transactions, as_of=STOP, horizon="39 weeks")
    later = later.set_index("customer_id")["later_purchases"].loc[summary["customer_id"]]
    said = {
        "model": model.conditional_expected_number_of_purchases_up_to_time(39, *history),
        "same rate": 39 * x / observed,
    }
    for weeks, came in (("seen", 39 * x / observed), ("held back", later)):
        for rule, forecast in said.items():
            error = np.sqrt(np.mean((forecast.to_numpy() - came.to_numpy()) ** 2))
            row = rf"{weeks} +{rule} +{100 * forecast.sum() / came.sum():.1f}% {error:.2f}"
            assert re.search(row, shown)


@pytest.fixture(scope="module")
def qinghe():
    """Return the days on which each customer of Qinghe bought, with segment and yuan."""
    orders = data.load("company_orders")
    orders = orders[orders["side"] == "person"]
    yuan = data.load("company_order_lines").groupby("order_id")["amount"].sum() / 100
    segment = data.load("company_truth_people").set_index("customer_id")["segment"]
    orders = orders.assign(
        yuan=orders["order_id"].map(yuan), segment=orders["customer_id"].map(segment)
    )
    return orders[["customer_id", "order_id", "ordered_at", "yuan", "segment"]]


@pytest.fixture(scope="module")
def at(qinghe):
    """Return the summary of a segment at a date, with the truth about its customers, and days."""

    @cache
    def known(segment, as_of):
        bought = data.transactions(
            qinghe[qinghe["segment"] == segment],
            customer="customer_id",
            day="ordered_at",
            amount="yuan",
            order="order_id",
        )
        past = features.purchase_summary(bought, as_of=as_of, unit="week")
        truth = data.load("company_truth_future")
        truth = truth[truth["as_of"] == pd.Timestamp(as_of)]
        past = past.merge(truth).sort_values("customer_id", ignore_index=True)
        return past, bought[bought["day"] <= (as_of - dt.date(1970, 1, 1)).days]

    return known


@pytest.fixture(scope="module")
def shown():
    """Return the texts that the stored lesson shows."""
    lesson = read_notebook(find_house().notebooks / "05_clv" / "3_buy_till_you_die.ipynb")
    outputs = [out for cell in lesson.cells if cell.cell_type == "code" for out in cell.outputs]
    return "\n".join(out["data"]["text/plain"] for out in outputs if "data" in out)


def numbers(shown, pattern):
    """Return the numbers of one place in what the lesson shows."""
    (groups,) = re.findall(pattern, shown)
    return [float(group.replace(",", "")) for group in groups]


def test_qinghes_customers_order_once_a_day_so_that_orders_are_purchases(qinghe, at):
    days = qinghe.assign(day=qinghe["ordered_at"].dt.normalize())
    assert not days.duplicated(["customer_id", "day"]).any()
    past, _ = at("rhythm", HALF_YEAR)
    later = days[days["day"] > pd.Timestamp(HALF_YEAR)].groupby("customer_id").size()
    came = past["customer_id"].map(later).fillna(0)
    assert (came == past["actual_orders"]).all()


def test_steady_is_drawn_from_the_numbers_that_the_lesson_types(shown):
    facts, table = mechanism("steady"), shown.split(" steady customers, in weeks\n")[1]
    for row, name in zip(table.splitlines()[1:], ("r", "alpha", "a", "b"), strict=False):
        parameter, *told = row.split()
        drawn, estimate, error = map(float, told)
        assert (parameter, drawn) == (name, facts[name])
        assert abs(estimate - drawn) < 2 * error


@pytest.mark.parametrize("segment", ["steady", "rhythm"])
def test_marks_of_bg_nbd_and_same_rate_by_the_peer_and_by_hand(shown, at, segment):
    past, _ = at(segment, HALF_YEAR)
    times = past["repeat_purchases"], past["weeks_first_to_last"], past["weeks_observed"]
    peer = BetaGeoFitter().fit(*times)
    weeks = past["days"].iloc[0] / 7
    true = past["expected_orders"]
    forecasts = {
        "BG/NBD": peer.conditional_expected_number_of_purchases_up_to_time(weeks, *times),
        "same rate": (times[0] / times[2] * weeks).fillna(0),
    }
    for name, found in forecasts.items():
        total, _, rmse, order = numbers(
            shown, rf"\n *{name} +{segment} +([\d.]+)% +([\d.]+)% +([\d.]+) +([\d.]+)"
        )
        assert total == pytest.approx(100 * found.sum() / true.sum(), abs=0.06)
        assert rmse == pytest.approx(np.sqrt(((found - true) ** 2).mean()), abs=0.006)
        assert order == pytest.approx(spearmanr(found, true).statistic, abs=0.006)


def test_intervals_hold_what_they_promise_in_steady_and_too_much_in_rhythm(shown, at):
    for segment, low, high in (("steady", -2, 2), ("rhythm", 2, np.inf)):
        customers = len(at(segment, HALF_YEAR)[0])
        promised, held = numbers(shown, rf"\n *BG/NBD +{segment} .* ([\d.]+)% ([\d.]+)%\n")
        spread = np.sqrt(promised * (100 - promised) / customers)
        assert low < (held - promised) / spread < high


def own_clock(model, past, bought, days):
    """Return the forecasts of BG/NBD, the same by each customer's own clock, and silences."""
    bought = bought.sort_values(["customer_id", "day"])
    ratios = []
    for _, own in bought.groupby("customer_id")["day"]:
        gaps = np.diff(own.unique())
        if len(gaps) >= 5:
            ratios.extend(gaps / gaps.mean())
    usual = (past["weeks_first_to_last"] + model.alpha_) / (past["repeat_purchases"] + model.r_)
    silent = (past["weeks_observed"] - past["weeks_first_to_last"]) / usual
    said = model.expected_purchases(past, horizon=f"{days} days")
    there = silent <= np.quantile(ratios, 0.99)
    return said, np.where(there, said / model.probability_alive(past), 0), silent


def test_money_promised_to_the_silent_of_rhythm(shown, at):
    past, bought = at("rhythm", HALF_YEAR)
    model = clv.BGNBD().fit(past)
    said, _, silent = own_clock(model, past, bought, 184)
    yuan = clv.GammaGamma().fit(past[past["repeat_purchases"] > 0]).expected_spend(past) / 100
    late = silent > 2
    wanted = [(said * yuan)[late].sum(), past["expected_amount"][late].sum() / 100]
    wanted += [(said * yuan)[~late].sum(), past["expected_amount"][~late].sum() / 100]
    pattern = r"expects ¥([\d,]+), the truth is ¥([\d,]+)\. All others: ¥([\d,]+) and ¥([\d,]+)\."
    assert numbers(shown, pattern) == pytest.approx(wanted, abs=1)
    assert wanted[0] > 10 * wanted[1]
    assert wanted[2] < wanted[3]


@pytest.mark.evidence
@pytest.mark.parametrize("as_of", [dt.date(2023, 12, 31), HALF_YEAR, dt.date(2024, 12, 31)])
def test_the_own_clock_lowers_the_mean_error_in_rhythm_at_every_date_and_raises_it_in_steady(
    as_of, at
):
    verdicts = {}
    for segment in ("steady", "rhythm"):
        past, bought = at(segment, as_of)
        said, clock, _ = own_clock(clv.BGNBD().fit(past), past, bought, past["days"].iloc[0])
        rules = {"own clock": clock, "BG/NBD": said}
        report = stats.holdout_report(past["expected_orders"], rules, against="BG/NBD")
        verdicts[segment] = report.differences.set_index("measure")["verdict"]
    assert (verdicts["steady"][["MAE", "RMSE", "Spearman"]] == "worse").all()
    assert verdicts["rhythm"]["MAE"] == "better"
    in_winter = as_of.month == 12
    assert verdicts["rhythm"]["RMSE"] == ("not separated" if in_winter else "better")


def test_after_the_first_year_no_model_is_fitted_to_rhythm(at):
    past, _ = at("rhythm", dt.date(2022, 12, 31))
    for kind in (clv.BGNBD, clv.MBGNBD, clv.ParetoNBD):
        with pytest.raises(clv.FitRefusedError, match="Nobody seems to leave"):
            kind().fit(past)


def test_july_and_august_by_the_months_themselves(shown, qinghe):
    tea = qinghe[qinghe["segment"] == "rhythm"]
    first = tea.groupby("customer_id")["ordered_at"].min()
    told = numbers(
        shown, r"rhythm customers made (\d+)% in July .*? in the year before it was (\d+)%"
    )
    for year, share in zip((2024, 2023), told, strict=True):
        known = first.index[first < f"{year}-07-01"]
        own = tea[tea["customer_id"].isin(known) & (tea["ordered_at"].dt.year == year)]
        months = own["ordered_at"].dt.month.value_counts()
        summer = months[[7, 8]].sum() / months[[7, 8, 9, 10, 11, 12]].sum()
        assert share == round(100 * summer)
