"""Money and quantities as whole numbers: cents, fen, pieces."""

import narwhals as nw

from customer_insight.data.violations import Rule

# Below 2**40 a double holds a thousandth of a minor unit, and 64 such amounts on one day still
# fit beside the day in one 64-bit number.
AMOUNT_LIMIT = 2**40
TOLERANCE = 1e-3
MOST_DECIMALS = 4


def check_decimals(decimals: int) -> None:
    """Refuse a number of decimals that no currency has.

    Parameters
    ----------
    decimals : int
        2 for CNY, EUR, GBP and USD; 0 for JPY and KRW; 3 for KWD.

    Raises
    ------
    ValueError
        If ``decimals`` is not a whole number from 0 to 4.

    Examples
    --------
    >>> check_decimals(2)
    """
    whole = isinstance(decimals, int) and not isinstance(decimals, bool)
    if not whole or not 0 <= decimals <= MOST_DECIMALS:
        raise ValueError(
            f"decimals is {decimals!r}, and must be a whole number from 0 to {MOST_DECIMALS}: "
            "how many decimals the currency has (2 for CNY, EUR, GBP and USD, 0 for JPY). "
            "For amounts that are whole cents or fen already, pass decimals=0."
        )


def minor_units(column: str, decimals: int) -> nw.Expr:
    """Return a column of numbers as whole minor units, still as Float64.

    A number is multiplied by ten to the ``decimals`` and taken to the nearest whole number, which
    mends what binary fractions do (29.33 * 100 is 2932.9999999999995). `amount_rules` makes sure
    that it mends nothing else.

    Parameters
    ----------
    column : str
        Numbers in major units (yuan, euro, dollar): whole, decimal or Float64.
    decimals : int
        Decimals of the currency.

    Returns
    -------
    narwhals.Expr
        Cast it to Int64 once nothing is missing or infinite.
    """
    return _scaled(column, decimals).round(0)


def _scaled(column: str, decimals: int) -> nw.Expr:
    return nw.col(column).cast(nw.Float64) * 10.0**decimals


def amount_rules(column: str, decimals: int, *, name: str = "amount") -> list[Rule]:
    """Return the rules for a column of numbers that is to become whole.

    Parameters
    ----------
    column : str
    decimals : int
        Decimals that a value may have.
    name : str, default "amount"
        First word of the rules' names.

    Returns
    -------
    list of Rule
        None missing (NaN counts as missing: pandas knows no difference), none infinite, none of
        2**40 minor units or more, none further than a thousandth from a whole minor unit.
    """
    value, scaled = nw.col(column).cast(nw.Float64), _scaled(column, decimals)
    missing = value.is_null() | value.is_nan()
    infinite = ~missing & ~value.is_finite()
    large = ~missing & ~infinite & (scaled.abs() >= AMOUNT_LIMIT)
    small = ~missing & ~infinite & ~large
    uneven = small & ((scaled - scaled.round(0)).abs() > TOLERANCE)
    most = f"{AMOUNT_LIMIT:,} (2 to the 40th)"
    texts = [
        (
            "missing",
            missing,
            f"without a number for the {name}",
            "a missing number is not a zero, and would silently be left out of every sum",
            "fill in what it is, or take these rows out and say how many they were",
        ),
        (
            "infinite",
            infinite,
            "infinite",
            "one infinite value makes every total infinite",
            "look for a division by zero or a number such as 1e309, and correct it",
        ),
        (
            "too-large",
            large,
            f"at or above {most} after turning it whole with decimals={decimals}",
            "such numbers are typing errors or codes, and a sum of them may not be exact",
            "correct them; if they are whole cents already, pass decimals=0",
        ),
        (
            "decimals",
            uneven,
            f"with more than {decimals} decimals",
            "rounding here would change what customers spent, or hide a wrong currency or unit",
            "pass the currency's decimals, or round the column yourself and say so",
        ),
    ]
    return [Rule(f"{name}-{rule}", column, *rest) for rule, *rest in texts]
