"""What is said about rows that were set aside, or are used and odd."""

import datetime as dt
from collections.abc import Sequence

from customer_insight.data.days import EPOCH
from customer_insight.data.intake.findings import NOTE, REFUSED, WARNING, Finding, share
from customer_insight.data.intake.options import Options
from customer_insight.data.intake.outcome import money
from customer_insight.data.money import AMOUNT_LIMIT


def totals(shown: str, rows: int, places: Sequence[int]) -> Finding:
    """Return the warning about rows of totals."""
    return Finding(
        "total-rows",
        WARNING,
        shown,
        f"{rows:,} rows hold a total (Total, Sum, 合计 ...) and not an order; they were set aside.",
        "counted as an order, a total doubles the business and makes a best customer.",
        "nothing, if that is what they are; rename in the file a customer or product of that name.",
        rows=rows,
        places=tuple(places),
    )


def too_large(shown: str, rows: int, places: Sequence[int], decimals: int) -> Finding:
    """Return the warning about amounts beyond belief."""
    return Finding(
        "amount-too-large",
        WARNING,
        shown,
        f"{rows:,} rows have an amount of {money(AMOUNT_LIMIT, decimals)}"
        " or more; they were set aside.",
        "typing errors and codes look so, and one of them outweighs all customers.",
        "correct them, or check decimals=... and decimal=...",
        rows=rows,
        places=tuple(places),
    )


def after_as_of(shown: str, rows: int, places: Sequence[int], as_of: int) -> Finding:
    """Return the warning about rows after the last day that counts."""
    return Finding(
        "date-future",
        WARNING,
        shown,
        f"{rows:,} rows are dated after {EPOCH + dt.timedelta(days=as_of)} and were set aside.",
        "orders that have not happened yet are pre-orders, typing errors or a swapped day "
        "and month.",
        "state as_of=datetime.date(...) if the file is to count to a later day.",
        rows=rows,
        places=tuple(places),
    )


def returns(shown: str, rows: int, amount: int, bought: int, decimals: int) -> Finding:
    """Return the note on returns and their effect."""
    return Finding(
        "returns",
        NOTE,
        shown,
        f"{rows:,} rows are returns or cancelled orders (negative quantity or amount, or "
        f"an order number like C536379): {money(amount, decimals)}, "
        f"{-amount / bought:.1%} of what was bought. They stand in a table of their own.",
        rows=rows,
    )


def too_many_decimals(
    where: str, call: str, rows: int, places: Sequence[int], *, decimals: int
) -> Finding:
    """Return the refusal of amounts that would have to be rounded."""
    return Finding(
        "amount-decimals",
        REFUSED,
        where,
        f"{rows:,} amounts have more than {decimals} decimals.",
        "rounding would change what customers spent, or hide a wrong unit or currency.",
        f"{call}, decimals={min(4, decimals + 1)}) or the right currency=...; or round the "
        "column in the file.",
        rows=rows,
        places=tuple(places),
    )


def rounded(shown: str, rows: int, decimals: int) -> Finding:
    """Return the note on lines of quantity times price."""
    return Finding(
        "amount-rounded",
        NOTE,
        shown,
        f"{rows:,} lines of quantity times price were rounded to {decimals} decimals, "
        "halves away from zero.",
        rows=rows,
    )


def turned(where: str, rows: int, places: Sequence[int]) -> Finding:
    """Return the warning about positive amounts of negative quantities."""
    return Finding(
        "amount-turned",
        WARNING,
        where,
        f"{rows:,} rows have a negative quantity and a positive amount (or both quantity and price "
        "negative); they count as "
        "returns, with the amount made negative.",
        "added as it stands, what came back would count as bought.",
        "look at some of them: is the amount what the customer got back?",
        rows=rows,
        places=tuple(places),
    )


def left_out(where: str, rows: int, places: Sequence[int]) -> Finding:
    """Return the warning about a column of numbers that the tables cannot hold."""
    return Finding(
        "column-left-out",
        WARNING,
        where,
        f"{rows:,} rows hold no whole number there; the column was left out of the tables.",
        "a column with gaps would be summed as if the gaps were nothing, and a minus sign that "
        "cannot be read makes no return.",
        "fill the gaps; pieces and minor units of money must be whole.",
        rows=rows,
        places=tuple(places),
    )


def positive_cancels(where: str, rows: int, places: Sequence[int]) -> Finding:
    """Return the warning about cancelled orders with positive amounts."""
    return Finding(
        "cancel-positive",
        WARNING,
        where,
        f"{rows:,} rows have the number of a cancelled order and a positive amount; "
        "they stand among the returns with the sign that they have.",
        "it cannot be told whether money went out or came in.",
        "look at these rows in the file.",
        rows=rows,
        places=tuple(places),
    )


def without_customer(
    where: str, call: str, rows: int, records: int, *, most: float, places: Sequence[int]
) -> Finding:
    """Return what is said of rows without a customer: a refusal above a share."""
    level = REFUSED if rows > most * records else WARNING
    done = "" if level == REFUSED else "; they were set aside"
    return Finding(
        "customer-missing",
        level,
        where,
        f"{share(rows, records)} rows have no customer{done}.",
        "what is said about customers is said about the rest alone; those who pay without a card "
        "buy differently.",
        f"{call}, max_without_customer=...) if that share is as you expect; else look for the "
        "column.",
        rows=rows,
        places=tuple(places),
    )


def too_many(shown: str, lost: int, records: int, options: Options) -> Finding:
    """Return the refusal of a file of which too much cannot be read."""
    return Finding(
        "too-many-unreadable",
        REFUSED,
        shown,
        f"{share(lost, records)} rows have no day or number that can be read; at most "
        f"{options.max_set_aside * 100:g} % may be set aside.",
        "so many are no slips: a column, a date order or a decimal sign is taken wrongly.",
        "check which columns were used and how they are written; max_set_aside=... allows more.",
        rows=lost,
    )


def repeated(shown: str, rows: int, records: int, options: Options) -> Finding:
    """Return the warning about rows that repeat another in full."""
    dropped = options.duplicates == "drop"
    done = "one of each was kept" if dropped else "they were kept"
    return Finding(
        "rows-repeated",
        WARNING,
        shown,
        f"{share(rows, records)} rows repeat another row in full; {done}.",
        "two scans of one article are real, an export that ran twice is not; the file cannot tell.",
        'duplicates="keep" counts them all.' if dropped else 'duplicates="drop" keeps one of each.',
        rows=rows,
    )


def no_purchase(shown: str) -> Finding:
    """Return the refusal of a file without a purchase."""
    return Finding(
        "no-purchases",
        REFUSED,
        shown,
        "not one row is a purchase that can be used.",
        "there is nothing to say about customers.",
        "see the other reasons; check columns, as_of and signs.",
    )
