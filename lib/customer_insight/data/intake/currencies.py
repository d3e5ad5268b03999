"""One currency for a file: stated, written beside the amounts, or in a column of its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from customer_insight.data.intake.findings import (
    NOTE,
    REFUSED,
    WARNING,
    Finding,
    IntakeError,
)
from customer_insight.data.intake.numbers import SIGNS

if TYPE_CHECKING:
    import duckdb

_NO_DECIMALS = ("JPY", "KRW", "VND", "CLP", "ISK", "XAF", "XOF")
_THREE_DECIMALS = ("KWD", "BHD", "JOD", "OMR", "TND")
_UNKNOWN = "another"
_CODES = frozenset(
    [
        "AED",
        "ARS",
        "AUD",
        "BDT",
        "BGN",
        "BHD",
        "BRL",
        "CAD",
        "CHF",
        "CLP",
        "CNH",
        "CNY",
        "COP",
        "CZK",
        "DKK",
        "EGP",
        "EUR",
        "GBP",
        "GHS",
        "HKD",
        "HUF",
        "IDR",
        "ILS",
        "INR",
        "ISK",
        "JOD",
        "JPY",
        "KES",
        "KRW",
        "KWD",
        "KZT",
        "LKR",
        "MAD",
        "MMK",
        "MOP",
        "MXN",
        "MYR",
        "NGN",
        "NOK",
        "NPR",
        "NZD",
        "OMR",
        "PEN",
        "PHP",
        "PKR",
        "PLN",
        "QAR",
        "RON",
        "RSD",
        "RUB",
        "SAR",
        "SEK",
        "SGD",
        "THB",
        "TND",
        "TRY",
        "TWD",
        "UAH",
        "USD",
        "UYU",
        "VND",
        "XAF",
        "XOF",
        "ZAR",
    ]
)
_SHARED = {
    "¥": ("CNY", "JPY"),
    "$": ("USD", "AUD", "CAD", "HKD", "NZD", "SGD", "TWD", "MXN"),
}


@dataclass(frozen=True)
class Currency:
    """The file's currency: an ISO code, a sign, or empty where the file does not say; decimals."""

    code: str
    decimals: int


def settle_currency(
    connection: "duckdb.DuckDBPyConnection",
    signs: Sequence[str],
    where: str,
    *,
    has_column: bool,
    stated: str | None,
    decimals: int | None,
) -> tuple[Currency, list[Finding]]:
    """Return the one currency of a file.

    Parameters
    ----------
    connection : duckdb.DuckDBPyConnection
        With the view ``raw``, and in it ``currency`` if there is such a column.
    signs : sequence of str
        Written beside amounts; at most one.
    where : str
        The file, as messages name it.
    has_column : bool
    stated : str or None
        ISO code, as the user says.
    decimals : int or None
        Of the currency, as the user says; else by its code, 2 where none is known.

    Returns
    -------
    currency : Currency
    findings : list of Finding

    Raises
    ------
    IntakeError
        If the file holds several currencies, or another than is stated.
    """
    codes, unnamed = set(signs), 0
    if has_column:
        in_column, unnamed = _in_column(connection)
        if len(in_column) > 1:
            raise IntakeError([_several(where, in_column)])
        codes.update(in_column)
    named = {code for code in codes if len(code) == 3}
    stated = stated.upper() if stated else None
    for code in codes - {stated, _UNKNOWN}:
        if stated and stated not in _SHARED.get(code, (code,)):
            raise IntakeError([_other(where, code, stated)])
    if len(named) > 1:
        raise IntakeError([_several(where, sorted(named))])
    code = stated or next(iter(sorted(named or codes - {_UNKNOWN})), "")
    if decimals is None:
        decimals = 0 if code in _NO_DECIMALS else 3 if code in _THREE_DECIMALS else 2
    told = code or "not stated in the file"
    finding = Finding(
        "currency", NOTE, where, f"amounts are in one currency ({told}), with {decimals} decimals."
    )
    return Currency(code, decimals), [finding, *([_unnamed(where, unnamed)] if unnamed else [])]


def _in_column(connection: "duckdb.DuckDBPyConnection") -> tuple[list[str], int]:
    """Return the currencies that the column names, and how many orders it leaves without."""
    found = connection.execute(
        """SELECT lower(trim(coalesce(currency, ''))) AS c, count(*) FROM raw
        WHERE trim(customer) <> '' GROUP BY c ORDER BY count(*) DESC, c LIMIT 9"""
    ).fetchall()
    named = [SIGNS.get(text) or _code(text) for text, _ in found if text]
    unnamed = sum(rows for text, rows in found if not text)
    distinct = named if named.count(_UNKNOWN) > 1 else list(dict.fromkeys(named))
    return distinct, unnamed if named else 0


def _code(text: str) -> str:
    """Return a code in capitals; what is no known code may be anything, and is not shown."""
    return text.upper() if text.upper() in _CODES else _UNKNOWN


def _unnamed(where: str, rows: int) -> Finding:
    return Finding(
        "currency-unnamed",
        WARNING,
        where,
        f"{rows:,} rows name no currency; their amounts count as in that of the others.",
        "an amount in another currency is many times as much, or as little.",
        "fill the column in the file.",
        rows=rows,
    )


def _several(where: str, codes: Sequence[str]) -> Finding:
    return Finding(
        "currency-mixed",
        REFUSED,
        where,
        f"the currency column names several currencies: {', '.join(codes)}.",
        "a sum over two currencies is no amount of anything.",
        "split the file by currency, or convert it first.",
    )


def _other(where: str, found: str, stated: str) -> Finding:
    return Finding(
        "currency-other",
        REFUSED,
        where,
        f"the file says {found} and the call says {stated}.",
        "every amount would carry the wrong name.",
        "leave out currency=..., or convert the amounts first.",
    )
