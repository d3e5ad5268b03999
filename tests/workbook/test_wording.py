"""Numbers in words."""

import pytest

from customer_insight.workbook.section import DAYS, MONEY, NUMBER, SHARE
from customer_insight.workbook.wording import Wording


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (-0.4, MONEY, "0.00"),
        (-0.0, MONEY, "0.00"),
        (-0.6, MONEY, "-0.01"),
        (-123456, MONEY, "-1,234.56"),
        (-0.0004, SHARE, "0.0 %"),
        (-0.0006, SHARE, "-0.1 %"),
        (-0.001, NUMBER, "0.00"),
        (-0.01, DAYS, "0.0"),
        (-0.0, DAYS, "0"),
    ],
)
def test_what_rounds_to_nothing_has_no_sign(value, unit, said):
    assert Wording("CNY", 2).value(value, unit) == said


def test_the_sign_is_judged_by_the_digits_of_the_currency():
    assert Wording("JPY", 0).value(-0.4, MONEY) == "0"
    assert Wording("KWD", 3).value(-0.6, MONEY) == "-0.001"
