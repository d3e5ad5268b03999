"""The transaction contract: one table with whole days, whole minor units and ids as text."""

from typing import TypeVar

import narwhals as nw
from narwhals.exceptions import NarwhalsError

from customer_insight.data.contract_columns import (
    column_rules,
    converted,
    type_violation,
    typed_objects,
)
from customer_insight.data.money import check_decimals
from customer_insight.data.violations import ContractError, Violation, find_violations

__all__ = ["OPTIONAL", "REQUIRED", "ContractError", "check_transactions", "transactions"]

REQUIRED = {"customer_id": nw.String, "order_id": nw.String, "day": nw.Int64, "amount": nw.Int64}
OPTIONAL = {
    "sku": nw.String,
    "quantity": nw.Int64,
    "cost": nw.Int64,
    "channel": nw.String,
    "region": nw.String,
}

Frame = TypeVar("Frame")


def transactions(
    frame: Frame,
    *,
    customer: str,
    day: str,
    amount: str,
    order: str | None = None,
    sku: str | None = None,
    quantity: str | None = None,
    cost: str | None = None,
    channel: str | None = None,
    region: str | None = None,
    decimals: int = 2,
) -> Frame:
    """Turn a table of purchases into the transaction contract, the same kind of table out.

    Days become whole days since 1970-01-01, money becomes whole minor units (cents, fen), ids
    become text. Whole numbers give equal results on every engine; floats do not. Every rule is
    checked before anything is converted, in one aggregate over the table: a lazy table is read
    once for it, and stays lazy.

    Parameters
    ----------
    frame : pandas.DataFrame, polars.DataFrame, polars.LazyFrame, duckdb relation or pyspark frame
        One row a purchase, order or order line. It is not changed.
    customer, day, amount : str
        Names of its columns.

        - ``customer``: text, kept as it stands ("00042", "NA"), or whole numbers, which become
          their digits. Floats are refused: 12345.0 is not an id, and a float keeps 15 digits
          where ids have 17. Trimming and normalising is for whoever reads the file.
          Leading zeros are there only if the file was read as text: a reader that guesses types
          makes 42 of "00042" and of "042", and nothing here can tell that they were two customers.
          Name the type when you read: ``pandas.read_csv(path, dtype={"customer": str})``,
          ``polars.read_csv(path, schema_overrides={"customer": polars.String})``, DuckDB
          ``read_csv(path, types={'customer': 'VARCHAR'})``.
        - ``day``: dates, or dates and times without a zone, of which the day as written counts.
          Times with a zone are refused, because their day depends on the zone: convert to the
          business's own zone and cast to a date first. Text and numbers such as 19970101 are
          refused: what they mean is settled where the file is read.
        - ``amount``: numbers in *major* units (yuan, euro), also where they are whole: 25 is
          25.00. Negative amounts are returns.
    order : str, optional
        Order id, by the rules for ``customer``. Without it all that a customer bought on one
        day is one order, with the id "customer/day": rows have no number on a lazy engine, and
        the lines of one basket must not count as many orders.
    sku, channel, region : str, optional
        Text or whole numbers; may be missing.
    quantity : str, optional
        Whole numbers, none missing. Count in the smallest unit sold (grams, not kilograms).
    cost : str, optional
        Money, by the rules for ``amount``; none missing.
    decimals : int, default 2
        Decimals of the currency: 2 for CNY, EUR, GBP and USD, 0 for JPY. Pass 0 for amounts that
        are whole minor units already.

    Returns
    -------
    same kind as ``frame``
        ``customer_id`` (text), ``order_id`` (text), ``day`` (Int64, days since 1970-01-01),
        ``amount`` (Int64, minor units), then those of ``sku``, ``quantity`` (Int64), ``cost``
        (Int64, minor units), ``channel`` and ``region`` that were named. One row for each row of
        ``frame``, in its order where the engine has one.

    Raises
    ------
    ContractError
        A ValueError that lists every broken rule with its column, count and, on pandas and
        Polars, up to ten positions. Its ``violations`` has the same as data.
    ValueError
        If ``frame`` is not a table that Narwhals knows, or ``decimals`` is out of range.

    Notes
    -----
    An amount counts as having two decimals if it lies within a thousandth of a cent of a whole
    cent, so that 0.1 + 0.2 passes and 0.305 does not. Amounts reach to 2**40 minor units, days
    from the year 1611 to 2328. Float32 is refused for money: it cannot hold 200,000.01.

    Examples
    --------
    >>> import datetime, polars
    >>> orders = polars.DataFrame({
    ...     "member": ["00042", "00042"],
    ...     "date": [datetime.date(2024, 2, 28), datetime.date(2024, 2, 29)],
    ...     "yuan": [29.33, -5.0],
    ... })
    >>> transactions(orders, customer="member", day="date", amount="yuan").rows()
    [('00042', '00042/19781', 19781, 2933), ('00042', '00042/19782', 19782, -500)]
    """
    check_decimals(decimals)
    table = _wrap(frame)
    sources = {
        "customer_id": customer,
        "order_id": order,
        "day": day,
        "amount": amount,
        "sku": sku,
        "quantity": quantity,
        "cost": cost,
        "channel": channel,
        "region": region,
    }
    sources = {name: source for name, source in sources.items() if source is not None}
    table = typed_objects(table, sources.values())
    _check(table, sources, decimals)
    columns = {name: converted(name, source, decimals) for name, source in sources.items()}
    if order is None:
        parts = [columns["customer_id"], columns["day"].cast(nw.String)]
        columns["order_id"] = nw.concat_str(parts, separator="/")
    ordered = {name: columns[name] for name in (*REQUIRED, *OPTIONAL) if name in columns}
    return table.select(**ordered).to_native()


