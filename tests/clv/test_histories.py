import numpy as np
import pandas as pd
import polars as pl
import pytest

from customer_insight.clv import histories as module
from customer_insight.clv.histories import Histories, read_histories

GOOD = {
    "repeat_purchases": [2, 0, 2],
    "weeks_first_to_last": [3.0, 0.0, 3.0],
    "weeks_observed": [5.0, 4.0, 5.0],
}


@pytest.mark.parametrize("frame", [pd.DataFrame, pl.DataFrame])
def test_a_summary_is_read_from_either_kind_of_frame(frame):
    found = read_histories(frame(GOOD))
    assert (found.unit, found.x.tolist(), found.T.tolist()) == ("week", [2, 0, 2], [5, 4, 5])


def test_days_are_read_as_days_whole_numbers_included():
    days = {"repeat_purchases": [1], "days_first_to_last": [3], "days_observed": [9]}
    found = read_histories(pl.DataFrame(days))
    assert found.unit == "day"
    assert found.t_x.dtype == np.float64


@pytest.mark.parametrize("integer", ["Int64", "float64"])
def test_nullable_and_float_counts_are_read(integer):
    assert read_histories(pd.DataFrame(GOOD).astype({"repeat_purchases": integer})).x.tolist() == [
        2,
        0,
        2,
    ]


def test_another_unit_than_the_models_is_refused():
    with pytest.raises(
        ValueError, match=r"in weeks, and the model was fitted in days.*unit=\"day\""
    ):
        read_histories(pl.DataFrame(GOOD), unit="day")


def test_times_in_no_unit_or_in_two_are_refused_with_the_columns():
    both = GOOD | {"days_first_to_last": [1, 0, 1], "days_observed": [2, 2, 2]}
    with pytest.raises(ValueError, match="both in days and in weeks"):
        read_histories(pl.DataFrame(both))
    with pytest.raises(ValueError, match=r"neither in days nor in weeks.*'frequency'.*Wanted are"):
        read_histories(pl.DataFrame({"frequency": [1]}))


IMPOSSIBLE = [
    ((-1, 0.0, 5.0), "have a negative count"),
    ((2_000_000, 3.0, 5.0), "more than 1,000,000 purchases"),
    ((1.5, 3.0, 5.0), "fraction of a purchase"),
    ((1, -3.0, 5.0), "last seen before their first"),
    ((1, 6.0, 5.0), "after the end of observation: as_of"),
    ((0, 3.0, 5.0), "never came back and yet"),
    ((1, 0.0, 5.0), "came back at the time of their first"),
]


@pytest.mark.parametrize(("history", "message"), IMPOSSIBLE)
def test_impossible_histories_are_counted_by_kind(one, history, message):
    summary = one((2, 3.0, 5.0), history, history)
    with pytest.raises(ValueError, match=rf"of 3 customers: .*2 .*{message}"):
        read_histories(summary)


def test_a_last_purchase_on_the_last_day_survives_the_division_by_seven(one):
    assert len(read_histories(one((1, 39.0 + 1e-12, 39.0)))) == 1


def test_distinct_histories_are_ordered_and_counted():
    found = read_histories(pl.DataFrame(GOOD)).distinct()
    assert found.x.tolist() == [0, 2]
    assert found.customers.tolist() == [1, 2]
    assert found.total == 3


@pytest.mark.parametrize("scale", [1.0, np.pi])  # whole days, and times that are none
def test_distinct_histories_put_every_customer_back(scale):
    rng = np.random.default_rng(1)
    x = rng.integers(0, 5, 4000)
    T = rng.integers(10, 60, 4000) / 7 * scale
    t_x = np.where(x > 0, T * rng.integers(1, 8, 4000) / 7, 0.0)
    found = Histories(x, t_x, T, "week").distinct()
    rows, customers = np.unique(np.column_stack((x, T, t_x)), axis=0, return_counts=True)
    np.testing.assert_allclose(np.column_stack((found.x, found.T, found.t_x)), rows, rtol=1e-14)
    assert found.customers.tolist() == customers.tolist()


def test_every_nth_customer_is_taken_in_order_of_history():
    found = Histories(
        np.array([0] * 10 + [3] * 5), np.array([0.0] * 10 + [2.0] * 5), np.full(15, 9.0), "day"
    )
    sample = found.distinct().every(5)
    assert (sample.x.tolist(), sample.customers.tolist()) == ([0, 3], [2, 1])


@pytest.mark.parametrize("largest", [2**24, 10])  # a table of all cells, and a sorted search
def test_pairs_lead_each_customer_to_its_value(monkeypatch, largest):
    monkeypatch.setattr(module, "_LARGEST_TABLE", largest)
    x, T = np.array([5, 0, 5, 2]), np.array([3.0, 3.0, 3.0, 4.0])
    pairs = Histories(x, np.minimum(x, T), T, "day").count_and_observed()
    assert pairs.x.tolist() == [0, 2, 5]
    table = pairs.table(100.0 * pairs.x + pairs.T)
    assert table[pairs.place].tolist() == [503, 3, 503, 204]
