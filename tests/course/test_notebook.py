import pytest
from nbformat import v4

from customer_insight.course.notebook import (
    NotebookError,
    heading_above,
    join,
    read_notebook,
    read_text,
    tidy,
    to_bytes,
)

TEXT = """# ---
# jupyter:
#   kernelspec:
#     name: julia
#     display_name: Julia
# ---

# %% [markdown]
# # 客户价值

# %% tags=["C1.2f"]
1 + 1

# %% task="t1" points=2
2 + 2
"""


@pytest.fixture
def text(tmp_path):
    def write(content):
        path = tmp_path / "lesson.py"
        path.write_text(content, encoding="utf-8")
        return read_text(path)

    return write


def ids(notebook):
    return {cell.source: cell.id for cell in notebook.cells}


def with_outputs(notebook):
    for number, cell in enumerate(c for c in notebook.cells if c.cell_type == "code"):
        cell.execution_count = number + 1
        cell.outputs = [v4.new_output("stream", name="stdout", text=f"{cell.source}\n")]
    return notebook


def test_a_text_becomes_cells_with_their_metadata_and_our_kernel(text):
    notebook = text(TEXT)
    assert [cell.cell_type for cell in notebook.cells] == ["markdown", "code", "code"]
    assert notebook.cells[0].source == "# 客户价值"
    assert notebook.cells[1].metadata == {"tags": ["C1.2f"]}
    assert notebook.cells[2].metadata == {"task": "t1", "points": 2}
    assert notebook.metadata == {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}
    }


def test_a_text_gives_the_same_bytes_each_time(text):
    assert to_bytes(text(TEXT)) == to_bytes(text(TEXT))
    assert "客户价值".encode() in to_bytes(text(TEXT))


def test_empty_cells_are_left_out_unless_they_carry_something(text):
    notebook = text('\n# %%\n1\n\n# %%\n\n# %% task="t1"\n\n')
    assert [(cell.source, cell.metadata) for cell in notebook.cells] == [
        ("1", {}),
        ("", {"task": "t1"}),
    ]


def test_equal_cells_have_different_ids(text):
    notebook = text("# %%\n1\n\n# %%\n1\n\n# %%\n1\n")
    assert len({cell.id for cell in notebook.cells}) == 3


@pytest.mark.parametrize("content", [b"", b"\n\n", b"# %%\n"])
def test_a_text_without_cells_is_refused(tmp_path, content):
    path = tmp_path / "a.py"
    path.write_bytes(content)
    with pytest.raises(NotebookError, match="has no cells: a cell starts with `# %%`"):
        read_text(path)


def test_a_text_that_cannot_be_read_is_refused(tmp_path):
    path = tmp_path / "a.py"
    with pytest.raises(NotebookError, match=r"a\.py cannot be read"):
        read_text(path)
    path.write_text("# ---\n# jupyter:\n#   kernelspec:\n#     name: julia\n# ---\n\n# %%\n1\n")
    with pytest.raises(NotebookError, match="'display_name' is a required property"):
        read_text(path)
    path.write_bytes("# %%\n'清禾'".encode("gb18030"))
    with pytest.raises(NotebookError, match="UTF-8 text in jupytext's percent format"):
        read_text(path)


def test_cells_keep_ids_and_outputs_when_another_is_inserted(text):
    stored = with_outputs(text("# %%\na\n\n# %%\nb\n"))
    joined = join(text("# %%\na\n\n# %%\nnew\n\n# %%\nb\n"), stored)
    assert ids(joined)["a"] == ids(stored)["a"]
    assert ids(joined)["b"] == ids(stored)["b"]
    assert joined.cells[2].outputs[0].text == "b\n"
    assert joined.cells[1].outputs == []


def test_an_edited_cell_keeps_its_id(text):
    stored = with_outputs(text("# %%\nfirst\n\n# %%\nsecond\n"))
    joined = join(text("# %%\nfirst\n\n# %%\nsecond, edited\n"), stored)
    assert joined.cells[1].id == stored.cells[1].id


def test_a_new_cell_never_takes_the_id_of_one_that_was_edited(text):
    stored = text("# %%\na\n\n# %%\nb\n")
    edited = join(text("# %%\na2\n\n# %%\nb\n"), stored)
    joined = join(text("# %%\na\n\n# %%\na2\n\n# %%\nb\n"), edited)
    assert ids(joined)["a2"] == ids(edited)["a2"] == ids(stored)["a"]
    assert len({cell.id for cell in joined.cells}) == 3


def test_ids_from_elsewhere_are_kept(text):
    stored = text("# %%\na\n")
    stored.cells[0].id = "own-id"
    assert join(text("# %%\na\n"), stored).cells[0].id == "own-id"


def test_metadata_is_the_texts_alone(text):
    stored = text('# %% tags=["old"]\na\n')
    stored.cells[0].metadata |= {"papermill": {"duration": 1}, "collapsed": True, "mine": 1}
    stored.metadata |= {"language_info": {"version": "3.11"}, "widgets": {}, "jupytext": {}}
    joined = join(text('# %% tags=["new"]\na\n'), stored)
    assert joined.cells[0].metadata == {"tags": ["new"]}
    assert set(joined.metadata) == {"kernelspec"}


def test_an_older_notebook_without_ids_gets_them(text):
    stored = text("# %%\na\n")
    del stored.cells[0]["id"]
    stored.nbformat_minor = 4
    joined = join(text("# %%\na\n"), stored)
    assert joined.nbformat_minor == 5
    assert joined.cells[0].id == text("# %%\na\n").cells[0].id


def test_pieces_of_one_stream_are_joined_and_others_keep_their_order():
    pieces = [("stdout", "a"), ("stdout", "b\n"), ("stderr", "e"), ("stdout", "c")]
    outputs = [v4.new_output("stream", name=name, text=text) for name, text in pieces]
    cell = v4.new_code_cell("x", outputs=outputs, metadata={"tags": [], "papermill": {}})
    tidied = tidy(v4.new_notebook(cells=[cell])).cells[0]
    assert [output.text for output in tidied.outputs] == ["ab\n", "e", "c"]
    assert tidied.metadata == {}
    assert outputs[0].text == "a"


def test_the_view_of_a_widget_is_not_stored():
    view = {"application/vnd.jupyter.widget-view+json": {"model_id": "random"}, "text/plain": "Box"}
    cell = v4.new_code_cell("x", outputs=[v4.new_output("display_data", view)])
    tidied = tidy(v4.new_notebook(cells=[cell]))
    assert tidied.cells[0].outputs[0].data == {"text/plain": "Box"}
    assert len(view) == 2


def test_reading_what_is_no_notebook_is_refused(tmp_path):
    with pytest.raises(NotebookError, match="There is no notebook at"):
        read_notebook(tmp_path / "a.ipynb")
    (tmp_path / "a.ipynb").write_text("[]")
    with pytest.raises(NotebookError, match=r"a\.ipynb is not a notebook that can be read"):
        read_notebook(tmp_path / "a.ipynb")


def test_the_heading_above_is_the_nearest_and_no_line_of_code():
    cells = [
        v4.new_code_cell("0"),
        v4.new_markdown_cell("# Title\n\n## Fit\n\n```\n# no heading\n```"),
        v4.new_markdown_cell("words"),
        v4.new_code_cell("# no heading"),
    ]
    notebook = v4.new_notebook(cells=cells)
    assert heading_above(notebook, 0) == ""
    assert heading_above(notebook, 3) == "Fit"
