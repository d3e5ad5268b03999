import pandas as pd
import pytest

from customer_insight.data.column_rules import check_columns, column_schema
from customer_insight.data.errors import DataSetError
from customer_insight.data.load import to_pandas
from customer_insight.data.read_text import read_text
from customer_insight.data.settle import settle


@pytest.fixture
def frame(tiny, tiny_csv):
    return to_pandas(settle(read_text(tiny_csv, tiny), tiny))


def test_the_published_table_passes(tiny, frame):
    check_columns(frame, tiny)


def test_the_schema_has_the_catalogues_columns_in_order(tiny):
    schema = column_schema(tiny)
    assert list(schema.columns) == [column.name for column in tiny.columns]
    assert [name for name, column in schema.columns.items() if column.nullable] == [
        "at",
        "price",
        "kind",
    ]


@pytest.mark.parametrize(
    ("column", "values", "said"),
    [
        ("kind", ["new", "SECRET", "SECRET"], "column 'kind', rule isin"),
        ("pieces", [0, 1, 2], "column 'pieces', rule greater_than_or_equal_to(1): 1 rows"),
        ("pieces", [10, 11, 1], "column 'pieces', rule less_than_or_equal_to(9): 2 rows"),
        ("price", [-1.0, 0.0, 1.0], "column 'price', rule greater_than_or_equal_to(0): 1 rows"),
        ("id", ["a", None, "b"], "column 'id', rule not_nullable: 1 rows"),
        ("pieces", [1.0, 2.0, 3.0], "column 'pieces', rule dtype('int64'): 1 rows"),
    ],
)
def test_a_broken_rule_is_named_with_its_rows_and_no_values(tiny, frame, column, values, said):
    with pytest.raises(DataSetError) as error:
        check_columns(frame.assign(**{column: values}), tiny)
    assert said in str(error.value)
    assert "SECRET" not in str(error.value)


def test_several_broken_rules_are_told_at_once(tiny, frame):
    changed = frame.assign(pieces=[0, 1, 2], kind=["new", "x", "old"])
    with pytest.raises(DataSetError, match=r"column 'kind', rule isin.*column 'pieces', rule"):
        check_columns(changed, tiny)


def test_another_order_of_columns_is_refused(tiny, frame):
    with pytest.raises(DataSetError, match="column_ordered"):
        check_columns(frame[frame.columns[::-1]], tiny)


def test_the_frame_is_not_changed(tiny, frame):
    before = frame.copy()
    check_columns(frame, tiny)
    pd.testing.assert_frame_equal(frame, before)
