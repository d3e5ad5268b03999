import duckdb
import pytest

from customer_insight.data.intake.identifiers import read_ids


def read(values, missing_ids=()):
    """Return the ids and the codes of what was found."""
    connection = duckdb.connect()
    connection.execute("CREATE TABLE raw AS SELECT unnest(?::VARCHAR[]) AS customer", [values])
    sql, found = read_ids(connection, 'orders.csv, column "customer"', missing_ids)
    ids = connection.execute(f"SELECT {sql} FROM raw").fetchall()
    return [value for (value,) in ids], [finding.code for finding in found]


@pytest.mark.parametrize(
    ("values", "ids", "codes"),
    [
        (["00042", "00043"], ["00042", "00043"], []),
        (["42", "042"], ["42", "042"], ["id-alike"]),
        ([" 42", "42\u00a0", "4\u200b2"], ["42"] * 3, ["id-cleaned"]),
        (["e\u0301", "é"], ["é", "é"], ["id-cleaned"]),
        (["42.0", "43.0"], ["42", "43"], ["id-decimal"]),
        (["42.0", "A"], ["42.0", "A"], ["id-decimal"]),
        (["42.5", "43"], ["42.5", "43"], []),
        (["1E5", "1.2E+16"], ["1E5", "1.2E+16"], ["id-exponent"]),
        (["E5", "1E500"], ["E5", "1E500"], []),
        (["NULL", "null", "", None, "A"], [None, None, None, None, "A"], ["id-missing-mark"]),
        (["NA", "A"], ["NA", "A"], ["id-na"]),
        (['="007"', "'007", "'007'"], ["007"] * 3, ["id-quoted"]),
        (["a'b", 'a="b"'], ["a'b", 'a="b"'], []),
        (["a", "A"], ["a", "A"], ["id-alike"]),
        (["A 1", "A1"], ["A 1", "A1"], ["id-alike"]),
        (["A\ufffd"], ["A\ufffd"], ["id-signs-lost"]),
        (["??", "a?"], ["??", "a?"], ["id-signs-lost"]),
    ],
)
def test_ids_stay_text_and_lose_only_what_is_no_part_of_them(values, ids, codes):
    assert read(values) == (ids, codes)


def test_ids_that_stand_for_nobody_are_missing():
    assert read(["Walk-in", "A"], ["walk-IN"]) == ([None, "A"], ["id-missing-mark"])


@pytest.mark.parametrize(("rows", "told"), [(6, False), (7, True)])
def test_an_id_of_more_than_a_tenth_is_told(rows, told):
    codes = read(["till"] * rows + [f"c{i}" for i in range(54)])[1]
    assert codes == ["id-dominant"] * told
