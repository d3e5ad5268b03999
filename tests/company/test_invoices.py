"""Invoices, payments and losses."""

import datetime as dt

import numpy as np
import polars as pl
import pytest

from customer_insight.company import calendar
from customer_insight.company.credit import Credit
from customer_insight.company.group_orders import GroupOrders
from customer_insight.company.habits import NEVER
from customer_insight.company.invoices import draw_payments, invoice_table
from customer_insight.company.organisation_block import draw_organisation_block, organisation_tables

LAST = dt.date(2024, 12, 31)


def orders_on(days):
    days = np.asarray(days)
    none = np.zeros(len(days), dtype=np.int64)
    return GroupOrders(none, days, none, none, none > 0, days, days)


def credit_of(*, payment_class=0, late=0.0, failed=NEVER, terms=30):
    """Return the credit of one organisation."""
    one = np.array([0])
    return Credit(
        one + payment_class, one + late, one[:, None], one + failed, one, one, one + terms
    )


def table_of(days, draws, amount=10_000, **credit):
    orders, amounts = orders_on(days), np.full(len(days), amount)
    payments = draw_payments(orders, amounts, credit_of(**credit), draws)
    return invoice_table(orders, amounts, payments, 0)


@pytest.fixture(scope="module")
def tables(world, draws):
    goods, places = world
    return [
        organisation_tables(
            draw_organisation_block(number, 400, places, goods, draws), places, goods, draws
        )
        for number in range(4)
    ]


@pytest.fixture(scope="module")
def judged(tables):
    """Return every invoice that was due before the last day, beside the truth."""
    invoices = pl.concat(each["invoices"] for each in tables)
    truth = pl.concat(each["truth_organisations"] for each in tables)
    overdue = pl.col("paid_on").is_null() | (pl.col("paid_on") > pl.col("due_on"))
    return (
        invoices.filter(pl.col("due_on") <= LAST)
        .join(truth, on="customer_id", validate="m:1")
        .with_columns(late=overdue, lost=pl.col("amount") - pl.col("paid_amount"))
    )


def test_a_prompt_payer_pays_all_in_time(draws):
    table = table_of(np.arange(300), draws, terms=45)
    assert (table["due_on"] - table["issued_on"] == dt.timedelta(45)).all()
    paid = table.filter(pl.col("paid_amount") == pl.col("amount"))
    assert paid.height >= 297
    assert (paid["paid_on"] <= paid["due_on"]).all()
    assert (paid["paid_on"] >= paid["issued_on"]).all()
    assert 3 < (paid["due_on"] - paid["paid_on"]).dt.total_days().mean() < 5


def test_one_who_is_always_late_pays_after_the_due_day(draws):
    days = np.arange(300)
    for payment_class, mean in enumerate((6, 15, 32)):
        table = table_of(days, draws, late=1.0, payment_class=payment_class)
        after = (table["paid_on"] - table["due_on"]).dt.total_days()
        assert after.min() >= 1
        assert 0.85 * mean < after.mean() < 1.15 * mean


def test_the_downturn_makes_late_payers_of_some_and_waits_longer(draws):
    start, end = calendar.year_bounds(2023)
    usual = table_of(np.arange(300), draws, terms=30)
    hard = table_of(np.arange(start, end - 30), draws, terms=30)
    late = [(table["paid_on"] > table["due_on"]).mean() for table in (usual, hard)]
    assert late[0] == 0
    assert 0.1 < late[1] < 0.2
    usual = table_of(np.arange(300), draws, terms=30, late=1.0)
    hard = table_of(np.arange(start, end - 30), draws, terms=30, late=1.0)
    waits = [(table["paid_on"] - table["due_on"]).dt.total_days().mean() for table in (usual, hard)]
    assert 1.2 < waits[1] / waits[0] < 1.6


def test_what_is_unpaid_when_a_firm_fails_is_lost_but_for_a_part(draws):
    table = table_of(np.arange(400), draws, failed=400, terms=60)
    lost = table.filter(pl.col("paid_amount") < pl.col("amount"))
    assert 50 < lost.height < 70
    assert (lost["due_on"] > dt.date(2023, 1, 10)).all()
    assert set(lost["state"]) == {"written_off"}
    assert (lost["written_off_on"] - lost["due_on"] == dt.timedelta(180)).all()
    saved = lost.filter(pl.col("paid_amount") > 0)
    assert 0.15 < saved.height / lost.height < 0.55
    assert saved["paid_amount"].min() >= 1000
    assert saved["paid_amount"].max() <= 6000
    assert (saved["paid_on"] >= dt.date(2023, 2, 5) + dt.timedelta(60)).all()


