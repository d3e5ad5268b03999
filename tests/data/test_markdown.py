"""Tables in Markdown."""

from customer_insight.data.catalog import Column
from customer_insight.data.markdown import column_table, table


def test_a_bar_in_a_cell_does_not_end_it():
    assert table(("a",), [("x|y",)]).splitlines() == ["| a |", "| --- |", r"| x\|y |"]


def test_columns_say_their_bounds_values_and_whether_they_may_be_missing():
    columns = [
        Column("pieces", "integer", "Pieces", unit="pieces", low=1, high=9),
        Column("kind", "text", "Kind", optional=True, values=("new", "old")),
        Column("share", "number", "Share", low=0),
    ]
    lines = column_table(columns).splitlines()[2:]
    assert lines == [
        "| `pieces` | integer | pieces (1 to 9) | Pieces |",
        "| `kind` | text, may be missing |  | Kind. One of: new, old |",
        "| `share` | number | 0 or more | Share |",
    ]
