"""Numbers in words, the same in every output."""

import datetime as dt

from customer_insight.data.days import EPOCH
from customer_insight.workbook.section import (
    CUSTOMERS,
    DAYS,
    HIDDEN,
    MONEY,
    NUMBER,
    PURCHASES,
    ROWS,
    SHARE,
    TEXT,
    Quantity,
)

FEWEST_SHOWN = 10
NO_CURRENCY = "currency not stated"
_WHOLE = {DAYS: "days", CUSTOMERS: "customers", PURCHASES: "purchases", ROWS: "lines"}


def iso_day(day: int) -> str:
    """Return a day, counted from 1970-01-01, as ISO date.

    Examples
    --------
    >>> iso_day(10134)
    '1997-09-30'
    """
    return str(EPOCH + dt.timedelta(day))


def _rounded(number: float, digits: int) -> str:
    """Return a number with so many digits; what rounds to nothing has no sign."""
    return f"{number:z,.{digits}f}"


class Wording:
    """Writes values of a report: its currency and the digits of its minor unit.

    Parameters
    ----------
    currency : str
        ISO code; "" where the file states none.
    decimals : int
        Digits of the minor unit.

    Examples
    --------
    >>> say = Wording("CNY", 2)
    >>> say.value(123456, MONEY), say.value(0.1234, SHARE), say.value(None, DAYS)
    ('1,234.56', '12.3 %', '–')
    >>> say.quantity(Quantity("a", "Sales", 123456, MONEY, "Sum of amounts."))
    'CNY 1,234.56'
    """

    def __init__(self, currency: str, decimals: int) -> None:
        self.currency, self.decimals = currency, decimals

    def value(self, value: object, unit: str) -> str:
        """Return a value without its unit, as it stands in a table cell."""
        if value is None or value is HIDDEN:
            return "–" if value is None else "hidden"
        if unit == TEXT:
            return str(value)
        number = float(value)
        if unit == SHARE:
            return f"{_rounded(100 * number, 1)} %"
        if unit == MONEY:
            return _rounded(self.major(value), self.decimals)
        if number.is_integer():
            return f"{int(number):,}"
        return _rounded(number, 2 if unit == NUMBER else 1)

    def with_unit(self, value: object, unit: str) -> str:
        """Return a value with its unit, as it stands in a sentence."""
        words = self.value(value, unit)
        if unit == MONEY and value is not None and value is not HIDDEN:
            return f"{self.currency} {words}" if self.currency else f"{words} ({NO_CURRENCY})"
        name = _WHOLE.get(unit, "")
        if words == "1":
            name = name.removesuffix("s")
        return f"{words} {name}".strip()

    def quantity(self, quantity: Quantity) -> str:
        """Return a quantity's value with its unit."""
        return self.with_unit(quantity.value, quantity.unit)

    def interval(self, quantity: Quantity) -> str:
        """Return a quantity's interval in words, or an empty text."""
        if quantity.low is None or quantity.high is None:
            return ""
        low, high = (self.value(end, quantity.unit) for end in (quantity.low, quantity.high))
        return f"{low} to {high}"

    def major(self, minor: object) -> float:
        """Return money in major units."""
        return float(minor) / 10**self.decimals

    def unit_name(self, unit: str) -> str:
        """Return what a unit is called where it stands by itself."""
        names = {MONEY: self.currency or NO_CURRENCY, SHARE: "%"}
        return names.get(unit, _WHOLE.get(unit, unit))
