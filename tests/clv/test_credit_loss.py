import datetime as dt

import numpy as np
import polars as pl
import pytest

from customer_insight import data
from customer_insight.clv.credit_loss import expected_losses, loss_given_default
from customer_insight.clv.credit_risk import GradeRisk, grade_risks
from customer_insight.clv.receivables import NEVER, Receivables
from customer_insight.stats.resampling import Interval

LATE = Interval(0.1, 0.05, 0.2, 0.95, 40)
LOSS = Interval(0.5, 0.4, 0.6, 0.95, 20)
GRADE_A = GradeRisk(("A",), 40, 4, 40.0, 0.1, 0.03, 0.25, LATE)
TERMS = {"horizon": "365 days", "discount_per_year": 0.1}


def one_open_invoice(customers=1):
    """Return a book with one invoice of 3,650 a customer, open for the last ten days."""
    names = np.array([f"c{i:02d}" for i in range(customers)], object)
    column = np.ones(customers, np.int64)
    return Receivables(
        names,
        np.arange(customers),
        990 * column,
        1020 * column,
        NEVER * column,
        3650 * column,
        0 * column,
        as_of=1000,
    )


def table(grades):
    ids = [f"c{i:02d}" for i in range(len(grades))]
    return pl.DataFrame({"customer_id": ids, "grade": grades, "value": [10_000] * len(grades)})


def test_expected_loss_is_the_integral_over_the_horizon():
    found = expected_losses(one_open_invoice(), table(["A", "A"]), [GRADE_A], LOSS, **TERMS)
    years = np.linspace(0, 365 / 365.25, 100_001)
    density = 0.1 * np.exp(-0.1 * years) * 1.1**-years
    by_hand = 0.5 * 100 * np.trapezoid(density, years)
    assert found["exposure"].to_list() == [100.0, 0.0]
    assert found["expected_loss"].to_list() == pytest.approx([by_hand, 0.0], rel=1e-8)
    assert found["value_after_loss"].to_list() == pytest.approx([10_000 - by_hand, 10_000])
    assert found["loss_low"][0] < 0.4 * 100 * 0.03 < by_hand < found["loss_high"][0]


def test_grades_without_a_risk_are_refused():
    with pytest.raises(ValueError, match="no risk is given for the grades B, ungraded"):
        expected_losses(one_open_invoice(), table(["B", None]), [GRADE_A], LOSS, **TERMS)


def test_who_owes_and_is_not_in_the_table_is_refused():
    with pytest.raises(ValueError, match="1 of 3 customers with invoices are not there"):
        expected_losses(one_open_invoice(3), table(["A", "A"]), [GRADE_A], LOSS, **TERMS)


def test_too_few_defaults_tell_no_loss():
    with pytest.raises(ValueError, match=r"0 customers have been in default for 90 days.*0\.45"):
        loss_given_default(one_open_invoice(), seed=1)


def test_the_loss_is_over_all_that_was_owed():
    n = 12
    names = np.array([f"c{i:02d}" for i in range(n)], object)
    due = np.full(n, 130)
    # half of them paid all of it after the default, the others nothing
    paid = np.where(np.arange(n) % 2, 200, 0)
    paid_on = np.where(paid, 230, NEVER)
    amount = np.full(n, 200)
    book = Receivables(names, np.arange(n), due - 30, due, paid_on, amount, paid, as_of=400)
    found = loss_given_default(book, seed=1)
    assert (found.estimate, found.n) == (0.5, 12)
    assert 0.1 < found.low < 0.4
    assert 0.6 < found.high < 0.9
    young = Receivables(names, np.arange(n), due - 30, due, paid_on, amount, paid, as_of=300)
    with pytest.raises(ValueError, match="0 customers have been in default"):
        loss_given_default(young, seed=1)


def test_expected_losses_of_qinghe_hold_the_truth_of_a_usual_year():
    """Truth: chance to fail in 2024, times what is then lost of everything owed.

    Of a failed organisation's invoices 35 in 100 bring in 35 % on average, so that 87.75 % is lost.
    """
    organisations = data.load("company_organisations", engine="polars")
    customers = organisations.select(
        "customer_id", grade="agency_grade", value=pl.lit(1_000_000, pl.Int64)
    )
    truth = data.load("company_truth_organisations", engine="polars")
    book = Receivables.read(
        data.load("company_invoices", engine="polars"), as_of=dt.date(2024, 12, 31)
    )
    risks = grade_risks(book, customers, order="ABCD", thin="pool", seed=1)
    loss = loss_given_default(book, seed=1)
    found = expected_losses(book, customers, risks, loss, horizon="365 days", discount_per_year=0.0)
    still = customers.join(found, on="customer_id").join(
        truth.filter(pl.col("left_on").is_null()), on="customer_id"
    )
    by_grade = still.group_by("grade").agg(
        pl.sum("loss_low", "expected_loss", "loss_high"),
        true=(0.8775 * pl.col("default_2024") * pl.col("exposure")).sum(),
    )
    assert len(by_grade) == 5
    assert by_grade.select(pl.col("true").is_between("loss_low", "loss_high").all()).item()
    total = by_grade.sum()
    assert total["expected_loss"][0] == pytest.approx(total["true"][0], rel=0.3)
