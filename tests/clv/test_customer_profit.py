import datetime as dt
import tracemalloc

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from customer_insight.clv.customer_profit import PROFIT_LINES, customer_profit
from customer_insight.stats.whale_curve import whale_curve

from . import qinghe_books as qinghe

LINES = ("sales", "goods", "shared")
PERIOD = {"currency": "CNY", "first_day": dt.date(2024, 1, 1), "as_of": dt.date(2024, 12, 31)}
ids = st.sampled_from(["a", "b", "c", "d"])


def postings(*rows):
    return pl.DataFrame(rows, schema=["customer_id", "line", "amount"], orient="row")


def pools(*rows):
    columns = {"pool": pl.String, "line": pl.String, "amount": pl.Int64, "key": pl.String}
    return pl.DataFrame(rows, schema=columns, orient="row")


def keys(*rows):
    columns = {"key": pl.String, "customer_id": pl.String, "weight": pl.Int64}
    return pl.DataFrame(rows, schema=columns, orient="row")


def made(booked, pooled=None, weights=None):
    pooled = pools() if pooled is None else pooled
    weights = keys() if weights is None else weights
    return customer_profit(booked, pooled, weights, lines=LINES, **PERIOD)


def test_profit_by_hand():
    found = made(
        postings(("b", "sales", 2500), ("a", "sales", 9000), ("a", "goods", -6000)),
        pools(("parcels", "shared", -1000, "orders"), ("rent", "shared", -400, None)),
        keys(("orders", "b", 1), ("orders", "a", 1), ("orders", "a", 1)),
    )
    assert found.statement.to_dict("list") == {
        "customer_id": ["a", "b"],
        "sales": [9000, 2500],
        "goods": [-6000, 0],
        "shared": [-667, -333],
        "profit": [2333, 2167],
    }
    assert found.unallocated == {"sales": 0, "goods": 0, "shared": -400}
    assert (found.currency, found.first_day, found.as_of) == ("CNY", 19723, 20088)


def test_bookings_of_nobody_and_pools_whose_key_nobody_has_stay_unallocated():
    found = made(
        postings((None, "sales", 70), ("a", "sales", 5)),
        pools(("fair", "shared", -30, "stand"), ("post", "shared", -20, "letters")),
        keys(("stand", "a", 0)),
    )
    assert found.unallocated == {"sales": 70, "goods": 0, "shared": -50}
    assert found.statement["profit"].tolist() == [5]


def test_who_only_shares_a_cost_is_in_the_statement():
    found = made(postings(("a", "sales", 5)), pools(("p", "shared", -9, "k")), keys(("k", "z", 1)))
    assert found.statement["customer_id"].tolist() == ["a", "z"]
    assert found.statement["profit"].tolist() == [5, -9]


@settings(deadline=None, max_examples=15)
@given(
    st.lists(
        st.tuples(st.none() | ids, st.sampled_from(LINES), st.integers(-(10**9), 10**9)),
        min_size=1,
        max_size=12,
    ),
    st.lists(st.tuples(st.integers(-(10**9), 10**9), st.none() | ids), max_size=5),
    st.lists(st.tuples(ids, ids, st.integers(0, 10**6)), max_size=12),
    st.randoms(use_true_random=False),
)
def test_customers_and_unallocated_add_up_to_the_accounts(booked, pooled, weights, random):
    pooled = [(f"p{at}", "shared", *row) for at, row in enumerate(pooled)]
    tables = postings(*booked), pools(*pooled), keys(*weights)
    accounts = dict.fromkeys(LINES, 0)
    for line, amount in [row[1:] for row in booked] + [row[1:3] for row in pooled]:
        accounts[line] += amount
    found = made(*tables)
    assert (found.reconciliation(accounts)["difference"] == 0).all()
    shuffled = made(*(table.sample(fraction=1, shuffle=True, seed=7) for table in tables))
    pd.testing.assert_frame_equal(shuffled.statement, found.statement)
    assert shuffled.unallocated == found.unallocated


def test_keys_of_few_users_take_no_column_of_all_customers():
    users, made_of = 20_000, [(f"{number:03d}", 100) for number in range(100)]
    weights = pl.DataFrame({"customer_id": [f"C{number:05d}" for number in range(users)]})
    weights = weights.with_columns(
        key=pl.Series([made_of[number % 100][0] for number in range(users)]), weight=1
    )
    pooled = pools(*((key, "shared", -amount, key) for key, amount in made_of))
    booked = postings(("C00000", "sales", 5))
    made(booked, pooled, weights)
    tracemalloc.start()
    found = made(booked, pooled, weights)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found.statement["shared"].sum() == -100 * 100
    # of two hundred users of a key, the first hundred by id share a hundred of money
    assert (found.statement["shared"].iloc[:10_000] == -1).all()
    assert peak < 8 * users * 100 / 2


