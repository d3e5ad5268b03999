"""Count what the rows came to, decide whether the file can be used, and make its tables."""

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

from customer_insight.data.closed_query import literal, quoted
from customer_insight.data.days import EPOCH
from customer_insight.data.intake.findings import REFUSED, WARNING, IntakeError
from customer_insight.data.intake.judge import judge
from customer_insight.data.intake.options import Options, SavedMapping, changes
from customer_insight.data.intake.outcome import Intake, IntakeReport, ledger, pick
from customer_insight.data.intake.rejected import write_rejected

if TYPE_CHECKING:
    import duckdb
    import polars as pl

    from customer_insight.data.intake.reading import Reader

_KEPT = ("purchase", "return")
_ORDER = ("sku", "quantity", "cost", "channel", "region")


def collect(
    reader: "Reader",
    saved: SavedMapping,
    digest: str,
    as_of: int,
    rejected_to: str | Path | None,
) -> Intake:
    """Return the tables and the report of a file whose rows are written.

    Parameters
    ----------
    reader : Reader
        After all its steps.
    saved : SavedMapping
        The mapping that the file was read by, empty if none.
    digest : str
        SHA-256 of the file.
    as_of : int
        The last day that counts.
    rejected_to : str or pathlib.Path or None
        Where rows that were set aside go.

    Returns
    -------
    Intake

    Raises
    ------
    IntakeError
        If too many rows cannot be used, or none can.
    """
    connection = reader.connection
    repeated = _repeated(connection)
    if reader.options.duplicates == "drop":
        _drop_repeated(connection)
    counts = _counts(connection)
    uneven = pick(reader.findings, "records-uneven")
    records = reader.records + (uneven.rows if uneven else 0)
    if uneven:
        counts["uneven"] = (uneven.rows, 0)
    reader.findings += judge(reader, counts, records, repeated=repeated, as_of=as_of)
    if rejected_to is not None:
        write_rejected(reader, Path(rejected_to))
    refused = [finding for finding in reader.findings if finding.level == REFUSED]
    if refused:
        raise IntakeError(refused)
    now = _seen(reader)
    if saved.columns or saved.seen:
        reader.findings += changes(saved, now, reader.path.name)
    facts = _facts(connection)
    report = IntakeReport(
        file=reader.path.name,
        how=_how(reader, digest, as_of, facts),
        ledger=ledger(records, counts),
        facts=facts,
        findings=tuple(sorted(reader.findings, key=lambda finding: finding.level != WARNING)),
        decimals=reader.currency.decimals,
    )
    tables = [_table(reader, status) for status in _KEPT]
    return Intake(*tables, report, _mapping(reader, now))


def _counts(connection: "duckdb.DuckDBPyConnection") -> dict[str, tuple[int, int]]:
    rows = connection.execute(
        "SELECT status, count(*), coalesce(sum(amount), 0)::BIGINT FROM rows GROUP BY status"
    ).fetchall()
    return {status: (count, amount) for status, count, amount in rows}


def _repeated(connection: "duckdb.DuckDBPyConnection") -> int:
    return connection.execute(
        "SELECT count(*) - count(DISTINCT fingerprint) FROM rows "
        "WHERE status IN ('purchase', 'return')"
    ).fetchone()[0]


def _drop_repeated(connection: "duckdb.DuckDBPyConnection") -> None:
    """Keep the first of the rows that repeat each other in full."""
    connection.execute(
        """CREATE TEMP TABLE extra AS SELECT number FROM rows
        WHERE status IN ('purchase', 'return')
        QUALIFY row_number() OVER (PARTITION BY fingerprint, customer, day ORDER BY number) > 1"""
    )
    connection.execute("ALTER VIEW rows RENAME TO all_rows")
    connection.execute(
        """CREATE VIEW rows AS SELECT * REPLACE (
            CASE WHEN number IN (SELECT number FROM extra) THEN 'duplicate' ELSE status END
            AS status) FROM all_rows"""
    )


