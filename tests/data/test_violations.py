import narwhals as nw
import polars as pl
import pytest

from customer_insight.data.violations import (
    MOST_POSITIONS,
    ContractError,
    Rule,
    Violation,
    find_violations,
)

NEGATIVE = Rule("negative", "n", nw.col("n") < 0, "below zero", "it is a count", "correct it")
MISSING = Rule("missing", "n", nw.col("n").is_null(), "missing", "it is needed", "fill it in")


def test_rows_and_broken_rules_are_counted():
    frame = nw.from_native(pl.DataFrame({"n": [1, -2, None, -4]}))
    rows, found = find_violations(frame, [NEGATIVE, MISSING])
    assert rows == 4
    assert [(v.rule, v.rows, v.positions) for v in found] == [
        ("negative", 2, (1, 3)),
        ("missing", 1, (2,)),
    ]


def test_a_rule_nobody_breaks_is_not_reported():
    assert find_violations(nw.from_native(pl.DataFrame({"n": [1]})), [NEGATIVE]) == (1, [])


def test_a_table_without_rows_breaks_no_rule():
    frame = pl.DataFrame({"n": []}, schema={"n": pl.Int64})
    assert find_violations(nw.from_native(frame.lazy()), [NEGATIVE, MISSING]) == (0, [])


def test_no_more_than_ten_positions_are_kept_and_the_message_says_so():
    _, (found,) = find_violations(nw.from_native(pl.DataFrame({"n": [-1] * 25})), [NEGATIVE])
    assert found.positions == tuple(range(MOST_POSITIONS))
    assert "25 rows below zero" in str(found)
    assert "0, 1, 2, 3, 4, 5, 6, 7, 8, 9 and more." in str(found)


def test_an_error_tells_place_cause_reason_and_fix_and_keeps_them_as_data():
    found = Violation("negative", "n", "below zero", "it is a count", "correct it", 1, (7,))
    error = ContractError([found], last="Nothing was converted.")
    assert str(error).splitlines() == [
        "1 problem found.",
        'negative  column "n": 1 row below zero.',
        "  Positions (the first row is 0): 7.",
        "  Why it matters: it is a count.",
        "  Fix: correct it.",
        "Nothing was converted.",
    ]
    assert error.violations == (found,)


def test_a_contract_error_is_a_value_error():
    with pytest.raises(ValueError, match="0 problems found"):
        raise ContractError([], last="")
