"""What the lesson says, against published numbers and against sums made in another way."""

from collections import defaultdict

import numpy as np
import polars as pl
import pytest
from scipy import stats

from customer_insight import data
from customer_insight.course.house import find_house
from customer_insight.course.notebook import read_notebook


@pytest.fixture(scope="module")
def said():
    """Return all that the stored lesson shows, as text with single spaces."""
    lesson = read_notebook(find_house().notebooks / "05_clv" / "2_retention_and_migration.ipynb")
    outputs = (out for cell in lesson.cells for out in cell.get("outputs", ()))
    text = "\n".join(out.get("data", {}).get("text/plain", "") for out in outputs)
    return " ".join(text.split())


@pytest.fixture(scope="module")
def sales():
    """Return the orders of people with what was paid and what the goods cost, in fen."""
    orders = data.load("company_orders", engine="polars").filter(side="person")
    goods = data.load("company_products", engine="polars")
    lines = data.load("company_order_lines", engine="polars").join(
        goods.select("product_id", "unit_cost", "cost_quantity"), on="product_id"
    )
    cost = pl.col("unit_cost") * pl.col("quantity") / pl.col("cost_quantity")
    sums = lines.group_by("order_id").agg(pl.col("amount").sum(), cost=cost.sum())
    when = pl.col("ordered_at")
    return orders.join(sums, on="order_id").with_columns(
        year=when.dt.year().cast(pl.Int64),
        quarter=(4 * when.dt.year() + when.dt.quarter()).cast(pl.Int64),
    )


@pytest.fixture(scope="module")
def quarters(sales):
    """Return the quarters in which each customer bought, in order."""
    rows = sales.select("customer_id", "quarter").unique().sort("customer_id", "quarter")
    bought = defaultdict(list)
    for customer, quarter in rows.iter_rows():
        bought[customer].append(quarter)
    return bought


@pytest.fixture(scope="module")
def years(sales):
    """Return for each year the customers who bought, with what they paid."""
    paid = sales.group_by("year", "customer_id").agg(pl.col("amount").sum())
    bought = defaultdict(dict)
    for year, customer, amount in paid.iter_rows():
        bought[year][customer] = amount
    return bought


@pytest.fixture(scope="module")
def retention(years):
    pairs = [(years[y], years[y + 1]) for y in (2022, 2023)]
    return sum(len(a.keys() & b) for a, b in pairs) / sum(len(a) for a, _ in pairs)


@pytest.fixture(scope="module")
def later(years):
    """Return what customers paid in each of their years after the first."""
    seen, found = set(), []
    for year in sorted(years):
        found += [(year, who, amount) for who, amount in years[year].items() if who in seen]
        seen |= years[year].keys()
    return found


def test_berger_and_nasr_case_one(said):
    assert "By hand 568.78, by the library 568.78; published: 568.78." in said


def test_the_published_migration_by_three_ways(said):
    for buyers in ("1,000.0", "300.0", "230.0", "195.0", "139.7"):
        assert f"{buyers} {buyers} {buyers}" in said


def test_pfeifer_and_carraway_for_ever_and_the_rule_that_stops_after_three(said):
    assert "The best rule stops after 3 periods" in said
    for buys, worth in (("0.300", "52.320"), ("0.200", "5.554"), ("0.150", "1.251")):
        assert f"{buys} {worth} yes" in said
    assert "0.050 -1.820 no 0.000" in said
    assert "makes a fresh customer of 53.15 a period from now. That is worth 2.21" in said


def test_the_matrix_of_the_published_chain(said):
    assert "last bought 3 ago 0.15 0.00 0.00 0.85 0.00" in said
    assert "gone 0.00 0.00 0.00 0.00 1.00" in said


def test_formula_cohorts_and_chain_agree_with_the_plain_sum(said):
    plain = sum(260 * (0.75 / 1.2) ** year for year in range(11))
    assert f"formula {plain:.4f}, by cohorts {plain:.4f}, by the Markov chain {plain:.4f}" in said


