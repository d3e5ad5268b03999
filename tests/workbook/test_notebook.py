import json
import re

import jupytext
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from customer_insight.course.notebook import read_notebook
from customer_insight.workbook import notebook
from customer_insight.workbook.machine import write_tables
from customer_insight.workbook.notebook import NotebookRunError, notebook_text, write_notebook
from customer_insight.workbook.pseudonyms import pseudonyms, read_or_make_key
from customer_insight.workbook.section import CUSTOMERS, MONEY
from customer_insight.workbook.wording import Wording

from .made_report import COLUMNS, made_customers, made_report


def outputs(path):
    """Return what each code cell shows in words, by the heading above it."""
    heading, shown = "", {}
    for cell in read_notebook(path).cells:
        if cell.cell_type == "markdown":
            heading = cell.source.splitlines()[0].lstrip("# ")
        for output in cell.get("outputs", []):
            shown[heading] = shown.get(heading, "") + output["data"]["text/plain"] + "\n"
    return shown


def made(folder, report=None, customers=None):
    customers = made_customers() if customers is None else customers
    report = report or made_report(customers)
    write_tables(report, customers, COLUMNS, folder)
    write_notebook(report, folder)
    return folder / "report.ipynb"


@settings(max_examples=40, deadline=None, derandomize=True, database=None)
@given(st.text(max_size=30))
def test_no_word_of_a_stranger_becomes_code_or_a_cell(words):
    plain = jupytext.reads(notebook_text(made_report(currency="")), fmt="py:percent")
    report = made_report(currency=words, title=words, identity={"file": words})
    cells = jupytext.reads(notebook_text(report), fmt="py:percent").cells
    assert [cell.cell_type for cell in cells] == [cell.cell_type for cell in plain.cells]
    scope = {}
    exec(cells[1].source, scope)
    assert scope["currency"] == words
    assert [cell.source for cell in cells[2:]] == [cell.source for cell in plain.cells[2:]]


def test_the_text_has_no_path_but_those_beside_it():
    text = notebook_text(made_report())
    paths = set(re.findall(r'"([\w/]+\.(?:parquet|json))"', text))
    assert paths == {"report.json", "tables/customers.parquet", "tables/quantities.parquet"}


@pytest.mark.evidence
def test_a_cell_that_fails_is_told_and_nothing_is_written(tmp_path, monkeypatch):
    monkeypatch.setattr(notebook, "_TEXT", "# %% [markdown]\n# # Start\n\n# %%\n1 / 0\n")
    with pytest.raises(NotebookRunError, match=r"section 'Start' \(raised: ZeroDivisionError"):
        write_notebook(made_report(), tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.evidence
def test_an_output_that_would_differ_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(notebook, "_TEXT", "# %% [markdown]\n# # Start\n\n# %%\nobject()\n")
    with pytest.raises(NotebookRunError, match=r"is not stable: .*an object's address"):
        write_notebook(made_report(), tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.evidence
def test_its_numbers_are_the_reports_to_the_cent_and_small_counts_are_hidden(tmp_path):
    shown = outputs(made(tmp_path))
    report = made_report()
    sales = report.quantities()[0].value
    assert f"{sales / 100:,.2f}" in shown["The report's numbers"]
    assert "37.5 %" in shown["The report's numbers"]
    say = Wording("CNY", 2)
    rows = report.sections[1].tables[0].rows
    lines = shown["The segments"].splitlines()[2 : 2 + len(rows)]
    for line, (code, customers, amount, *_) in zip(lines, rows, strict=True):
        words = f"{code} {say.value(customers, CUSTOMERS)} {say.value(amount, MONEY)}"
        assert line.split()[:-1] == words.split()
    assert {"hidden", "–"} <= set(" ".join(lines).split())
    code, customers, amount = rows[0][:3]
    sales = "hidden" if amount is None else say.with_unit(amount, MONEY)
    assert shown["Look at one segment"].strip() == (
        f"{code}: customers {say.value(customers, CUSTOMERS)}, sales {sales}."
    )
    assert shown["Join columns of your own"].strip() == "No file of your own is named yet."


@pytest.mark.evidence
def test_two_runs_give_equal_bytes_without_a_path_or_a_time(tmp_path):
    first, second = (made(tmp_path / name).read_bytes() for name in ("a", "b"))
    assert first == second
    assert str(tmp_path).encode() not in first
    stored = json.loads(first)
    assert all("execution" not in cell["metadata"] for cell in stored["cells"])
    assert len(first) < 500_000


@pytest.mark.evidence
@pytest.mark.parametrize("n", [0, 4])
def test_so_few_customers_that_nothing_can_be_shown_still_make_a_notebook(tmp_path, n):
    customers = made_customers()[:n]
    shown = outputs(made(tmp_path, made_report(sections=()), customers))
    assert "No segment has so many customers" in shown["The segments"]


@pytest.mark.evidence
def test_columns_of_ones_own_are_joined_through_pseudonyms(tmp_path, monkeypatch):
    key = read_or_make_key(tmp_path / "own.key")
    ids = pl.Series("customer", [f"{at:05}" for at in range(60)])
    customers = made_customers().with_columns(pseudonyms(ids, key))
    own = pl.DataFrame({"customer_id": [*ids[:7], "99999"], "newsletter": ["yes"] * 8})
    own.write_csv(tmp_path / "own.csv")
    changed = notebook._TEXT.replace('own_file = ""', f"own_file = {str(tmp_path / 'own.csv')!r}")
    changed = changed.replace('key_file = ""', f"key_file = {str(tmp_path / 'own.key')!r}")
    monkeypatch.setattr(notebook, "_TEXT", changed)
    shown = outputs(made(tmp_path / "report", customers=customers))
    assert "7 of 60 customers have columns of yours." in shown["Join columns of your own"]
