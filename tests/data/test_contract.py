import datetime as dt
from decimal import Decimal

import duckdb
import narwhals as nw
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from customer_insight.data.contract import ContractError, check_transactions, transactions

DAYS = [dt.date(2024, 2, 29), dt.date(1969, 12, 31), dt.date(2024, 2, 29)]
ORDERS = {
    "会员": ["00042", "NA", "清禾"],
    "date": pa.array(DAYS),
    "yuan": [29.33, 0.0, -12.5],
    "invoice": [12345678901234567, 2, 3],
    "cost": pa.array([Decimal("1.10"), Decimal("0.00"), Decimal("2.05")]),
    "pieces": pa.array([1, 2, -1], pa.int32()),
    "goods": ["T1", None, ""],
}
NAMES = {"customer": "会员", "day": "date", "amount": "yuan"}


def test_the_contract_comes_out_the_same_on_every_engine(engine):
    out = transactions(
        engine.frame(pa.table(ORDERS)),
        **NAMES,
        order="invoice",
        cost="cost",
        quantity="pieces",
        sku="goods",
    )
    assert isinstance(out, engine.kind())
    text, whole = nw.String, nw.Int64
    assert engine.columns(out) == {
        "customer_id": text, "order_id": text, "day": whole, "amount": whole,
        "sku": text, "quantity": whole, "cost": whole,
    }  # fmt: skip
    found = [tuple(None if pd.isna(v) else v for v in row.values()) for row in engine.rows(out)]
    assert found == [
        ("00042", "12345678901234567", 19782, 2933, "T1", 1, 110),
        ("NA", "2", -1, 0, None, 2, 0),
        ("清禾", "3", 19782, -1250, "", -1, 205),
    ]


def test_leading_zeros_stay_where_the_file_is_read_as_text(tmp_path):
    path = tmp_path / "orders.csv"
    path.write_text("customer,date,amount\n00042,2024-02-29,1.50\n042,2024-02-29,2.50\n")
    columns = {"customer": "customer", "day": "date", "amount": "amount"}
    with duckdb.connect() as connection:
        query = "select * from read_csv(?, types={'customer': 'VARCHAR'})"
        found = [
            pd.read_csv(path, dtype={"customer": str}, parse_dates=["date"]),
            pl.read_csv(path, schema_overrides={"customer": pl.String}, try_parse_dates=True),
            connection.sql(query, params=[str(path)]).pl(),
        ]
    for frame in found:
        assert list(transactions(frame, **columns)["customer_id"]) == ["00042", "042"]
    guessed = pd.read_csv(path, parse_dates=["date"])
    assert list(transactions(guessed, **columns)["customer_id"]) == ["42", "42"]


def test_without_an_order_id_a_customers_day_is_one_order(engine):
    table = pa.table({"who": ["a", "a", "a/1"], "date": pa.array(DAYS), "paid": [1, 2, 3]})
    rows = engine.rows(transactions(engine.frame(table), customer="who", day="date", amount="paid"))
    assert [(row["order_id"], row["amount"]) for row in rows] == [
        ("a/-1", 200), ("a/19782", 100), ("a/1/19782", 300),
    ]  # fmt: skip


def test_rows_of_one_basket_share_their_order_without_an_order_id():
    frame = pl.DataFrame({"who": ["a", "a"], "date": [DAYS[0]] * 2, "paid": [1.0, 2.0]})
    out = transactions(frame, customer="who", day="date", amount="paid")
    assert out["order_id"].n_unique() == 1


def test_the_day_of_a_time_without_a_zone_is_the_day_as_written(local_engine):
    late = [dt.datetime(2024, 2, 29, 23, 59, 59), dt.datetime(1969, 12, 31, 0, 0, 1)]
    table = pa.table({"who": ["a", "b"], "date": pa.array(late), "paid": [1.0, 2.0]})
    out = transactions(local_engine.frame(table), customer="who", day="date", amount="paid")
    assert [row["day"] for row in local_engine.rows(out)] == [19782, -1]


@pytest.mark.spark
def test_on_spark_a_timestamp_has_a_zone_and_one_without_is_taken_as_written(spark):
    frame = spark.sql(
        "select 'a' who, 1.5 paid, timestamp'2024-02-29 00:30:00' moment, "
        "timestamp_ntz'2024-02-29 23:59:59' written"
    )
    with pytest.raises(ContractError, match=r"(?s)Asia/Shanghai.*business's own zone"):
        transactions(frame, customer="who", day="moment", amount="paid")
    out = transactions(frame, customer="who", day="written", amount="paid").collect()
    assert [tuple(row) for row in out] == [("a", "a/19782", 19782, 150)]


def test_the_input_is_not_changed():
    frame = pd.DataFrame({"who": ["a"], "date": pd.to_datetime(["2024-02-29"]), "paid": [1.5]})
    before = frame.copy(deep=True)
    transactions(frame, customer="who", day="date", amount="paid")
    pd.testing.assert_frame_equal(frame, before)


def test_rows_keep_their_order_and_any_index_is_accepted():
    frame = pd.DataFrame(
        {"who": ["b", "a"], "date": pd.to_datetime(["2024-02-29"] * 2), "paid": [1.5, 2.5]},
        index=[7, 7],
    )
    out = transactions(frame, customer="who", day="date", amount="paid")
    assert out["customer_id"].tolist() == ["b", "a"]