def check_transactions(frame: Frame) -> nw.DataFrame | nw.LazyFrame:
    """Return a table of the transaction contract wrapped by Narwhals, after a look at its columns.

    Only names and types are looked at, so that the call costs nothing on any engine; what the
    columns hold is checked once, by `transactions`. Every feature begins with this call.

    Parameters
    ----------
    frame : table of the transaction contract
        Of any of the four engines. Columns beside the contract's are let through.

    Returns
    -------
    narwhals.DataFrame or narwhals.LazyFrame
        The same table.

    Raises
    ------
    ContractError
        If a required column is not there, or a column of the contract has another type.
    ValueError
        If ``frame`` is not a table that Narwhals knows.

    Examples
    --------
    >>> import polars
    >>> check_transactions(polars.DataFrame({"customer_id": ["00042"]}))
    Traceback (most recent call last):
    ...
    customer_insight.data.violations.ContractError: 3 problems found.
    ...
    """
    table = _wrap(frame)
    schema = table.collect_schema()
    fix = "make the table by data.transactions(frame, customer=..., day=..., amount=...)"
    why = "features count whole days, whole minor units and ids as text, and nothing else"
    violations = [
        Violation("column-missing", name, "is not in the table", why, fix)
        for name in REQUIRED
        if name not in schema
    ] + [
        Violation("column-type", name, f"is {schema[name]}, and must be {dtype()}", why, fix)
        for name, dtype in (REQUIRED | OPTIONAL).items()
        if name in schema and schema[name] != dtype
    ]
    if violations:
        raise ContractError(violations, last="Nothing was computed.")
    return table


def _wrap(frame: Frame) -> nw.DataFrame | nw.LazyFrame:
    try:
        return nw.from_native(frame)
    except (TypeError, NarwhalsError) as error:
        what = str(error) if isinstance(error, NarwhalsError) else f"a {type(frame).__name__}"
        raise ValueError(
            f"This is not a table that can be read: {what}. Pass a pandas or Polars frame, a "
            "DuckDB relation or a PySpark frame whose column names are all different."
        ) from error


def _check(table: nw.DataFrame | nw.LazyFrame, sources: dict[str, str], decimals: int) -> None:
    schema = table.collect_schema()
    typed = {name: type_violation(table, name, source) for name, source in sources.items()}
    violations = [violation for violation in typed.values() if violation]
    rules = [
        rule
        for name, source in sources.items()
        if typed[name] is None
        for rule in column_rules(name, source, decimals, schema[source])
    ]
    rows, broken = find_violations(table, rules)
    if rows == 0:
        why = "a table without rows is a lost filter or a wrong file"
        fix = "look at the step that made it"
        broken = [Violation("no-rows", sources["customer_id"], "has no rows", why, fix)]
    if violations or broken:
        raise ContractError([*violations, *broken], last="Nothing was converted.")
