import datetime as dt
import json

import pytest

from customer_insight.data import read_transactions

from .corpus import ORDERS, table, text


@pytest.fixture
def intake(tmp_path):
    rows = [*table(), *table(ORDERS[:2])]
    rows[3][2] = "2024-02-30"
    rows[5][3] = f"-{rows[5][3]}"
    path = tmp_path / "orders.csv"
    path.write_text(text(rows))
    rejected = tmp_path / "rejected.csv"
    return read_transactions(path, as_of=dt.date(2025, 6, 30), rejected_to=rejected)


def test_the_ledger_leads_from_all_rows_to_those_used(intake):
    lines = {line.what: line for line in intake.report.ledger}
    assert [line.rows for line in lines.values()] == [42, 1, 1, 40]
    first, *rest = lines.values()
    assert first.rows == sum(line.rows for line in rest)
    assert first.amount == sum(line.amount for line in rest)
    assert lines["purchases"].amount == intake.transactions["amount"].sum()
    assert lines["returns and cancelled orders"].amount == intake.returns["amount"].sum()


def test_one_screen_of_text_says_all(intake):
    said = str(intake.report)
    assert said == repr(intake)
    assert all(len(line) <= 96 for line in said.splitlines())
    assert len(said.splitlines()) <= 50
    for part in (
        "records in the file",
        "date-unreadable",
        "rows-repeated",
        "Why it matters",
        "net ",
    ):
        assert part in said


def test_html_and_json_say_the_same(intake):
    html, told = intake.report._repr_html_(), json.loads(intake.report.to_json())
    for finding in intake.report.findings:
        assert finding.code in html
    assert [finding["code"] for finding in told["findings"]] == [
        finding.code for finding in intake.report.findings
    ]
    assert told["facts"] == intake.report.facts
    assert told["ledger"][0]["rows"] == 42


def test_rows_that_were_set_aside_go_where_they_are_asked_for(intake, tmp_path):
    lines = (tmp_path / "rejected.csv").read_text(encoding="utf-8-sig").splitlines()
    assert lines[0] == "row,reason,customer,order,date,amount,product"
    assert len(lines) == 2
    assert lines[1].startswith("4,rows without a day that exists,")
    assert "2024-02-30" in lines[1]


def test_a_refused_file_has_rejected_rows_too(tmp_path):
    rows = [[*row[:2], "", *row[3:]] if i < 9 else row for i, row in enumerate(table())]
    path, rejected = tmp_path / "orders.csv", tmp_path / "rejected.csv"
    path.write_text(text([*rows, ["x"]]))
    with pytest.raises(ValueError, match="too-many-unreadable"):
        read_transactions(path, as_of=dt.date(2025, 6, 30), rejected_to=rejected)
    reasons = [line.split(",")[1] for line in rejected.read_text("utf-8-sig").splitlines()[1:]]
    assert reasons == [
        *["rows without a day that exists"] * 9,
        "records that do not fit the header",
    ]
