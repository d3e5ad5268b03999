"""Files of orders for tests of the report: Qinghe's own, and small ones of known content."""

import functools
from pathlib import Path

import polars as pl

from customer_insight import data


@functools.cache
def qinghe_orders() -> pl.DataFrame:
    """Return the lines of Qinghe's people as a shop exports them, returns as negative lines."""
    orders = pl.from_pandas(data.load("company_orders")).filter(pl.col("side") == "person")
    lines = pl.from_pandas(data.load("company_order_lines"))
    bought = lines.join(
        orders.select("order_id", "customer_id", day=pl.col("ordered_at").dt.date()), on="order_id"
    )
    back = pl.from_pandas(data.load("company_returns")).join(
        bought.select("order_id", "line", "customer_id"), on=["order_id", "line"]
    )
    columns = ["customer", "order", "date", "amount", "quantity"]
    sold = bought.select(
        customer="customer_id",
        order="order_id",
        date="day",
        amount=pl.col("amount"),
        quantity=pl.col("quantity"),
    )
    returned = back.select(
        customer="customer_id",
        order="order_id",
        date=pl.col("returned_on").cast(pl.Date),
        amount=-pl.col("refund"),
        quantity=-pl.col("quantity"),
    )
    kinds = {"amount": pl.Int64, "quantity": pl.Int64}
    return (
        pl.concat([sold.cast(kinds).select(columns), returned.cast(kinds).select(columns)])
        .sort(columns)
        .with_columns(date=pl.col("date").dt.strftime("%Y-%m-%d"))
    )


def write_orders(path: Path, frame: pl.DataFrame) -> Path:
    """Write lines with amounts in fen as a CSV file with amounts in yuan."""
    whole, rest = pl.col("amount").abs() // 100, pl.col("amount").abs() % 100
    sign = pl.when(pl.col("amount") < 0).then(pl.lit("-")).otherwise(pl.lit(""))
    money = sign + whole.cast(pl.String) + "." + rest.cast(pl.String).str.zfill(2)
    frame.with_columns(amount=money).write_csv(path)
    return path


def few_orders(customers: int, *, purchases: int = 3) -> pl.DataFrame:
    """Return lines of customers who each buy on a few days, a week or more apart, in 2024."""
    rows = [
        {
            "customer": f"K{number:04}",
            "order": f"{number}-{time}",
            "date": f"2024-{1 + (number + 2 * time) % 9:02}-{1 + (7 * number + 3 * time) % 28:02}",
            "amount": 1_000 + 37 * number + 11 * time,
            "quantity": 1,
        }
        for number in range(customers)
        for time in range(1 + number % purchases)
    ]
    return pl.DataFrame(rows)
