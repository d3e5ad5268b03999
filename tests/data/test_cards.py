import pytest

from customer_insight.data.cards import CARDS_FILE, render_cards, write_cards
from customer_insight.data.catalog import catalog


def test_the_cards_are_those_of_the_catalogue():
    assert CARDS_FILE.read_text(encoding="utf-8") == render_cards(catalog()), (
        "datasets/README.md is stale: the catalogue has changed. Run `course data cards`."
    )


def test_every_set_has_its_section_with_all_it_must_say():
    text = render_cards(catalog())
    for entry in catalog().values():
        if entry.simulated:
            continue
        section = text.split(f"\n## {entry.name}\n")[1].split("\n## ")[0]
        for fact in (entry.row, entry.publisher, entry.licence, entry.use, entry.citation):
            assert fact in section
        assert all(f"| `{column.name}` | {column.type}" in section for column in entry.columns)
        assert all(f"- {check.what}: " in section for check in entry.checks)
        assert all(f"- {trap}\n" in section for trap in entry.traps)
        assert f"course data fetch {entry.name}" in section


def test_an_address_says_whether_it_was_seen_to_answer(tiny):
    text = render_cards(catalog())
    assert "from <http://127.0.0.1:9/tiny.csv> (not yet verified)" in text


def test_a_table_reads_as_a_table(tiny):
    text = render_cards(catalog())
    assert "| `pieces` | integer | pieces (1 to 9) | Pieces |" in text
    assert "| `kind` | text, may be missing |  | Kind. One of: new, old |" in text
    assert "- amount: 12.75\n" in text


@pytest.mark.parametrize("before", [None, "older text"])
def test_the_cards_are_written_once(tiny, tmp_path, before):
    path = tmp_path / "README.md"
    if before:
        path.write_text(before, encoding="utf-8")
    assert write_cards(path) is True
    assert path.read_text(encoding="utf-8") == render_cards(catalog())
    assert write_cards(path) is False
    assert sorted(file.name for file in tmp_path.iterdir()) == ["README.md", "catalog.yml"]
