from itertools import product

import narwhals as nw
import numpy as np
import polars as pl
import pytest

from customer_insight.features import rfm, rfm_groups
from customer_insight.features.rfm_cut_points import read_cut_points, score_by_range

from .purchases import contract, generated

RANGES = pl.DataFrame(
    {
        "measure": ["amount", "amount", "amount", "purchase_days", "recency_days", "recency_days"],
        "score": [1, 3, 5, 2, 1, 4],
        "lowest": [-10, 4, 30, 1, 40, 0],
        "highest": [0, 9, 90, 3, 99, 7],
    },
)


def changed(row, **values):
    """Return the ranges with other values in one row."""
    rows = RANGES.rows(named=True)
    rows[row] |= values
    return pl.DataFrame(rows, strict=False)


def nearest(value, ranges):
    """Return the score of the nearest range, of two equally near ones the lower."""
    return min(ranges, key=lambda one: (max(one[1] - value, value - one[2], 0), one[0]))[0]


def test_recency_is_turned_so_that_more_is_better():
    assert read_cut_points(RANGES, groups=5) == {
        "r": [(1, -99, -40), (4, -7, 0)],
        "f": [(2, 1, 3)],
        "m": [(1, -10, 0), (3, 4, 9), (5, 30, 90)],
    }


@pytest.mark.parametrize("seed", range(8))
def test_every_value_has_the_score_of_the_nearest_range(local_engine, seed):
    rng = np.random.default_rng(seed)
    ends = np.sort(rng.choice(np.arange(-25, 55), 8, replace=False)).reshape(4, 2).tolist()
    ranges = [(score, *both) for score, both in zip((1, 2, 4, 5), ends, strict=True)]
    table = pl.DataFrame({"value": range(-30, 60)}).to_arrow()
    found = nw.from_native(local_engine.frame(table)).select(
        "value", score=score_by_range(nw.col("value"), ranges)
    )
    assert local_engine.columns(found.to_native())["score"] == nw.Int64()
    for row in local_engine.rows(found.to_native()):
        assert row["score"] == nearest(row["value"], ranges)


def test_what_rfm_groups_returns_is_read_on_every_engine(engine):
    groups = rfm_groups(rfm(engine.frame(contract(generated(2, size=200))), as_of=100))
    found = read_cut_points(groups, groups=5)
    assert list(found) == ["r", "f", "m"]
    rows = engine.rows(groups)
    assert sum(map(len, found.values())) == len(rows)
    for row, letter in product(rows, found):
        if {"r": "recency_days", "f": "purchase_days", "m": "amount"}[letter] == row["measure"]:
            ends = (row["lowest"], row["highest"])
            ends = (-ends[1], -ends[0]) if letter == "r" else ends
            assert (row["score"], *ends) in found[letter]


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (RANGES.drop("lowest", "highest"), "have no column highest, lowest"),
        (RANGES.head(0), "have no row for recency_days"),
        (RANGES.filter(pl.col("measure") != "purchase_days"), "have no row for purchase_days"),
        (changed(0, score=3), "have a score of amount twice, or one that is not from 1 to 5"),
        (changed(3, score=0), "have a score of purchase_days twice, or one that is not from 1"),
        (changed(3, score=6), "have a score of purchase_days twice, or one that is not from 1"),
        (changed(1, lowest=-1), "have ranges of amount that overlap or do not follow the scores"),
        (changed(1, lowest=0), "have ranges of amount that overlap"),
        (changed(1, highest=3), "have ranges of amount that overlap"),
        (changed(5, lowest=100, highest=120), "have ranges of recency_days that overlap"),
        (changed(0, lowest=None), "have values that are not whole numbers"),
        (changed(0, lowest=-9.5), "have values that are not whole numbers"),
    ],
)
def test_other_tables_are_refused_with_what_is_wrong(table, message):
    with pytest.raises(ValueError, match=rf"the cut points {message}.*features\.rfm_groups"):
        read_cut_points(table, groups=5)


def test_cut_points_of_a_table_without_customers_are_refused():
    nobody = rfm_groups(rfm(pl.from_arrow(contract([("a", 9, 1)])), as_of=5))
    with pytest.raises(ValueError, match="a table without customers has no cut points"):
        read_cut_points(nobody, groups=5)
