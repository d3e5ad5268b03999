import io

import polars as pl
import pytest

from customer_insight.workbook.parquet_bytes import (
    UnreadableError,
    check_customers,
    table_parquet,
)
from customer_insight.workbook.section import (
    CUSTOMERS,
    DAYS,
    HIDDEN,
    MONEY,
    NUMBER,
    SHARE,
    TEXT,
    Column,
    Table,
)

from .made_report import made_report


def stored(unit, *values):
    table = Table("t", "-", (Column("a", "A", unit, "."),), tuple((value,) for value in values))
    return pl.read_parquet(io.BytesIO(table_parquet(table, made_report())))


@pytest.mark.parametrize(
    ("unit", "values", "kind"),
    [
        (TEXT, ("x", None), pl.String),
        (MONEY, (5, None, 7.0), pl.Int64),
        (SHARE, (0, 1), pl.Float64),
        (NUMBER, (1, 2), pl.Float64),
        (DAYS, (1, 2), pl.Int64),
        (DAYS, (1, 2.5), pl.Float64),
        (CUSTOMERS, (None, HIDDEN), pl.Int64),
    ],
)
def test_a_column_has_the_type_of_its_unit(unit, values, kind):
    found = stored(unit, *values)
    assert found.schema["a"] == kind
    assert found["a"].to_list() == [None if value is HIDDEN else value for value in values]
    assert ("a_hidden" in found.columns) == (HIDDEN in values)


def test_a_table_without_rows_keeps_its_columns():
    assert stored(MONEY).schema == {"a": pl.Int64}


@pytest.mark.parametrize("names", [["a", "a"], ["a", None]])
def test_customers_that_cannot_be_told_apart_are_refused(names):
    with pytest.raises(UnreadableError, match="each needs one of its own"):
        check_customers(pl.DataFrame({"customer": names}))
