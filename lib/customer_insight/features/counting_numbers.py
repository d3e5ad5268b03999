"""Whole numbers from 0 as a table of the engine, to hold what has no rows of its own."""

import narwhals as nw

Table = nw.DataFrame | nw.LazyFrame


def counting_numbers(table: Table, name: str, *, below: int) -> Table:
    """Return the whole numbers from 0, whose only source is a row of a table.

    Parameters
    ----------
    table : narwhals.DataFrame or narwhals.LazyFrame
        Of the transaction contract. If it has no rows, there are no numbers.
    name : str
        Of the column.
    below : int
        First number that is left out, 1 or more.

    Returns
    -------
    same kind as ``table``
        One column, Int64, in no promised order.

    Examples
    --------
    >>> import polars
    >>> orders = nw.from_native(polars.DataFrame({"day": [10134, 10135]}))
    >>> sorted(counting_numbers(orders, "age", below=12)["age"])
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]
    """
    row = table.head(1)
    # Not a literal alone: a select of nothing else has one row on some engines, all on others.
    digits = nw.concat([row.select(digit=nw.col("day") * 0 + digit) for digit in range(10)])
    numbers, size = digits.select(nw.col("digit").alias(name)), 10
    while size < below:
        numbers = numbers.join(digits, how="cross").select(
            (10 * nw.col(name) + nw.col("digit")).alias(name)
        )
        size *= 10
    return numbers.filter(nw.col(name) < below)
