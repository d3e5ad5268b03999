"""Tables for readers: escaped, labelled, the same from run to run."""

from collections.abc import Mapping

import pandas as pd

from customer_insight.show.escape import NO_MATHEMATICS, safe, shorten, visible
from customer_insight.show.output import Output

_MOST = 300  # characters of one cell; what is longer is named, and nobody reads it in a table
# In the elements themselves: JupyterLab drops a style sheet from a notebook that it does not trust.
_CAPTION = "caption-side: top; text-align: left; font-weight: 600"


def table(
    frame: pd.DataFrame,
    *,
    caption: str,
    digits: int | Mapping[str, int] = 2,
    percent: tuple[str, ...] = (),
    missing: str = "–",
) -> Output:
    """Show a frame as a table with a caption, numbers set to the right and every text escaped.

    Whole numbers get thousands separators, other numbers the digits asked for, shares a per cent
    sign. Nothing is rounded in the frame itself.

    Parameters
    ----------
    frame : pandas.DataFrame
        At most 100 rows; column names are shown as they are, the index only where it has a name.
        Of a text longer than 300 characters the beginning is shown, and how much was left out.
    caption : str
        What the table shows, with units, in one line.
    digits : int or mapping of column name to int, default 2
        Digits after the point, for all columns or column by column.
    percent : tuple of str
        Columns that hold shares (0 to 1), shown as per cent.
    missing : str, default "–"
        What stands for a missing value.

    Returns
    -------
    Output
        The table, and the same as plain text.

    Raises
    ------
    ValueError
        If the frame has more than 100 rows, two columns of one name, or lacks a column that
        ``digits`` or ``percent`` names.

    Examples
    --------
    >>> counts = pd.DataFrame({"orders": ["1", "2+"], "n": [1411, 946], "share": [0.6, 0.4]})
    >>> table(counts, caption="Customers (n) by number of orders", percent=("share",))
    Customers (n) by number of orders
    orders     n share
         1 1,411 60.0%
        2+   946 40.0%
    """
    if frame.index.name is not None:
        frame = frame.reset_index(allow_duplicates=True)
    _check(frame, caption, digits, percent)
    shown = frame.astype(object)
    for position, name in enumerate(frame.columns):
        places = digits if isinstance(digits, int) else digits.get(name, 2)
        column = frame.iloc[:, position]
        cells = [_cell(value, places, name in percent, missing) for value in column]
        shown.isetitem(position, pd.Series(cells, index=frame.index, dtype=object))
    header = [_name(name) for name in frame.columns]
    text = f"{visible(caption)}\n{shown.to_string(index=False, header=header)}"
    return Output(html=_html(frame, shown, caption), text=text)


def _check(frame, caption, digits, percent) -> None:
    if not isinstance(caption, str) or not caption.strip():
        raise ValueError("table() needs a caption that says what the table shows, with units.")
    if len(frame) > 100:
        raise ValueError(
            f"the frame has {len(frame):,} rows, and a table shows at most 100: nobody reads more. "
            "Aggregate it, or show frame.head(10)."
        )
    if not frame.columns.is_unique:
        twice = sorted(set(frame.columns[frame.columns.duplicated()]))
        raise ValueError(
            f"columns {twice} stand twice; rename one, so that a reader can tell them apart."
        )
    named = set(percent) | (set(digits) if isinstance(digits, Mapping) else set())
    unknown = sorted(named - set(frame.columns))
    if unknown:
        raise ValueError(
            f"digits or percent name {unknown}, but the columns are {list(frame.columns)}."
        )


def _cell(value, places: int, is_share: bool, missing: str) -> str:
    """One value as text."""
    if pd.api.types.is_scalar(value) and pd.isna(value):
        return missing
    if is_share:
        return f"{value:.{max(places - 1, 0)}%}"
    if pd.api.types.is_bool(value):
        return "yes" if value else "no"
    if pd.api.types.is_integer(value):
        return f"{value:,}"
    if pd.api.types.is_float(value):
        return f"{value:,.{places}f}"
    return shorten(visible(value), _MOST)


def _name(column: object) -> str:
    """One column's name as text."""
    return shorten(visible(column), _MOST)


def _html(frame: pd.DataFrame, shown: pd.DataFrame, caption: str) -> str:
    sides = ["right" if pd.api.types.is_numeric_dtype(kind) else "left" for kind in frame.dtypes]
    head = "".join(
        f'<th scope="col" style="text-align: {side}; vertical-align: bottom">{safe(name)}</th>'
        for side, name in zip(sides, map(_name, frame.columns), strict=True)
    )
    rows = "\n".join(
        f"<tr>{_row(row, sides)}</tr>" for row in shown.itertuples(index=False, name=None)
    )
    return (
        f'<table class="{NO_MATHEMATICS}"><caption style="{_CAPTION}">{safe(caption)}</caption>\n'
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody></table>"
    )


def _row(cells: tuple[str, ...], sides: list[str]) -> str:
    return "".join(
        f'<td style="text-align: {side}">{safe(cell)}</td>'
        for side, cell in zip(sides, cells, strict=True)
    )
