import datetime as dt

import pyarrow as pa
import pytest

from customer_insight.data.errors import DataSetError
from customer_insight.data.settle import settle

TEXT = {
    "id": ["7", "8"],
    "day": ["01/02/2024", "02/02/2024"],
    "at": ["01/02/2024 09:30", "?"],
    "pieces": ["1", "2"],
    "price": ["2.50", "?"],
    "paid": ["true", "False"],
    "kind": ["new", "?"],
}
TYPED = {
    "kind": ["new", None],
    "paid": [True, False],
    "price": [2.5, float("nan")],
    "pieces": pa.array([1.0, 2.0]),
    "at": [dt.datetime(2024, 2, 1, 9, 30), None],
    "day": [dt.date(2024, 2, 1), dt.date(2024, 2, 2)],
    "id": pa.array([7.0, 8.0]),
}


def test_text_and_typed_values_settle_to_the_same_table(tiny):
    from_text, from_types = settle(pa.table(TEXT), tiny), settle(pa.table(TYPED), tiny)
    assert from_text.equals(from_types)
    assert from_text.to_pydict() == {
        "id": ["7", "8"],
        "day": [dt.date(2024, 2, 1), dt.date(2024, 2, 2)],
        "at": [dt.datetime(2024, 2, 1, 9, 30), None],
        "pieces": [1, 2],
        "price": [2.5, None],
        "paid": [True, False],
        "kind": ["new", None],
    }


def test_the_types_are_those_of_the_catalogue(tiny):
    types = settle(pa.table(TEXT), tiny).schema.types
    assert [str(kind).replace("large_", "") for kind in types] == [
        "string",
        "date32[day]",
        "timestamp[us]",
        "int64",
        "double",
        "bool",
        "string",
    ]


def test_a_settled_table_settles_to_itself(tiny):
    once = settle(pa.table(TEXT), tiny)
    assert settle(once, tiny).equals(once)


def test_rows_keep_their_order(tiny):
    many = {name: values[:1] * 50_000 for name, values in TEXT.items()}
    many["id"] = [str(i) for i in range(50_000)]
    assert settle(pa.table(many), tiny)["id"].to_pylist() == many["id"]


@pytest.mark.parametrize(
    ("column", "values", "said"),
    [
        ("pieces", ["1.5", "2"], "1 of 2 values of 'pieces' are no integer"),
        ("pieces", ["one", "two"], "2 of 2 values of 'pieces' are no integer"),
        ("pieces", ["99999999999999999999", "2"], "1 of 2 values of 'pieces' are no integer"),
        ("price", ["2,50", "1"], "1 of 2 values of 'price' are no number"),
        ("paid", ["perhaps", "true"], "1 of 2 values of 'paid' are no boolean"),
        ("day", ["2024-02-01", "02/02/2024"], "are no date written '%d/%m/%Y'"),
        ("day", ["30/02/2024", "02/02/2024"], "1 of 2 values of 'day' are no date"),
        ("at", ["02/13/2024 09:30", None], "1 of 1 values of 'at' are no timestamp"),
        ("id", pa.array([7.5, 8.0]), "1 of 2 values of 'id' are no text"),
    ],
)
def test_a_value_that_cannot_be_read_is_counted_and_not_shown(tiny, column, values, said):
    with pytest.raises(DataSetError) as error:
        settle(pa.table(TEXT | {column: values}), tiny)
    assert said in str(error.value)
    assert "nothing was loaded" in str(error.value)
    assert str(values[0]) not in str(error.value)


def test_columns_missing_and_unknown_are_named(tiny):
    table = pa.table({name: TEXT[name] for name in TEXT if name != "day"} | {"Day": TEXT["day"]})
    with pytest.raises(DataSetError, match=r"missing: 'day'; not in the catalogue: 'Day'"):
        settle(table, tiny)


def test_a_column_that_stands_twice_is_named(tiny):
    table = pa.table(TEXT)
    with pytest.raises(DataSetError, match="there twice: 'id'"):
        settle(table.append_column("id", table["id"]), tiny)