def test_late_returns_by_quarter(said, quarters):
    gaps = np.concatenate([np.diff(q) for q in quarters.values()])
    shares = " ".join(f"{(gaps > k).mean():.1%}" for k in (1, 2, 4))
    assert f"quarter {shares}" in said


def test_the_price_of_a_point_as_a_long_sum(said, sales, retention, later):
    margin = 1 - sales["cost"].sum() / sales["amount"].sum()
    brings = np.mean([amount for _, _, amount in later]) / 100 * margin
    ahead = np.arange(1, 500)
    value = brings * ((retention / 1.1) ** ahead).sum()
    once = 0.01 * (brings + value) / 1.1
    ever = brings * (((retention + 0.01) / 1.1) ** ahead).sum() - value
    assert f"estimate {retention:.1%} {value:,.1f} {once:.1f} {ever:.1f}" in said


def test_who_left_had_spent_less_and_a_point_is_worth_less(said, years, later):
    before = {who: amount for year, who, amount in later if year == 2023}
    left = np.mean([amount for who, amount in before.items() if who not in years[2024]])
    stayed = np.mean([amount for who, amount in before.items() if who in years[2024]])
    assert f"Those who left had spent {left / stayed:.0%} of what the others had" in said
    assert f"for the {len(years[2024]):,} customers of the last year together" in said


def test_the_test_of_calls_by_lot(said):
    contacts = data.load("company_campaign_contacts").query("campaign_id == 'CA4'")
    arms = dict(list(contacts.groupby("arm")))
    called, spared = arms["call"], arms["control"]
    assert (len(called), called["responded_on"].notna().sum()) == (350, 17)
    assert (len(spared), spared["responded_on"].notna().sum()) == (363, 6)
    welch = stats.ttest_ind(called["margin"] / 100, spared["margin"] / 100, equal_var=False)
    ends = welch.confidence_interval()
    gain = (called["margin"].mean() - spared["margin"].mean()) / 100 - 6
    shown = f"call gains ¥{gain:+.2f} (¥{ends.low - 6:+.2f} to ¥{ends.high - 6:+.2f})"
    assert shown in said


def test_the_value_by_tier_and_its_distance_from_the_truth(said, years, later):
    cities = data.load("company_cities", engine="polars").select("city_id", "tier")
    people = data.load("company_customers", engine="polars").join(cities, on="city_id")
    tier = dict(people.select("customer_id", "tier").iter_rows())
    own = {}
    for one in (1, 2, 3, 4):
        held = {year: {who for who in years[year] if tier[who] == one} for year in years}
        pairs = [(held[y], held[y + 1]) for y in (2022, 2023)]
        rate = sum(len(a & b) for a, b in pairs) / sum(len(a) for a, _ in pairs)
        money = np.mean([amount for _, who, amount in later if tier[who] == one]) / 100
        own[one] = len(held[2024]) * rate * money
        assert f"{one} {len(held[2024]):,} {rate:.0%} {money:,.0f} {own[one]:,.0f}" in said
    future = data.load("company_truth_future", engine="polars")
    future = future.filter(pl.col("as_of") == pl.date(2024, 12, 31))
    known = future.filter(pl.col("customer_id").is_in(list({w for y in years.values() for w in y})))
    truth = known["expected_amount"].sum() / 100
    assert f"tier: lost for good, years {sum(own.values()) / truth:.1%}" in said


def test_the_newcomers_of_2022_who_are_still_there(said, quarters):
    spring = 4 * 2022 + 1
    new = [q for q in quarters.values() if q[0] < spring + 4]
    unbroken = [next((k for k, at in enumerate(q) if at != q[0] + k), len(q)) for q in new]
    shares = [np.mean([length > k for length in unbroken]) for k in range(9)]
    for quarter, share in enumerate(shares):
        assert f"{quarter} {share:.1%}" in said
    assert f"After eight quarters {shares[8]:.0%} are" in said
