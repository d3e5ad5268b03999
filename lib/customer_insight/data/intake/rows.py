"""Turn the texts of a file into days, whole money and ids, and say what each row counts as."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from customer_insight.data.closed_query import literal, quoted
from customer_insight.data.intake.identifiers import id_text
from customer_insight.data.intake.numbers import PLAIN
from customer_insight.data.intake.source import KEPT_AS
from customer_insight.data.money import AMOUNT_LIMIT, TOLERANCE

if TYPE_CHECKING:
    import duckdb

LABELS = ("order", "sku", "channel", "region")
_BLANK = "[ 　]*"
_CHINESE = (
    "合计",
    "总计",
    "小计",
    "总和",
    "累计",
    "汇总",
    "本页小计",
    "本页合计",
    "合計",
    "總計",
    "小計",
)
_TOTAL = "|".join(
    (
        "(grand|sub)?[ -]?totals?",
        "sum|summe|gesamt|gesamtsumme|zwischensumme",
        *(_BLANK.join(word) for word in _CHINESE),
    )
)
_END = "[ 　:：]*"
_FIRST_SIGNS = " 　-tTgGsSſzZ合总小累汇本總"  # ſ is an s to a pattern that ignores case
_CANCELLED = "[Cc][0-9]{4,}"


@dataclass(frozen=True)
class Readings:
    """What each role of the view ``raw`` writes, as SQL; and the labels that are there.

    ``customer`` and ``day`` are NULL where nothing is written that can be read, and so is each of
    ``numbers`` (role to SQL of the type ``kind``).
    """

    customer: str
    day: str
    numbers: Mapping[str, str]
    labels: Sequence[str]
    kind: str


@dataclass(frozen=True)
class Limits:
    """Decimals of the currency; days since 1970-01-01 that are believed, and the last counted."""

    decimals: int
    first_day: int
    last_day: int
    as_of: int


def write_rows(
    connection: "duckdb.DuckDBPyConnection", folder: Path, readings: Readings, limits: Limits
) -> None:
    """Make the view ``rows``: one row a record, typed, with what it counts as.

    Its columns are ``number``, ``fingerprint``, ``customer``, ``day``, ``amount`` (whole minor
    units), ``status``, ``cancelled`` (by its order's number), ``rounded`` (the amount had more
    decimals than the currency), ``turned`` (a positive amount of a negative quantity), then the
    labels, ``quantity`` and ``cost``, NULL where they are not whole.

    Parameters
    ----------
    connection : duckdb.DuckDBPyConnection
        With the view ``raw``.
    folder : pathlib.Path
        Where the rows are kept.
    readings : Readings
    limits : Limits
    """
    target = literal(str(folder / "rows.parquet"))
    query = _query(readings, limits)
    connection.execute(f"COPY ({query}) TO {target} {KEPT_AS}")
    connection.execute(f"CREATE VIEW rows AS SELECT * FROM read_parquet({target})")  # noqa: S608


def _query(readings: Readings, limits: Limits) -> str:
    numbers, labels = readings.numbers, readings.labels
    priced = "amount" not in numbers
    needed = ("quantity", "unit_price") if priced else ("amount",)
    unread = " OR ".join(f"n_{role} IS NULL" for role in needed)
    turned = f"n_quantity < 0 AND n_{needed[-1]} {'<' if priced else '>'} 0"
    turned = turned if "quantity" in numbers else "false"
    negative = "n_quantity < 0 OR exact < 0" if "quantity" in numbers else "exact < 0"
    order, fits = quoted("order"), f"minor > -{AMOUNT_LIMIT} AND minor < {AMOUNT_LIMIT}"
    cancelled = f"ascii({order}) IN (67, 99) AND regexp_full_match({order}, '{_CANCELLED}')"
    return f"""
        WITH known AS (
            SELECT *, {readings.customer} AS id FROM raw
        ), texts AS (
            SELECT number, fingerprint, id AS customer,
                CAST({readings.day} - DATE '1970-01-01' AS BIGINT) AS day,
                {_columns(f"{sql} AS n_{role}" for role, sql in numbers.items())}
                {_columns(f"{id_text(quoted(role))} AS {quoted(role)}" for role in labels)}
                raw.first AS as_first, raw.customer AS as_customer,
                {_says_total(labels)} AS says_total, {_is_blank([*labels, *numbers])} AS blank
            FROM known AS raw
        ), valued AS (
            SELECT *, {_exact(readings, limits.decimals)} AS exact, {turned} AS turned,
                {f"coalesce({cancelled}, false)" if "order" in labels else "false"} AS cancelled
            FROM texts
        ), whole AS (
            SELECT *, TRY_CAST(round(CASE WHEN turned THEN -exact ELSE exact END) AS BIGINT)
                AS minor FROM valued
        )
        SELECT number, fingerprint, customer, day,
            CASE WHEN {fits} THEN minor END AS amount,
            CASE WHEN blank THEN 'blank'
                WHEN says_total OR (day IS NULL AND {_names_total()}) THEN 'total'
                WHEN coalesce(day NOT BETWEEN {limits.first_day} AND {limits.last_day}, true)
                    THEN 'day'
                WHEN {unread} THEN 'number'
                WHEN customer IS NULL THEN 'customer'
                WHEN minor IS NULL OR NOT ({fits}) THEN 'large'
                WHEN day > {limits.as_of} THEN 'future'
                WHEN {negative} OR cancelled THEN 'return'
                ELSE 'purchase' END AS status,
            cancelled, coalesce(abs(exact - round(exact)) > {TOLERANCE}, false) AS rounded,
            coalesce(turned, false) AS turned,
            {_columns(map(quoted, labels))}
            {_whole("quantity", numbers, "n_quantity")}
            {_whole("cost", numbers, f"TRY(n_cost * {10**limits.decimals})")}
        FROM whole"""  # noqa: S608 - parts are our own or quoted


def _columns(parts: "Sequence[str]") -> str:
    return "".join(f"{part}, " for part in parts)


def _exact(readings: Readings, decimals: int) -> str:
    """Return the SQL for the amount in minor units before it is made whole, NULL if too large.

    The engine gives a product no more digits than its wider factor has. Eighteen of them, five
    behind the point, go far beyond the largest amount, and cost a sixth of what 38 do.
    """
    priced = "amount" not in readings.numbers
    kind = "DECIMAL(18, 5)" if readings.kind == PLAIN and not priced else "DECIMAL(38, 12)"
    factors = ("quantity", "unit_price") if priced else ("amount",)
    product = " * ".join(f"CAST(n_{role} AS {kind})" for role in factors)
    return f"TRY({product} * {10**decimals})"


def _whole(role: str, numbers: Mapping[str, str], value: str) -> str:
    if role not in numbers:
        return ""
    near = f"abs({value} - round({value})) <= {TOLERANCE} AND abs({value}) < {AMOUNT_LIMIT}"
    return f"CASE WHEN {near} THEN CAST(round({value}) AS BIGINT) END AS {role}, "


def _says_total(labels: Sequence[str]) -> str:
    """Return the SQL that tells whether a field is nothing but a word for a total."""
    pattern = literal(f"(?i){_BLANK}({_TOTAL}){_END}")
    columns = ["first", "customer", "date", *(label for label in labels if label != "region")]
    signs = ", ".join(str(ord(sign)) for sign in _FIRST_SIGNS)
    # a look at the first sign spares most rows the pattern
    tests = (
        f"CASE WHEN ascii({text}) IN ({signs}) THEN regexp_full_match({text}, {pattern}) "
        "ELSE false END"
        for text in (f"raw.{quoted(column)}" for column in columns)
    )
    return f"({' OR '.join(tests)})"


def _names_total() -> str:
    """Return the SQL that tells the subtotal of a group, such as "Smith Total"."""
    pattern = literal(f"(?i)[ 　]({_TOTAL}){_END}$")
    tests = (f"regexp_matches({column}, {pattern})" for column in ("as_first", "as_customer"))
    return f"({' OR '.join(f'coalesce({test}, false)' for test in tests)})"


def _is_blank(others: Sequence[str]) -> str:
    columns = ["first", "customer", "date", *others]
    empty = " AND ".join(f"{id_text(f'raw.{quoted(c)}')} IS NULL" for c in columns)
    # an id that was read spares nearly all rows the rest
    return f"CASE WHEN raw.id IS NOT NULL THEN false ELSE {empty} END"
