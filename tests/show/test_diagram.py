import pandas as pd
import pytest
from matplotlib.axes import Axes

from customer_insight.show import diagram
from customer_insight.show.diagram import _INSIDE

BOXES = pd.DataFrame(
    {
        "box": ["orders", "customers", "a table with a longer name"],
        "says": ["order_id\ncustomer_id", "customer_id", ""],
        "column": [0, 1, 1],
        "row": [0, 0, 1],
    }
)
LINKS = [("orders", "customers", "customer_id")]
WORDS = {
    "title": "Whose order it is",
    "alt": "Three boxes; an arrow leads from orders to customers.",
}


def drawn(monkeypatch, boxes=BOXES, links=LINKS, **words):
    """Draw, and return the axes as they were shown."""
    found = []
    real = Axes.set_axis_off
    monkeypatch.setattr(Axes, "set_axis_off", lambda axes: (found.append(axes), real(axes)))
    diagram(boxes, links=links, **{**WORDS, **words})
    return found[0]


def test_boxes_and_where_their_arrows_lead_are_told_in_words():
    shown = diagram(BOXES, links=LINKS, **WORDS)
    assert shown.text.splitlines()[0] == f"Figure. {WORDS['alt']}"
    assert [" ".join(line.split()) for line in shown.text.splitlines()[3:]] == [
        "orders order_id; customer_id customers: customer_id",
        "customers customer_id –",
        "a table with a longer name – –",
    ]
    assert f'alt="{WORDS["alt"]}"' in shown.html


def test_every_text_lies_inside_its_box_and_boxes_do_not_touch(monkeypatch):
    axes = drawn(monkeypatch)
    axes.figure.draw_without_rendering()
    boxes = [patch.get_window_extent() for patch in axes.patches]
    assert len(boxes) == 3
    texts = [text for text in axes.texts if text.get_text()]
    for text in texts:
        inside = text.get_window_extent()
        around = [b for b in boxes if b.x0 <= inside.x0 and inside.x1 <= b.x1]
        around = [b for b in around if b.y0 <= inside.y0 and inside.y1 <= b.y1]
        assert len(around) == 1, text.get_text()
    assert boxes[0].x1 < boxes[1].x0
    assert boxes[1].y0 > boxes[2].y1


def test_a_longer_line_makes_all_boxes_wider(monkeypatch):
    narrow = drawn(monkeypatch, BOXES.head(2)).patches[0].get_width()
    wide = drawn(monkeypatch).patches[0].get_width()
    assert wide > narrow > _INSIDE


def test_an_arrow_runs_from_one_box_to_the_other_and_ends_at_its_edge(monkeypatch):
    (arrow,) = (text for text in drawn(monkeypatch).texts if not text.get_text())
    start, end = arrow.arrow_patch.patchA, arrow.arrow_patch.patchB
    assert start.get_x() < end.get_x()
    assert start.get_y() == end.get_y()
    assert arrow.xy[0] > arrow.xyann[0]


def test_texts_are_drawn_as_they_are_and_long_ones_are_cut(monkeypatch):
    boxes = BOXES.assign(box=["$x^2$ <b>", "x" * 60, "c\u202ed"])
    axes = drawn(monkeypatch, boxes, [])
    texts = [text.get_text() for text in axes.texts]
    assert "$x^2$ <b>" in texts
    assert "c⟨U+202E⟩d" in texts
    assert any(text.startswith("x" * 40 + "…") for text in texts)
    shown = diagram(boxes, links=[], **WORDS)
    assert "<b>" not in shown.html


def test_the_same_diagram_is_the_same_bytes_and_drawing_changes_no_frame():
    before = BOXES.copy()
    first, again = (diagram(BOXES, links=LINKS, **WORDS) for _ in range(2))
    assert first == again
    pd.testing.assert_frame_equal(BOXES, before)


@pytest.mark.parametrize(
    ("boxes", "links", "message"),
    [
        (BOXES.drop(columns="row"), LINKS, r"no column \['row'\]; wanted are box, says, column"),
        (BOXES.head(0), [], "there are 0 boxes, and a diagram has 1 to 30"),
        (BOXES.assign(row=[0, 0, 0.5]), LINKS, "row must be whole numbers from 0"),
        (BOXES.assign(column=[0, 1, -1]), LINKS, "column must be whole numbers from 0"),
        (BOXES.assign(row=0), LINKS, "box a table with a longer name has the place of another"),
        (BOXES.assign(box=["a", "b", "a"]), [], "box a has the name of another box"),
        (BOXES, [("orders", "gone", "id")], r"link 1 names \['gone'\].*orders, customers, a table"),
        (BOXES, [*LINKS, ("orders", "orders", "id")], "link 2 leads from orders to itself"),
        (BOXES, [("orders", "customers")], "link 1 has 2 parts; wanted are three"),
    ],
)
def test_what_cannot_be_drawn_is_refused_in_words(boxes, links, message):
    with pytest.raises(ValueError, match=message):
        diagram(boxes, links=links, **WORDS)
