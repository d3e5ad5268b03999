import json
from dataclasses import dataclass
from pathlib import Path

from typer.testing import CliRunner

from customer_insight import cli


def call(*words):
    return CliRunner().invoke(cli.app, list(words))


@dataclass(frozen=True)
class Fetched:
    name: str
    path: Path
    rows: int


def test_data_sets_are_listed_fetched_and_refused(monkeypatch):
    rows = json.loads(call("data", "list", "--json").stdout)
    assert "cdnow_sample" in [row["name"] for row in rows]
    assert "cdnow_sample" in call("data", "list").stdout
    asked = {}

    def fetch(name, *, source):
        asked.update(name=name, source=source)
        return Fetched(name, Path("there.parquet"), 6919)

    monkeypatch.setattr("customer_insight.data.fetch", fetch)
    done = call("data", "fetch", "cdnow_sample", "--from", "mine.txt")
    assert asked == {"name": "cdnow_sample", "source": "mine.txt"}
    assert done.stdout == "cdnow_sample: 6,919 rows in there.parquet\n"


def test_a_data_set_that_is_not_there_ends_with_1():
    done = call("data", "fetch", "nosuch")
    assert done.exit_code == 1
    assert "There is no data set 'nosuch'" in done.stderr


def test_a_stale_page_of_data_cards_is_named_and_mended(monkeypatch, tmp_path):
    page = tmp_path / "README.md"
    monkeypatch.setattr("customer_insight.data.cards.CARDS_FILE", page)
    done = call("data", "cards", "--check")
    assert done.exit_code == 1
    assert "course data cards" in done.stdout
