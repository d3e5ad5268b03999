"""From a company's tables to the bookings and cost pools of a profit and loss by customer."""

from typing import TYPE_CHECKING, Any

import numpy as np

from customer_insight.clv.money_table import money_table

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

_GOODS = ("unit_cost", "cost_quantity")


def sales_postings(order_lines: Any) -> "pd.DataFrame":
    """Return the bookings of order lines: gross sales, discount and cost of goods.

    The cost of a line is its quantity times the unit cost, which is the cost of ``cost_quantity``
    pieces, rounded half up to a whole minor unit, line by line.

    Parameters
    ----------
    order_lines : pandas or Polars frame
        One row a line: ``customer_id`` (text, missing if unknown), ``quantity`` (pieces),
        ``unit_price``, ``discount`` (off the line) and ``unit_cost`` (minor units), and
        ``cost_quantity`` (pieces that the unit cost is for, 1 as a rule).

    Returns
    -------
    pandas.DataFrame
        ``customer_id``, ``line`` ("gross_sales", "discount", "cost_of_goods"), ``amount`` (minor
        units, costs below 0), added up by customer and line.

    Raises
    ------
    ValueError
        If a column is missing, has gaps or fractions, or one but ``discount`` is not above 0.

    Examples
    --------
    >>> import pandas
    >>> lines = pandas.DataFrame({
    ...     "customer_id": ["00042"], "quantity": [250], "unit_price": [2], "discount": [20],
    ...     "unit_cost": [614], "cost_quantity": [1000],
    ... })
    >>> sales_postings(lines)
      customer_id           line  amount
    0       00042  cost_of_goods    -154
    1       00042       discount     -20
    2       00042    gross_sales     500
    """
    import polars as pl

    columns = ["quantity", "unit_price", "discount", *_GOODS]
    table = _money(order_lines, "order_lines", columns)
    _refuse_below(table, "order_lines", ["quantity", *_GOODS], least=1)
    _refuse_below(table, "order_lines", ["unit_price", "discount"], least=0)
    return _postings(
        table,
        gross_sales=pl.col("quantity") * pl.col("unit_price"),
        discount=-pl.col("discount"),
        cost_of_goods=-_cost_of_goods(),
    )


def return_postings(returns: Any) -> "pd.DataFrame":
    """Return the bookings of returned goods: refunds, and the cost of goods fit to sell again.

    Parameters
    ----------
    returns : pandas or Polars frame
        One row a returned line: ``customer_id``, ``quantity`` (pieces back), ``refund``,
        ``unit_cost``, ``cost_quantity`` as in `sales_postings`, and ``resaleable`` (1 if the goods
        go on the shelf again, 0 if they are written off).

    Returns
    -------
    pandas.DataFrame
        ``customer_id``, ``line`` ("refunds", "returned_goods"), ``amount``.

    Raises
    ------
    ValueError
        As `sales_postings` does, or if ``resaleable`` is neither 0 nor 1.

    Examples
    --------
    >>> import pandas
    >>> returns = pandas.DataFrame({
    ...     "customer_id": ["00042", "00042"], "quantity": [1, 1], "refund": [900, 900],
    ...     "unit_cost": [600, 600], "cost_quantity": [1, 1], "resaleable": [1, 0],
    ... })
    >>> return_postings(returns)
      customer_id            line  amount
    0       00042         refunds   -1800
    1       00042  returned_goods     600
    """
    import polars as pl

    table = _money(returns, "returns", ["quantity", "refund", "resaleable", *_GOODS])
    _refuse_below(table, "returns", ["quantity", *_GOODS], least=1)
    _refuse_below(table, "returns", ["refund"], least=0)
    odd = int((~table["resaleable"].is_in([0, 1])).sum())
    if odd:
        raise ValueError(
            f"returns: resaleable is neither 0 nor 1 in {odd:,} of {len(table):,} rows. It says "
            "whether the goods go on the shelf again, all of them or none."
        )
    return _postings(
        table,
        refunds=-pl.col("refund"),
        returned_goods=_cost_of_goods() * pl.col("resaleable"),
    )


