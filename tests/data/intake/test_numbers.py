from decimal import Decimal

import duckdb
import pytest

from customer_insight.data.intake.numbers import find_number_format, number_sql
from customer_insight.data.intake.shapes import cleaned, count_shapes


def read(values, **stated):
    """Return how numbers are written, what was found, and the numbers."""
    connection = duckdb.connect()
    connection.execute("CREATE TABLE texts AS SELECT unnest(?::VARCHAR[]) AS v", [values])
    connection.execute(f"CREATE VIEW raw AS SELECT {cleaned('v')} AS v FROM texts")
    shapes = count_shapes(connection, "v")
    form, found = find_number_format({"amount": shapes}, "orders.csv", **stated)
    query = f"SELECT {number_sql('v', form, shapes)} FROM raw"
    return form, found, [value for (value,) in connection.execute(query).fetchall()]


@pytest.mark.parametrize(
    ("values", "decimal", "numbers"),
    [
        (["1,234.5", "1,234"], ".", ["1234.5", "1234"]),
        (["1.234,5", "1.234"], ",", ["1234.5", "1234"]),
        (["0.125", "1.234"], ".", ["0.125", "1.234"]),
        (["0,125", "1,234"], ",", ["0.125", "1.234"]),
        (["1,234,567", "1,234"], ".", ["1234567", "1234"]),
        (["1.234.567"], ",", ["1234567"]),
        (["1 234", "5"], ".", ["1234", "5"]),
        (["12,34,567.50"], ".", ["1234567.50"]),
        ([".5", "5."], ".", ["0.5", "5"]),
        (["1,5", "1,50", ",5"], ",", ["1.5", "1.5", "0.5"]),
        (["(1.50)", "2.50-", "-3.50", "+4.50"], ".", ["-1.5", "-2.5", "-3.5", "4.5"]),
        (["$(1.50)", "2.50- $", "-$3.50", "$-4.50"], ".", ["-1.5", "-2.5", "-3.5", "-4.5"]),
        (["1.5e3", "1e-2", "1E+2"], ".", ["1500", "0.01", "100"]),
        (["1.50", "1.5.0", "--5", "(5", "5)", "0x1F", "1_0", "inf", "nan", "%"], ".",
         ["1.5", *[None] * 9]),
        (["12", "0,125"] + ["1,234.50"] * 999, ".", ["12", None, *["1234.5"] * 999]),
        (["1.23456789012", "1.5"], ".", ["1.23456789012", "1.5"]),
    ],
)  # fmt: skip
def test_numbers_are_read_by_one_rule(values, decimal, numbers):
    form, found, came = read(values)
    assert form.decimal == decimal
    assert [finding for finding in found if finding.level == "refused"] == []
    assert came == [None if number is None else Decimal(number) for number in numbers]


@pytest.mark.parametrize(
    ("value", "came"),
    [
        ("999999999999.99999", "999999999999.99999"),
        ("1000000000000", None),
        ("0.123456", "0.123456"),
        ("999999999999.999999", "999999999999.999999"),
        ("1.23456e-1", "0.123456"),
        ("12345678901.1234567", "12345678901.1234567"),
    ],
)
def test_numbers_below_a_trillion_keep_all_their_decimals(value, came):
    numbers = read([value, "1.5"])[2]
    assert numbers == [None if came is None else Decimal(came), Decimal("1.5")]


def test_a_value_that_fits_both_signs_is_refused_with_both_fixes():
    form, (finding,), _ = read(["1,234", "5"])
    assert finding.code == "number-ambiguous"
    assert 'decimal="."' in finding.fix
    assert 'decimal=","' in finding.fix
    assert not form.told


@pytest.mark.parametrize(("decimal", "number"), [(".", "1234"), (",", "1.234")])
def test_a_stated_sign_decides(decimal, number):
    form, found, came = read(["1,234"], decimal=decimal)
    assert (form.told, found, came) == (True, [], [Decimal(number)])


@pytest.mark.parametrize(("commas", "refused"), [(1, False), (2, True)])
def test_signs_are_mixed_from_one_number_in_two_hundred(commas, refused):
    _, found, came = read(["1,5"] * commas + ["1.25"] * (200 - commas + (commas == 1)))
    assert [finding.code for finding in found] == ["number-mixed"] * refused
    assert came[0] is None


def test_two_currencies_are_named():
    _, (finding,), _ = read(["$1.50", "€1.50"])
    assert finding.code == "currency-mixed"
    assert "$, EUR" in finding.what
