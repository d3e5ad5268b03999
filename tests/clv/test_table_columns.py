import narwhals as nw
import numpy as np
import pandas as pd
import polars as pl
import pytest

from customer_insight.clv.table_columns import (
    check_ids,
    check_present,
    minor_units,
    real_numbers,
    table_with,
    with_numbers,
)

TABLE = nw.from_native(pl.DataFrame({"id": ["a", "a", None], "value": [1.0, None, 2.5]}))


def test_a_table_needs_its_columns_and_rows():
    with pytest.raises(ValueError, match=r"prices has no column amount; it has id, value"):
        table_with(TABLE.to_native(), "prices", ["id", "amount"])
    with pytest.raises(ValueError, match="prices has no rows"):
        table_with(TABLE.to_native().head(0), "prices", ["id"])
    assert len(table_with(TABLE.to_native().head(0), "prices", ["id"], empty=True)) == 0


@pytest.mark.parametrize("frame", [pl.LazyFrame({"id": [1]}), {"id": [1]}, None])
def test_what_is_no_eager_frame_is_refused(frame):
    with pytest.raises(ValueError, match="must be a pandas or Polars frame with the columns id"):
        table_with(frame, "prices", ["id"])


def test_missing_and_double_ids_are_counted_and_not_shown():
    with pytest.raises(ValueError, match="id is missing in 1 of 3 rows"):
        check_present(TABLE, "id", "prices")
    with pytest.raises(ValueError, match="more than once in 1 of 2 rows") as error:
        check_ids(TABLE.head(2), "id", "prices")
    assert "'a'" not in str(error.value)


def test_numbers_that_are_none_are_counted():
    with pytest.raises(ValueError, match="value is missing or infinite in 1 of 3 rows"):
        real_numbers(TABLE, "value", "prices")
    with pytest.raises(ValueError, match="id holds String, and must hold numbers"):
        real_numbers(TABLE, "id", "prices")


@pytest.mark.parametrize(
    ("values", "low", "message"),
    [
        ([1.5, 2.0], None, "fractions of minor units in 1 of 2"),
        ([2.0**53, 1.0], None, r"beyond 2\*\*53 in 1 of 2"),
        ([-1, -2], 0, "is under 0 in 2 of 2"),
    ],
)
def test_money_is_whole(values, low, message):
    table = nw.from_native(pl.DataFrame({"value": values}))
    with pytest.raises(ValueError, match=message):
        minor_units(table, "value", "prices", low=low)


@pytest.mark.parametrize("kind", [pd.DataFrame, pl.DataFrame])
def test_columns_stand_beside_their_rows_whatever_the_index(kind):
    frame = kind({"id": ["a", "b", "c"]})[1:]
    found = with_numbers(nw.from_native(frame), n=np.array([1, 2]), x=np.array([0.5, 1.0]))
    assert found.rows() == [("b", 1, 0.5), ("c", 2, 1.0)]
    assert [found[name].dtype for name in ("n", "x")] == [nw.Int64, nw.Float64]
