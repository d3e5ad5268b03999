"""The report for machines: parquet and JSON, and an earlier report read back from them."""

import datetime as dt
import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from customer_insight.data.files import write_whole
from customer_insight.workbook.parquet_bytes import (
    UnreadableError,
    check_customers,
    customers_parquet,
    read_parquet,
    table_parquet,
)
from customer_insight.workbook.section import (
    HIDDEN,
    NUMBER,
    TEXT,
    Column,
    Quantity,
    Report,
    Section,
    Table,
)

if TYPE_CHECKING:
    import polars as pl

FORMAT, SCHEMA = "customer_insight report", 1
CUSTOMERS_FILE, QUANTITIES_FILE = "customers", "quantities"
_CODE = re.compile(r"[a-z][a-z0-9_]{0,59}")
_MOST_JSON = 20_000_000
_OF_QUANTITIES = tuple(
    Column(key, key.replace("_", " ").capitalize(), unit, definition)
    for key, unit, definition in (
        ("section", TEXT, "Code of the section that the number stands in."),
        ("code", TEXT, "Name for machines."),
        ("name", TEXT, "What the number is."),
        ("value", NUMBER, "In its unit: money in whole minor units, shares from 0 to 1."),
        ("low", NUMBER, "Lower end of its interval."),
        ("high", NUMBER, "Upper end of its interval."),
        ("interval", TEXT, "What kind of interval it is, where there is one."),
        ("unit", TEXT, "What the number counts."),
        ("kind", TEXT, "Observed, forecast or assumed."),
        ("definition", TEXT, "How it is counted."),
        ("note", TEXT, "What has to be said with it."),
    )
)


class EarlierReportError(ValueError):
    """A folder holds no report that can be compared with."""


@dataclass(frozen=True)
class Earlier:
    """A report as it was written: what identifies it, its numbers, its tables and its customers.

    ``quantities`` are by code, ``tables`` by code as `write_tables` typed them.
    """

    title: str
    as_of: str
    run_date: str
    currency: str
    decimals: int
    identity: dict[str, str]
    quantities: "dict[str, Quantity]"
    tables: "dict[str, pl.DataFrame]"
    customers: "pl.DataFrame"


def write_tables(
    report: Report, customers: "pl.DataFrame", columns: Sequence[Column], folder: Path
) -> None:
    """Write ``report.json`` and, in ``tables/``, parquet of customers, numbers and each table.

    Money is whole minor units, shares are 0 to 1. What is hidden or not there is null; a column
    ``KEY_hidden`` says which of the two where something is hidden. Units and definitions of the
    columns stand in each file's metadata, as JSON. Equal reports give equal bytes, whatever the
    order of the customers.

    Parameters
    ----------
    report : Report
    customers : polars.DataFrame
        One row a customer, with the column ``customer``.
    columns : sequence of Column
        Describes the columns of ``customers``, in their order.
    folder : pathlib.Path
        The report's folder; made if it is not there.

    Raises
    ------
    ValueError
        If ``columns`` are not those of ``customers``, a customer stands twice, two tables or
        numbers have the same code or one that is no file name, or money is not whole. Nothing is
        written then.
    """
    tables = [table for section in report.sections for table in section.tables]
    _check_codes([table.code for table in tables], taken=(CUSTOMERS_FILE, QUANTITIES_FILE))
    _check_codes([quantity.code for quantity in report.quantities()])
    numbers = Table(QUANTITIES_FILE, "All numbers", _OF_QUANTITIES, tuple(_quantity_rows(report)))
    content = {table.code: table_parquet(table, report) for table in (*tables, numbers)}
    content[CUSTOMERS_FILE] = customers_parquet(customers, columns, report)
    written = json.dumps(
        _as_json(report, columns), ensure_ascii=False, allow_nan=False, indent=1, sort_keys=True
    )
    for code, data in content.items():
        write_whole(folder / "tables" / f"{code}.parquet", data)
    write_whole(folder / "report.json", f"{written}\n".encode())


