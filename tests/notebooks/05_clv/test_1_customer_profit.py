"""The lesson's main numbers, by plain arithmetic on the tables, without the library's chapters."""

import re

import numpy as np
import pandas as pd
import pytest
from scipy import stats as reference

from customer_insight import data
from customer_insight.course.house import find_house
from customer_insight.course.notebook import read_notebook

STOP, END = pd.Timestamp("2023-12-31"), pd.Timestamp("2024-12-31")
PER_UNIT = {"kg": 1000, "100_yuan": 10_000}


@pytest.fixture(scope="module")
def said():
    """Return what the stored lesson says in text, cell by cell, in one piece."""
    lesson = read_notebook(find_house().notebooks / "05_clv" / "1_customer_profit.ipynb")
    outputs = [out for cell in lesson.cells for out in cell.get("outputs", [])]
    return "\n".join(out.get("data", {}).get("text/plain", "") for out in outputs)


@pytest.fixture(scope="module")
def rates():
    table = data.load("company_cost_rates")
    price = table["rate"] / table["driver"].map(PER_UNIT).fillna(1)
    return price.set_axis(pd.MultiIndex.from_frame(table[["activity", "year"]]))


@pytest.fixture(scope="module")
def calls(rates):
    table = data.load("company_service_contacts")
    used = pd.MultiIndex.from_arrays([table["channel"] + "_service", table["day"].dt.year])
    return table.assign(cost=table["minutes"] * rates.reindex(used).to_numpy())


@pytest.fixture(scope="module")
def lines():
    orders = data.load("company_orders")
    goods = data.load("company_products")
    goods["grams"] = goods["weight_g"].fillna(goods["pack"] * goods["size_ml"])
    table = data.load("company_order_lines").merge(orders[orders["side"] == "person"])
    table = table.merge(goods[["product_id", "unit_cost", "cost_quantity", "grams"]])
    return table.assign(day=table["ordered_at"].dt.normalize())


@pytest.fixture(scope="module")
def returned(lines):
    kept = lines[["order_id", "line", "customer_id", "unit_cost", "cost_quantity"]]
    return data.load("company_returns").merge(kept, on=["order_id", "line"])


@pytest.fixture(scope="module")
def profit(rates, calls, lines, returned):
    """Return profit until the books close and in the year after, fen, before winning; and winning.

    Each booking is priced by itself and never shared out, so whole fen are not kept.
    """
    people = data.load("company_customers").set_index("customer_id")
    year = lines["day"].dt.year

    def rate(activity, years):
        return years.map(rates[activity])

    work = (
        rate("picking", year) + rate("delivery_weight", year) * lines["quantity"] * lines["grams"]
    )
    first = ~lines.duplicated("order_id")
    work = (work + first * (rate("packing", year) + rate("delivery", year))).where(
        lines["channel"] == "web", first * rate("till", year)
    )
    work += rate("payment_fee", year) * lines["amount"]
    goods = lines["quantity"] * lines["unit_cost"] / lines["cost_quantity"]
    came = returned["returned_on"].dt.year
    again = returned["quantity"] * returned["unit_cost"] / returned["cost_quantity"]
    again = again.where(returned["condition"] == "as_new", 0) - rate("return_handling", came)
    points = data.load("company_points")
    points = points[points["kind"] == "redeem"]
    booked = [
        (lines, lines["day"], lines["amount"] - goods - work),
        (returned, returned["returned_on"], again - returned["refund"]),
        (points, points["day"], points["points"]),
        (calls, calls["day"], -calls["cost"]),
    ]
    booked = pd.concat(
        [pd.DataFrame({"id": of["customer_id"], "day": day, "fen": fen}) for of, day, fen in booked]
    )
    halves = (
        booked.assign(past=booked["day"] <= STOP).groupby(["id", "past"])["fen"].sum().unstack()
    )
    halves = halves.reindex(people.index[people["signed_up_on"] <= STOP]).fillna(0)
    return halves[True], halves[False], _won(people).reindex(halves.index)


def _won(people):
    """Return what it cost to win each member: a month's spend evenly, and rewards paid by STOP."""
    spend = data.load("company_acquisition_spend")
    spend = spend.set_index(spend["month"].dt.strftime("%Y-%m ") + spend["acquisition_channel"])
    by = people["signed_up_on"].dt.strftime("%Y-%m ") + people["acquisition_channel"]
    own = by.map(spend["spend"] / by.value_counts())
    paid = data.load("company_referrals")
    paid = paid[paid["day"] <= STOP].groupby("referred_id")["reward"].sum()
    return own.add(paid.reindex(people.index).fillna(0))


