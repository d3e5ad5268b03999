from decimal import Decimal

import numpy as np
import pandas as pd
import polars as pl
import pytest

from customer_insight.stats import inputs


@pytest.mark.parametrize(
    "values",
    [
        [3, 0, 1],
        (3.0, 0.0, 1.0),
        np.array([3, 0, 1], dtype=np.uint8),
        pd.Series([3, 0, 1], dtype="Int64"),
        pd.Series([3, 0, 1], dtype="int64[pyarrow]"),
        pl.Series([3, 0, 1]),
        [Decimal(3), Decimal(0), Decimal(1)],
    ],
)
def test_any_column_of_numbers_becomes_floats(values):
    result = inputs.finite_numbers(values, "orders")
    assert result.dtype == np.float64
    assert result.tolist() == [3.0, 0.0, 1.0]


def test_the_input_is_not_changed_and_minus_zero_becomes_zero():
    values = np.array([-0.0, 2.0])
    result = inputs.finite_numbers(values, "orders")
    result[1] = 7
    assert values.tolist() == [0.0, 2.0]
    assert not np.signbit(result[0])


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ([1, np.nan, 3, np.nan], r"orders: 2 of 4 values are missing, at positions 1, 3 \(counted"),
        (pd.Series([1, None, 3], dtype="Int64"), r"1 of 3 values are missing, at positions 1 "),
        (pl.Series([1, None, 3]), r"1 of 3 values are missing, at positions 1 "),
        ([None, 1], r"1 of 2 values are missing, at positions 0 "),
        ([1, np.inf, -np.inf], r"2 of 3 values are infinite, at positions 1, 2 "),
        ([2.0**53, 1], r"1 of 2 values are beyond 2\*\*53.*larger unit"),
        ([float("nan")] * 9, r"9 of 9 values .* positions 0, 1, 2, 3, 4 and 4 more"),
        ([], r"orders has 0 values, and at least 1 are needed"),
        (3, r"0 dimensions, and must be one column"),
        ([[1, 2]], r"2 dimensions, and must be one column"),
        (["12", "x"], r"not numbers. Text and dates are not turned into numbers"),
        (np.array([1, "12"], dtype=object), r"1 of 2 values are text, at positions 1 "),
        (np.array(["2024-01-01"], dtype="datetime64[D]"), r"datetime64\[D\] and not numbers"),
        (np.array([1, {}], dtype=object), r"objects that are not numbers"),
        ([1 + 2j], r"complex128 and not numbers"),
    ],
)
def test_what_is_wrong_is_counted_and_placed(values, message):
    with pytest.raises(ValueError, match=message):
        inputs.finite_numbers(values, "orders")


def test_an_error_shows_no_value():
    with pytest.raises(ValueError, match="negative") as caught:
        inputs.non_negative([4711.25, -4712.5], "amount")
    assert "471" not in str(caught.value)


def test_lengths_that_differ_are_refused():
    with pytest.raises(ValueError, match=r"prediction 'a' has shape \(2,\) and actual has \(3,\)"):
        inputs.named_predictions([1, 2, 3], {"a": [1, 2]})


def test_indexes_that_differ_are_refused_and_equal_ones_pass():
    actual = pd.Series([1, 2, 3], index=["a", "b", "c"])
    shuffled = pd.Series([2, 1, 3], index=["b", "a", "c"])
    with pytest.raises(ValueError, match=r"'m' and actual have different pandas indexes.*Join"):
        inputs.named_predictions(actual, {"m": shuffled})
    assert list(inputs.named_predictions(actual, {"m": actual, "n": [1, 2, 3]})) == ["m", "n"]


def test_a_frame_of_predictions_is_a_mapping():
    frame = pd.DataFrame({"a": [1, 2], "b": [3, 4]})
    named = inputs.named_predictions([0, 1], frame)
    assert {name: values.tolist() for name, values in named.items()} == {"a": [1, 2], "b": [3, 4]}


@pytest.mark.parametrize(
    ("predictions", "message"),
    [
        ({}, "holds 0 predictions.*At least one"),
        ({1: [1, 2]}, "holds 1 predictions, 1 of them without a text as name"),
        ({" ": [1, 2]}, "1 of them without"),
        ([1, 2], "predictions is a list, and must map names to values"),
        ({"a": [1, None]}, r"prediction 'a': 1 of 2 values are missing, at positions 1 "),
    ],
)
def test_predictions_need_names_and_numbers(predictions, message):
    with pytest.raises(ValueError, match=message):
        inputs.named_predictions([0, 1], predictions)


@pytest.mark.parametrize("value", [0, 1, 95, -0.1, float("nan"), "0.95", None, True, [0.9]])
def test_a_share_lies_between_0_and_1(value):
    with pytest.raises(ValueError, match=r"confidence is .*write 0\.95 for 95 %"):
        inputs.check_share(value, "confidence")


@pytest.mark.parametrize(
    ("confidence", "needed"), [(0.5, 20), (0.9, 100), (0.95, 200), (0.99, 1000), (0.999, 10_000)]
)
def test_resamples_leave_five_beyond_each_end(confidence, needed):
    assert inputs.check_resamples(needed, confidence) == needed
    with pytest.raises(ValueError, match=f"whole number of at least {needed} at {confidence}"):
        inputs.check_resamples(needed - 1, confidence)


@pytest.mark.parametrize("resamples", [1000.0, "1000", None, True])
def test_resamples_are_whole(resamples):
    with pytest.raises(ValueError, match="must be a whole number of at least 200"):
        inputs.check_resamples(resamples, 0.95)


@pytest.mark.parametrize("seed", [None, -1, 1.0, "1", np.random.default_rng(1), True])
def test_a_seed_is_a_whole_number(seed):
    with pytest.raises(ValueError, match=r"whole number from 0.*another interval at each run"):
        inputs.check_seed(seed)
