"""Parquet files written part by part."""

import polars as pl
import pyarrow.parquet as pq
import pytest

from customer_insight.company.table_writer import TableWriter
from customer_insight.data.content_hash import content_hash

FACTS = {
    "people": {"columns": {"name": {"type": "text"}, "age": {"type": "integer"}}},
    "truth_people": {"columns": {"risk": {"type": "number", "optional": True}}},
}


def test_parts_make_one_file_with_the_hash_of_the_whole(tmp_path):
    frame = pl.DataFrame({"age": [30, 40, 50], "name": ["a", "b", "c"]})
    with TableWriter(tmp_path, FACTS) as writer:
        for start in range(3):
            writer.write("people", frame[start : start + 1])
        writer.write("truth_people", pl.DataFrame({"risk": [0.5, None]}))
        summary = writer.summary()
    whole = pq.read_table(tmp_path / "people.parquet")
    assert whole.column_names == ["name", "age"]
    assert summary["people"] == {"rows": 3, "sha256": content_hash(whole)}
    assert (tmp_path / "truth" / "people.parquet").is_file()


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        ({"name": ["a"]}, "differ in age"),
        ({"name": ["a"], "age": [1], "size": [2]}, "differ in size"),
        ({"name": [None], "age": [1]}, "'name': 1 missing values"),
    ],
)
def test_what_the_catalogue_does_not_say_is_refused(tmp_path, frame, message):
    with (
        TableWriter(tmp_path, FACTS) as writer,
        pytest.raises(ValueError, match=message),
    ):
        writer.write("people", pl.DataFrame(frame))
    with TableWriter(tmp_path, FACTS) as writer, pytest.raises(ValueError, match="no table"):
        writer.write("pets", pl.DataFrame(frame))
