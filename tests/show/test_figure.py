import base64
import re

import pandas as pd
import pytest

from customer_insight.show import canvas, figure

NUMBERS = pd.DataFrame({"week": [1, 2], "orders": [30, 20]})
ALT = "Line chart: orders fell from 30 in the first week to 20."


def drawn(**labels):
    fig, axes = canvas()
    axes.plot(NUMBERS["week"], NUMBERS["orders"])
    axes.set(**({"title": "Orders fell", "xlabel": "week", "ylabel": "orders"} | labels))
    return fig


def test_one_html_figure_with_picture_alt_text_and_numbers():
    shown = figure(drawn(), alt=ALT, numbers=NUMBERS)
    assert shown.html.count("<figure") == shown.html.count("</figure>") == 1
    assert f'alt="{ALT}"' in shown.html
    picture = re.search(r"base64,([A-Za-z0-9+/=]+)", shown.html)[1]
    assert base64.b64decode(picture).startswith(b"\x89PNG")
    assert ALT in shown.text
    assert shown.text.splitlines()[-1].split() == ["2", "20"]


def test_the_same_figure_is_the_same_bytes():
    first, again = (figure(drawn(), alt=ALT, numbers=NUMBERS) for _ in range(2))
    assert first == again


def test_alt_text_from_data_cannot_leave_its_attribute():
    shown = figure(drawn(), alt=f'{ALT} "onload=alert(1) <b>', numbers=NUMBERS)
    assert '"onload' not in shown.html
    assert "<b>" not in shown.html


@pytest.mark.parametrize(
    "alt", ["", "TODO", "Figure: a plot", "chart chart chart chart chart chart", None]
)
def test_a_placeholder_is_no_alt_text(alt):
    with pytest.raises(ValueError, match="alt must state the figure's message"):
        figure(drawn(), alt=alt, numbers=NUMBERS)


@pytest.mark.parametrize(
    ("label", "message"), [("title", "title"), ("xlabel", "x label"), ("ylabel", "y label")]
)
def test_a_panel_without_title_or_label_is_refused(label, message):
    with pytest.raises(ValueError, match=rf"panel 1 lacks its {message}"):
        figure(drawn(**{label: ""}), alt=ALT, numbers=NUMBERS)


def test_a_sign_that_the_font_cannot_draw_is_refused():
    with pytest.raises(ValueError, match="no sign for 清"):
        figure(drawn(title="清 sold more"), alt=ALT, numbers=NUMBERS)


def test_series_differ_by_more_than_colour():
    _, axes = canvas()
    lines = [axes.plot([0, 1], [n, n])[0] for n in range(7)]
    assert len({str(line.get_linestyle()) + str(line._dash_pattern) for line in lines}) == 7
    assert len({line.get_color() for line in lines}) == 7
