"""The lesson's main numbers, each found again by another way than the lesson's."""

import re

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import brentq
from scipy.stats import poisson

from customer_insight import clv, data
from customer_insight.course.house import find_house
from customer_insight.course.notebook import read_notebook

END = pd.Timestamp("2024-12-31")


@pytest.fixture(scope="module")
def shown():
    """Return the texts that the stored lesson shows."""
    lesson = read_notebook(find_house().notebooks / "05_clv" / "4_beyond_purchases.ipynb")
    outputs = [out for cell in lesson.cells if cell.cell_type == "code" for out in cell.outputs]
    return "\n".join(out["data"]["text/plain"] for out in outputs if "data" in out)


def found(shown, pattern):
    """Return the numbers of one place in what the lesson shows."""
    (groups,) = re.findall(pattern, shown)
    return [float(group.replace(",", "")) for group in groups]


@pytest.fixture(scope="module")
def codes():
    return data.load("company_referrals").set_index("referred_id")["referrer_id"]


@pytest.fixture(scope="module")
def causes():
    truth = data.load("company_truth_referrals").set_index("referred_id")
    return truth["caused_by"].dropna()


def test_codes_and_causes_counted_by_hand(shown, codes, causes):
    claimed, caused, both = (
        found(shown, rf"\n *{who} +(\d+) +([\d,]+)")[0]
        for who in ("used a code", "truly won by somebody", "both, by the same person")
    )
    same = sum(causes.get(referred) == referrer for referred, referrer in codes.items())
    assert (claimed, caused, both) == (len(codes), len(causes), same) == (894, 868, 576)


@pytest.fixture(scope="module")
def sold():
    """Return the order lines of people: customer, year, fen."""
    orders = data.load("company_orders")
    orders = orders[orders["side"] == "person"].assign(year=orders["ordered_at"].dt.year)
    lines = data.load("company_order_lines")[["order_id", "amount"]]
    return lines.merge(orders[["order_id", "customer_id", "year"]], on="order_id")


def test_claimed_spending_is_1_66_times_its_true_part(sold, codes, causes):
    spent = sold.groupby("customer_id")["amount"].sum()
    true = codes[codes == causes.reindex(codes.index)]
    share = spent.reindex(codes.index).sum() / spent.reindex(true.index).sum()
    values = pd.DataFrame({"customer_id": data.load("company_customers")["customer_id"]})
    values["value"] = values["customer_id"].map(spent).fillna(0).astype("int64")
    claims, caused = (
        pd.DataFrame({"referred_id": links.index, "referrer_id": links.to_numpy()})
        for links in (codes, causes)
    )
    assert clv.check_claims(values, claims, caused).overstatement == pytest.approx(share)
    assert share == pytest.approx(1.66, abs=0.005)


def test_the_rule_makes_no_money_and_the_double_count_does(shown):
    before, after = found(shown, r"The sum over all: ([\d,]+) yuan before and ([\d,]+) after")
    own, ours, twice = (
        found(shown, rf"{name} +([\d,]+) +(\d+)\n")[0]
        for name in ("own value", "with referrals, by our rule", r"own \+ all referrals")
    )
    assert before == after == own == ours < twice
    richer = float(re.findall(r"How much richer\? (\d+)%", shown)[0])
    assert richer == round(100 * (twice / own - 1))


def test_premium_of_a_steady_loss_is_the_rate_that_solves_the_present_value(shown):
    for years, row in ((1, 12.2), (2, 8.2), (5, 4.3)):
        t = np.arange(1, years + 1)
        worth = 0.9 * np.sum(1.1**-t)
        rate = brentq(lambda r, t=t, worth=worth: np.sum((1 + r) ** -t) - worth, 0.1, 0.5)
        assert 100 * (rate - 0.1) == pytest.approx(row, abs=0.05)
        assert re.search(rf"\n +{years} +{row}% +12\.2%\n", shown)


def test_what_came_lies_in_the_interval_of_steady_alone(shown):
    rows = re.findall(
        r"\n *(all|steady|family|rhythm) +([\d.]+) +[\d.]+ +([\d.]+) +([\d.]+)", shown
    )
    inside = {name: float(low) < float(came) < float(high) for name, low, high, came in rows}
    assert inside == {"all": False, "steady": True, "family": False, "rhythm": False}


def test_defaults_of_the_grades_from_the_invoices_themselves(shown):
    invoices = data.load("company_invoices")
    day = invoices["due_on"] + pd.Timedelta(days=90)
    paid = invoices["paid_amount"].where(invoices["paid_on"] <= day, 0)
    bad = (day <= END) & (invoices["amount"] - paid > 0.3 * invoices["amount"])
    grade = data.load("company_organisations").set_index("customer_id")["agency_grade"]
    hit = invoices.loc[bad, "customer_id"].drop_duplicates()
    counts = hit.map(grade).fillna("ungraded").replace({"A": "A B", "B": "A B"}).value_counts()
    assert counts.to_dict() == {"A B": 1, "C": 3, "D": 8, "ungraded": 5}
    for name, count in counts.items():
        firms, defaults, years, rate, low, high = found(
            shown,
            rf"\n *{name} +(\d+) +(\d+) +([\d.]+) +([\d.]+) +([\d.]+) +([\d.]+) +[\d.]+%",
        )
        assert firms >= defaults == count
        assert rate == pytest.approx(count / years, abs=0.011)
        if rate > 0.09:  # of rounder numbers two digits tell no interval
            assert poisson.cdf(count, high * years) == pytest.approx(0.025, abs=0.01)
            assert poisson.sf(count - 1, low * years) == pytest.approx(0.025, abs=0.012)


