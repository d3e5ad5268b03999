"""No value of a customer stands in an error, a report or what a process prints."""

import datetime as dt
import subprocess
import sys

import pytest

from customer_insight.data import read_transactions
from customer_insight.data.intake import IntakeError

from .corpus import AS_OF, HEADER, MARK, ORDERS, table, text
from .leaks import AMOUNTS, IDS, in_error, in_text

PROGRAM = """
import datetime, sys, logging
logging.basicConfig(level=logging.DEBUG)
from customer_insight.data import read_transactions
read_transactions(sys.argv[1], as_of=datetime.date(2025, 6, 30))
"""


@pytest.mark.parametrize(
    "content",
    [
        text(table(), header=()),
        "\n".join(f"{MARK}{i};Mon {i};about {i}" for i in range(40)),
        "\n".join(f"{MARK}ü,{i},x" for i in range(40)).encode("cp1252"),
        b"PAR1" + MARK.encode() * 90 + b"PAR1",
    ],
)
def test_a_process_prints_no_value(content, tmp_path):
    path = tmp_path / "orders.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(path)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "IntakeError" in done.stderr
    assert in_text(done.stdout + done.stderr, f"{IDS}|{AMOUNTS}") == []


def test_an_example_is_shown_to_those_who_ask(tmp_path):
    path = tmp_path / "orders.csv"
    path.write_text(text(table(ORDERS[:1], day=lambda day: "02/06/2024")))
    with pytest.raises(IntakeError) as quiet:
        read_transactions(path, as_of=AS_OF)
    with pytest.raises(IntakeError) as open_:
        read_transactions(path, as_of=AS_OF, show_values=True)
    assert "02/06/2024" not in str(quiet.value)
    assert "Example: 02/06/2024" in str(open_.value)


def test_a_first_line_that_may_be_a_row_is_shown_to_those_who_ask(tmp_path):
    path = tmp_path / "orders.csv"
    path.write_text(f"{MARK} Li,tea,shop\n{MARK} Wu,pot,shop\n")
    with pytest.raises(IntakeError, match="may be no header") as quiet:
        read_transactions(path)
    assert MARK not in str(quiet.value)
    with pytest.raises(IntakeError, match=f'"{MARK} Li"'):
        read_transactions(path, show_values=True)


def test_an_error_of_the_engine_is_told_without_its_words(tmp_path, monkeypatch):
    import duckdb

    from customer_insight.data.intake import reading

    def fail(*_):
        raise duckdb.ConversionException(f"cannot convert {MARK}")

    monkeypatch.setattr(reading, "read_ids", fail)
    path = tmp_path / "orders.csv"
    path.write_text(text(table(), header=HEADER))
    with pytest.raises(IntakeError, match=r"file-unreadable .*ConversionException") as error:
        read_transactions(path, as_of=dt.date(2025, 1, 1))
    assert in_error(error.value) == []