def _facts(connection: "duckdb.DuckDBPyConnection") -> dict[str, int]:
    (orders, customers, bought, returned, with_returns, only_returns, first, last, once) = (
        connection.execute(
            f"""WITH each AS (
                SELECT customer,
                    count(*) FILTER (status = 'purchase') AS purchases,
                    count(*) FILTER (status = 'return') AS returns,
                    min(day) FILTER (status = 'purchase') AS first,
                    max(day) FILTER (status = 'purchase') AS last,
                    sum(amount) FILTER (status = 'purchase') AS bought,
                    sum(amount) FILTER (status = 'return') AS returned
                FROM rows WHERE status IN ('purchase', 'return') GROUP BY customer)
            SELECT (SELECT count(DISTINCT {_order_sql(connection)}) FROM rows
                    WHERE status = 'purchase'),
                count(*) FILTER (purchases > 0), sum(bought), coalesce(sum(returned), 0),
                count(*) FILTER (returns > 0), count(*) FILTER (purchases = 0),
                min(first), max(last), count(*) FILTER (first = last)
            FROM each"""  # noqa: S608
        ).fetchone()
    )
    return {
        "customers": customers,
        "orders": orders,
        "bought": int(bought),
        "returned": int(returned),
        "with_returns": with_returns,
        "only_returns": only_returns,
        "bought_once": once,
        "first_day": first,
        "last_day": last,
    }


def _order_sql(connection: "duckdb.DuckDBPyConnection") -> str:
    """Return the SQL for an order's id: its own, or customer and day where it has none."""
    own = "customer || '/' || day"
    names = [row[0] for row in connection.execute("DESCRIBE rows").fetchall()]
    return f'coalesce("order", {own})' if "order" in names else f"({own})"


def _table(reader: "Reader", status: str) -> "pl.DataFrame":
    connection = reader.connection
    names = [row[0] for row in connection.execute("DESCRIBE rows").fetchall()]
    extra = [quoted(name) for name in _ORDER if name in names and _complete(connection, name)]
    columns = ["customer AS customer_id", f"{_order_sql(connection)} AS order_id", "day", "amount"]
    listed = ", ".join(columns + extra)
    query = f"SELECT {listed} FROM rows WHERE status = {literal(status)} ORDER BY number"  # noqa: S608
    import polars as pl

    return pl.from_arrow(connection.sql(query).to_arrow_table())


def _complete(connection: "duckdb.DuckDBPyConnection", name: str) -> bool:
    """Return whether a column can stand in the contract: whole numbers may not be missing."""
    if name not in ("quantity", "cost"):
        return True
    return not connection.execute(
        f"SELECT count(*) FROM rows WHERE {name} IS NULL AND status IN ('purchase', 'return')"  # noqa: S608
    ).fetchone()[0]


def _seen(reader: "Reader") -> dict[str, object]:
    source = reader.source
    return {
        "names": list(source.names),
        "kind": source.kind,
        "encoding": source.encoding,
        "delimiter": source.delimiter,
        "sheet": source.sheet,
        "dates": reader.dates.date_format or reader.dates.how,
        "decimal": reader.numbers.decimal,
        "currency": reader.currency.code,
    }


def _mapping(reader: "Reader", now: dict[str, object]) -> SavedMapping:
    """Return how to read the next file: the columns used, and what was stated or settled."""
    default = Options()
    stated = {
        name: getattr(reader.options, name)
        for name in Options.__dataclass_fields__
        if getattr(reader.options, name) != getattr(default, name)
    }
    settled = {"decimal": reader.numbers.decimal} if reader.numbers.told else {}
    if reader.dates.date_format:
        settled["date_format"] = reader.dates.date_format
    if len(reader.currency.code) == 3:
        settled["currency"] = reader.currency.code
    columns = {role: reader.source.names[i] for role, i in reader.columns.items()}
    listed = {k: list(v) if isinstance(v, tuple) else v for k, v in {**settled, **stated}.items()}
    return SavedMapping(columns, listed, now)


def _how(reader: "Reader", digest: str, as_of: int, facts: dict[str, int]) -> dict[str, str]:
    source = reader.source
    first, last, until = (
        EPOCH + dt.timedelta(days=day) for day in (facts["first_day"], facts["last_day"], as_of)
    )
    parts = [source.kind, source.encoding, {"\t": "tab"}.get(source.delimiter, source.delimiter)]
    columns = ", ".join(f'{r} = "{source.names[i][:40]}"' for r, i in reader.columns.items())
    zone = reader.options.timezone or "as written, no zone stated"
    return {
        "file": ", ".join(part for part in (*parts, source.sheet[:40]) if part),
        "sha-256": digest,
        "columns": columns,
        "dates": reader.dates.how,
        "days": f"calendar days, {zone}",
        "decimal sign": reader.numbers.decimal,
        "currency": reader.currency.code or "not stated in the file",
        "period": f"{first} to {last}",
        "as of": str(until),
    }
