"""Purchase days: on which days did a customer buy, and for how much."""

import narwhals as nw


def purchase_days(table: nw.DataFrame | nw.LazyFrame) -> nw.DataFrame | nw.LazyFrame:
    """Return the days on which each customer bought, several orders a day as one.

    A day counts if its net amount is positive, or if it is zero and nothing was returned that day
    (a free order is an order). Days with only returns are left out whole.

    Parameters
    ----------
    table : narwhals.DataFrame or narwhals.LazyFrame
        Of the transaction contract, as ``check_transactions`` returns it.

    Returns
    -------
    same kind as ``table``
        ``customer_id``, ``day``, ``amount`` (Int64, net amount of the day) and ``smallest`` (the
        smallest amount of the day), one row a customer and purchase day, in no promised order.

    Examples
    --------
    >>> import polars
    >>> orders = polars.DataFrame(
    ...     {"customer_id": ["7", "7", "7"], "day": [1, 1, 2], "amount": [500, 300, -500]}
    ... )
    >>> purchase_days(nw.from_native(orders)).to_native().rows()
    [('7', 1, 800, 300)]
    """
    return (
        table.group_by("customer_id", "day")
        .agg(nw.col("amount").sum(), smallest=nw.col("amount").min())
        # Sums are HUGEINT on DuckDB; a cast inside .agg is forty times slower on pandas.
        .with_columns(nw.col("amount").cast(nw.Int64))
        .filter(is_purchase())
    )


def is_purchase() -> nw.Expr:
    """Return whether something was bought: the net is positive, or zero and nothing came back.

    Returns
    -------
    narwhals.Expr
        Of the columns ``amount`` (net of the lines together) and ``smallest`` (of a line). Boolean.

    Examples
    --------
    >>> import polars
    >>> nets = nw.from_native(polars.DataFrame({"amount": [200, 0, 0], "smallest": [-300, 0, -5]}))
    >>> nets.select(bought=is_purchase())["bought"].to_list()
    [True, True, False]
    """
    return (nw.col("amount") > 0) | (nw.col("smallest") >= 0)


def first_day(table: nw.DataFrame | nw.LazyFrame, *, otherwise: int) -> int:
    """Return the first day of a table, which is read once for it, also where it is lazy.

    Parameters
    ----------
    table : narwhals.DataFrame or narwhals.LazyFrame
        Of the transaction contract. Days with only returns count.
    otherwise : int
        What is returned for a table without rows.

    Returns
    -------
    int
        Days since 1970-01-01.

    Examples
    --------
    >>> import polars
    >>> orders = nw.from_native(polars.DataFrame({"day": [10135, 10134]}))
    >>> first_day(orders, otherwise=0), first_day(orders.head(0), otherwise=0)
    (10134, 0)
    """
    found = table.select(rows=nw.len(), day=nw.col("day").min())
    if isinstance(found, nw.LazyFrame):
        found = found.collect("pyarrow")
    rows, day = found.row(0)
    return int(day) if rows else otherwise