def test_the_last_invoices_are_open_and_not_yet_due(draws):
    table = table_of(np.arange(calendar.DAYS - 20, calendar.DAYS), draws, terms=60)
    assert set(table["state"]) == {"open"}
    assert table["paid_on"].null_count() == 20
    assert (table["due_on"] > LAST).all()


def test_a_rest_is_partial_until_it_is_written_off(tables):
    invoices = pl.concat(each["invoices"] for each in tables)
    rest = invoices.filter((pl.col("paid_amount") > 0) & (pl.col("paid_amount") < pl.col("amount")))
    assert set(rest["state"]) == {"partial", "written_off"}
    old = rest["due_on"] + dt.timedelta(180) <= LAST
    assert ((rest["state"] == "written_off") == old).all()
    assert (rest["written_off_on"].is_not_null() == old).all()


def test_states_and_amounts_fit(tables):
    invoices = pl.concat(each["invoices"] for each in tables)
    share = invoices["state"].value_counts(normalize=True)
    share = dict(share.iter_rows())
    assert share["paid"] > 0.88
    assert share["open"] < 0.08
    assert 0 < share["partial"] < 0.01
    assert 0 < share["written_off"] < 0.02


def test_every_order_has_one_invoice_of_its_amount(tables):
    for each in tables:
        sums = each["order_lines"].group_by("order_id").agg(pl.col("amount").sum())
        joined = each["invoices"].join(sums, on="order_id", how="full", validate="1:1")
        assert joined.height == each["orders"].height
        assert (joined["amount"] == joined["amount_right"]).all()
        issued = each["orders"].join(each["invoices"], on=["order_id", "customer_id"])
        assert (issued["ordered_at"].dt.date() == issued["issued_on"]).all()


def test_a_plain_table_recovers_the_payment_classes(judged):
    usual = judged.filter(pl.col("due_on").dt.year() != 2023)
    found = usual.group_by("payment_class").agg(pl.col("late").mean(), pl.col("late_share").mean())
    assert found.height == 3
    late = dict(zip(found["payment_class"], found["late"], strict=True))
    assert late["prompt"] < 0.12
    assert 0.3 < late["slow"] < 0.6
    assert 0.5 < late["strained"] < 0.8
    assert (found["late"] - found["late_share"]).abs().max() < 0.05


def test_an_organisations_own_history_ranks_its_hidden_share(judged):
    own = judged.group_by("customer_id").agg(
        pl.col("late").mean(), pl.col("late_share").first(), count=pl.len()
    )
    own = own.filter(pl.col("count") >= 20)
    assert own.height > 200
    assert own.select(pl.corr("late", "late_share")).item() > 0.9


def test_the_downturn_shows_in_a_plain_table(judged):
    late = judged.group_by(pl.col("due_on").dt.year()).agg(pl.col("late").mean()).sort("due_on")
    by_year = dict(late.iter_rows())
    assert by_year[2023] > by_year[2022] + 0.05
    assert by_year[2023] > by_year[2024] + 0.05


def test_few_organisations_make_the_losses_and_bad_grades_most_of_them(judged, tables):
    organisations = pl.concat(each["organisations"] for each in tables)
    lost = judged.filter(pl.col("state") == "written_off").join(
        organisations.select("customer_id", "agency_grade"), on="customer_id"
    )
    assert lost["customer_id"].n_unique() < 0.12 * organisations.height
    assert 0.0005 < lost["lost"].sum() / judged["amount"].sum() < 0.02
    rate = (
        judged.join(organisations.select("customer_id", "agency_grade"), on="customer_id")
        .group_by("agency_grade")
        .agg(rate=pl.col("lost").sum() / pl.col("amount").sum())
    )
    by_grade = dict(rate.iter_rows())
    assert by_grade["D"] > 3 * by_grade["A"]
