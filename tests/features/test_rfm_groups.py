import datetime as dt
from itertools import pairwise

import narwhals as nw
import polars as pl
import pyarrow as pa
import pytest

from customer_insight.data import transactions
from customer_insight.features import rfm, rfm_groups

MEASURES = {"recency_days": "r", "purchase_days": "f", "amount": "m"}


def orders(days_of_customers):
    """Return a contract table in which each customer buys for 100 on the days given."""
    rows = [(who, day) for who, days in days_of_customers.items() for day in days]
    return pa.table(
        {
            "customer_id": [who for who, _ in rows],
            "order_id": [str(number) for number in range(len(rows))],
            "day": [day for _, day in rows],
            "amount": [100] * len(rows),
        }
    )


def test_a_table_worked_by_hand_on_every_engine(engine):
    table = orders({"a": [1], "b": [2], "c": [2], "d": [2, 3, 4]})
    out = rfm_groups(rfm(engine.frame(table), as_of=5))
    assert isinstance(out, engine.kind())
    assert engine.columns(out) == {
        "measure": nw.String(),
        **dict.fromkeys(["score", "lowest", "highest", "customers", "groups"], nw.Int64()),
    }
    assert [tuple(row.values()) for row in engine.rows(out)] == [
        ("amount", 1, 100, 100, 3, 2),
        ("amount", 4, 300, 300, 1, 2),
        ("purchase_days", 1, 1, 1, 3, 2),
        ("purchase_days", 4, 3, 3, 1, 2),
        ("recency_days", 1, 4, 4, 1, 3),
        ("recency_days", 2, 3, 3, 2, 3),
        ("recency_days", 4, 1, 1, 1, 3),
    ]


def test_the_groups_of_cdnow_have_everyone_once_and_do_not_overlap(engine, cdnow):
    table = transactions(engine.frame(cdnow), customer="customer", day="date", amount="dollars")
    scores = rfm(table, as_of=dt.date(1997, 9, 30))
    rows, customers = engine.rows(rfm_groups(scores)), engine.rows(scores)
    for measure, score in MEASURES.items():
        found = [row for row in rows if row["measure"] == measure]
        assert sum(row["customers"] for row in found) == 2357
        assert {row["groups"] for row in found} == {len(found)}
        rising = found[::-1] if score == "r" else found
        borders = [row[end] for row in rising for end in ("lowest", "highest")]
        assert borders == sorted(borders)
        assert all(a["highest"] < b["lowest"] for a, b in pairwise(rising))
        for row in found:
            values = [who[measure] for who in customers if who[score] == row["score"]]
            assert (min(values), max(values), len(values)) == (
                row["lowest"],
                row["highest"],
                row["customers"],
            )


def test_the_customers_of_cdnow_who_bought_once_are_one_group(cdnow):
    # Fader, Hardie and Lee (2005): 1,411 of 2,357 customers without a repeat purchase.
    table = transactions(pl.from_arrow(cdnow), customer="customer", day="date", amount="dollars")
    groups = rfm_groups(rfm(table, as_of=dt.date(1997, 9, 30))).filter(measure="purchase_days")
    assert groups.filter(score=1).row(0) == ("purchase_days", 1, 1, 1, 1411, 4)
    assert 2 not in groups["score"]


def test_no_customers_make_no_groups(engine):
    out = rfm_groups(rfm(engine.frame(orders({"a": [9]})), as_of=5))
    assert engine.rows(out) == []


def test_a_table_without_scores_is_refused_with_what_it_lacks():
    scores = rfm(pl.from_arrow(orders({"a": [1]})), as_of=5)
    with pytest.raises(ValueError, match=r"no column amount, m, without.*features\.rfm"):
        rfm_groups(scores.drop("amount", "m"))
