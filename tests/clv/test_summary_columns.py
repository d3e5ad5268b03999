import pandas as pd
import polars as pl
import pytest

from customer_insight.clv.histories import read_histories

GOOD = {
    "repeat_purchases": [2, 0, 2],
    "weeks_first_to_last": [3.0, 0.0, 3.0],
    "weeks_observed": [5.0, 4.0, 5.0],
}


def test_a_missing_column_is_named_beside_those_there():
    with pytest.raises(ValueError, match=r"no column 'repeat_purchases'; it has 'weeks_first_to"):
        read_histories(pl.DataFrame(GOOD).drop("repeat_purchases"))


@pytest.mark.parametrize("frame", [pd.DataFrame, pl.DataFrame])
@pytest.mark.parametrize("bad", [None, float("nan"), float("inf")])
def test_missing_and_infinite_times_are_counted(frame, bad):
    with pytest.raises(ValueError, match=r"'weeks_observed' is missing or infinite in 1 of 3 rows"):
        read_histories(frame(GOOD | {"weeks_observed": [5.0, bad, 5.0]}))


def test_a_missing_count_is_counted():
    with pytest.raises(ValueError, match="'repeat_purchases' is missing or infinite in 1 of 3"):
        read_histories(pl.DataFrame(GOOD | {"repeat_purchases": [2, None, 2]}))


def test_text_is_not_a_number():
    with pytest.raises(ValueError, match="'repeat_purchases' holds String, and must hold numbers"):
        read_histories(pl.DataFrame(GOOD | {"repeat_purchases": ["2", "0", "2"]}))


def test_lazy_empty_and_other_things_are_refused():
    with pytest.raises(ValueError, match=r"is lazy.*Collect it first"):
        read_histories(pl.DataFrame(GOOD).lazy())
    with pytest.raises(ValueError, match="no rows"):
        read_histories(pl.DataFrame(GOOD).clear())
    with pytest.raises(ValueError, match="is a list, and must be a pandas or Polars frame"):
        read_histories([1, 2])