@pytest.fixture(scope="module")
def demanding(lines, calls):
    """Return who is called demanding: four minutes of service or more for a day with an order."""
    days = lines[lines["day"] <= STOP].groupby("customer_id")["day"].nunique()
    minutes = calls[calls["day"] <= STOP].groupby("customer_id")["minutes"].sum()
    asked = minutes.reindex(days.index).fillna(0) / days
    return asked.index[asked >= 4]


def test_who_cost_money(said, profit):
    past, _, won = profit
    below = past - won < 0
    spent = won[below].sum() / 100
    assert f"{below.sum():,} of {len(past):,} members cost money" in said
    assert f"{(past[below] >= 0).sum():,} of the {below.sum():,} do not cost money" in said
    assert f"¥{spent:,.0f} that were spent" in said
    total = (past - won).sum()
    assert f"peak is at {(past - won).clip(lower=0).sum() / total:.1%} of the profit" in said


def test_one_members_contacts_by_hand(said, calls):
    past = calls[calls["day"] <= STOP].groupby("customer_id")["cost"].agg(["size", "sum"])
    caller = past.index[past["size"] == 3].min()
    cost = f"¥{past.loc[caller, 'sum'] / 100:.2f}"
    assert f"{cost} by hand, {cost} in the profit and loss" in said


def test_a_rate_by_hand_is_that_of_the_library(said):
    number = r"(0\.\d{3})"
    found = re.search(rf"hand: {number} and {number}; by the library: {number} and {number}", said)
    once, often, *fitted = found.groups()
    assert fitted == [once, often]
    assert float(often) < float(once) < 30 * float(often)


def test_the_events_that_came(said, lines, returned, calls):
    known = lines.loc[lines["day"] <= STOP, "customer_id"].unique()
    rows = {
        "order": lines.drop_duplicates(["customer_id", "day"]),
        "return": returned.assign(day=returned["returned_on"]),
        "call": calls[calls["reason"] != "complaint"],
        "complaint": calls[calls["reason"] == "complaint"],
        "referral": data.load("company_referrals").rename(columns={"referrer_id": "customer_id"}),
        "lapse": data.load("company_truth_people").assign(day=lambda table: table["left_on"]),
    }
    for event, table in rows.items():
        inside = table["customer_id"].isin(known) & table["day"].between(STOP, END)
        inside &= table["day"] > STOP
        assert f"{inside.sum():,}" == _came(said, event), event


def _came(said, event):
    """Return the last number in the row of an event, below the figure of the forecast."""
    table = said[said.index("number number_low number_high") :].splitlines()
    return next(line.split()[-1] for line in table if line.split()[:1] == [event])


def test_what_chat_for_the_demanding_would_have_saved(said, demanding, calls, profit):
    later = calls["customer_id"].isin(demanding) & (calls["day"] > STOP)
    minutes = calls.loc[later & (calls["channel"] == "phone"), "minutes"].sum()
    saved = minutes * (2.43 - 1.21)
    stake = profit[1].reindex(demanding).sum() / 100
    assert len(demanding) == 523
    assert f"it would have been ¥{saved:,.0f}." in said
    assert f"They brought ¥{stake:,.0f}: if more than {saved / stake:.1%}" in said


def test_the_second_channel_beside_the_control(said):
    contacts = data.load("company_campaign_contacts")
    contacts = contacts[contacts["campaign_id"] == "CA2"]
    arms = data.load("company_campaign_arms")
    cost = arms[arms["campaign_id"] == "CA2"].set_index("arm")["cost"]
    net = contacts["margin"] - contacts["arm"].map(cost)
    one, other = (net[contacts["arm"] == arm] / 100 for arm in ("multichannel", "control"))
    welch = reference.ttest_ind(one, other, equal_var=False)
    low, high = welch.confidence_interval(0.95)
    row = f"added_margin second channel {one.mean() - other.mean():.2f} {low:.2f} {high:.2f}"
    assert row in " ".join(said.split())
    strict = welch.confidence_interval(1 - 0.05 / 4).low
    assert low > 0 > strict
    assert f"that end is at ¥{strict:.0f}" in said


def test_by_the_truth_of_all_arms_the_winner_was_lucky(said):
    truth = data.load("company_truth_campaigns")
    mean = truth[truth["campaign_id"] == "CA2"].groupby("arm")["expected_amount"].mean() / 100
    known = mean["multichannel"] - mean["control"]
    assert 0 < known < 12
    assert f"¥{known:.0f} by the truth of all arms" in said


def test_those_called_demanding_are(said, demanding, lines):
    truth = data.load("company_truth_demandingness").set_index("customer_id")["demandingness"]
    known = lines.loc[lines["day"] <= STOP, "customer_id"].unique()
    others = np.setdiff1d(known, demanding)
    means = truth[demanding].mean(), truth[others].mean()
    assert f"{means[0]:.1f} for those called demanding, {means[1]:.1f} for the others" in said
    assert means[0] > 3 * means[1]
