import pytest

from customer_insight.data.intake import IntakeError
from customer_insight.data.intake.file_kind import file_kind


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"a,b\n", "text"),
        (b"[customer],[date]\n", "text"),
        ("\ufeff客户,日期".encode(), "text"),
        ("a,b".encode("utf-16"), "text"),
        ("a,b".encode("utf-16-le"), "text"),
        (b"PAR1....", "parquet"),
        (b"PK\x03\x04", "zip"),
    ],
)
def test_the_content_tells_the_kind(tmp_path, content, kind):
    path = tmp_path / "orders.pdf"
    path.write_bytes(content)
    assert file_kind(path) == kind


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "file-empty"),
        (b"\xff\xfe", "file-empty"),
        (b" \n\t", "file-empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "save it as .xlsx"),
        (b"  <!DOCTYPE html>", "web page"),
        (b"<?xml version='1.0'?>", "XML"),
        (b'{"a": 1}', "JSON"),
        (b'[ {"a": 1}]', "JSON"),
        (b"\x80\x05K\x01.", "pickle"),
        (b"SQLite format 3\x00", "SQLite"),
        (bytes(range(1, 9)) * 9, "binary"),
    ],
)
def test_what_is_not_read_is_refused_by_its_name(tmp_path, content, said):
    path = tmp_path / "orders.csv"
    path.write_bytes(content)
    with pytest.raises(IntakeError, match=said):
        file_kind(path)
