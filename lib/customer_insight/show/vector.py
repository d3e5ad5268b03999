"""Figures as vectors: SVG to stand in a page, readable on light and on dark paper."""

import hashlib
import io
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from typing import TYPE_CHECKING

from customer_insight.show.escape import NO_MATHEMATICS, visible
from customer_insight.show.figure import (
    _check_alt,
    _check_glyphs,
    _check_panels,
    _take_texts_as_they_are,
)

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.figure import Figure

MOST_MARKS = 2_000
_MARKS = ("path", "use", "rect", "text", "line", "image")
_FONTS = "system-ui, 'Segoe UI', 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif"
_INK, _PAPER, _BLACK, _WHITE = "currentColor", "var(--paper, #fff)", "#000000", "#ffffff"
_GRID_OPACITY = "0.16"
_SALT = "figure"
_AS_DRAWN = "colours-as-drawn"  # marks an artist whose colours do not follow the page
_NUMBER = re.compile(r"-?\d+\.\d+(e-?\d+)?")
_SHAPE = ("d", "x", "y", "width", "height", "transform", "viewBox")


def vector(fig: "Figure", *, alt: str) -> str:
    """Return a figure as one ``<svg>`` to stand in a page, its message in words beside it.

    Text stays text. Text, axes, grid and whatever is black take the colour of the text around the
    picture, and what is white that of the paper (the property ``--paper``), so that it can be read
    on light and on dark pages; other colours stay. Text on a filled mark keeps its colour, and so
    does a hatch on one. Nothing is loaded from outside, and no id occurs in another picture.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        From :func:`canvas`, with titles and labels as :func:`figure` wants them.
    alt : str
        The message for those who cannot see the picture, as in :func:`figure`.

    Returns
    -------
    str
        One element of HTML, the same bytes for the same figure and message.

    Raises
    ------
    ValueError
        If :func:`figure` would refuse, or the picture has more than 2,000 marks.

    Examples
    --------
    >>> from customer_insight.show import canvas
    >>> fig, axes = canvas()
    >>> bars = axes.bar(["once", "more often"], [1411, 946])
    >>> _ = axes.set(title="Most bought once", xlabel="purchases", ylabel="customers")
    >>> svg = vector(fig, alt="Bar chart: 1,411 customers bought once, 946 more often.")
    >>> svg[:15], ">Most bought once</text>" in svg
    ('<svg role="img"', True)
    """
    _check_alt(alt)
    _check_panels(fig)
    _take_texts_as_they_are(fig)
    _check_glyphs(fig)
    _mark_what_keeps_its_colours(fig)
    drawing = _drawn(fig)
    for child in drawing:
        _settle_colours(child)
    _simplify(drawing)
    marks = sum(element.tag in _MARKS for element in drawing.iter())
    if marks > MOST_MARKS:
        raise ValueError(
            f"the figure has {marks:,} marks, and a page takes at most {MOST_MARKS:,}: nobody sees "
            "more, and the page would grow with the data. Draw groups in place of rows: a "
            "histogram, deciles, a heat map, fewer points."
        )
    _name_apart(drawing, alt)
    return ET.tostring(_framed(drawing, alt), encoding="unicode")


