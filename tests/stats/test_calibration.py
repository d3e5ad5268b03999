import numpy as np
import pandas as pd
import pytest

from customer_insight.stats.calibration import calibration_by_group, frequency_groups
from customer_insight.stats.resampling import bootstrap_interval

ACTUAL = np.array([0, 0, 1, 0, 0, 2, 1, 0, 0, 0, 1, 3, 2, 4, 1, 0, 2, 5, 3, 2, 6.0])
GROUPS = ["low"] * 10 + ["middle"] * 10 + ["top"]
MODELS = {"flat": np.full(21, 1.5), "rising": np.linspace(0, 4, 21)}


def test_frequency_groups_end_in_an_open_one():
    groups = frequency_groups([0, 6, 7, 100])
    assert list(groups) == ["0", "6", "7+", "7+"]
    assert list(groups.categories) == ["0", "1", "2", "3", "4", "5", "6", "7+"]
    assert groups.ordered


@pytest.mark.parametrize(
    ("counts", "message"),
    [
        ([0, 1.5], "1 of 2 values are not whole, at positions 1 "),
        ([0, -1], "1 of 2 values are negative"),
        ([0, np.nan], "1 of 2 values are missing"),
    ],
)
def test_frequencies_are_whole_numbers(counts, message):
    with pytest.raises(ValueError, match=f"repeat_purchases: {message}"):
        frequency_groups(counts)


@pytest.mark.parametrize("open_from", [0, 1.5, -1])
def test_the_open_group_starts_at_one_or_later(open_from):
    with pytest.raises(ValueError, match="whole number from 1"):
        frequency_groups([0], open_from=open_from)


def test_means_by_hand_and_the_interval_of_the_one_place():
    table = calibration_by_group(ACTUAL, MODELS, GROUPS, seed=3)
    assert list(table.group) == ["low", "low", "middle", "middle", "top", "top"]
    assert list(table.prediction) == ["flat", "rising"] * 3
    assert list(table.n) == [10, 10, 10, 10, 1, 1]
    assert list(table.mean_actual) == pytest.approx([0.4, 0.4, 2.3, 2.3, 6, 6])
    assert list(table.mean_predicted) == pytest.approx([1.5, 0.9, 1.5, 2.9, 1.5, 4.0])
    interval = bootstrap_interval(ACTUAL[:10], seed=3)
    assert (table.low[0], table.high[0]) == (interval.low, interval.high)


def test_a_group_that_bears_no_interval_says_why():
    actual = np.append(ACTUAL, [2] * 12)
    models = {"flat": np.ones(33)}
    table = calibration_by_group(actual, models, [*GROUPS, *["same"] * 12]).set_index("group")
    assert table.loc["top", "low"] is pd.NA
    assert table.loc["top", "note"] == "no interval: fewer than 10 customers"
    assert table.loc["same", "high"] is pd.NA
    assert table.loc["same", "note"] == "no interval: all 12 actual values are equal"
    assert table.loc["low", "note"] == ""


def test_groups_keep_a_stated_order_and_are_sorted_otherwise():
    stated = pd.Categorical(GROUPS, ["top", "middle", "unused", "low"], ordered=True)
    table = calibration_by_group(ACTUAL, {"flat": MODELS["flat"]}, stated)
    assert list(table.group) == ["top", "middle", "low"]
    numbers = [10] * 10 + [9] * 10 + [2]
    table = calibration_by_group(ACTUAL, {"flat": MODELS["flat"]}, numbers)
    assert list(table.group) == [2, 9, 10]


def test_a_group_does_not_hang_on_the_others():
    both = calibration_by_group(ACTUAL, MODELS, GROUPS)
    alone = calibration_by_group(
        ACTUAL[:10], {name: values[:10] for name, values in MODELS.items()}, GROUPS[:10]
    )
    columns = ["n", "mean_actual", "low", "high", "mean_predicted"]
    assert both[columns].head(2).equals(alone[columns])


def test_row_order_changes_no_byte():
    shuffle = np.random.default_rng(1).permutation(21)
    models = {name: values[shuffle] for name, values in MODELS.items()}
    shuffled = calibration_by_group(ACTUAL[shuffle], models, np.array(GROUPS)[shuffle])
    pd.testing.assert_frame_equal(
        shuffled, calibration_by_group(ACTUAL, MODELS, GROUPS), check_exact=True
    )


@pytest.mark.parametrize(
    ("groups", "message"),
    [
        ([*GROUPS[:-1], None], r"groups: 1 of 21 values are missing, at positions 20 "),
        ([*GROUPS[:-1], 3], "mixes kinds of labels"),
        (GROUPS[:-1], r"groups has shape \(20,\) and actual has \(21,\)"),
    ],
)
def test_groups_that_cannot_be_ordered_are_refused(groups, message):
    with pytest.raises(ValueError, match=message):
        calibration_by_group(ACTUAL, MODELS, groups)


def test_a_group_for_each_customer_is_refused():
    with pytest.raises(ValueError, match=r"201 labels, and at most 200.*frequency_groups"):
        calibration_by_group(np.arange(201), {"flat": np.ones(201)}, range(201))
