import numpy as np
import pandas as pd
import pytest

from customer_insight.show import table


def test_cells_are_formatted_by_what_they_are():
    frame = pd.DataFrame(
        {
            "whole": [1234567, -3],
            "fraction": [1234.5678, np.nan],
            "share": [0.12345, 1.0],
            "yes": [True, False],
            "text": ["00042", None],
            "date": pd.to_datetime(["2024-02-01", None]).date,
        }
    )
    shown = table(
        frame, caption="All kinds", digits={"fraction": 1, "share": 3}, percent=("share",)
    )
    lines = [line.split() for line in shown.text.splitlines()]
    assert lines[2] == ["1,234,567", "1,234.6", "12.35%", "yes", "00042", "2024-02-01"]
    assert lines[3] == ["-3", "–", "100.00%", "no", "–", "–"]


def test_the_frame_is_not_changed():
    frame = pd.DataFrame({"a": [1.23456]})
    table(frame, caption="A", digits=1)
    assert frame.loc[0, "a"] == 1.23456


def test_text_is_escaped_in_cells_headers_index_and_caption():
    hostile = "<img src=x onerror=alert(1)>"
    frame = pd.DataFrame({hostile: [hostile]}, index=pd.Index([hostile], name=hostile + "2"))
    assert "<img" not in table(frame, caption=hostile).html


def test_the_same_table_is_the_same_html():
    frame = pd.DataFrame({"a": [1]})
    first, again = table(frame, caption="A"), table(frame.copy(), caption="A")
    assert first.html == again.html
    assert first.html != table(frame, caption="B").html


def test_text_stands_left_and_numbers_right_without_a_style_sheet():
    frame = pd.DataFrame({"who": ["ann"], "n": [5]})
    assert table(frame, caption="A").html.split("\n") == [
        '<table class="mathjax_ignore tex2jax_ignore">'
        '<caption style="caption-side: top; text-align: left; font-weight: 600">A</caption>',
        '<thead><tr><th scope="col" style="text-align: left; vertical-align: bottom">who</th>'
        '<th scope="col" style="text-align: right; vertical-align: bottom">n</th></tr></thead>',
        "<tbody>",
        '<tr><td style="text-align: left">ann</td><td style="text-align: right">5</td></tr>',
        "</tbody></table>",
    ]


def test_a_named_index_is_shown_and_an_unnamed_one_is_not():
    frame = pd.DataFrame({"n": [5]}, index=pd.Index(["west"], name="region"))
    assert "west" in table(frame, caption="By region").text
    assert "west" not in table(frame.rename_axis(None), caption="By region").text


@pytest.mark.parametrize(
    ("frame", "options", "message"),
    [
        (pd.DataFrame({"a": range(101)}), {}, "101 rows.*at most 100"),
        (pd.DataFrame([[1, 2]], columns=["a", "a"]), {}, r"\['a'\] stand twice"),
        (pd.DataFrame({"a": [1]}), {"percent": ("b",)}, r"name \['b'\].*columns are \['a'\]"),
        (pd.DataFrame({"a": [1]}), {"digits": {"c": 1}}, r"name \['c'\].*columns are \['a'\]"),
        (pd.DataFrame({"a": [1]}), {"caption": " "}, "needs a caption"),
    ],
)
def test_what_cannot_be_read_is_refused(frame, options, message):
    with pytest.raises(ValueError, match=message):
        table(frame, **({"caption": "A"} | options))
