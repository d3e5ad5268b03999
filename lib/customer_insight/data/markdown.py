"""Tables in Markdown for the data cards."""

from collections.abc import Iterable, Sequence

from customer_insight.data.catalog import Column


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    r"""Return a table in Markdown, in which a bar stands for itself.

    Examples
    --------
    >>> print(table(("a", "b"), [("1|2", "3")]))
    | a | b |
    | --- | --- |
    | 1\|2 | 3 |
    <BLANKLINE>
    """
    lines = [head, tuple("---" for _ in head), *rows]
    return "".join(f"| {' | '.join(c.replace('|', chr(92) + '|') for c in r)} |\n" for r in lines)


def column_table(columns: Iterable[Column]) -> str:
    """Return what the columns of a data set hold, as a table."""
    rows = [_column_row(column) for column in columns]
    return table(("Column", "Type", "Unit", "Meaning"), rows)


def _column_row(column: Column) -> tuple[str, str, str, str]:
    meaning = column.meaning
    if column.values:
        meaning += ". One of: " + ", ".join(column.values)
    kind = column.type + (", may be missing" if column.optional else "")
    bounds = _bounds(column)
    unit = f"{column.unit} ({bounds})" if column.unit and bounds else column.unit or bounds
    return f"`{column.name}`", kind, unit, meaning


def _bounds(column: Column) -> str:
    if column.low is not None and column.high is not None:
        bounds = f"{column.low} to {column.high}"
        return "" if column.unit in (bounds, "0 or 1") else bounds
    return f"{column.low} or more" if column.low is not None else ""
