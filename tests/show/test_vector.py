import re
import subprocess
import sys
import xml.etree.ElementTree as ET

import matplotlib as mpl
import numpy as np
import pytest

from customer_insight.show import canvas, vector
from customer_insight.show.escape import shorten, visible

from .test_hostile_text import HOSTILE

ALT = "Bar chart: 1,411 customers bought once, 946 more often."
PAPER = "var(--paper, #fff)"


def bars(**style):
    fig, axes = canvas()
    axes.bar(["once", "more often"], [1411, 946], **style)
    axes.set(title="Most bought once", xlabel="purchases", ylabel="customers")
    return fig


def read(fig, alt=ALT):
    return ET.fromstring(vector(fig, alt=alt))


def texts(svg):
    return ["".join(text.itertext()) for text in svg.iter("text")]


def pattern(svg):
    (found,) = svg.iter("pattern")
    return found.find("rect").get("fill"), found.find("path")


def test_one_picture_with_its_message_and_its_text_as_text():
    svg = read(bars())
    assert svg.attrib["role"] == "img"
    assert svg.attrib["aria-label"] == svg.findtext("title") == ALT
    assert {"Most bought once", "purchases", "customers", "once", "1000"} <= set(texts(svg))
    assert svg.get("font-family").endswith(", sans-serif")
    assert svg.get("viewBox") == "0 0 504 259.2"
    assert (svg.get("width"), svg.get("height")) == ("672", "346")


def test_nothing_is_loaded_and_nothing_leaks_into_the_page():
    text = vector(bars(hatch="//"), alt=ALT)
    assert not re.search(r"http|<script|<style|<metadata|<a |<!|matplotlib|figure_1", text)
    svg = ET.fromstring(text)
    inside = [e.get("href") for e in svg.iter() if "href" in e.attrib]
    assert inside
    assert all(reference.startswith("#") for reference in inside)


def test_every_reference_is_kept_and_no_id_occurs_in_two_pictures():
    seen = []
    for fig, alt in ((bars(), ALT), (bars(), f"{ALT} Again."), (bars(hatch="//"), ALT)):
        text = vector(fig, alt=alt)
        ids = re.findall(r'\bid="([^"]+)"', text)
        assert set(ids) == set(re.findall(r'(?:url\(|href=")#([^")]+)', text))
        seen += ids
    assert len(seen) == len(set(seen)) > 3


def test_the_same_bytes_again():
    fig = bars(hatch="//")
    first = vector(fig, alt=ALT)
    assert first == vector(fig, alt=ALT) == vector(bars(hatch="//"), alt=ALT)


@pytest.mark.evidence
def test_the_same_bytes_in_another_process():
    program = (
        "from customer_insight.show import canvas, vector\n"
        "fig, axes = canvas()\n"
        "axes.bar(['once', 'more often'], [1411, 946], hatch='//')\n"
        "axes.set(title='Most bought once', xlabel='purchases', ylabel='customers')\n"
        f"print(vector(fig, alt={ALT!r}), end='')\n"
    )
    other = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert other.stdout.decode() == vector(bars(hatch="//"), alt=ALT)


def test_no_setting_of_matplotlib_is_changed():
    fig = bars()
    with mpl.rc_context({"svg.fonttype": "path", "svg.hashsalt": "another"}):
        before = dict(mpl.rcParams)
        assert "<text" in vector(fig, alt=ALT)
        assert dict(mpl.rcParams) == before


def test_text_axes_and_grid_take_the_colour_of_the_page():
    svg = read(bars(color="#0072B2"))
    assert svg.get("fill") == "currentColor"
    assert {text.get("fill") for text in svg.iter("text")} <= {None, "currentColor"}
    strokes = {e.get("stroke") for e in svg.iter() if "stroke" in e.attrib}
    assert strokes == {"currentColor"}
    grid = [e for e in svg.iter("path") if e.get("stroke-opacity")]
    assert {e.get("stroke-opacity") for e in grid} == {"0.16"}
    assert [e.get("fill") for e in svg.iter("path")].count("#0072b2") == 2
    assert "#000000" not in vector(bars(), alt=ALT)


def test_the_paper_shines_through():
    svg = read(bars(color="#0072B2"))
    assert {e.get("fill") for e in svg.iter("path")} == {"#0072b2", "none", None}


def test_black_and_white_marks_follow_the_page():
    svg = read(bars(color="black", edgecolor="white"))
    (first, second) = [e for e in svg.iter("path") if f"stroke: {PAPER};" in e.get("style", "")]
    assert first.get("fill") == second.get("fill") is None  # as the root has it


@pytest.mark.parametrize(
    ("face", "line", "face_shown", "line_shown", "style"),
    [
        ("#0072b2", "white", "#0072b2", "#ffffff", None),
        ("#dddddd", "black", "#dddddd", "#000000", None),
        ("none", "black", "none", "currentColor", None),
        ("black", "white", "currentColor", None, f"fill: {PAPER};stroke: {PAPER};"),
    ],
)
def test_a_hatch_stands_out_from_its_face_on_light_and_on_dark(
    face, line, face_shown, line_shown, style
):
    fill, lines = pattern(read(bars(color=face, edgecolor=line, hatch="//")))
    assert (fill, lines.get("stroke"), lines.get("style")) == (face_shown, line_shown, style)