def test_decimals_and_dates_that_pandas_keeps_as_objects_are_taken():
    frame = pd.DataFrame({"who": ["a"], "date": DAYS[1:2], "paid": [Decimal("29.33")]})
    assert set(frame.dtypes[["date", "paid"]]) == {np.dtype(object)}
    out = transactions(frame, customer="who", day="date", amount="paid")
    assert out.iloc[0].tolist() == ["a", "a/-1", -1, 2933]


@pytest.mark.parametrize("backend", ["numpy_nullable", "pyarrow"])
def test_the_other_types_of_pandas_are_taken(backend):
    frame = pd.DataFrame(
        {"who": [12345], "date": pd.to_datetime(["2024-02-29"]), "paid": [29.33]}
    ).convert_dtypes(dtype_backend=backend)
    out = transactions(frame, customer="who", day="date", amount="paid")
    assert out.iloc[0].tolist() == ["12345", "12345/19782", 19782, 2933]


BROKEN = {
    "who": ["SECRET-1", None, " ", "SECRET-4", "SECRET-5", "SECRET-6"],
    "date": pa.array([DAYS[0], DAYS[0], DAYS[0], None, dt.date(2999, 12, 31), DAYS[0]]),
    "paid": [66677.125, None, float("nan"), float("inf"), 7.77e77, 1.0],
}
RULES = {
    "customer-missing": (1, (1,)),
    "customer-blank": (1, (2,)),
    "day-missing": (1, (3,)),
    "day-out-of-range": (1, (4,)),
    "amount-missing": (2, (1, 2)),
    "amount-infinite": (1, (3,)),
    "amount-too-large": (1, (4,)),
    "amount-decimals": (1, (0,)),
}


def test_all_broken_rules_are_told_at_once_with_counts_and_positions_but_no_values(engine):
    with pytest.raises(ContractError) as caught:
        transactions(engine.frame(pa.table(BROKEN)), customer="who", day="date", amount="paid")
    found = {v.rule: (v.rows, v.positions) for v in caught.value.violations}
    assert found == {
        rule: (rows, positions if engine.ordered else ())
        for rule, (rows, positions) in RULES.items()
    }
    message = str(caught.value)
    assert message.startswith("8 problems found.")
    assert message.endswith("Nothing was converted.")
    assert 'customer-missing  column "who": 1 row without a customer id.' in message
    assert ("Positions (the first row is 0): 1, 2." in message) is engine.ordered
    for value in ("SECRET", "66677", "7.77", "2999"):
        assert value not in message


def test_wrong_types_and_wrong_values_are_told_in_one_message():
    frame = pl.DataFrame({"who": [1.0], "date": [None], "paid": [0.125]}, schema_overrides={
        "date": pl.Date})  # fmt: skip
    with pytest.raises(ContractError) as caught:
        transactions(frame, customer="who", day="date", amount="paid", region="land")
    assert [v.rule for v in caught.value.violations] == [
        "column-type", "column-missing", "day-missing", "amount-decimals",
    ]  # fmt: skip


def test_a_table_without_rows_is_refused(engine):
    table = pa.table(ORDERS).slice(0, 0)
    with pytest.raises(ContractError, match=r"(?s)no-rows .*lost filter or a wrong file"):
        transactions(engine.frame(table), **NAMES)


@pytest.mark.parametrize("frame", [None, {"a": [1]}, [1, 2], "orders.csv", pd.Series([1])])
def test_what_is_no_table_is_refused_with_the_choices(frame):
    with pytest.raises(ValueError, match=r"not a table.*pandas or Polars.*DuckDB.*PySpark"):
        transactions(frame, customer="who", day="date", amount="paid")


def test_two_columns_of_one_name_are_refused():
    frame = pd.DataFrame([["a", "b", 1.0]], columns=["who", "who", "paid"])
    with pytest.raises(ValueError, match="column names are all different"):
        transactions(frame, customer="who", day="date", amount="paid")


def test_decimals_are_checked_before_the_table():
    with pytest.raises(ValueError, match="whole number from 0 to 4"):
        transactions(None, customer="who", day="date", amount="paid", decimals=2.0)


def test_a_table_of_the_contract_passes_the_check(engine):
    out = transactions(engine.frame(pa.table(ORDERS)), **NAMES)
    assert check_transactions(out).columns == ["customer_id", "order_id", "day", "amount"]


def test_a_raw_table_is_told_how_to_become_one(engine):
    raw = pa.table({"customer_id": [42], "day": pa.array(DAYS[:1]), "amount": [2.5]})
    with pytest.raises(ContractError) as caught:
        check_transactions(engine.frame(raw))
    message = str(caught.value)
    assert [(v.rule, v.column) for v in caught.value.violations] == [
        ("column-missing", "order_id"),
        ("column-type", "customer_id"),
        ("column-type", "day"),
        ("column-type", "amount"),
    ]
    assert "is Int64, and must be String" in message
    assert "data.transactions(frame, customer=..., day=..., amount=...)" in message
    assert message.endswith("Nothing was computed.")


def test_an_optional_column_of_another_type_is_refused():
    frame = pl.DataFrame(
        {"customer_id": ["a"], "order_id": ["1"], "day": [1], "amount": [1], "quantity": [1.5]}
    )
    with pytest.raises(ContractError, match=r'"quantity": is Float64, and must be Int64'):
        check_transactions(frame)
