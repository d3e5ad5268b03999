import datetime as dt

import pytest

from customer_insight.data import read_transactions
from customer_insight.data.intake import IntakeError

AS_OF = dt.date(2025, 6, 30)
HEAD = "customer,order,date,amount,note\n"
LINES = [f"QZX,{i},2024-01-31,5.00,tea\n" for i in range(200)]


@pytest.fixture
def read(tmp_path):
    def make(lines):
        path = tmp_path / "orders.csv"
        path.write_text(HEAD + "".join(lines))
        return read_transactions(path, as_of=AS_OF)

    return make


def changed(at):
    return [line.replace("tea\n", at.get(i, "tea\n")) for i, line in enumerate(LINES)]


def test_a_remark_of_delimiters_is_no_record(read):
    intake = read(changed(dict.fromkeys(range(50), '",,,,\n,,,,"\n')))
    assert len(intake.transactions) == 200
    assert codes(intake) == {}


def codes(intake):
    return {f.code: f.rows for f in intake.report.warnings}


def test_lines_that_a_quotation_mark_swallows_to_the_end_are_counted(read):
    assert codes(read(changed({195: '"tea\n'}))) == {"records-uneven": 5}
    with pytest.raises(IntakeError, match=r"100 of 200 \(50.0 %\) lines .* quotation mark"):
        read(changed({100: '"tea\n'}))


def test_lines_between_two_quotation_marks_are_told(read):
    intake = read(changed({100: '"tea\n', 104: 'tea"\n'}))
    assert codes(intake) == {"lines-swallowed": 4}
    assert len(intake.transactions) == 196
    with pytest.raises(IntakeError, match=r"lines-swallowed .*50 of 200 \(25.0 %\) lines"):
        read(changed({100: '"tea\n', 150: 'tea"\n'}))


def test_letters_and_blank_lines_are_no_loss(read):
    intake = read([*changed({7: '"tea,\nthe cup, the pot\n\nand so on"\n'}), "\n", " \n", "\n"])
    assert len(intake.transactions) == 200
    assert set(codes(intake)) <= {"records-uneven"}


@pytest.mark.parametrize(("bad", "refused"), [(10, False), (11, True)])
def test_one_line_in_twenty_may_be_lost(read, bad, refused):
    lines = changed(dict.fromkeys(range(bad), "tea,x\n"))
    if refused:
        with pytest.raises(IntakeError, match=r"11 of 200 \(5.5 %\) lines have more or fewer"):
            read(lines)
    else:
        intake = read(lines)
        assert codes(intake) == {"records-uneven": 10}
        assert intake.report.findings[0].places == (1, 2, 3, 4, 5)
        assert intake.report.ledger[0].rows == 200


def places(intake):
    return {f.code: f.places for f in intake.report.findings if f.places}


def test_places_count_the_records_that_were_lost_before(read):
    lines = changed({3: "tea,x\n", 5: "tea,x\n", 150: "tea,x\n"})
    for at in (2, 4, 7, 160):
        lines[at] = lines[at].replace("5.00", "x")
    told = {"records-uneven": (4, 6, 151), "number-unreadable": (3, 5, 8, 161)}
    assert places(read(lines)) == told
    lines[1], lines[4] = lines[1] + "\n\n", lines[4].replace("tea", '"tea\ngreen"') + "\n"
    assert places(read([*lines, "\n"])) == told, "empty lines and line ends hold no place"


def test_rows_written_out_have_the_place_that_they_have_in_the_file(tmp_path):
    lines = changed({3: "tea,x\n"})
    lines[6] = lines[6].replace("5.00", "x")
    (tmp_path / "orders.csv").write_text(HEAD + "".join(lines))
    rejected = tmp_path / "rejected.csv"
    read_transactions(tmp_path / "orders.csv", as_of=AS_OF, rejected_to=rejected)
    rows = rejected.read_text(encoding="utf-8-sig").splitlines()[1:]
    assert [row.split(",")[:2] for row in rows] == [
        ["7", "rows without a finite number"],
        ["4", "records that do not fit the header"],
    ]


def test_behind_a_mark_that_swallows_lines_no_place_is_told(read):
    lines = changed({195: '"tea\n'})
    lines[2], lines[190] = (lines[i].replace("5.00", "x") for i in (2, 190))
    assert places(read(lines))["number-unreadable"] == (3, 191)
    lines = changed({100: '"tea"x\n', 150: '"tea,\n\n and more"\n'})
    lines[2], lines[190] = (lines[i].replace("5.00", "x") for i in (2, 190))
    assert places(read([*lines, "\n"])) == {"number-unreadable": (3,)}


def test_where_far_too_many_lines_are_lost_reading_stops(read):
    with pytest.raises(IntakeError, match=r"more than 2,000 of 3,200 \(62.5 %\) lines") as error:
        read([*LINES, "a,b\n" * 3_000])
    (finding,) = error.value.findings
    assert (finding.rows, finding.places) == (2_001, (201, 202, 203, 204, 205))
    with pytest.raises(IntakeError, match=r" 1,900 of 2,100 \(90.5 %\) lines"):
        read([*LINES, "a,b\n" * 1_900])
