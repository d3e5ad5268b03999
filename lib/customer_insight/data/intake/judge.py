"""Judge a file by what its rows came to: what was set aside, and whether it can be used."""

from typing import TYPE_CHECKING

from customer_insight.data.closed_query import literal
from customer_insight.data.intake import row_findings as say
from customer_insight.data.intake.date_findings import unread_dates
from customer_insight.data.intake.findings import NOTE, Finding
from customer_insight.data.intake.numbers import unread_numbers

if TYPE_CHECKING:
    from customer_insight.data.intake.reading import Reader

_FEW = 5
_LOST = ("day", "number", "large", "uneven")


def judge(
    reader: "Reader",
    counts: dict[str, tuple[int, int]],
    records: int,
    *,
    repeated: int,
    as_of: int,
) -> list[Finding]:
    """Return what the rows of the view ``rows`` say of the file.

    Parameters
    ----------
    reader : Reader
        After all its steps.
    counts : dict of str to (int, int)
        What rows count as, with rows and money.
    records : int
        In the file.
    repeated : int
        Rows that repeat another in full.
    as_of : int
        The last day that counts.

    Returns
    -------
    list of Finding
        Of level ``refused`` where the file cannot be used.
    """
    options, shown = reader.options, reader.path.name
    rows = {status: count for status, (count, _) in counts.items()}
    lost = sum(rows.get(status, 0) for status in _LOST)
    found = _set_aside(reader, rows, records, as_of)
    if lost > options.max_set_aside * records:
        found.append(say.too_many(shown, lost, records, options))
    if "return" in rows:
        bought = max(1, counts.get("purchase", (0, 1))[1])
        found.append(say.returns(shown, *counts["return"], bought, reader.currency.decimals))
    if repeated:
        found.append(say.repeated(shown, repeated, records, options))
    found += _odd(reader)
    if not rows.get("purchase"):
        found.append(say.no_purchase(shown))
    return found


def _set_aside(reader: "Reader", rows: dict[str, int], records: int, as_of: int) -> list[Finding]:
    shown, decimals = reader.path.name, reader.currency.decimals
    amount = reader.source.names[reader.columns.get("amount", reader.columns.get("quantity"))]
    most = reader.options.max_without_customer

    def customer(count: int, at: tuple[int, ...]) -> Finding:
        where = reader.where("customer")
        return say.without_customer(where, reader.call, count, records, most=most, places=at)

    told = {
        "total": lambda count, at: say.totals(shown, count, at),
        "day": lambda count, at: unread_dates(reader.where("date"), count, records, at),
        "number": lambda count, at: unread_numbers(amount, shown, count, records, at),
        "customer": customer,
        "large": lambda count, at: say.too_large(shown, count, at, decimals),
        "future": lambda count, at: say.after_as_of(shown, count, at, as_of),
    }
    found = [
        tell(rows[status], _places(reader, f"status = {literal(status)}"))
        for status, tell in told.items()
        if status in rows
    ]
    if "blank" in rows:
        empty = f"{rows['blank']:,} rows are empty."
        found.append(Finding("rows-empty", NOTE, shown, empty, rows=rows["blank"]))
    return found


def _odd(reader: "Reader") -> list[Finding]:
    """Return what is odd about rows that are used."""
    kept = "status IN ('purchase', 'return')"
    rounded, turned, positive, free = reader.connection.execute(
        f"""SELECT count(*) FILTER (rounded), count(*) FILTER (turned),
        count(*) FILTER (cancelled AND amount > 0), count(*) FILTER (amount = 0)
        FROM rows WHERE {kept}"""  # noqa: S608
    ).fetchone()
    shown, decimals = reader.path.name, reader.currency.decimals
    found = []
    if rounded and "amount" in reader.columns:
        at = _places(reader, f"rounded AND {kept}")
        where = reader.where("amount")
        found.append(say.too_many_decimals(where, reader.call, rounded, at, decimals=decimals))
    elif rounded:
        found.append(say.rounded(shown, rounded, decimals))
    if turned:
        at = _places(reader, f"turned AND {kept}")
        paid = "amount" if "amount" in reader.columns else "unit_price"
        found.append(say.turned(reader.where(paid), turned, at))
    if positive:
        at = _places(reader, f"cancelled AND amount > 0 AND {kept}")
        found.append(say.positive_cancels(reader.where("order"), positive, at))
    for role in ("quantity", "cost"):
        gaps = f"{role} IS NULL AND {kept}"
        count = _count(reader, gaps) if role in reader.columns else 0
        if count:
            found.append(say.left_out(reader.where(role), count, _places(reader, gaps)))
    if free:
        zero = f"{free:,} rows have the amount 0."
        found.append(Finding("amount-zero", NOTE, shown, zero, rows=free))
    return found


def _count(reader: "Reader", condition: str) -> int:
    query = f"SELECT count(*) FROM rows WHERE {condition}"  # noqa: S608
    return reader.connection.execute(query).fetchone()[0]


def _places(reader: "Reader", condition: str) -> tuple[int, ...]:
    rows = reader.connection.execute(
        f"SELECT number FROM rows WHERE {condition} ORDER BY number LIMIT {_FEW}"  # noqa: S608
    ).fetchall()
    places = (reader.places.of(number) for (number,) in rows)
    return tuple(place for place in places if place is not None)