def test_text_on_a_filled_mark_keeps_its_colour_and_other_text_does_not():
    fig, axes = canvas()
    axes.bar([0, 1], [10, 20], color="#E69F00")
    axes.fill_between([2, 4], 20, color="#E69F00", alpha=0.2)
    for x, y, words in ((0, 5, "on a bar"), (0, 15, "above"), (3, 5, "in a band")):
        axes.text(x, y, words, ha="center")
    axes.text(1, 10, "white", color="white", ha="center")
    axes.text(1, 22, "grey", color="#555555", ha="center")
    axes.set(title="Text", xlabel="x", ylabel="y")
    fills = {text.text: text.get("fill") for text in read(fig).iter("text")}
    assert fills["on a bar"] == "#000000"
    assert fills["white"] == "#ffffff"
    assert fills["grey"] == "currentColor"
    assert fills["above"] is fills["in a band"] is None


def test_colours_that_are_values_stay_black_and_white_too():
    fig, axes = canvas()
    axes.pcolormesh(np.arange(4.0).reshape(2, 2), cmap="Greys", edgecolors="white")
    axes.text(1.5, 1.5, "3", color="white")
    axes.set(title="Heat", xlabel="x", ylabel="y")
    svg = read(fig)
    fills = [cell.get("fill") for cell in svg.iter("path") if "clip-path" in cell.attrib]
    assert [fill for fill in fills if fill != "none"][::3] == ["#ffffff", "#000000"]
    assert sum(PAPER in cell.get("style", "") for cell in svg.iter("path")) == 3


def test_an_edge_of_a_cell_without_a_value_is_paper():
    fig, axes = canvas()
    axes.pcolormesh(np.ma.masked_invalid([[1.0, np.nan]]), cmap="Greys", edgecolors="white")
    axes.set(title="Heat", xlabel="x", ylabel="y")
    empty = [e for e in read(fig).iter("path") if e.get("fill") == "none" and "style" in e.attrib]
    assert [cell.get("style") for cell in empty] == [f"stroke: {PAPER};"]


def test_coloured_points_keep_black_and_white():
    fig, axes = canvas()
    axes.scatter([0, 1], [0, 1], c=[0, 1], cmap="gray")
    axes.set(title="Points", xlabel="x", ylabel="y")
    points = [use for use in read(fig).iter("use") if use.get("stroke") == use.get("fill")]
    assert [use.get("fill") for use in points] == ["#000000", "#ffffff"]


def test_an_axis_of_powers_of_ten_stays_text():
    fig = bars()
    fig.axes[0].set_yscale("log")
    assert "103" in texts(read(fig))


def test_digits_that_nobody_sees_are_left_out():
    text = re.sub(r'aria-label="[^"]*"', "", vector(bars(), alt=ALT))
    assert not re.search(r"\d\.\d{3}", text)


def test_texts_of_strangers_are_only_read():
    drawable = [text for text in HOSTILE.values() if text.isascii()]
    fig = bars()
    for place, text in enumerate(drawable):
        fig.axes[0].text(0.5, place * 40, text).set_in_layout(False)
    alt = f"{ALT} {' '.join(HOSTILE.values())}"
    svg = read(fig, alt)
    assert {element.tag for element in svg.iter()} <= {
        *("svg", "title", "defs", "clipPath", "path", "rect", "use", "g", "text", "tspan")
    }
    assert svg.get("aria-label") == visible(alt)
    assert not [name for e in svg.iter() for name in e.attrib if name.startswith("on")]
    shown = squeezed("".join(texts(svg)))
    assert len(drawable) > 20
    for words in map(visible, drawable):
        assert squeezed(words if len(words) <= 120 else shorten(words, 50)) in shown


def squeezed(text):
    return "".join(text.split())


def test_too_many_marks_are_refused_and_the_error_says_what_to_do():
    fig, axes = canvas()
    axes.scatter(np.arange(2_001), np.arange(2_001) % 7)
    axes.set(title="Points", xlabel="x", ylabel="y")
    with pytest.raises(ValueError, match=r"2,0\d\d marks.*at most 2,000.*Draw groups") as raised:
        vector(fig, alt=ALT)
    assert "histogram" in str(raised.value)


def test_what_figure_refuses_is_refused():
    with pytest.raises(ValueError, match="alt must state the figure's message"):
        vector(bars(), alt="TODO")
    fig = bars()
    fig.axes[0].set_xlabel("")
    with pytest.raises(ValueError, match="panel 1 lacks its x label"):
        vector(fig, alt=ALT)
    fig = bars()
    fig.axes[0].set_title("清 sold more")
    with pytest.raises(ValueError, match="no sign for 清"):
        vector(fig, alt=ALT)
