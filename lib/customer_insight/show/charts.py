"""The charts that most lessons need, each from one frame: bars and lines with intervals."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from customer_insight.show.escape import shorten, visible
from customer_insight.show.figure import canvas, figure
from customer_insight.show.output import Output

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_HATCHES = ("", "//", "..", "xx", "\\\\", "++", "--")
_MARKERS = "osD^vPX"


def bars(
    frame: pd.DataFrame,
    *,
    x: str,
    y: Sequence[str],
    title: str,
    xlabel: str,
    ylabel: str,
    alt: str,
    digits: int | Mapping[str, int] = 2,
    percent: tuple[str, ...] = (),
) -> Output:
    """Show columns of a frame as bars side by side, told apart by colour and by hatching.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row a place on the horizontal axis, in the order shown; at most 100 rows.
    x : str
        Column with the places' names.
    y : sequence of str
        Columns to draw, at most seven; their names are the legend.
    title, xlabel, ylabel : str
        The finding, and what the axes show, with units.
    alt, digits, percent
        As in :func:`customer_insight.show.figure`. With all of ``y`` in ``percent`` the axis is
        in per cent.

    Returns
    -------
    Output
        The figure, with the columns shown as its numbers.

    Raises
    ------
    ValueError
        If a column is not in the frame, or :func:`customer_insight.show.figure` refuses.

    Examples
    --------
    >>> counts = pd.DataFrame({"purchases": ["1", "2+"], "seen": [1411, 946], "model": [1416, 941]})
    >>> shown = bars(counts, x="purchases", y=["seen", "model"], title="The model repeats the past",
    ...              xlabel="purchases", ylabel="customers",
    ...              alt="Bars of customers seen and of the model; they differ by five.")
    >>> shown.text.splitlines()[-1].split()
    ['2+', '946', '941']
    """
    _check(frame, [x, *y])
    fig, axes = canvas()
    width = 0.8 / len(y)
    for place, column in enumerate(y):
        left = [at - 0.4 + width * (place + 0.5) for at in range(len(frame))]
        hatch, edge = _HATCHES[place], "white" if place else None
        axes.bar(left, frame[column], width=width, hatch=hatch, edgecolor=edge)
    axes.set_xticks(range(len(frame)), [_name(name) for name in frame[x]])
    axes.grid(visible=False, axis="x")
    axes.set(title=title, xlabel=xlabel, ylabel=ylabel)
    _finish(axes, y, percent)
    return figure(fig, alt=alt, numbers=frame[[x, *y]], digits=digits, percent=percent)


def lines(
    frame: pd.DataFrame,
    *,
    x: str,
    y: Sequence[str],
    title: str,
    xlabel: str,
    ylabel: str,
    alt: str,
    bands: Mapping[str, tuple[str, str]] | None = None,
    digits: int | Mapping[str, int] = 2,
    percent: tuple[str, ...] = (),
) -> Output:
    """Show columns of a frame as lines, told apart by colour, line style and marker.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row a point, in the order shown; at most 100 rows.
    x : str
        Column for the horizontal axis: numbers, or names in their order.
    y : sequence of str
        Columns to draw, at most seven; their names are the legend.
    title, xlabel, ylabel : str
        The finding, and what the axes show, with units.
    alt, digits, percent
        As in :func:`customer_insight.show.figure`.
    bands : mapping of str to (str, str), optional
        For a column of ``y``, the columns with the lower and upper end of its interval.

    Returns
    -------
    Output
        The figure, with the columns shown as its numbers.

    Raises
    ------
    ValueError
        If a column is not in the frame, or :func:`customer_insight.show.figure` refuses.

    Examples
    --------
    >>> weeks = pd.DataFrame({"week": [1, 2], "orders": [30.0, 20.0]})
    >>> shown = lines(weeks, x="week", y=["orders"], title="Orders fell", xlabel="week",
    ...               ylabel="orders", alt="Orders fell from 30 to 20 in a week.", digits=0)
    >>> shown.text.splitlines()[-1].split()
    ['2', '20']
    """
    bands = bands or {}
    ends = [column for pair in bands.values() for column in pair]
    _check(frame, [x, *y, *ends])
    fig, axes = canvas()
    named = not pd.api.types.is_numeric_dtype(frame[x])
    places = range(len(frame)) if named else frame[x]
    marker_every = max(1, len(frame) // 12)
    for marker, column in zip(_MARKERS, y, strict=False):
        (line,) = axes.plot(places, frame[column], marker=marker, markevery=marker_every)
        if column in bands:
            low, high = bands[column]
            axes.fill_between(
                places, frame[low], frame[high], color=line.get_color(), alpha=0.2, linewidth=0
            )
    if named:
        axes.set_xticks(places, [_name(name) for name in frame[x]])
    axes.set(title=title, xlabel=xlabel, ylabel=ylabel)
    _finish(axes, y, percent)
    return figure(fig, alt=alt, numbers=frame[[x, *y, *ends]], digits=digits, percent=percent)


def _check(frame: pd.DataFrame, columns: Sequence[str]) -> None:
    unknown = [name for name in columns if name not in frame.columns]
    if unknown:
        raise ValueError(
            f"the frame has no column {unknown}; its columns are {list(frame.columns)}."
        )


def _name(of: object) -> str:
    """Return a name as a legend or an axis has room for it."""
    return shorten(visible(of), 40)


def _finish(axes: "Axes", y: Sequence[str], percent: tuple[str, ...]) -> None:
    """Format the numbers on the vertical axis, and add a legend where there is a choice."""
    from matplotlib.ticker import PercentFormatter, StrMethodFormatter

    if set(y) <= set(percent):
        axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    elif max(map(abs, axes.get_ylim())) >= 1000:
        axes.yaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    if len(y) > 1:
        # Named afterwards: matplotlib leaves out a label that begins with an underscore.
        legend = axes.legend(axes.containers or axes.lines, ["series"] * len(y))
        for text, column in zip(legend.get_texts(), y, strict=True):
            text.set_text(_name(column))
