import narwhals as nw
import polars as pl
import pytest

from customer_insight.data.money import AMOUNT_LIMIT, amount_rules, check_decimals, minor_units
from customer_insight.data.violations import find_violations


def whole(values, decimals=2):
    frame = nw.from_native(pl.DataFrame({"m": values}, strict=False))
    return frame.select(m=minor_units("m", decimals).cast(nw.Int64))["m"].to_list()


def broken(values, decimals=2):
    frame = nw.from_native(pl.DataFrame({"m": values}, strict=False))
    return {v.rule: v.positions for v in find_violations(frame, amount_rules("m", decimals))[1]}


def test_every_cent_of_a_hundred_thousand_is_turned_exactly():
    cents = range(-100_000, 100_000, 7)
    assert whole([cent / 100 for cent in cents]) == list(cents)


@pytest.mark.parametrize("last", range(10))
def test_the_largest_amounts_are_exact(last):
    cents = AMOUNT_LIMIT - 1 - last
    assert broken([cents / 100]) == {}
    assert whole([cents / 100]) == [cents]


@pytest.mark.parametrize(
    ("value", "decimals", "minor"),
    [(29.33, 2, 2933), (25, 2, 2500), (25.0, 0, 25), (0.1 + 0.2, 2, 30), (3 * 9.99, 2, 2997),
     (1.234, 3, 1234), (-12.5, 2, -1250), (0.0, 2, 0)],
)  # fmt: skip
def test_major_units_become_minor_units(value, decimals, minor):
    assert broken([value], decimals) == {}
    assert whole([value], decimals) == [minor]


@pytest.mark.parametrize(("value", "decimals"), [(0.305, 2), (0.005, 2), (29.33, 0), (1.2345, 3)])
def test_more_decimals_than_the_currency_has_break_a_rule_and_are_not_rounded(value, decimals):
    assert broken([1.0, value], decimals) == {"amount-decimals": (1,)}


def test_each_row_breaks_one_rule_at_most():
    inf = float("inf")
    values = [1.0, None, float("nan"), inf, -inf, AMOUNT_LIMIT / 100, -1e300, 0.001]
    assert broken(values) == {
        "amount-missing": (1, 2),
        "amount-infinite": (3, 4),
        "amount-too-large": (5, 6),
        "amount-decimals": (7,),
    }


@pytest.mark.parametrize("decimals", [-1, 5, 2.0, "2", None, True])
def test_decimals_that_no_currency_has_are_refused(decimals):
    with pytest.raises(ValueError, match=r"whole number from 0 to 4.*0 for JPY"):
        check_decimals(decimals)


@pytest.mark.parametrize("decimals", range(5))
def test_decimals_of_currencies_are_accepted(decimals):
    check_decimals(decimals)