def activity_pools(rates: Any, volumes: Any) -> tuple["pd.DataFrame", "pd.DataFrame"]:
    """Return the cost pool of each activity, and the key that shares it by what customers used.

    An activity costs its rate times the volume of all customers, rounded half up once for the
    whole pool; `customer_profit` then shares it out in whole units.

    Parameters
    ----------
    rates : pandas or Polars frame
        One row an activity and period: ``activity``, ``period`` (text, such as "2024"), ``line``
        (of the statement), ``rate`` (minor units, 0 or more) for so many ``units`` of volume: 1 a
        minute, 1000 where a rate a kilogram meets volumes in grams.
    volumes : pandas or Polars frame
        One row an activity, period and customer (or more: they are added up): ``activity``,
        ``period``, ``customer_id``, ``volume`` (whole, 0 or more).

    Returns
    -------
    pools, keys : pandas.DataFrame
        As `customer_profit` takes them; pool and key are called "activity period".

    Raises
    ------
    ValueError
        If a table lacks a column, has gaps, or a volume has no rate, so that work would be free.

    Examples
    --------
    >>> import pandas
    >>> rates = pandas.DataFrame({
    ...     "activity": ["phone"], "period": ["2024"], "line": ["service"], "rate": [243],
    ...     "units": [1],
    ... })
    >>> minutes = pandas.DataFrame({
    ...     "activity": ["phone"], "period": ["2024"], "customer_id": ["00042"], "volume": [12],
    ... })
    >>> activity_pools(rates, minutes)[0]
             pool     line  amount         key
    0  phone 2024  service   -2916  phone 2024
    """
    import polars as pl

    on = ["activity", "period"]
    priced = money_table(rates, "rates", text=[*on, "line"], whole=["rate", "units"])
    used = money_table(volumes, "volumes", text=[*on, "customer_id"], whole=["volume"])
    _refuse_below(priced, "rates", ["units"], least=1)
    _refuse_below(priced, "rates", ["rate"], least=0)
    _refuse_below(used, "volumes", ["volume"], least=0)
    _check_rates(priced, used)
    key = pl.concat_str(on, separator=" ")
    cost = pl.col("rate").cast(pl.Int128) * pl.col("volume")
    pools = (
        used.group_by(on)
        .agg(pl.col("volume").sum())
        .join(priced, on=on)
        .select(
            pool=key,
            line="line",
            amount=-((2 * cost + pl.col("units")) // (2 * pl.col("units"))).cast(pl.Int64),
            key=key,
        )
        .sort("pool")
    )
    keys = used.select(key=key, customer_id="customer_id", weight="volume")
    return pools.to_pandas(), keys.to_pandas()


def _money(frame: Any, name: str, whole: list[str]) -> "pl.DataFrame":
    return money_table(frame, name, optional_text=["customer_id"], whole=whole)


def _postings(table: "pl.DataFrame", **amounts: "pl.Expr") -> "pd.DataFrame":
    lines = sorted(amounts)
    sums = table.select("customer_id", **amounts).group_by("customer_id").sum().sort("customer_id")
    stacked = sums.unpivot(on=lines, index="customer_id", variable_name="line", value_name="amount")
    # line below line; turned, so that a customer's lines are neighbours, without sorting texts
    by_customer = np.arange(len(stacked)).reshape(len(lines), -1).T.ravel()
    return stacked[by_customer].to_pandas()


def _cost_of_goods() -> "pl.Expr":
    import polars as pl

    cost, pieces = pl.col("quantity") * pl.col("unit_cost"), pl.col("cost_quantity")
    return (2 * cost + pieces) // (2 * pieces)


def _check_rates(priced: "pl.DataFrame", used: "pl.DataFrame") -> None:
    on = ["activity", "period"]
    if priced.select(on).is_duplicated().any():
        raise ValueError(
            "rates holds an activity and period more than once, and its work would be charged "
            "again. Keep one rate for each."
        )
    free = used.join(priced, on=on, how="anti").select(on).unique().sort(on)
    if len(free):
        raise ValueError(
            f"volumes has work without a rate: {'; '.join(map(' '.join, free.rows()))}. It would "
            "be free of cost. Add the rates, 0 where it costs nothing."
        )


def _refuse_below(table: "pl.DataFrame", name: str, columns: list[str], *, least: int) -> None:
    for column in columns:
        low = int((table[column] < least).sum())
        if low:
            raise ValueError(
                f"{name}: the column {column!r} is below {least} in {low:,} of {len(table):,} "
                "rows. Signs are set here, and what came back is booked as a return."
            )
