import json

import polars as pl
import pytest
from typer.testing import CliRunner

from customer_insight import cli
from customer_insight.data.intake.options import Options
from customer_insight.data.intake.roles import ROLES

GOOD = "customer,date,amount\nQZX1,31/01/2024,12.50\nQZX2,29/02/2024,8\nQZX2,01/03/2024,-8\n"


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "orders.csv"
    path.write_text(GOOD)
    return path


def call(*words):
    return CliRunner().invoke(cli.app, ["intake", *map(str, words)])


def test_a_file_is_read_and_the_report_is_all_of_the_output(file):
    done = call(file, "--as-of", "2024-12-31")
    assert done.exit_code == 0
    assert done.stdout.startswith("orders.csv\n")
    assert "2 customers with 2 orders, 2024-01-31 to 2024-02-29; bought 20.50" in done.stdout
    assert "as of: 2024-12-31" in done.stdout
    assert "QZX" not in done.stdout + done.stderr
    assert done.stderr == ""


def test_tables_and_mapping_are_written_and_named(file, tmp_path):
    out, saved = tmp_path / "out.parquet", tmp_path / "orders.yml"
    done = call(file, "--out", out, "--save-mapping", saved)
    assert done.exit_code == 0
    returns = tmp_path / "out-returns.parquet"
    lines = [f"Written: {path}" for path in (out, returns, saved)]
    assert done.stdout.splitlines()[-3:] == lines
    assert pl.read_parquet(out)["amount"].to_list() == [1250, 800]
    assert pl.read_parquet(returns)["amount"].to_list() == [-800]
    assert call(file, "--mapping", saved).exit_code == 0


def test_the_report_is_json_alone_if_asked(file):
    content = json.loads(call(file, "--json").stdout)
    assert content["facts"]["customers"] == 2
    assert content["ledger"][0] == {"what": "records in the file", "rows": 3, "amount": 1250}
    assert content["written"] == []


def test_a_refusal_ends_with_1_and_says_how_the_option_is_written(file):
    file.write_text("customer,date,amount\nQZX1,02/06/2024,12.50\n")
    done = call(file)
    assert done.exit_code == 1
    assert done.stdout == ""
    assert done.stderr.startswith('date-ambiguous  orders.csv, column "date":')
    assert '--date-format "%d/%m/%Y"' in done.stderr.splitlines()[-1]
    assert "02/06" not in done.stderr
    assert "02/06/2024" in call(file, "--show-values").stderr
    mended = call(file, "--date-format", "%d/%m/%Y", "--json")
    assert json.loads(mended.stdout)["how"]["period"] == "2024-06-02 to 2024-06-02"


def test_a_refusal_is_data_if_asked(file):
    done = call(file, "--customer", "nosuch", "--json")
    assert done.exit_code == 1
    content = json.loads(done.stdout)
    assert content["file"] == "orders.csv"
    assert [one["code"] for one in content["refused"]] == ["column-missing"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--decimal", "x"], 'decimal must be "." or ","'),
        (["--timezone", "Nowhere/Here"], "timezone 'Nowhere/Here' is unknown"),
        (["--out", "out.csv"], "out.csv is to hold tables"),
        (["--as-of", "soon"], "soon"),
        (["--mapping", "nosuch.yml"], "nosuch.yml"),
        (["--max-set-aside", "2"], "max_set_aside must be 0 to 1"),
    ],
)
def test_wrong_usage_ends_with_2(file, words, said):
    done = call(file, *words)
    assert done.exit_code == 2
    assert said in " ".join(done.stderr.split())


def test_a_file_that_is_not_there_is_wrong_usage(tmp_path):
    done = call(tmp_path / "nosuch.csv")
    assert done.exit_code == 2
    assert "nosuch.csv" in done.stderr


def test_an_error_that_is_our_fault_is_not_taken_for_wrong_usage(file, monkeypatch, tmp_path):
    def fail(*_, **__):
        return int("QZX")

    monkeypatch.setattr("customer_insight.data.intake.command.read_transactions", fail)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    done = call(file)
    assert done.exit_code == 3
    assert "QZX" not in done.stdout + done.stderr


def test_every_option_of_read_transactions_is_an_option_here(file, monkeypatch):
    asked = {}

    def read(path, **stated):
        asked.update(stated)
        raise KeyboardInterrupt

    monkeypatch.setattr("customer_insight.data.intake.command.read_transactions", read)
    words = [
        "--delimiter",
        "tab",
        "--missing-id",
        "walk-in",
        "--missing-id",
        "0",
        "--name",
        "customer",
    ]
    assert call(file, *words).exit_code == 130
    roles = {"currency_column" if role == "currency" else role for role in ROLES}
    known = {"mapping", "as_of", "rejected_to", "show_values", "progress"}
    assert asked.keys() == roles | known | set(Options.__dataclass_fields__)
    assert (asked["delimiter"], asked["missing_ids"], asked["names"]) == (
        "\t",
        ["walk-in", "0"],
        ["customer"],
    )
