"""Calendar months and quarters as whole numbers, the same on every engine."""

import datetime as dt

import narwhals as nw

from customer_insight.data.days import EPOCH

MONTHS_PER_PERIOD = {"month": 1, "quarter": 3}
# From 0000-03-01, where a year that ends with its leap day begins, to 1970-01-01.
DAYS_BEFORE_EPOCH = 719_468

Table = nw.DataFrame | nw.LazyFrame


def check_period(period: str) -> int:
    """Return the number of calendar months in a period.

    Parameters
    ----------
    period : str
        "month" or "quarter".

    Returns
    -------
    int
        Months in one period.

    Raises
    ------
    ValueError
        If ``period`` is anything else.

    Examples
    --------
    >>> check_period("quarter")
    3
    """
    if period not in MONTHS_PER_PERIOD:
        raise ValueError(
            f"period is {period!r}, and must be one of "
            f"{', '.join(map(repr, MONTHS_PER_PERIOD))}. Periods are compared with each other by "
            "their customers and purchases; choose 'quarter' where a month has few."
        )
    return MONTHS_PER_PERIOD[period]


def period_number(day: int, *, months: int) -> int:
    """Return the number of whole periods from January of the year 0 to that of a day.

    Parameters
    ----------
    day : int
        Days since 1970-01-01.
    months : int
        Months in one period, as `check_period` returns them.

    Examples
    --------
    >>> period_number(10134, months=1) - period_number(10133, months=1)
    0
    >>> period_number(10135, months=3) - period_number(10134, months=3)
    1
    """
    date = EPOCH + dt.timedelta(day)
    return (12 * date.year + date.month - 1) // months


def with_periods(table: Table, *, months: int) -> Table:
    """Add the period number of each day, by the Gregorian rule of leap years.

    Years begin in March, so that the leap day is their last: then the century, the year in it and
    the month in that are each a whole division. No engine's clock, zone or date type takes part.

    Parameters
    ----------
    table : narwhals.DataFrame or narwhals.LazyFrame
        With ``day``: Int64, days since 1970-01-01, of the years 1611 to 2328.
    months : int
        Months in one period, as `check_period` returns them.

    Returns
    -------
    same kind as ``table``
        With ``period``, Int64: the `period_number` of each day.

    References
    ----------
    Neri, C. and Schneider, L. (2023). Euclidean affine functions and their application to calendar
    algorithms. Software: Practice and Experience 53(4), 937-970.

    Examples
    --------
    >>> import polars
    >>> days = nw.from_native(polars.DataFrame({"day": [10134, 10135]}))
    >>> with_periods(days, months=1)["period"].to_list()
    [23972, 23973]
    """
    rest, century, year = nw.col("rest"), nw.col("century"), nw.col("year")
    month = 12 * (100 * century + year) + (5 * rest + 461) // 153 - 1
    # In quarters of a day a century (36,524.25 days) and a year (365.25) are whole. A column a
    # step: one expression would write each division out wherever its result is used.
    return (
        table.with_columns(rest=4 * (nw.col("day") + DAYS_BEFORE_EPOCH) + 3)
        .with_columns(century=rest // 146_097)
        .with_columns(rest=4 * ((rest - 146_097 * century) // 4) + 3)
        .with_columns(year=rest // 1_461)
        .with_columns(rest=(rest - 1_461 * year) // 4)
        .with_columns(period=month)
        .with_columns(period=(nw.col("period") // months).cast(nw.Int64))
        .drop("rest", "century", "year")
    )


def with_first_days(table: Table, *, months: int) -> Table:
    """Add the first day of each period, and the number of its days.

    Parameters
    ----------
    table : narwhals.DataFrame or narwhals.LazyFrame
        With ``period``: Int64, a `period_number` of the years 1611 to 2328.
    months : int
        Months in one period, as `check_period` returns them.

    Returns
    -------
    same kind as ``table``
        With ``first_day`` (days since 1970-01-01) and ``days``, both Int64.

    Examples
    --------
    >>> import polars
    >>> february = nw.from_native(polars.DataFrame({"period": [12 * 2024 + 1]}))
    >>> with_first_days(february, months=1).select("first_day", "days").row(0)
    (19754, 29)
    """
    year, month = nw.col("year"), nw.col("month")
    day = 365 * year + year // 4 - year // 100 + year // 400 + (153 * month + 2) // 5
    for name, later in (("first_day", 0), ("days", 1)):
        # As above, years begin in March, the month with number 2.
        table = (
            table.with_columns(month=months * (nw.col("period") + later) - 2)
            .with_columns(year=month // 12)
            .with_columns(month=month - 12 * year)
            .with_columns((day - DAYS_BEFORE_EPOCH).cast(nw.Int64).alias(name))
        )
    return table.with_columns(days=nw.col("days") - nw.col("first_day")).drop("year", "month")


def with_period_texts(table: Table, column: str, *, months: int) -> Table:
    """Turn period numbers into text that sorts by time: "2011-03", or "2011-Q1" for quarters.

    Parameters
    ----------
    table : narwhals.DataFrame or narwhals.LazyFrame
    column : str
        Its column of period numbers, Int64.
    months : int
        Months in one period, as `check_period` returns them.

    Returns
    -------
    same kind as ``table``
        With text in that column.

    Examples
    --------
    >>> import polars
    >>> numbers = nw.from_native(polars.DataFrame({"cohort": [23972, 23975]}))
    >>> with_period_texts(numbers, "cohort", months=1)["cohort"].to_list()
    ['1997-09', '1997-12']
    """
    per_year = 12 // months
    year, place = nw.col("year").cast(nw.String), nw.col("place").cast(nw.String)
    place = place.str.zfill(2) if months == 1 else nw.concat_str(nw.lit("Q"), place)
    return (
        table.with_columns(year=(nw.col(column) // per_year).cast(nw.Int64))
        .with_columns(place=nw.col(column) - per_year * nw.col("year") + 1)
        .with_columns(nw.concat_str(year, place, separator="-").alias(column))
        .drop("year", "place")
    )
