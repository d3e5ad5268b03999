import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from customer_insight.data import read_file as read_file_module
from customer_insight.data.errors import DataSetError
from customer_insight.data.read_file import kind_of, read_file


@pytest.mark.parametrize(
    ("start", "kind"),
    [
        (b"PAR1....", "parquet"),
        (b"PK\x03\x04....", "zip"),
        (b"PK\x05\x06....", "zip"),
        (b"<!DOCTYPE html>", "web page"),
        (b"\xef\xbb\xbf\r\n <HTML>", "web page"),
        (b"<?xml version='1.0'?>", "web page"),
        (b"id,day\n1,2\n", "text"),
        (b"", "text"),
    ],
)
def test_the_kind_is_told_by_the_first_bytes(tmp_path, start, kind):
    path = tmp_path / "named.csv"
    path.write_bytes(start)
    assert kind_of(path) == kind


def test_a_parquet_file_named_csv_is_read_as_parquet(tiny, tmp_path):
    path = tmp_path / "tiny.csv"
    pq.write_table(pa.table({"id": ["a", "b", "c"]}), path)
    assert read_file(path, tiny)["id"].to_pylist() == ["a", "b", "c"]


def test_a_web_page_is_refused(tiny, tmp_path):
    path = tmp_path / "tiny.csv"
    path.write_text("<html>Sorry</html>")
    with pytest.raises(DataSetError, match=r"tiny.csv is a web page and not the data set tiny"):
        read_file(path, tiny)


def test_a_text_too_large_is_refused(tiny, tiny_csv, monkeypatch):
    monkeypatch.setattr(read_file_module, "LARGEST_UNPACKED", 10)
    with pytest.raises(DataSetError, match="no data set of the course has more than 10"):
        read_file(tiny_csv, tiny)
