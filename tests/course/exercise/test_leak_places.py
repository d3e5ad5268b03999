import base64

from nbformat import v4

from customer_insight.course.exercise.leak_places import places


def notebook():
    cells = [
        v4.new_markdown_cell("# Title\n\nFirst words."),
        v4.new_markdown_cell("## Part"),
        v4.new_code_cell("a = 1\nb = 2", metadata={"note": "kept"}),
    ]
    cells[2].outputs = [v4.new_output("stream", text="printed")]
    return v4.new_notebook(cells=cells, metadata={"course": {"about": "it"}})


def where(text):
    return [place.at(place.text.index(text)) for place in places(notebook()) if text in place.text]


def test_a_text_in_a_cell_has_its_heading_and_line():
    assert where("First words") == ["under 'Title', line 3 of its cell"]
    assert where("b = 2") == ["under 'Part', line 2 of its cell"]


def test_what_is_stored_with_cells_and_with_the_notebook_is_a_place():
    assert where("kept") == where("printed") == ["in what is stored with a cell under 'Part'"]
    assert where("it")[-1] == "in the notebook's metadata"


def test_what_base64_says_stands_where_the_base64_stands():
    made = notebook()
    made.cells[0].source += base64.b64encode(b"the answer is nine hundred").decode()
    found = [place for place in places(made) if "nine hundred" in place.text]
    assert [place.where for place in found] == ["under 'Title', in base64"]
