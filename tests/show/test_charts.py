import pandas as pd
import pytest

from customer_insight.show import bars, lines

FRAME = pd.DataFrame(
    {
        "week": ["1", "2", "3"],
        "came": [30.0, 20, 10],
        "said": [28.0, 21, 12],
        "low": 5.0,
        "high": 40.0,
    }
)
WORDS = {
    "title": "Orders fell",
    "xlabel": "week",
    "ylabel": "orders",
    "alt": "Orders came as the model had said, falling from 30 to 10.",
}


@pytest.mark.parametrize("chart", [bars, lines])
def test_a_chart_says_its_message_and_the_numbers_drawn(chart):
    shown = chart(FRAME, x="week", y=["came", "said"], digits=0, **WORDS)
    assert WORDS["alt"] in shown.text
    assert [line.split() for line in shown.text.splitlines()[2:]] == [
        ["week", "came", "said"],
        ["1", "30", "28"],
        ["2", "20", "21"],
        ["3", "10", "12"],
    ]


def test_the_ends_of_an_interval_are_among_the_numbers():
    shown = lines(FRAME, x="week", y=["said"], bands={"said": ("low", "high")}, **WORDS)
    assert shown.text.splitlines()[2].split() == ["week", "said", "low", "high"]


@pytest.mark.parametrize("chart", [bars, lines])
def test_an_unknown_column_is_named_with_those_there_are(chart):
    with pytest.raises(ValueError, match=r"no column \['gone'\].*'week', 'came'"):
        chart(FRAME, x="week", y=["gone"], **WORDS)


@pytest.mark.parametrize("chart", [bars, lines])
def test_the_same_chart_is_the_same_bytes_and_drawing_changes_no_frame(chart):
    before = FRAME.copy()
    first, again = (chart(FRAME, x="week", y=["came", "said"], **WORDS) for _ in range(2))
    assert first == again
    pd.testing.assert_frame_equal(FRAME, before)


def test_numbers_on_the_horizontal_axis_keep_their_distances():
    uneven = pd.DataFrame({"day": [1, 2, 30], "share": [0.9, 0.8, 0.1]})
    named = uneven.astype({"day": str})
    words = WORDS | {"percent": ("share",)}
    by_number = lines(uneven, x="day", y=["share"], **words)
    assert by_number.html != lines(named, x="day", y=["share"], **words).html
    assert "80.0%" in by_number.text
