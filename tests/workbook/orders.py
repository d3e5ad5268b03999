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


@functools.cache
def qinghe_costed_orders() -> pl.DataFrame:
    """Return the same lines with the cost of their goods; those of returns are not given back."""
    share = pl.col("amount").abs() // 100 * (30 + pl.col("quantity").abs() % 3 * 10)
    # one line in sixteen was sold under cost
    dear = pl.col("order").str.slice(-1).is_in(["7"]) & (pl.col("quantity").abs() > 2)
    return qinghe_orders().with_columns(
        cost=pl.when(dear).then(pl.col("amount").abs() * 3 // 2).otherwise(share)
    )


def write_orders(path: Path, frame: pl.DataFrame) -> Path:
    """Write lines with money in fen as a CSV file with money in yuan."""
    money = [_yuan(name) for name in ("amount", "cost") if name in frame.columns]
    frame.with_columns(money).write_csv(path)
    return path


def _yuan(name: str) -> pl.Expr:
    fen = pl.col(name)
    sign = pl.when(fen < 0).then(pl.lit("-")).otherwise(pl.lit(""))
    rest = (fen.abs() % 100).cast(pl.String).str.zfill(2)
    return (sign + (fen.abs() // 100).cast(pl.String) + "." + rest).alias(name)


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
