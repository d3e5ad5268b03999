"""Boxes and arrows: how tables, steps or people hang together, drawn from a frame."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from customer_insight.show.escape import shorten, visible
from customer_insight.show.figure import canvas, figure
from customer_insight.show.output import Output

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.text import Text

_COLUMNS = ("box", "says", "column", "row")
_MOST = 40  # characters of one line in a box
# In inches: a line of text, what is free inside a box, and what is free between boxes.
_LINE, _INSIDE, _ACROSS, _DOWN = 0.19, 0.22, 0.42, 0.36
_INK, _PAPER, _ARROW = "#222222", "#EEF4F8", "#555555"


def diagram(
    boxes: pd.DataFrame, *, links: Sequence[tuple[str, str, str]], title: str, alt: str
) -> Output:
    """Show boxes on a grid, and an arrow for each link from one to another.

    All boxes are as large as the fullest one needs. An arrow runs straight and under the boxes, so
    place those side by side that are linked.

    Parameters
    ----------
    boxes : pandas.DataFrame
        One row a box, at most 30: ``box``, its name; ``says``, what stands under the name, a line
        break where a new line begins, or nothing; ``column`` and ``row``, its place on the grid,
        whole numbers from 0 at the upper left.
    links : sequence of (str, str, str)
        The names of the boxes where an arrow begins and where it ends, and by what they are linked.
        The last is told in words beside the figure, and not drawn.
    title : str
        The finding, or what is mapped.
    alt : str
        As in :func:`customer_insight.show.figure`.

    Returns
    -------
    Output
        The figure; beside it each box, what it says, and where its arrows lead.

    Raises
    ------
    ValueError
        If a column lacks, a name or a place stands twice, a place is no whole number from 0, or a
        link begins or ends at a box that is not there, or both at the same.

    Examples
    --------
    >>> tables = pd.DataFrame({"box": ["orders", "customers"], "says": ["order_id", "customer_id"],
    ...                        "column": [0, 1], "row": [0, 0]})
    >>> diagram(tables, links=[("orders", "customers", "customer_id")], title="Whose order it is",
    ...         alt="Two boxes: an arrow leads from orders to customers.")
    Figure. Two boxes: an arrow leads from orders to customers.
    The numbers
          box        says               leads to
       orders    order_id customers: customer_id
    customers customer_id                      –
    """
    _check(boxes, links)
    fig, axes = canvas()
    texts = [_texts(axes, row.box, row.says) for row in boxes.itertuples()]
    widest = max(text.get_window_extent().width for lines in texts for text in lines) / fig.dpi
    width, height = widest + _INSIDE, max(map(len, texts)) * _LINE + _INSIDE
    right = (boxes["column"].max() + 1) * (width + _ACROSS) - _ACROSS
    down = (boxes["row"].max() + 1) * (height + _DOWN) - _DOWN
    # The title needs a line, and no axis needs room.
    fig.set_size_inches(right + 0.2, down + 0.5)
    axes.set(xlim=(-0.02, right + 0.02), ylim=(down + 0.02, -0.02), title=title)
    axes.set_axis_off()
    patches = {}
    for row, lines in zip(boxes.itertuples(), texts, strict=True):
        left, top = row.column * (width + _ACROSS), row.row * (height + _DOWN)
        patches[row.box] = _box(axes, left, top, width, height)
        for place, text in enumerate(lines):
            text.set_position((left + width / 2, top + _INSIDE / 2 + (place + 0.5) * _LINE))
    for start, end, _ in links:
        _arrow(axes, patches[start], patches[end])
    told = [
        ", ".join(f"{end}: {by}" for begin, end, by in links if begin == name)
        for name in boxes["box"]
    ]
    numbers = boxes[["box", "says"]].assign(**{"leads to": told})
    numbers["says"] = numbers["says"].str.replace("\n", "; ")
    return figure(fig, alt=alt, numbers=numbers.replace("", None))


def _texts(axes: "Axes", name: str, says: str) -> list["Text"]:
    """Return the lines of a box, not yet in their places."""
    style = {"ha": "center", "va": "center", "parse_math": False, "color": _INK}
    named = axes.text(0, 0, _shown(name), weight="bold", **style)
    lines = [line for line in says.split("\n") if line.strip()]
    return [named, *(axes.text(0, 0, _shown(line), fontsize=9, **style) for line in lines)]


def _shown(line: str) -> str:
    return shorten(visible(line), _MOST)


def _box(axes: "Axes", left: float, top: float, width: float, height: float):
    from matplotlib.patches import FancyBboxPatch

    style = "round,pad=0,rounding_size=0.06"
    patch = FancyBboxPatch((left, top), width, height, boxstyle=style, fc=_PAPER, ec=_INK, zorder=2)
    return axes.add_patch(patch)


def _arrow(axes: "Axes", start, end) -> None:
    """Draw an arrow between the middles of two boxes, as far as it is outside both."""
    middles = [
        (box.get_x() + box.get_width() / 2, box.get_y() + box.get_height() / 2)
        for box in (start, end)
    ]
    look = {"arrowstyle": "-|>", "color": _ARROW, "linewidth": 1.2, "patchA": start, "patchB": end}
    look |= {"shrinkA": 0, "shrinkB": 0, "mutation_scale": 11}
    axes.annotate("", xy=middles[1], xytext=middles[0], arrowprops=look, zorder=1)


def _check(boxes: pd.DataFrame, links: Sequence[tuple[str, str, str]]) -> None:
    lacking = [name for name in _COLUMNS if name not in boxes.columns]
    if lacking:
        raise ValueError(
            f"the frame of boxes has no column {lacking}; wanted are {', '.join(_COLUMNS)}, one "
            "row a box."
        )
    if not 1 <= len(boxes) <= 30:
        raise ValueError(
            f"there are {len(boxes)} boxes, and a diagram has 1 to 30: nobody finds a way through "
            "more. Draw it in parts."
        )
    for place in ("column", "row"):
        kind = boxes[place].dtype
        if not pd.api.types.is_integer_dtype(kind) or (boxes[place] < 0).any():
            raise ValueError(f"{place} must be whole numbers from 0, the place on the grid.")
    for what, twice in (
        ("name", boxes["box"].duplicated()),
        ("place", boxes.duplicated(["column", "row"])),
    ):
        if twice.any():
            found = ", ".join(boxes.loc[twice, "box"])
            raise ValueError(
                f"box {found} has the {what} of another box; each needs its own, or an arrow and a "
                "reader could not tell them apart."
            )
    _check_links(boxes, links)


def _check_links(boxes: pd.DataFrame, links: Sequence[tuple[str, str, str]]) -> None:
    for number, link in enumerate(links, start=1):
        if len(link) != 3:
            raise ValueError(
                f"link {number} has {len(link)} parts; wanted are three: from which box, to which, "
                "and by what."
            )
        unknown = [name for name in link[:2] if name not in set(boxes["box"])]
        if unknown:
            raise ValueError(
                f"link {number} names {unknown}, and there is no such box; the boxes are "
                f"{', '.join(boxes['box'])}."
            )
        if link[0] == link[1]:
            raise ValueError(f"link {number} leads from {link[0]} to itself; an arrow needs two.")
