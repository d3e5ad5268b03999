from pathlib import Path

import pytest
from nbformat import v4

from customer_insight.course.stable import unstable_outputs

ROOT = Path("/a/place/of/mine")


def problems(*outputs):
    cells = [v4.new_markdown_cell("## Fit"), v4.new_code_cell("model", outputs=list(outputs))]
    return unstable_outputs(v4.new_notebook(cells=cells), ROOT)


@pytest.mark.parametrize(
    ("output", "words"),
    [
        (
            v4.new_output("stream", name="stderr", text="/tmp/x.py:1: UserWarning: old\n"),
            "writes to standard error ('/tmp/x.py:1: UserWarning: old')",
        ),
        (
            v4.new_output("execute_result", {"text/plain": "<M object at 0x7f00aa00bb00>"}),
            "an object's address ('<M object at 0x7f00aa00bb00>')",
        ),
        (v4.new_output("stream", name="stdout", text=f"{ROOT}/a.csv"), "a path of this machine"),
        (
            v4.new_output("display_data", {"text/html": f"<a href='{ROOT}'>"}),
            "a path of this machi",
        ),
        (v4.new_output("error", ename="E", evalue="", traceback=[f"{ROOT}/a.py"]), "a path of thi"),
    ],
)
def test_an_output_that_changes_is_named_with_its_place(output, words):
    (problem,) = problems(output)
    assert problem.startswith("Section 'Fit', cell `model`: ")
    assert words in problem


def test_a_table_a_figure_and_a_picture_are_stable():
    assert (
        problems(
            v4.new_output("stream", name="stdout", text="42 at 0x10\n"),
            v4.new_output("display_data", {"text/html": "<table>", "image/png": "AAAA"}),
            v4.new_output("display_data", {"text/plain": "<Figure size 640x480 with 1 Axes>"}),
        )
        == []
    )
