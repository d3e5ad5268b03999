import pytest

from customer_insight.data.intake import IntakeError, encoding
from customer_insight.data.intake.encoding import LONGEST_LINE, clean_text
from customer_insight.data.intake.roles import known_names


def knows(line):
    return known_names(line.split(","))


@pytest.fixture
def clean(tmp_path):
    def make(content, **stated):
        path = tmp_path / "orders.csv"
        path.write_bytes(content)
        return clean_text(path, tmp_path, knows=knows, **stated)

    return make


@pytest.mark.parametrize("content", ["a,é\nb,清\n", "a\r\nb\r\n", "a"])
def test_utf8_with_one_kind_of_line_end_is_not_copied(clean, content, tmp_path):
    found = clean(content.encode())
    assert (found.path, found.encoding) == (tmp_path / "orders.csv", "UTF-8")


@pytest.mark.parametrize(
    ("content", "stated", "encoding_"),
    [
        (b"a\rb\r", None, "UTF-8"),
        (b"a\nb\r\n", None, "UTF-8"),
        ("\ufeffa\nb\n".encode(), None, "UTF-8"),
        ("a\nb\n".encode("utf-16"), None, "UTF-16"),
        ("a\r\nb\r\n".encode("gb18030"), "gbk", "GBK"),
    ],
)
def test_others_become_utf8_with_line_feeds(clean, content, stated, encoding_):
    found = clean(content, encoding=stated)
    assert (found.path.read_bytes(), found.encoding, found.lines) == (b"a\nb\n", encoding_, 2)


@pytest.mark.parametrize("size", [1, 2, 3, 7])
@pytest.mark.parametrize(
    ("content", "copied"), [("é\r\n清\r\n", False), ("é\r清\r\n", True), ("é\n清\r\n", True)]
)
def test_a_sign_or_line_end_may_stand_between_two_chunks(clean, monkeypatch, size, content, copied):
    monkeypatch.setattr(encoding, "_CHUNK", size)
    found = clean(content.encode())
    assert (found.path.name == "text.csv") is copied
    assert found.path.read_text().split("\n") == ["é", "清", ""]


def test_an_unknown_encoding_shows_the_header_in_those_that_fit(clean):
    content = "第一季度\n客户,日期,金额\n张三,2024-01-31,5\n".encode("gb18030")
    with pytest.raises(IntakeError, match='Line 2 would read gb18030: "客户,日期,金额"') as error:
        clean(content)
    assert 'encoding="gb18030"' in str(error.value)
    assert "张三" not in str(error.value)


def test_without_a_header_that_is_known_no_line_is_shown(clean):
    content = "张三,2024-01-31,5\n".encode("gb18030")
    with pytest.raises(IntakeError, match="It could be gb18030") as error:
        clean(content)
    assert "2024" not in str(error.value)
    with pytest.raises(IntakeError, match="张三"):
        clean(content, show_values=True)


@pytest.mark.parametrize(("content", "doubtful"), [("é", True), ("e", False)])
def test_a_stated_encoding_of_text_that_is_utf8_is_doubtful(clean, content, doubtful):
    assert clean(content.encode(), encoding="cp1252").doubtful is doubtful


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_the_longest_line_is_read_and_no_longer_one(clean, end):
    line = b"x" * LONGEST_LINE
    assert clean(b"a" + end + line + end).lines == 2
    with pytest.raises(IntakeError, match="a line has more than 1,000,000 bytes"):
        clean(b"a" + end + line + b"x" + end)


@pytest.mark.parametrize(
    ("content", "stated", "code"),
    [
        (b"a\x00b", None, "nul-bytes"),
        (b"\xef\xbb\xbfa", "gbk", "encoding-contradicted"),
        (b"\x81\x20", "gbk", "encoding-wrong"),
        (b"a", "zip", "encoding-unknown"),
        (b"a", "klingon", "encoding-unknown"),
    ],
)
def test_refusals(clean, content, stated, code):
    with pytest.raises(IntakeError, match=code):
        clean(content, encoding=stated)