def test_the_loss_of_grade_d_by_hand(shown):
    """Chance of a first default at its rate, times the share lost, times what is owed."""
    chance, lost, owed, product, discounted = found(
        shown, r"chance of (\d+)% x ([\d.]+)% lost x ([\d,]+) yuan owed = ([\d,]+); \w+ ([\d,]+)\."
    )
    assert chance == round(100 * -np.expm1(-8 / 6.2))
    assert product == pytest.approx(chance * lost * owed / 1e4, rel=0.01)
    assert 1 / 1.1 < discounted / product < 1


def test_the_true_loss_by_hand(shown):
    """Of a failed organisation's invoices 35 in 100 bring in 35 % on average."""
    truth = data.load("company_truth_organisations").set_index("customer_id")
    invoices = data.load("company_invoices")
    chance = invoices["customer_id"].map(truth["default_2024"].where(truth["left_on"].isna(), 0.0))
    days = invoices[["issued_on", "due_on", "paid_on"]].fillna(END + pd.Timedelta(days=1))
    issued, due, paid_on = days.to_numpy("datetime64[D]").astype(int).T
    amount, paid = invoices[["amount", "paid_amount"]].to_numpy().T
    today, owed = END.to_datetime64().astype("datetime64[D]").astype(int), 0.0
    for day in range(today - 365, today):
        live = (issued <= day) & (day < due + 90)
        left = amount - np.where(paid_on <= day, paid, 0)
        owed += (left * chance.to_numpy())[live].sum() / 365
    expected, low, high, true = found(
        shown, r"Expected loss: ([\d,]+) yuan, with ends of ([\d,]+) and ([\d,]+); true: ([\d,]+)"
    )
    assert true == pytest.approx(0.8775 * owed / 100, abs=0.5)
    assert low < true < high
    assert expected == pytest.approx(true, rel=0.3)


@pytest.fixture(scope="module")
def books(sold):
    """Return the year's facts on which the split of the money rests, from the tables."""
    before, now = (set(sold.loc[sold["year"] == year, "customer_id"]) for year in (2023, 2024))
    spend = data.load("company_acquisition_spend")
    spend = spend[spend["month"].dt.year == 2024]
    codes = data.load("company_referrals")
    reward = codes.loc[codes["day"].dt.year == 2024, "reward"].sum()
    signed = data.load("company_customers")["signed_up_on"].dt.year
    visits = spend["visits"].sum()
    return {
        "visits": visits,
        "head": (spend["spend"].sum() + reward) / visits,
        "rate": (signed == 2024).sum() / visits,
        "kept": len(before & now) / len(before),
        "customers": len(now),
        "margin": 0.35 * sold.loc[sold["year"] == 2024, "amount"].sum() / len(now),
    }


def equity(books, ceilings, winning, keeping):
    """Return equity as the sum over 300 years of Blattberg and Deighton's two curves."""
    won = ceilings[0] * (1 - (1 - books["rate"] / ceilings[0]) ** (winning / books["head"]))
    kept = ceilings[1] * (1 - (1 - books["kept"] / ceilings[1]) ** (keeping / 2800))
    years = np.arange(1, 301)
    flows = (kept**years * books["margin"] - kept ** (years - 1) * keeping) / 1.1**years
    newcomers = won * (books["margin"] + flows.sum()) - winning
    return books["customers"] * flows.sum() + books["visits"] * newcomers


def test_the_table_of_plans_and_the_curve_say_the_same(shown):
    for plan, share in (("winning", "1.00"), ("keeping", "0.00")):
        *_, gain = found(shown, rf"all for {plan} +([\d,]+) +([\d,]+) +([\d,]+) +([\d,]+)\n")
        (curve,) = re.findall(rf"\n +{share} +([\d.]+)(?:\n|$)", shown)
        assert gain == pytest.approx(float(curve), abs=0.51)


def test_the_order_of_the_extremes_turns_below_the_keeping_ceiling_told(shown, books):
    turn = int(re.findall(r"better up to a keeping ceiling of (\d+)%", shown)[0])
    more = books["head"] + 1e7 / books["visits"], 2800 + 1e7 / books["customers"]
    for ceiling, winning_wins in ((turn, True), (turn + 1, False)):
        pair = 0.04, ceiling / 100
        won = equity(books, pair, more[0], 2800)
        assert (won > equity(books, pair, books["head"], more[1])) == winning_wins


def test_gains_of_the_nine_pairs_are_sums_over_the_years(shown, books):
    regret = np.zeros(3)
    for winning in (0.03, 0.04, 0.06):
        for keeping in (0.58, 0.62, 0.70):
            base = equity(books, (winning, keeping), books["head"], 2800)
            gains = [
                equity(
                    books,
                    (winning, keeping),
                    books["head"] + share * 1e7 / books["visits"],
                    2800 + (1 - share) * 1e7 / books["customers"],
                )
                - base
                for share in np.linspace(0, 1, 21)
            ]
            thousands = np.array(gains) / 1e5
            row = found(
                shown,
                rf"\n +{winning:.0%} +{keeping:.0%} +([\d,]+) +([\d,]+) +([\d,]+) +([\d,]+)",
            )
            wanted = thousands[[20, 0, 10]]
            assert row == pytest.approx([*wanted, thousands.max()], abs=0.51)
            regret = np.maximum(regret, thousands.max() - wanted)
    assert regret.argmin() == 2
    assert f"with at most {regret[2]:,.0f} thousand yuan to regret" in shown
