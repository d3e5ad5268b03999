import pytest
from nbformat import v4

from customer_insight.course.book_source import failures, outside_requests, page_notebook

WIDGET = {"application/vnd.jupyter.widget-view+json": {"model_id": "1"}}


def shown(data):
    cell = v4.new_code_cell("1", outputs=[v4.new_output("display_data", data=data)])
    notebook = v4.new_notebook(cells=[cell], metadata={"widgets": {"state": 1}})
    page = page_notebook(notebook)
    assert "widgets" not in page["metadata"]
    return page["cells"][0]["outputs"][0]["data"]


def test_a_widget_alone_becomes_a_line_that_says_where_to_play():
    data = shown({**WIDGET, "text/plain": "VBox(children=())"})
    assert list(data) == ["text/html"]
    assert "make lab" in data["text/html"]


@pytest.mark.parametrize("kind", ["text/html", "image/png"])
def test_what_stands_beside_a_widget_stays(kind):
    assert shown({**WIDGET, kind: "static", "text/plain": "x"}) == {
        kind: "static",
        "text/plain": "x",
    }


def test_other_outputs_are_as_they_were():
    assert shown({"text/html": "<p>1</p>", "text/plain": "1"}) == {
        "text/html": "<p>1</p>",
        "text/plain": "1",
    }


def test_the_executed_notebook_itself_is_not_changed():
    notebook = v4.new_notebook(
        cells=[v4.new_code_cell("1", outputs=[v4.new_output("display_data", data=dict(WIDGET))])]
    )
    page_notebook(notebook)
    assert notebook["cells"][0]["outputs"][0]["data"] == WIDGET


def test_a_failed_cell_is_named_and_an_error_on_purpose_is_none():
    error = v4.new_output("error", ename="KeyError", evalue="x", traceback=[])
    notebook = v4.new_notebook(
        cells=[
            v4.new_markdown_cell("# T"),
            v4.new_code_cell("1", outputs=[error], metadata={"tags": ["raises-exception"]}),
            v4.new_code_cell("2", outputs=[error]),
        ]
    )
    assert failures(notebook) == ["cell 3: KeyError"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.html", '<script src="https://outside.example/x"></script>'),
        ("a.html", '<img src="//outside.example/x">'),
        ("a.html", '<img srcset="https://outside.example/x 2x" src="a.png">'),
        ("a.html", '<LINK rel="stylesheet" href="HTTPS://outside.example/x">'),
        ("a.html", "<p style=\"background: url('https://outside.example/x')\">"),
        ("a.html", "<style>@import 'https://outside.example/x';</style>"),
        ("a.html", '<iframe src=" https://outside.example/x"></iframe>'),
        ("s/a.css", "@font-face { src: url(https://outside.example/x) }"),
    ],
)
def test_whatever_a_page_would_load_from_outside_is_found(tmp_path, name, text):
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    (found,) = outside_requests(tmp_path)
    assert found.startswith(f"{name} loads ")
    assert found.lower().endswith("//outside.example/x")


def test_links_to_click_and_what_lies_beside_the_page_are_fine(tmp_path):
    (tmp_path / "a.html").write_text(
        '<a href="https://outside.example">x</a><img src="b.png"><link href="c.css">'
        '<img src="data:image/png;base64,//x"><script>let a = "https://outside.example"</script>'
        '<svg xmlns="http://www.w3.org/2000/svg"></svg><p>url(https://outside.example)</p>'
    )
    assert outside_requests(tmp_path) == []
