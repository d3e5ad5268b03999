"""The hash of what is in a table."""

import datetime as dt

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from customer_insight.data.content_hash import ContentHash, content_hash

TABLE = pa.table(
    {
        "text": ["茶", "", None, "ab"],
        "whole": [1, None, -3, 2**40],
        "number": [0.5, 1.5, None, -0.0],
        "flag": [True, False, None, True],
        "day": pa.array([dt.date(2024, 1, 1), None, dt.date(1969, 1, 1), dt.date(2024, 1, 2)]),
        "time": pa.array([dt.datetime(2024, 1, 1, 12), None, None, None], pa.timestamp("us")),
    }
)


def changed(name, values):
    place = TABLE.column_names.index(name)
    return TABLE.set_column(place, name, pa.array(values, TABLE.schema.field(name).type))


@pytest.mark.parametrize(
    "other",
    [
        changed("text", ["茶", None, None, "ab"]),
        changed("text", ["茶a", "", None, "b"]),
        changed("whole", [1, 0, -3, 2**40]),
        changed("whole", [1, None, -3, 2**40 + 1]),
        changed("number", [0.5, 1.5, 0.0, -0.0]),
        changed("flag", [True, False, False, True]),
        changed("day", [dt.date(2024, 1, 1), None, dt.date(1969, 1, 2), dt.date(2024, 1, 2)]),
        TABLE.take([1, 0, 2, 3]),
        TABLE.rename_columns(["text", "whole", "number", "flag", "day", "when"]),
        TABLE.select(["whole", "text", "number", "flag", "day", "time"]),
        TABLE.slice(0, 3),
    ],
)
def test_any_change_changes_the_hash(other):
    assert content_hash(other) != content_hash(TABLE)


def test_parts_slices_and_files_do_not(tmp_path):
    expected = content_hash(TABLE)
    parts = ContentHash(TABLE.schema)
    for start in range(4):
        parts.update(TABLE.slice(start, 1))
    assert parts.hexdigest() == expected
    pq.write_table(TABLE, tmp_path / "a.parquet", row_group_size=2)
    assert content_hash(pq.read_table(tmp_path / "a.parquet")) == expected


def test_rows_of_another_form_are_refused():
    hashed = ContentHash(TABLE.schema)
    with pytest.raises(ValueError, match="other columns"):
        hashed.update(TABLE.select(["text"]))