def _mark_what_keeps_its_colours(fig: "Figure") -> None:
    """Mark texts on filled marks, and marks whose colour is a value."""
    from matplotlib.backend_bases import MouseEvent

    for axes in fig.axes:
        filled = [*axes.patches, *axes.collections, *axes.images]
        for mark in filled:
            if getattr(mark, "get_array", lambda: None)() is not None:
                mark.set_gid(_AS_DRAWN)
        for text in axes.texts:
            box = text.get_window_extent()
            x, y = (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2
            place = MouseEvent("motion_notify_event", fig.canvas, x, y)
            covered = any(_covers(mark, place) for mark in filled)
            text.set_gid(_AS_DRAWN if covered else None)


def _covers(mark: "Artist", place) -> bool:
    """Whether a mark hides the paper at a place."""
    import numpy as np
    from matplotlib.image import AxesImage

    if not isinstance(mark, AxesImage):
        faces = np.atleast_2d(mark.get_facecolor())
        if not faces.size or faces[:, 3].max() < 0.5:
            return False
    return mark.contains(place)[0]


def _drawn(fig: "Figure") -> ET.Element:
    """Return what matplotlib draws, without namespaces, with attributes in place of styles."""
    import matplotlib as mpl

    picture = io.StringIO()
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": _SALT, "svg.image_inline": True}):
        fig.savefig(picture, format="svg", transparent=True, metadata={"Date": None})
        grid = mpl.colors.to_hex(mpl.rcParams["grid.color"])
    drawing = ET.fromstring(picture.getvalue())  # noqa: S314 - matplotlib has just written it
    for element in drawing.iter():
        element.tag = element.tag.rpartition("}")[2]
        style = element.attrib.pop("style", "")
        for name, _, value in (part.partition(":") for part in style.split(";") if part.strip()):
            element.set(name.strip(), value.strip())
        for name in [name for name in element.attrib if name.startswith("{")]:
            element.set(name.rpartition("}")[2], "".join(element.attrib.pop(name).split()))
    for axis in _groups(drawing, "matplotlib.axis"):
        for line in axis.iter("path"):
            if line.get("stroke") == grid:
                line.attrib |= {"stroke": _BLACK, "stroke-opacity": _GRID_OPACITY}
    return drawing


def _groups(drawing: ET.Element, name: str) -> Iterator[ET.Element]:
    return (group for group in drawing.iter("g") if group.get("id", "").startswith(name))


def _settle_colours(element: ET.Element, *, keeps: bool = False) -> None:
    """Let black and white follow the page, but where that would spoil a contrast."""
    keeps = keeps or element.get("id") == _AS_DRAWN or _has_a_colour_of_its_own(element)
    if keeps:
        if element.tag == "text" or (element.tag in ("path", "use") and "id" not in element.attrib):
            element.attrib.setdefault("fill", _BLACK)  # what matplotlib leaves out
        fill = element.get("fill")
        if element.get("stroke") not in (fill, _BLACK if fill == "none" else None):
            _follow(element, "stroke")  # an edge, and not a value itself
    else:
        if element.tag == "text" and len(set(re.findall("..", element.get("fill", "")[1:]))) == 1:
            element.set("fill", _INK)
        _follow(element, "fill")
        _follow(element, "stroke")
    for child in element:
        _settle_colours(child, keeps=keeps)


def _has_a_colour_of_its_own(element: ET.Element) -> bool:
    """Whether this is a hatch on a face that is neither empty, black nor white."""
    if element.tag != "pattern":
        return False
    return element.find("rect").get("fill") not in ("none", _BLACK, _WHITE)


def _follow(element: ET.Element, what: str) -> None:
    if element.get(what) == _BLACK:
        element.set(what, _INK)
    elif element.get(what) == _WHITE:
        del element.attrib[what]
        style = element.get("style", "")
        element.set("style", f"{style}{what}: {_PAPER};")


def _simplify(element: ET.Element) -> None:
    """Drop what is not seen, groups that hold nothing together, and needless digits."""
    children = list(element)
    for child in children:
        element.remove(child)
    for child in children:
        _simplify(child)
        unseen = child.get("fill") == "none" and not {"stroke", "style"} & set(child.attrib)
        if child.tag in ("metadata", "style") or (child.tag in ("g", "defs") and not len(child)):
            continue
        if child.tag == "path" and unseen:
            continue
        if child.tag == "g" and set(child.attrib) <= {"id"}:
            element.extend(child)
        else:
            element.append(child)
    element.text = (element.text or "").strip() or None
    element.tail = None
    for name in set(element.attrib) & set(_SHAPE):
        value = _NUMBER.sub(
            lambda found: f"{float(found[0]):.2f}".rstrip("0").rstrip("."), element.get(name)
        )
        element.set(name, " ".join(value.split()))
    if element.get("transform", "").startswith("rotate(-0 "):
        del element.attrib["transform"]
    if element.get("font-family", "").startswith("'DejaVu Sans'"):
        del element.attrib["font-family"]


def _name_apart(drawing: ET.Element, alt: str) -> None:
    """Give the ids names of this picture alone, from what it shows and not from how it was made."""
    _number_ids(drawing, "")
    content = ET.tostring(drawing, encoding="unicode") + alt
    _number_ids(drawing, f"v{hashlib.blake2b(content.encode(), digest_size=6).hexdigest()}-")


def _number_ids(drawing: ET.Element, prefix: str) -> None:
    """Call the ids by numbers in the order of their use, and drop those that nothing uses."""
    new = {}
    for element in drawing.iter():
        for name, before in (("href", "#"), ("clip-path", "url(#"), ("fill", "url(#")):
            value = element.get(name, "")
            if value.startswith(before):
                old = value.removeprefix(before).removesuffix(")")
                number = new.setdefault(old, f"{prefix}{len(new)}")
                element.set(name, f"{before}{number}{')' if '(' in before else ''}")
    for element in drawing.iter():
        old = element.attrib.pop("id", None)
        if old in new:
            element.set("id", new[old])


def _framed(drawing: ET.Element, alt: str) -> ET.Element:
    """Return the root: what it says, its size in CSS pixels, and what all marks inherit."""
    width, height = (
        str(round(float(drawing.get(side).removesuffix("pt")) * 4 / 3))
        for side in ("width", "height")
    )
    words = visible(alt)
    framed = ET.Element("svg", {"role": "img", "aria-label": words, "class": NO_MATHEMATICS})
    framed.attrib |= {"width": width, "height": height, "viewBox": drawing.get("viewBox")}
    framed.attrib |= {"style": "max-width: 100%; height: auto", "fill": _INK}
    framed.attrib |= {"font-family": _FONTS, "stroke-linejoin": "round", "stroke-linecap": "butt"}
    ET.SubElement(framed, "title").text = words
    framed.extend(drawing)
    return framed