def test_a_gap_in_the_books_is_shown():
    found = made(postings(("a", "sales", 100), ("a", "goods", -60)))
    table = found.reconciliation(pd.Series({"sales": 100, "goods": -70, "shared": 0}))
    assert table["line"].tolist() == [*LINES, "profit"]
    assert table["difference"].tolist() == [0, 10, 0, 10]


def test_accounts_with_other_lines_are_refused():
    found = made(postings(("a", "sales", 100)))
    with pytest.raises(ValueError, match="lines sales, and the statement has sales, goods, shared"):
        found.reconciliation({"sales": 100})


@pytest.mark.parametrize(
    ("tables", "message"),
    [
        ((postings(("a", "gifts", 1)),), "postings names the lines gifts, .* would be lost"),
        (
            (postings(("a", "sales", 1)), pools(("p", "rent", -1, None))),
            "pools names the lines rent",
        ),
        (
            (
                postings(("a", "sales", 1)),
                pools(("p", "shared", -1, None), ("p", "shared", -1, None)),
            ),
            "pools holds p more than once",
        ),
        (
            (
                postings(("a", "sales", 1)),
                pools(("p", "shared", -1, "k")),
                keys(("k", "a", 3), ("k", "a", -1)),
            ),
            "keys: 1 of 2 weights are negative, of the key k",
        ),
    ],
)
def test_books_that_cannot_add_up_are_refused(tables, message):
    with pytest.raises(ValueError, match=message):
        made(*tables)


def test_a_period_that_ends_before_it_begins_is_refused():
    period = PERIOD | {"as_of": dt.date(2023, 12, 31)}
    with pytest.raises(ValueError, match="begins on day 19723 and ends on day 19722"):
        customer_profit(postings(("a", "sales", 1)), pools(), keys(), lines=LINES, **period)


@pytest.fixture(scope="module")
def accounts():
    """Return Qinghe's accounts by line, each total taken from the tables by itself."""
    first, last = dt.date(2022, 1, 1), dt.date(2024, 12, 31)
    sold, back = qinghe.lines(first, last), qinghe.returned(first, last)
    goods = (2 * sold["quantity"] * sold["unit_cost"] + sold["cost_quantity"]) // (
        2 * sold["cost_quantity"]
    )
    kept = back.filter(back["resaleable"] == 1)
    work = qinghe.volumes(first, last).group_by("activity", "period").agg(pl.col("volume").sum())
    cost = work.join(qinghe.rates(), on=["activity", "period"]).to_pandas()
    cost["amount"] = np.floor(cost["rate"] * cost["volume"] / cost["units"] + 0.5).astype(int)
    activity = (-cost.groupby("line")["amount"].sum()).to_dict()
    spend = qinghe.table("acquisition_spend")["spend"].sum()
    shops = qinghe.table("shop_costs")
    return {
        "gross_sales": int((sold["quantity"] * sold["unit_price"]).sum()),
        "discount": -int(sold["discount"].sum()),
        "refunds": -int(back["refund"].sum()),
        "cost_of_goods": -int(goods.sum()),
        "returned_goods": int((kept["quantity"] * kept["unit_cost"]).sum()),
        "acquisition": -int(spend + qinghe.table("referrals")["reward"].sum()),
        "shared": -int(shops["rent"].sum() + shops["wages"].sum()),
        **activity,
    }


@pytest.mark.evidence
def test_qinghes_customers_add_up_to_its_accounts(accounts):
    table = qinghe.profit().reconciliation(accounts)
    assert table["line"].tolist() == [*PROFIT_LINES, "profit"]
    assert (table["difference"] == 0).all()


@pytest.mark.evidence
def test_about_a_quarter_of_qinghes_customers_cost_money():
    whole = whale_curve(qinghe.profit().statement["profit"])
    assert whole.customers == 6000
    assert 0.2 < whole.share_costing < 0.3
    assert 1.02 < whole.peak_of_total < 1.04


@pytest.mark.evidence
def test_rent_shared_out_by_order_makes_half_as_many_more_shop_customers_look_dear():
    """The trap of the table: rent does not fall when a customer leaves."""
    first, last = dt.date(2022, 1, 1), dt.date(2024, 12, 31)
    booked, pooled, weights = qinghe.books(first, last)
    shop = qinghe.lines(first, last).filter(pl.col("channel") != "web")
    by_order = shop.unique("order_id").select(
        key=pl.lit("shop orders"), customer_id="customer_id", weight=pl.lit(1, dtype=pl.Int64)
    )
    rent = pooled.with_columns(
        key=pl.when(pl.col("line") == "shared").then(pl.lit("shop orders")).otherwise("key")
    )
    shared = customer_profit(
        booked, rent, pl.concat([weights, by_order]), currency="CNY", first_day=first, as_of=last
    )
    users = set(by_order["customer_id"])
    inside = shared.statement["customer_id"].isin(users)
    dear = (shared.statement.loc[inside, "profit"] < 0).mean()
    before = (qinghe.profit().statement.loc[inside, "profit"] < 0).mean()
    assert shared.unallocated["shared"] == 0
    assert 0.1 < before < 0.16
    assert dear > 1.5 * before
