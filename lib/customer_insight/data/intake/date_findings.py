"""What is said about a column of dates."""

from collections.abc import Sequence

from customer_insight.data.intake.date_sql import CODES, FIRST_DAY, IN_WORDS, LAST_DAY
from customer_insight.data.intake.findings import REFUSED, WARNING, Finding, share
from customer_insight.data.intake.shapes import Shape


def ambiguous(
    where: str,
    call: str,
    *,
    possible: Sequence[str],
    fits: int,
    total: int,
    example: str,
    shapes: Sequence[Shape],
) -> Finding:
    """Return the refusal of a column that several orders fit."""
    readings = " and ".join(IN_WORDS[order].replace(", ", "/") for order in possible)
    sign = next((c for c in shapes[0].text if c != "9"), "")
    codes = CODES if "9999" in shapes[0].text else {**CODES, "y": "%y"}
    fixes = [sign.join(codes[letter] for letter in order) for order in possible]
    said = ", ".join(
        f'date_format="{fix}" for {IN_WORDS[o]}' for o, fix in zip(possible, fixes, strict=True)
    )
    return Finding(
        "date-ambiguous",
        REFUSED,
        where,
        f"{fits:,} of {total:,} values fit {readings}, and no value fits one of them alone.",
        "recency and tenure would change for these customers, and nothing would look wrong.",
        f"{call}, {said}).",
        example=example,
    )


def orders_mixed(where: str, call: str, only: dict[str, int]) -> Finding:
    """Return the refusal of a column in which values contradict each other."""
    told = ", ".join(f"{n:,} fit only {IN_WORDS[o]}" for o, n in only.items() if n)
    return Finding(
        "date-mixed",
        REFUSED,
        where,
        f"the values do not follow one order: {told}.",
        "two sources were put together, and the dates that fit both orders cannot be told apart.",
        "export the sources one by one; or, if one of the two is wrong, state the right one by "
        f"{call}, date_format=...) and the others are set aside.",
    )


def century(where: str, call: str, rows: int | None) -> Finding:
    """Return the refusal of years of two digits."""
    told = "the years have" if rows is None else f"the years of {rows:,} values have"
    return Finding(
        "date-century",
        REFUSED,
        where,
        f"{told} two digits.",
        "69 is 1969 to one reader and 2069 to another.",
        f"name the first of the hundred years they stand for: {call}, pivot_year=1970).",
    )


def zone_needed(where: str, call: str, written: bool) -> Finding:
    """Return the refusal of moments whose day depends on a zone."""
    what = "moments with a zone" if written else "seconds since 1970"
    return Finding(
        "date-zone",
        REFUSED,
        where,
        f"it holds {what}, and their day depends on where one stands.",
        "an order at 23:30 falls on another day, and into another month, somewhere else.",
        f'name the business\'s own zone: {call}, timezone="Asia/Shanghai").',
    )


def no_dates(where: str, call: str, other: int, rows: int) -> Finding:
    """Return the refusal of a column without dates."""
    return Finding(
        "date-unknown",
        REFUSED,
        where,
        f"{share(other, rows)} values are not written as a date in any known way."
        if rows
        else "no value stands in it.",
        "without the day of each order there is neither recency nor frequency.",
        f'name another column, or say how it is written: {call}, date_format="%d.%m.%Y").',
    )


def serial(where: str, rows: int) -> Finding:
    """Return the warning about Excel's day numbers."""
    return Finding(
        "date-serial",
        WARNING,
        where,
        f"{rows:,} values are numbers from 10000 to 99999 and were read as Excel's day numbers "
        "(45000 is 2023-03-15).",
        "workbooks made on old Macintoshes count from 1904: all days would be 1,462 days early.",
        "compare one date with the workbook; format the column as a date before exporting.",
        rows=rows,
    )


def several_forms(where: str, forms: dict[str, int]) -> Finding:
    """Return the warning about dates that are written in several ways."""
    told = ", ".join(f"{n:,} as {how}" for how, n in forms.items())
    return Finding(
        "date-forms",
        WARNING,
        where,
        f"dates are written in several ways ({told}); each way was read by its own rule.",
        "several programs or hands wrote this column.",
        "look whether the periods that each way covers make sense.",
    )


def unread_dates(where: str, bad: int, rows: int, places: Sequence[int]) -> Finding:
    """Return the warning about rows without a day that exists."""
    return Finding(
        "date-unreadable",
        WARNING,
        where,
        f"{share(bad, rows)} rows have no day that exists there, or one before "
        f"{FIRST_DAY} or after {LAST_DAY}; they were set aside.",
        "30 February, or 1900-01-01 for 'unknown', would stretch or cut histories.",
        "look at these rows in the file; rejected_to=... writes them out.",
        rows=bad,
        places=tuple(places),
    )
