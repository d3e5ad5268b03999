import datetime as dt

import numpy as np
import polars as pl
import pytest
from scipy.stats import poisson

from customer_insight import data
from customer_insight.clv.credit_risk import UNGRADED, GradeRisk, grade_risks
from customer_insight.clv.receivables import NEVER, Receivables
from customer_insight.stats.resampling import Interval

EPOCH = dt.date(1970, 1, 1)
LATE = Interval(0.1, 0.05, 0.2, 0.95, 40)


def book_of(defaults):
    """Return a book of ten invoices a customer over a year, one in default where it is said."""
    n, size = len(defaults), 10
    issued = np.tile(1000 + 36 * np.arange(size), n)
    who, bad = np.repeat(np.arange(n), size), np.zeros((n, size), bool)
    bad[np.array(defaults, bool), -1] = True
    bad = bad.ravel()
    paid_on = np.where(bad, NEVER, issued + np.where(np.arange(n * size) % 4, 20, 40))
    names = np.array([f"c{i:03d}" for i in range(n)], object)
    amount = np.full(n * size, 100)
    return Receivables(
        names, who, issued, issued + 30, paid_on, amount, np.where(bad, 0, 100), as_of=2000
    )


def customers(grades):
    return pl.DataFrame({"customer_id": [f"c{i:03d}" for i in range(len(grades))], "grade": grades})


def risks(defaults, grades, **options):
    return grade_risks(book_of(defaults), customers(grades), order="ABCD", seed=1, **options)


def test_rates_by_hand_with_the_exact_poisson_interval():
    (a, b) = risks([0] * 120 + [1] * 4 + [0] * 16, ["A"] * 120 + ["B"] * 20)
    years = (9 * 36 + 30) / 365.25
    assert a.years_at_risk == pytest.approx(120 * years)
    assert (a.grades, a.defaults, a.rate, a.low) == (("A",), 0, 0.0, 0.0)
    assert a.high * a.years_at_risk == pytest.approx(-np.log(0.025))
    assert (b.defaults, b.customers) == (4, 20)
    assert poisson.cdf(4, b.high * b.years_at_risk) == pytest.approx(0.025)
    assert poisson.sf(3, b.low * b.years_at_risk) == pytest.approx(0.025)
    assert a.late.estimate == pytest.approx(0.25, abs=0.001)


def test_thin_grades_are_refused_by_name_or_pooled_with_their_neighbours():
    grades = ["A"] * 12 + ["B"] * 12 + ["C"] * 12 + ["D"] * 12 + [None] * 12
    defaults = [0] * 24 + [1] * 2 + [0] * 10 + [1] * 4 + [0] * 8 + [1] * 3 + [0] * 9
    with pytest.raises(ValueError, match=r"the grades A, B, C are thin: fewer than 10 customers"):
        risks(defaults, grades)
    pooled = risks(defaults, grades, thin="pool")
    assert [risk.grades for risk in pooled] == [("A", "B", "C", "D"), (UNGRADED,)]
    defaults[0] = 1
    pooled = risks(defaults, grades, thin="pool")
    assert [risk.grades for risk in pooled] == [("A", "B", "C"), ("D",), (UNGRADED,)]
    assert [risk.defaults for risk in pooled] == [3, 4, 3]


def test_what_no_pool_helps_is_refused():
    with pytest.raises(ValueError, match="All together they are still too few"):
        risks([0] * 20, ["A"] * 10 + ["B"] * 10, thin="pool")
    with pytest.raises(ValueError, match="They have no neighbour to be pooled with"):
        risks([1] * 20, ["A"] * 12 + [None] * 8, thin="pool")
    with pytest.raises(ValueError, match="thin is 'merge', and must be 'refuse' or 'pool'"):
        risks([1] * 20, ["A"] * 20, thin="merge")


def test_unknown_grades_and_customers_are_refused():
    with pytest.raises(ValueError, match="the grades E are not among A, B, C, D"):
        risks([1] * 20, ["E"] * 20)
    with pytest.raises(ValueError, match="5 of 25 customers with invoices are not there"):
        grade_risks(book_of([1] * 25), customers(["A"] * 20), order="A", seed=1)


def test_probability_of_default_of_two_years_is_not_twice_that_of_one():
    grade = GradeRisk(("D",), 20, 10, 20.0, 0.5, 0.24, 0.92, LATE)
    one, two = (grade.probability_of_default(f"{days} days") for days in (365, 730))
    np.testing.assert_allclose(1 - two, (1 - one) ** 2)
    assert one[0] == pytest.approx(1 - np.exp(-0.5 * 365 / 365.25))


@pytest.fixture(scope="module")
def qinghe():
    invoices = data.load("company_invoices", engine="polars")
    organisations = data.load("company_organisations", engine="polars")
    grades = organisations.select("customer_id", grade="agency_grade")
    truth = data.load("company_truth_organisations", engine="polars")
    return invoices, grades, truth


def test_grades_of_qinghe_and_the_truth_behind_them(qinghe):
    """Who failed is 180 days past due in the end: the rate holds the true mean chance to fail."""
    invoices, grades, truth = qinghe
    book = Receivables.read(invoices, as_of=dt.date(2024, 12, 31))
    found = grade_risks(book, grades, order="ABCD", thin="pool", days_past_due=180, seed=1)
    assert [risk.grades for risk in found] == [("A", "B", "C"), ("D",), (UNGRADED,)]
    assert [risk.defaults for risk in found] == [0, 4, 4]
    default = book.first_default(days_past_due=180)
    years = book.years_at_risk(default, days_past_due=180)
    known = truth.join(grades, on="customer_id").join(
        pl.DataFrame({"customer_id": book.customers.astype(str), "years": years}), on="customer_id"
    )
    chance = pl.mean_horizontal("default_2022", "default_2023", "default_2024")
    hazard = -(1 - chance).log() * pl.col("years")
    for risk in found:
        of_group = known.filter(pl.col("grade").fill_null(UNGRADED).is_in(list(risk.grades)))
        true = of_group.select(hazard.sum() / pl.col("years").sum()).item()
        assert risk.low < true < risk.high


def test_ninety_days_call_three_times_as_many_a_default(qinghe):
    invoices, grades, _ = qinghe
    book = Receivables.read(invoices, as_of=dt.date(2024, 12, 31))
    found = grade_risks(book, grades, order="ABCD", thin="pool", seed=1)
    assert [risk.grades for risk in found] == [("A", "B"), ("C",), ("D",), (UNGRADED,)]
    assert [risk.defaults for risk in found] == [1, 3, 8, 5]
    assert [risk.late.estimate for risk in found[:3]] == sorted(
        risk.late.estimate for risk in found[:3]
    )


def test_lateness_outside_the_downturn_is_that_of_the_truth(qinghe):
    invoices, _, truth = qinghe
    book = Receivables.read(
        invoices.filter(pl.col("due_on").dt.year() != 2023), as_of=dt.date(2024, 12, 31)
    )
    late, due = book.late()
    chance = dict(truth.select("customer_id", "late_share").iter_rows())
    p = np.array([chance[name] for name in book.customers])
    spread = np.sqrt(np.sum(due * p * (1 - p)))
    assert abs(late.sum() - due @ p) < 4 * spread
    paid_only = invoices.filter(pl.col("paid_on").is_not_null()).filter(
        pl.col("issued_on") >= dt.date(2024, 12, 1)
    )
    naive = paid_only.select((pl.col("paid_on") > pl.col("due_on")).mean()).item()
    assert naive < 0.5 * late.sum() / due.sum()
