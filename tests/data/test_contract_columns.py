import datetime as dt
from decimal import Decimal

import narwhals as nw
import pandas as pd
import polars as pl
import pytest

from customer_insight.data.contract_columns import (
    column_rules,
    converted,
    type_violation,
    typed_objects,
)
from customer_insight.data.violations import find_violations

ZONED = pd.Series(["2024-01-01"]).astype("datetime64[us, Asia/Shanghai]")
REFUSED = [
    ("customer_id", pd.Series([12345.0]), "Float64", "text from the start"),
    ("customer_id", pd.Series([12345, "00042"]), "Object", "text from the start"),
    ("customer_id", pd.Series([True]), "Boolean", "text from the start"),
    ("order_id", pd.Series([1.5]).astype("category"), "Categorical", "text from the start"),
    ("day", pd.Series(["2024-01-01"]), "String", "pandas.to_datetime"),
    ("day", pd.Series([20240101]), "Int64", "pandas.to_datetime"),
    ("day", pd.Series([dt.date(2024, 1, 1), "2024"]), "Object", "pandas.to_datetime"),
    ("day", ZONED, "Asia/Shanghai", "business's own zone"),
    ("amount", pd.Series(["12.50"]), "String", "whole, decimal or Float64"),
    ("amount", pd.Series([12.5], dtype="float32"), "Float32", "whole, decimal or Float64"),
    ("amount", pd.Series([Decimal("12.5"), "1"]), "Object", "whole, decimal or Float64"),
    ("quantity", pd.Series([True]), "Boolean", "whole, decimal or Float64"),
]


@pytest.mark.parametrize(("name", "values", "dtype", "fix"), REFUSED)
def test_a_type_that_would_be_a_guess_is_refused(name, values, dtype, fix):
    found = type_violation(nw.from_native(pd.DataFrame({"source": values})), name, "source")
    assert found.rule == "column-type"
    assert dtype in found.problem
    assert f"{name} must be" in found.problem
    assert fix in str(found)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("customer_id", pl.Series([12345])),
        ("customer_id", pl.Series(["00042"])),
        ("customer_id", pl.Series(["a"], dtype=pl.Categorical)),
        ("order_id", pl.Series(["a"], dtype=pl.Enum(["a"]))),
        ("day", pl.Series([dt.date(2024, 1, 1)])),
        ("day", pl.Series([dt.datetime(2024, 1, 1, 23, 59)])),
        ("amount", pl.Series([Decimal("12.50")])),
        ("cost", pl.Series([12])),
        ("quantity", pl.Series([3.0])),
    ],
)
def test_types_that_are_clear_are_taken(name, values):
    frame = nw.from_native(pl.DataFrame({"source": values}))
    assert type_violation(frame, name, "source") is None
    assert type_violation(frame.lazy(), name, "source") is None


def test_objects_of_pandas_that_are_all_of_one_kind_get_its_type():
    frame = pd.DataFrame(
        {
            "d": [dt.date(2999, 1, 1), None],
            "m": [Decimal("1.25"), None],
            "mixed": [dt.date(2024, 1, 1), "1"],
            "other": [Decimal(1), None],
        }
    )
    schema = typed_objects(nw.from_native(frame), ["d", "m", "m", "mixed", "lost"]).schema
    assert schema == {
        "d": nw.Datetime("us"), "m": nw.Float64(), "mixed": nw.Object(), "other": nw.Object(),
    }  # fmt: skip


def test_a_column_that_is_not_there_is_named_with_its_nearest_neighbour():
    found = type_violation(nw.from_native(pl.DataFrame({"datum": [1], "x": [1]})), "day", "date")
    assert str(found).splitlines() == [
        'column-missing  column "date": is not in the table.',
        "  Why it matters: day is made from it.",
        '  Fix: did you mean "datum"? the table has datum, x.',
    ]


@pytest.mark.parametrize("blank", ["", " ", "\t", "\u00a0", "\u3000 \u3000"])
def test_a_blank_id_is_no_customer(local_engine, blank):
    import pyarrow as pa

    frame = nw.from_native(local_engine.frame(pa.table({"who": ["a", blank, None, "NA"]})))
    rules = column_rules("customer_id", "who", 2, nw.String())
    _, found = find_violations(frame, rules)
    assert {v.rule: v.rows for v in found} == {"customer-missing": 1, "customer-blank": 1}


def test_optional_labels_may_be_missing():
    assert column_rules("region", "where", 2, nw.String()) == []


def test_a_fraction_of_a_piece_breaks_a_rule_whatever_the_currency():
    frame = nw.from_native(pl.DataFrame({"pieces": [1.0, 1.5]}))
    _, (found,) = find_violations(frame, column_rules("quantity", "pieces", 2, nw.Float64()))
    assert (found.rule, found.positions) == ("quantity-decimals", (1,))


def test_seventeen_digits_become_the_same_seventeen_digits():
    frame = nw.from_native(pl.DataFrame({"who": [12345678901234567, -1]}))
    ids = frame.select(who=converted("customer_id", "who", 2))["who"].to_list()
    assert ids == ["12345678901234567", "-1"]
