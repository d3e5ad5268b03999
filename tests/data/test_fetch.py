import dataclasses
import datetime as dt
import hashlib
import io
import logging
import sys
import zipfile

import openpyxl
import pandas as pd
import pooch
import pyarrow.csv as pc
import pytest

from customer_insight.data.catalog import catalog, published
from customer_insight.data.closed_query import literal, quoted
from customer_insight.data.errors import DataSetError
from customer_insight.data.fetch import fetch
from customer_insight.data.load import load

HTML = b"<!DOCTYPE html><html><body>Please log in</body></html>"


@pytest.fixture
def body(tiny_csv):
    return tiny_csv.read_bytes()


@pytest.fixture
def folder(tiny, tmp_path):
    return tmp_path / "fetched"


@pytest.fixture
def workbook(tiny):
    """Give the small data set as a workbook."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Orders"
    sheet.append(["id", "day", "at", "pieces", "price", "paid", "kind"])
    day, late = dt.datetime(2024, 2, 1, 9, 30), dt.datetime(2024, 2, 3, 23, 59)
    sheet.append(["007", dt.date(2024, 2, 1), day, 1, 2.5, True, "new"])
    sheet.append(["008", dt.date(2024, 2, 2), None, 2, None, False, None])
    sheet.append(["9,5", dt.date(2024, 2, 3), late, 3, 10.25, True, "old"])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def packed(name, content, ballast=0):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("ballast.bin", b"0" * ballast)
        archive.writestr(name, content)
    return stream.getvalue()


def files(folder):
    return sorted(path.name for path in folder.rglob("*")) if folder.is_dir() else []


@pytest.fixture
def publish(tiny, monkeypatch):
    """Change where the publisher keeps the small data set, and its checksum."""

    def change(**facts):
        changed = dataclasses.replace(tiny, source=dataclasses.replace(tiny.source, **facts))
        module = sys.modules["customer_insight.data.fetch"]
        monkeypatch.setattr(module, "data_set", lambda _: changed)

    return change


@pytest.fixture
def serve(server, whole):
    """Offer a file on the local server; give its address."""

    def offer(content):
        server.answers["/tiny.csv"] = whole(content)
        return f"{server.address}/tiny.csv"

    return offer


def test_a_set_comes_from_its_publisher(publish, serve, folder, body):
    address = serve(body)
    publish(address=address)
    fetched = fetch("tiny", progress=False)
    assert fetched.path == folder / "tiny.parquet"
    assert fetched.rows == 3
    assert fetched.origin == address
    assert fetched.sha256 == hashlib.sha256(body).hexdigest()
    assert fetched.checksum == "not compared"
    assert files(folder) == ["tiny.parquet"]
    assert load("tiny")["pieces"].tolist() == [1, 2, 3]


@pytest.mark.parametrize(
    "make",
    [
        lambda body, book: packed("deep/Tiny Book.xlsx", book),
        lambda body, book: book,
        lambda body, book: body,
    ],
    ids=["zip", "xlsx", "csv"],
)
def test_every_form_gives_the_same_table(tiny_csv, body, workbook, tmp_path, make):
    expected = fetch("tiny", source=tiny_csv, folder=tmp_path / "a").path
    given = tmp_path / "given.bin"
    given.write_bytes(make(body, workbook))
    path = fetch("tiny_book", source=given, folder=tmp_path / "b").path
    assert path.read_bytes() == expected.read_bytes()
    again = fetch("tiny_book", source=path, folder=tmp_path / "c").path
    assert again.read_bytes() == expected.read_bytes()


def test_a_set_taken_by_hand_accepts_a_file_and_tells_how_to_get_it(tiny, folder, tmp_path):
    with pytest.raises(DataSetError, match=r"taken by hand only. Ask nobody for it. .*--from FILE"):
        fetch("tiny_by_hand")
    assert not folder.exists()
    given = tmp_path / "baskets.txt"
    given.write_text("milk\nbread,milk\n")
    fetch("tiny_by_hand", source=str(given))
    assert load("tiny_by_hand")["items"].tolist() == ["milk", "bread,milk"]


def test_a_genuine_copy_is_not_downloaded_again(tiny, folder, tiny_csv):
    fetch("tiny", source=tiny_csv)
    before = (folder / "tiny.parquet").stat().st_mtime_ns
    assert fetch("tiny").origin == "already there"
    assert (folder / "tiny.parquet").stat().st_mtime_ns == before


def test_an_altered_copy_is_replaced(publish, serve, folder, body):
    folder.mkdir()
    (folder / "tiny.parquet").write_bytes(b"PAR1 nonsense")
    publish(address=serve(body))
    fetch("tiny", progress=False)
    assert load("tiny").shape == (3, 7)


def test_a_broken_download_leaves_a_part_and_the_next_call_goes_on(
    tiny, folder, workbook, server, broken_off
):
    large = packed("Tiny Book.xlsx", workbook, ballast=100_000)
    server.answers["/tiny.zip"] = broken_off(large, 90_000)
    with pytest.raises(DataSetError, match="the same command goes on from there"):
        fetch("tiny_book", source=f"{server.address}/tiny.zip", progress=False)
    assert files(folder) == ["tiny_book.part"]
    fetch("tiny_book", source=f"{server.address}/tiny.zip", progress=False)
    assert files(folder) == ["tiny_book.parquet"]
    assert [asked for _, asked in server.asked] == [None, "bytes=65536-"]


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (lambda body: body.replace(b"10.25", b"10.75"), "amount: 13.25, published 12.75"),
        (lambda body: body[: body.index(b"008")], "rows: 1, published 3"),
        (lambda body: body.replace(b"old", b"bad"), "column 'kind', rule isin"),
        (lambda body: body.replace(b"008", b"007"), "ids: 2, published 3"),
        (lambda body: body.replace(b",day", b",date"), "missing: 'day'"),
        (lambda body: body.replace(b"03/02/2024,", b"2024-02-03,"), "are no date written"),
        (lambda body: HTML, "is a web page and not the data set tiny"),
        (lambda body: b"", "cannot be read as the csv of tiny"),
        (lambda body: packed("other.txt", body), "holds no single file 'tiny.csv'"),
        (lambda body: packed("tiny.csv", body)[:-9], "cannot be unpacked"),
        (lambda body: b"PK\x03\x04 nonsense", "cannot be unpacked"),
        (lambda body: b"PAR1 nonsense", "it is damaged or cut short"),
    ],
)
def test_what_is_not_the_published_table_is_refused_and_nothing_is_kept(
    serve, folder, body, sent, said
):
    address = serve(sent(body))
    with pytest.raises(DataSetError) as error:
        fetch("tiny", source=address, progress=False)
    assert said in str(error.value)
    assert f"Taken from: {address}" in str(error.value)
    assert "Nothing was kept" in str(error.value)
    assert files(folder) == []


def test_a_failed_fetch_leaves_the_copy_that_was_there(tiny, folder, tiny_csv, tmp_path):
    fetch("tiny", source=tiny_csv)
    before = (folder / "tiny.parquet").read_bytes()
    other = tmp_path / "other.csv"
    other.write_bytes(HTML)
    with pytest.raises(DataSetError, match="is a web page"):
        fetch("tiny", source=other)
    assert (folder / "tiny.parquet").read_bytes() == before
    assert files(folder) == ["tiny.parquet"]


@pytest.mark.parametrize("of", ["archive", "member"])
@pytest.mark.parametrize("equal", [True, False])
def test_the_checksum_is_reported_and_the_content_decides(publish, body, tmp_path, of, equal):
    archive = packed("tiny.csv", body)
    given = tmp_path / "tiny.zip"
    given.write_bytes(archive)
    digest = hashlib.sha256(archive if of == "archive" else body).hexdigest()
    publish(sha256=digest if equal else "0" * 64, sha256_of=of)
    fetched = fetch("tiny", source=given)
    assert fetched.sha256 == digest
    assert fetched.checksum == ("equal" if equal else "differs")


def test_a_difference_in_checksum_is_told_when_the_content_is_wrong(publish, tmp_path):
    given = tmp_path / "tiny.csv"
    given.write_bytes(HTML)
    publish(sha256="0" * 64, sha256_of="archive")
    with pytest.raises(DataSetError) as error:
        fetch("tiny", source=given)
    assert hashlib.sha256(HTML).hexdigest() in str(error.value)
    assert "with the catalogue: differs" in str(error.value)


@pytest.mark.parametrize("source", ["file:///etc/hosts", "ftp://127.0.0.1/tiny.csv"])
def test_an_address_that_is_not_http_is_refused(tiny, folder, source):
    with pytest.raises(ValueError, match="only http and https are followed"):
        fetch("tiny", source=source, progress=False)
    assert files(folder) == []


@pytest.mark.parametrize("timeout", [0, -1, float("nan"), float("inf")])
def test_a_timeout_that_is_none_is_refused(tiny, folder, timeout):
    with pytest.raises(DataSetError, match=r"timeout is .* must be a number of seconds above 0"):
        fetch("tiny", timeout=timeout)
    assert not folder.exists()


def test_a_file_that_is_not_there_is_named(tiny, folder, tmp_path):
    with pytest.raises(DataSetError, match=r"There is no file .*nothing.csv to take tiny from"):
        fetch("tiny", source=tmp_path / "nothing.csv")
    assert not folder.exists()


def test_reading_is_announced_on_standard_error(tiny, tiny_csv, capfd):
    fetch("tiny", source=tiny_csv)
    assert capfd.readouterr() == ("", "Reading and checking tiny ...\n")


def test_an_interrupt_leaves_nothing(tiny, folder, tiny_csv, monkeypatch):
    def interrupt(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("pyarrow.parquet.write_table", interrupt)
    with pytest.raises(KeyboardInterrupt):
        fetch("tiny", source=tiny_csv)
    assert files(folder) == []


def test_the_file_placed_by_hand_stays_as_it_was(tiny, tiny_csv, body):
    fetch("tiny", source=tiny_csv)
    assert tiny_csv.read_bytes() == body


def test_pooch_is_quiet_and_gets_its_voice_back(tiny, body, serve, capfd):
    address = serve(body)
    pooch.get_logger().setLevel(logging.INFO)
    fetch("tiny", source=address, progress=False)
    assert pooch.get_logger().level == logging.INFO
    assert capfd.readouterr() == ("", "")


def as_published(name):
    """Write a real table as its publisher does; return the bytes of the file."""
    entry = catalog()[name]
    columns = [f"{_as_written(column, entry)} AS {quoted(column.name)}" for column in entry.columns]
    table = load(name, "duckdb").project(", ".join(columns)).to_arrow_table()
    if entry.reader.kind == "csv":
        stream = io.BytesIO()
        pc.write_csv(table, stream)
        return stream.getvalue()
    if entry.reader.kind == "baskets":
        table = table.drop_columns("transaction_id")
    rows = zip(*(column.to_pylist() for column in table.columns), strict=True)
    return "".join("  ".join(row) + "\r\n" for row in rows).encode()


def _as_written(column, entry):
    """Return the SQL for a value as text; days and months have no leading zeros there."""
    name = quoted(column.name)
    form = column.format.replace("%d/%m/", "%-d/%-m/")
    text = f"strftime({name}, {literal(form)})" if form else f"{name}::VARCHAR"
    return f"coalesce({text}, {literal(entry.missing_marks[0])})" if entry.missing_marks else text


TEXTS = [name for name, entry in published().items() if entry.reader.kind != "xlsx"]


@pytest.mark.parametrize("name", TEXTS)
def test_a_real_table_in_its_publishers_text_becomes_the_same_table(name, real_folder, tmp_path):
    if not (real_folder / f"{name}.parquet").is_file():
        pytest.skip(f"{real_folder} has no {name}.parquet")
    given = tmp_path / "given"
    given.write_bytes(as_published(name))
    path = fetch(name, source=given, folder=tmp_path).path
    pd.testing.assert_frame_equal(_as_loaded(path, tmp_path, name), load(name))


@pytest.mark.evidence
def test_a_real_table_in_a_workbook_becomes_the_same_table(real_folder, tmp_path):
    name = "online_retail_2010_2011"
    if not (real_folder / f"{name}.parquet").is_file():
        pytest.skip(f"{real_folder} has no {name}.parquet")
    entry = catalog()[name]
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet(entry.reader.sheet)
    table = load(name, "duckdb").to_arrow_table()
    sheet.append(table.column_names)
    for row in zip(*(column.to_pylist() for column in table.columns), strict=True):
        sheet.append([int(v) if isinstance(v, str) and v.isdecimal() else v for v in row])
    book.save(tmp_path / entry.source.member)
    with zipfile.ZipFile(tmp_path / "given.zip", "w") as archive:
        archive.write(tmp_path / entry.source.member, entry.source.member)
    path = fetch(name, source=tmp_path / "given.zip", folder=tmp_path).path
    pd.testing.assert_frame_equal(_as_loaded(path, tmp_path, name), load(name))


def _as_loaded(path, folder, name):
    """Load a fetched file as `load` would, from the folder it was put into."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CUSTOMER_INSIGHT_DATA", str(folder))
        assert path == folder / f"{name}.parquet"
        return load(name)


def test_a_table_of_the_company_is_made_here_and_not_fetched():
    with pytest.raises(DataSetError, match=r"it has no publisher .* course company build"):
        fetch("company_orders")
