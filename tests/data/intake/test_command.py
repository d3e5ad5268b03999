import re

import polars as pl
import pytest

from customer_insight.data.intake import IntakeError, command
from customer_insight.data.intake.command import read_to_files

from .corpus import AS_OF, ORDERS, table, text


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "orders.csv"
    rows = [*table(), ["QZX-17", "QZXO-999", "2024-02-02", "-5.00", "back"]]
    path.write_text(text([*rows, ["QZX-17", "QZXO-998", "30 February", "1.00", "tea"]]))
    return path


def test_purchases_returns_rejected_rows_and_mapping_are_written(file, tmp_path):
    targets = {
        "out": tmp_path / "new" / "may.parquet",
        "rejected_to": tmp_path / "rejected.csv",
        "save_mapping": tmp_path / "orders.yml",
    }
    intake, written = read_to_files(file, as_of=AS_OF, **targets)
    returns = tmp_path / "new" / "may-returns.parquet"
    assert written == [targets["out"], returns, targets["rejected_to"], targets["save_mapping"]]
    assert pl.read_parquet(targets["out"]).equals(intake.transactions)
    assert pl.read_parquet(returns).equals(intake.returns)
    assert len(intake.transactions) == len(ORDERS)
    assert sorted(path.name for path in targets["out"].parent.iterdir()) == [
        "may-returns.parquet",
        "may.parquet",
    ]
    again, _ = read_to_files(file, mapping=targets["save_mapping"], as_of=AS_OF)
    assert again.transactions.equals(intake.transactions)
    assert "mapping-same" in {finding.code for finding in again.report.findings}


def test_a_file_that_is_refused_leaves_nothing_behind(file, tmp_path):
    names = ("may.parquet", "rejected.csv", "orders.yml")
    keys = ("out", "rejected_to", "save_mapping")
    targets = {key: tmp_path / name for key, name in zip(keys, names, strict=True)}
    with pytest.raises(IntakeError, match="column-missing"):
        read_to_files(file, customer="nosuch", **targets)
    assert list(tmp_path.iterdir()) == [file]


def test_tables_are_written_both_or_neither(file, tmp_path, monkeypatch):
    out = tmp_path / "may.parquet"
    out.write_bytes(b"as it was")
    write = pl.DataFrame.write_parquet

    def fail(frame, path):
        if "returns" in path.name:
            raise OSError("the disk is full")
        write(frame, path)

    monkeypatch.setattr(pl.DataFrame, "write_parquet", fail)
    with pytest.raises(OSError, match="full"):
        read_to_files(file, as_of=AS_OF, out=out)
    assert out.read_bytes() == b"as it was"
    assert sorted(tmp_path.iterdir()) == [out, file]


@pytest.mark.parametrize(
    ("targets", "said"),
    [
        ({"out": "may.csv"}, "may.csv is to hold tables: give it a name that ends in .parquet."),
        (
            {"rejected_to": "orders.csv"},
            "orders.csv is the file to read, and would be written over",
        ),
        ({"save_mapping": "x/../orders.csv"}, "orders.csv is the file to read"),
        ({"rejected_to": "one", "save_mapping": "one"}, "one is named for two results"),
        (
            {"out": "a.parquet", "rejected_to": "a-returns.parquet"},
            "a-returns.parquet is named for",
        ),
    ],
)
def test_a_target_that_would_overwrite_is_refused_before_reading(
    file, tmp_path, monkeypatch, targets, said
):
    monkeypatch.delattr(command, "read_transactions")
    before = file.read_bytes()
    with pytest.raises(ValueError, match=re.escape(said)):
        read_to_files(file, **{key: tmp_path / name for key, name in targets.items()})
    assert file.read_bytes() == before
