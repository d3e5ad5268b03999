"""The kinds of columns the contract has: which types they take, their rules, how they convert."""

import difflib
from collections.abc import Iterable

import narwhals as nw

from customer_insight.data.days import day_numbers, day_rules
from customer_insight.data.money import amount_rules, minor_units
from customer_insight.data.violations import Rule, Violation

IDS = ("customer_id", "order_id")
LABELS = ("sku", "channel", "region")
MONEY = ("amount", "cost")
# Narwhals trims other characters on other engines unless they are named.
BLANKS = " \t\r\n\u00a0\u3000"

_WHY_TEXT = "an id read as a number has lost its zeros, and 12345 and 12345.0 become two customers"
_FIX_TEXT = "read the column as text from the start; text made from a float is not the id"
_WHY_DAY = "the day of a moment, a text or a number depends on zone, order or origin"
_FIX_DAY = (
    "make it a date first: pandas.to_datetime(column, format=...) for text; for a moment with a "
    "zone, convert to the business's own zone, then cast to a date"
)
_WHY_NUMBER = "what a text or a 4-byte float stands for is settled where the file is read"
_FIX_NUMBER = "make it whole, decimal or Float64 numbers first"


def type_violation(table: nw.DataFrame | nw.LazyFrame, name: str, source: str) -> Violation | None:
    """Return what is wrong with a column as a whole: it is not there, or its type will not do.

    Parameters
    ----------
    table : narwhals.DataFrame or narwhals.LazyFrame
    name : str
        Column of the contract.
    source : str
        Column of ``table`` it is to be made from.

    Returns
    -------
    Violation or None
    """
    schema = table.collect_schema()
    if source not in schema:
        close = difflib.get_close_matches(str(source), schema.names(), n=1, cutoff=0.6)
        meant = f'did you mean "{close[0]}"? ' if close else ""
        why = f"{name} is made from it"
        fix = f"{meant}the table has {', '.join(schema.names())}"
        return Violation("column-missing", source, "is not in the table", why, fix)
    dtype = schema[source]
    if name in IDS + LABELS:
        fits = dtype.is_integer() or _is_text(table, source)
        wanted, why, fix = "text or whole numbers", _WHY_TEXT, _FIX_TEXT
    elif name == "day":
        fits = dtype == nw.Date or (dtype == nw.Datetime and dtype.time_zone is None)
        wanted, why, fix = "dates, or dates and times without a zone", _WHY_DAY, _FIX_DAY
    else:
        fits = dtype.is_integer() or dtype.is_decimal() or dtype == nw.Float64
        wanted, why, fix = "whole, decimal or Float64 numbers", _WHY_NUMBER, _FIX_NUMBER
    if fits:
        return None
    problem = f"is {dtype}, and {name} must be {wanted}"
    return Violation("column-type", source, problem, why, fix)


def _is_text(table: nw.DataFrame | nw.LazyFrame, source: str) -> bool:
    dtype = table.collect_schema()[source]
    if dtype in (nw.Categorical, nw.Enum) and table.implementation.is_pandas():
        # pandas has categories of floats, too; the other engines have only text.
        return table[source].to_native().cat.categories.inferred_type == "string"
    return dtype in (nw.String, nw.Categorical, nw.Enum)


def typed_objects(
    table: nw.DataFrame | nw.LazyFrame, sources: Iterable[str]
) -> nw.DataFrame | nw.LazyFrame:
    """Return the table with pandas' columns of Python decimals and dates in types of their own.

    pandas keeps both as objects. A column that mixes kinds stays an object, and is refused later.

    Parameters
    ----------
    table : narwhals.DataFrame or narwhals.LazyFrame
    sources : iterable of str
        Columns to look at.

    Returns
    -------
    narwhals.DataFrame or narwhals.LazyFrame
    """
    schema = table.collect_schema()
    objects = [name for name in dict.fromkeys(sources) if schema.get(name) == nw.Object]
    if not (objects and table.implementation.is_pandas()):
        return table
    from pandas.api.types import infer_dtype

    types = {"decimal": nw.Float64(), "date": nw.Datetime("us")}
    kinds = {name: infer_dtype(table[name].to_native(), skipna=True) for name in objects}
    return table.with_columns(
        nw.col(name).cast(types[kind]) for name, kind in kinds.items() if kind in types
    )


def column_rules(name: str, source: str, decimals: int, dtype: nw.dtypes.DType) -> list[Rule]:
    """Return the rules for the values of a column of the right type.

    Parameters
    ----------
    name : str
        Column of the contract.
    source : str
        Column it is to be made from.
    decimals : int
        Decimals of the currency.
    dtype : narwhals.dtypes.DType
        Type of the source.

    Returns
    -------
    list of Rule
        Empty for the optional labels, which may be missing.
    """
    if name == "day":
        return day_rules(source)
    if name in MONEY:
        return amount_rules(source, decimals, name=name)
    if name == "quantity":
        return amount_rules(source, 0, name=name)
    return id_rules(name, source, dtype) if name in IDS else []


def id_rules(name: str, source: str, dtype: nw.dtypes.DType) -> list[Rule]:
    """Return the rules for a column of ids: none missing and none blank.

    Parameters
    ----------
    name, source : str
        Column of the contract and the column it is to be made from.
    dtype : narwhals.dtypes.DType
        Type of the source.

    Returns
    -------
    list of Rule
    """
    who = name.removesuffix("_id")
    why = f"all rows without a {who} would be taken for one {who}"
    fix = "take these rows out first and say which share of the rows and of the money they are"
    column = nw.col(source)
    rules = [Rule(f"{who}-missing", source, column.is_null(), f"without a {who} id", why, fix)]
    if not dtype.is_integer():
        blank = ~column.is_null() & (column.cast(nw.String).str.strip_chars(BLANKS) == "")
        rules.append(Rule(f"{who}-blank", source, blank, f"with a blank {who} id", why, fix))
    return rules


def converted(name: str, source: str, decimals: int) -> nw.Expr:
    """Return the expression that makes a column of the contract, once its rules are known to hold.

    Parameters
    ----------
    name, source : str
        Column of the contract and the column it is made from.
    decimals : int
        Decimals of the currency.

    Returns
    -------
    narwhals.Expr
        Int64 for day, money and quantity, text for the others.
    """
    if name == "day":
        return day_numbers(source).cast(nw.Int64)
    if name in IDS + LABELS:
        return nw.col(source).cast(nw.String)
    return minor_units(source, decimals if name in MONEY else 0).cast(nw.Int64)
