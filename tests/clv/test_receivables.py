import datetime as dt

import numpy as np
import pandas as pd
import polars as pl
import pytest

from customer_insight.clv.receivables import NEVER, Receivables

AS_OF = dt.date(2024, 12, 31)


def day(text):
    return None if text is None else dt.date.fromisoformat(text)


def invoices(*rows, kind=pl.DataFrame):
    """Return invoices from rows of customer, issued, due, amount, paid on, paid amount."""
    who, issued, due, amount, paid_on, paid = zip(*rows, strict=True)
    columns = {
        "invoice_id": [f"i{n}" for n in range(len(rows))],
        "customer_id": list(who),
        "issued_on": [day(text) for text in issued],
        "due_on": [day(text) for text in due],
        "amount": list(amount),
        "paid_on": [day(text) for text in paid_on],
        "paid_amount": list(paid),
    }
    if kind is pl.DataFrame:
        dates = dict.fromkeys(("issued_on", "due_on", "paid_on"), pl.Date)
        return pl.DataFrame(columns, schema_overrides=dates)
    return pd.DataFrame(
        {n: pd.to_datetime(v) if n.endswith("_on") else v for n, v in columns.items()}
    )


ROWS = (
    ("b", "2024-01-01", "2024-01-31", 1000, "2024-01-31", 1000),  # on the due day: in time
    ("a", "2024-01-01", "2024-01-31", 2000, "2024-02-01", 2000),  # a day late
    ("a", "2024-06-01", "2024-07-01", 500, None, 0),  # in default on 2024-09-29
    ("a", "2024-09-01", "2024-10-01", 300, "2024-10-20", 120),  # owed on that day, 40 % came in
    ("a", "2024-10-15", "2024-11-14", 250, None, 0),  # not yet owed on that day
    ("b", "2024-12-01", "2024-12-31", 700, None, 0),  # due today, not paid: late
    ("b", "2024-12-20", "2025-01-19", 900, "2024-12-24", 900),  # not yet due: neither
    ("c", "2025-01-01", "2025-01-31", 900, None, 0),  # not yet issued
)


@pytest.mark.parametrize("kind", [pl.DataFrame, pd.DataFrame])
def test_lateness_counts_only_what_has_come_due(kind):
    book = Receivables.read(invoices(*ROWS, kind=kind), as_of=AS_OF)
    assert book.customers.tolist() == ["a", "b"]
    late, due = book.late()
    assert (late.tolist(), due.tolist()) == ([4, 1], [4, 2])


def test_default_and_what_was_owed_on_its_day():
    book = Receivables.read(invoices(*ROWS), as_of=AS_OF)
    first = book.first_default()
    assert first[0] == (dt.date(2024, 9, 29) - dt.date(1970, 1, 1)).days
    assert first[1] == NEVER
    owed, since = book.owed(first)
    assert (owed.tolist(), since.tolist()) == ([800, 0], [120, 0])
    assert book.in_default().tolist() == [500 + 180, 0]


def test_years_at_risk_end_with_the_default_or_the_last_ripe_invoice():
    book = Receivables.read(invoices(*ROWS), as_of=AS_OF)
    years = book.years_at_risk(book.first_default()) * 365.25
    # a: 2024-01-01 to 2024-07-01, the due day of what defaulted; b: one invoice of 30 days
    np.testing.assert_allclose(years, [182, 30])


def test_a_short_payment_is_no_default_and_nothing_later_is_known():
    row = ("a", "2024-01-01", "2024-01-31", 1000, "2024-01-20", 700)
    assert Receivables.read(invoices(row), as_of=AS_OF).first_default().tolist() == [NEVER]
    later = ("a", "2024-01-01", "2024-01-31", 1000, "2024-06-20", 1000)
    before, after = (
        Receivables.read(invoices(later), as_of=dt.date(2024, month, 1)) for month in (6, 7)
    )
    assert before.in_default().tolist() == [1000]
    assert after.in_default().tolist() == [0]
    assert before.first_default().tolist() == after.first_default().tolist() != [NEVER]


def test_mean_owed_by_hand():
    rows = [
        ("a", "2023-01-01", "2024-12-01", 3650, "2024-01-11", 3650),  # 10 days of the window
        ("b", "2024-12-11", "2025-01-11", 365, None, 0),  # 20 days
        ("c", "2024-06-01", "2024-07-01", 365, None, 0),  # 120 days, then it is in default
        ("d", "2024-12-01", "2024-12-31", 730, "2024-12-11", 365),  # 10 days whole, 20 by half
    ]
    book = Receivables.read(invoices(*rows), as_of=AS_OF)
    np.testing.assert_allclose(book.mean_owed(), [100, 20, 120, 40])


def test_the_payment_curve_is_the_product_limit_estimate():
    rows = [
        ("a", "2024-01-01", "2024-01-31", 10, "2024-01-15", 10),  # paid early
        ("a", "2024-11-01", "2024-12-01", 10, None, 0),  # watched 30 days, then censored
        ("b", "2024-01-01", "2024-01-31", 10, "2024-03-11", 10),  # 40 days late
        ("b", "2024-01-01", "2024-01-31", 10, None, 0),
        ("b", "2024-12-20", "2025-01-19", 10, "2024-12-24", 10),  # not yet due: left out
    ]
    curve = Receivables.read(invoices(*rows), as_of=AS_OF).payment_curve()
    assert curve.time.tolist() == [0, 40]
    assert curve.at_risk.tolist() == [4, 2]
    np.testing.assert_allclose(curve.waiting, [3 / 4, 3 / 4 * 1 / 2])


def test_row_order_does_not_matter():
    table = invoices(*ROWS)
    book = Receivables.read(table, as_of=AS_OF)
    turned = Receivables.read(table.reverse(), as_of=AS_OF)
    for name in ("late", "first_default", "mean_owed", "in_default"):
        np.testing.assert_array_equal(getattr(book, name)(), getattr(turned, name)())


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (("a", "2024-02-01", "2024-01-31", 10, None, 0), "1 are due before they were issued"),
        (("a", "2024-02-01", "2024-03-01", 10, "2024-01-01", 10), "1 are paid before they were"),
        (("a", "2024-02-01", "2024-03-01", 10, "2024-02-01", 11), "1 are paid above their amount"),
        (("a", "2024-02-01", "2024-03-01", 10, "2024-02-01", 0), "a day without money"),
        (("a", "2024-02-01", "2024-03-01", 10, None, 5), "money without a day"),
        (("a", "2024-02-01", "2024-03-01", 0, None, 0), "amount is under 1 in 1 of 1 rows"),
        ((None, "2024-02-01", "2024-03-01", 10, None, 0), "customer_id is missing in 1 of 1"),
        (("a", "2025-02-01", "2025-03-01", 10, None, 0), "none was issued by as_of"),
    ],
)
def test_invoices_that_cannot_be_are_refused(row, message):
    with pytest.raises(ValueError, match=message):
        Receivables.read(invoices(row), as_of=AS_OF)


def test_dates_as_text_are_refused():
    table = invoices(*ROWS).with_columns(pl.col("due_on").cast(pl.String))
    with pytest.raises(ValueError, match="due_on holds String, and must hold dates"):
        Receivables.read(table, as_of=AS_OF)
