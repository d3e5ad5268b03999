"""One row a customer, as the workbook and parquet hold it: by pseudonym, unless asked otherwise."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from customer_insight.workbook.earned import MARGIN, earned, measure
from customer_insight.workbook.facts import HORIZON_WEEKS, Facts
from customer_insight.workbook.forecast import Forecast
from customer_insight.workbook.pseudonyms import pseudonyms
from customer_insight.workbook.section import (
    DAYS,
    MONEY,
    NUMBER,
    PURCHASES,
    TEXT,
    Column,
)
from customer_insight.workbook.value_ahead import Value
from customer_insight.workbook.value_words import value_name, value_rule

if TYPE_CHECKING:
    import polars as pl

_COLUMNS = (
    Column("customer", "Customer", TEXT, "Pseudonym of the id, or the id where that was asked."),
    Column("segment", "Segment", TEXT, "By recency and frequency; code of the rule."),
    Column("amount", "Sales", MONEY, "All purchases up to as_of, before returns."),
    Column("returned", "Returned", MONEY, "All returns up to as_of, zero or less."),
    Column("purchase_days", "Purchases", PURCHASES, "Days on which the customer bought."),
    Column("recency_days", "Days since last", DAYS, "From the last purchase to as_of."),
    Column("r", "R", NUMBER, "Recency score, 5 is most recent."),
    Column("f", "F", NUMBER, "Frequency score, 5 is most often."),
    Column("m", "M", NUMBER, "Money score, 5 is most."),
    Column(
        "expected_purchases",
        "Expected purchases",
        NUMBER,
        f"Forecast for the {HORIZON_WEEKS} weeks after as_of.",
    ),
    Column(
        "expected_sales",
        "Expected sales",
        MONEY,
        f"Forecast for the {HORIZON_WEEKS} weeks after as_of, before returns.",
    ),
)


def customer_columns(facts: Facts, value: Value | None, keys: Sequence[str]) -> tuple[Column, ...]:
    """Return the descriptions of columns of the table, in its order.

    Parameters
    ----------
    facts : Facts
    value : Value or None
        Says what ``to_come`` is.
    keys : sequence of str
        As `customer_table` names them.

    Returns
    -------
    tuple of Column
    """
    what = measure(facts)
    columns = [*_COLUMNS, Column("margin", "Margin so far", MONEY, what.rule)]
    if value is not None:
        columns.append(
            Column("to_come", value_name(what, value), MONEY, value_rule(facts, what, value))
        )
    by_key = {column.key: column for column in columns}
    return tuple(by_key[key] for key in keys)


def customer_table(
    facts: Facts, forecast: Forecast | None, value: Value | None, key: bytes | None
) -> "pl.DataFrame":
    """Return one row a customer, largest sales first.

    Parameters
    ----------
    facts : Facts
        Adds ``margin`` where the file has costs.
    forecast : Forecast or None
        Adds its two columns.
    value : Value or None
        Adds ``to_come``.
    key : bytes or None
        Of the pseudonyms; None leaves the ids as they are.

    Returns
    -------
    polars.DataFrame
    """
    import polars as pl

    table = facts.customers
    kept = [column.key for column in _COLUMNS if column.key in ("customer", *table.columns)]
    if forecast is not None:
        expected = pl.DataFrame(
            {
                "customer_id": forecast.customers,
                "expected_purchases": forecast.purchases.round(4),
                "expected_sales": forecast.value.round().astype("int64"),
            }
        )
        table = table.join(expected, on="customer_id", how="left", validate="1:1")
        kept += expected.columns[1:]
    if measure(facts).code == MARGIN:
        so_far = earned(facts).select("customer_id", margin=pl.col("earned").cast(pl.Int64))
        table = table.join(so_far, on="customer_id", how="left", validate="1:1")
        kept.append("margin")
    if value is not None:
        table = table.join(value.customers, on="customer_id", how="left", validate="1:1")
        kept.append("to_come")
    ids = table["customer_id"]
    named = table.with_columns(customer=ids if key is None else pseudonyms(ids, key))
    return named.select(kept).sort("amount", "customer", descending=[True, False])
