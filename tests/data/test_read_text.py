import dataclasses

import pytest

from customer_insight.data.catalog import Reader, catalog
from customer_insight.data.errors import DataSetError
from customer_insight.data.read_text import read_text


@pytest.fixture
def write(tmp_path):
    def make(content):
        path = tmp_path / "data.txt"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return make


@pytest.fixture
def fixed(tiny):
    """Give a small set of two columns between blanks."""
    return dataclasses.replace(tiny, reader=Reader("fixed_width"), columns=tiny.columns[:2])


@pytest.fixture
def baskets(tiny):
    return catalog()["tiny_by_hand"]


def test_csv_is_text_with_empty_cells_missing(tiny, tiny_csv):
    table = read_text(tiny_csv, tiny)
    assert table.column_names == ["id", "day", "at", "pieces", "price", "paid", "kind"]
    assert table["id"].to_pylist() == ["007", "008", "9,5"]
    assert table["price"].to_pylist() == ["2.50", "?", "10.25"]


def test_csv_in_any_order_of_columns_with_a_byte_order_mark(tiny, write):
    table = read_text(write(b"\xef\xbb\xbfkind,id\nnew,1\n,2\n"), tiny)
    assert table.to_pydict() == {"kind": ["new", None], "id": ["1", "2"]}


@pytest.mark.parametrize("text", ["id,day\n1,2,3\n", "id,day\n1\n", ""])
def test_csv_with_shifted_fields_is_refused(tiny, write, text):
    with pytest.raises(DataSetError, match="cannot be read as the csv of tiny"):
        read_text(write(text), tiny)


@pytest.mark.parametrize("kind", ["csv", "baskets"])
def test_another_encoding_is_refused(tiny, write, kind):
    entry = dataclasses.replace(tiny, reader=Reader(kind))
    with pytest.raises(DataSetError, match="not text in utf-8, as tiny is published"):
        read_text(write("id,kind\n1,很好\n".encode("gbk")), entry)


@pytest.mark.parametrize("head", ["", " id  day\r\n", "id day\n"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_fields_between_blanks_with_and_without_a_header(fixed, write, head, line_end):
    table = read_text(write(f"{head} 007  20240201{line_end}008 20240202{line_end}\n"), fixed)
    assert table.to_pydict() == {"id": ["007", "008"], "day": ["20240201", "20240202"]}


@pytest.mark.parametrize(("text", "count"), [("1 2\n3\n4 5 6\n", "2 of 3"), ("", "0 of 0")])
def test_lines_with_other_fields_are_counted(fixed, write, text, count):
    with pytest.raises(DataSetError, match=f"{count} lines do not have the 2 fields 'id', 'day'"):
        read_text(write(text), fixed)


def test_a_basket_is_a_line_and_keeps_its_blanks(baskets, write):
    table = read_text(write("milk,cream cheese \r\nbread\r\n\r\n"), baskets)
    assert table.to_pydict() == {"basket": ["1", "2"], "items": ["milk,cream cheese ", "bread"]}