def read_earlier(folder: Path) -> Earlier:
    """Read a report back that `write_tables` wrote.

    Only ``report.json`` and the parquet files that it names in ``tables/`` are read, no link is
    followed, and nothing in them is run.

    Parameters
    ----------
    folder : pathlib.Path

    Returns
    -------
    Earlier

    Raises
    ------
    EarlierReportError
        If the folder holds no such report, or one that is damaged, altered or of another version.

    Examples
    --------
    >>> read_earlier(Path("nowhere"))
    Traceback (most recent call last):
    ...
    customer_insight.workbook.machine.EarlierReportError: nowhere holds no report that can be ...
    """
    try:
        stored = _read_json(folder / "report.json")
        named = {name: _kept(stored[name], str) for name in ("title", "currency")}
        days = {name: str(dt.date.fromisoformat(stored[name])) for name in ("as_of", "run_date")}
        identity = {_kept(k, str): _kept(v, str) for k, v in stored["identity"].items()}
        codes = [one["code"] for section in stored["sections"] for one in section["tables"]]
        _check_codes(codes, taken=(CUSTOMERS_FILE, QUANTITIES_FILE))
        tables = {code: read_parquet(folder, code) for code in (*codes, CUSTOMERS_FILE)}
        customers = tables.pop(CUSTOMERS_FILE)
        check_customers(customers)
        quantities = {one["code"]: _quantity(one) for one in stored["quantities"]}
        decimals = _kept(stored["decimals"], int)
    except (OSError, LookupError, AttributeError, TypeError, ValueError, RecursionError) as error:
        # the words of others may hold what stands in the file
        why = error if isinstance(error, UnreadableError) else "it is damaged or altered"
        raise EarlierReportError(
            f"{folder.name} holds no report that can be compared with: {why}. Changes would be "
            "shown that never happened. Name the folder of a report that is as it was written, or "
            "make that report again from its file."
        ) from None
    return Earlier(
        **named,
        **days,
        decimals=decimals,
        identity=identity,
        quantities=quantities,
        tables=tables,
        customers=customers,
    )


def _check_codes(codes: Iterable[str], taken: Sequence[str] = ()) -> None:
    seen = set(taken)
    for code in codes:
        if not _CODE.fullmatch(code) or code in seen:
            raise ValueError(
                f"the code {code[:60]!r} is used twice or is no name for a file and a program: "
                "small letters, digits and _ alone, beginning with a letter, at most 60."
            )
        seen.add(code)


def _quantity_rows(report: Report) -> Iterable[tuple]:
    for section in report.sections:
        for quantity in section.quantities:
            yield section.code, *(getattr(quantity, c.key) for c in _OF_QUANTITIES[1:])


def _as_json(report: Report, columns: Sequence[Column]) -> dict[str, Any]:
    own = {field.name: getattr(report, field.name) for field in fields(report)}
    return own | {
        "format": FORMAT,
        "schema": SCHEMA,
        "customers": [asdict(column) for column in columns],
        "quantities": [
            dict(zip([c.key for c in _OF_QUANTITIES], row, strict=True))
            | {"value": None if row[3] is HIDDEN else row[3]}
            for row in _quantity_rows(report)
        ],
        "sections": [_section(section) for section in report.sections],
    }


def _section(section: Section) -> dict[str, Any]:
    words = ("number", "code", "question", "answer", "limits", "refusal")
    return {name: getattr(section, name) for name in words} | {
        "decisions": [asdict(decision) for decision in section.decisions],
        "tables": [
            {
                "code": table.code,
                "caption": table.caption,
                "columns": [asdict(column) for column in table.columns],
            }
            for table in section.tables
        ],
    }


def _read_json(path: Path) -> dict[str, Any]:
    if path.is_symlink() or not path.is_file() or path.stat().st_size > _MOST_JSON:
        raise UnreadableError("there is no report.json, or it is a link or too large")
    stored = json.loads(path.read_bytes(), parse_constant=_no_number)
    if not isinstance(stored, dict) or stored.get("format") != FORMAT:
        raise UnreadableError("its report.json is not one of ours")
    if stored.get("schema") != SCHEMA:
        raise UnreadableError("its report.json is of another version")
    return stored


def _no_number(_: str) -> None:
    raise UnreadableError("its report.json holds what is no number")


def _kept(value: Any, *kinds: type) -> Any:
    if type(value) not in kinds:
        raise TypeError
    return value


def _quantity(stored: Mapping[str, Any]) -> Quantity:
    kinds = {name: (int, float, type(None)) for name in ("value", "low", "high")}
    known = {
        field.name: _kept(stored[field.name], *kinds.get(field.name, (str,)))
        for field in fields(Quantity)
    }
    if any(isinstance(value, float) and not math.isfinite(value) for value in known.values()):
        _no_number("")
    return Quantity(**known)
