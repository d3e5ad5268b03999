import pandas as pd
import polars as pl
import pytest

from customer_insight.clv.money_table import money_table

WANTED = {"text": ["line"], "optional_text": ["customer_id"], "whole": ["amount"]}


@pytest.mark.parametrize("kind", [pd.DataFrame, pl.DataFrame])
def test_columns_come_back_as_text_and_whole_numbers(kind):
    frame = kind({"line": ["a", "b"], "amount": [1, 2], "customer_id": ["x", None], "more": [0, 0]})
    table = money_table(frame, "postings", **WANTED)
    assert table.to_dict(as_series=False) == {
        "line": ["a", "b"],
        "customer_id": ["x", None],
        "amount": [1, 2],
    }
    assert table["amount"].dtype == pl.Int64


def test_a_column_of_gaps_alone_is_text():
    frame = pd.DataFrame({"line": ["a"], "amount": [1], "customer_id": [None]})
    assert money_table(frame, "postings", **WANTED)["customer_id"].dtype == pl.String


def test_categories_are_text():
    frame = pd.DataFrame({"line": pd.Categorical(["a"]), "amount": [1], "customer_id": ["x"]})
    assert money_table(frame, "postings", **WANTED)["line"].to_list() == ["a"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"amount": [1.0]}, "postings: the column 'amount' holds Float64, .* minor units"),
        ({"amount": [None]}, "postings: amount is missing in 1 of 1 rows"),
        ({"line": [None]}, "line is missing in 1 of 1 rows"),
        ({"customer_id": [42]}, "'customer_id' holds Int64, and must hold text.*leading zeros"),
    ],
)
def test_what_is_no_money_table_is_refused(change, message):
    frame = pl.DataFrame({"line": ["a"], "amount": [1], "customer_id": ["x"]} | change)
    with pytest.raises(ValueError, match=message):
        money_table(frame, "postings", **WANTED)


def test_a_missing_column_is_named_with_those_there():
    with pytest.raises(ValueError, match="postings has no column customer_id, amount; it has line"):
        money_table(pl.DataFrame({"line": ["a"]}), "postings", **WANTED)


def test_a_lazy_frame_is_refused():
    with pytest.raises(ValueError, match=r"postings is a LazyFrame, .*Collect"):
        money_table(pl.LazyFrame({"line": ["a"]}), "postings", **WANTED)
