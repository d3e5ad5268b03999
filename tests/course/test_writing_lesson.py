import pytest

from customer_insight.course.notebook import NotebookError
from customer_insight.course.writing_lesson import read_lesson, source_blocks

from . import good_lesson


def test_cells_and_blocks_know_the_line_of_the_text_where_they_begin(tmp_path):
    lesson = good_lesson.lesson(tmp_path)
    lines = good_lesson.GOOD.splitlines()
    for cell in lesson.cells:
        first = cell.source.split("\n")[0]
        assert lines[cell.line - 1] in (first, f"# {first}"), cell.number
    for block in lesson.blocks:
        assert block.raw.split("\n")[0].split(" | ")[0] in lines[block.line - 1]


def test_cells_that_begin_alike_are_told_apart(tmp_path):
    lesson = good_lesson.lesson(tmp_path)
    asked = [cell.line for cell in lesson.code if "show.question" in cell.source]
    assert asked[0] == good_lesson.line_of(lesson, tmp_path, "Who comes back?")
    assert asked[1] == good_lesson.line_of(lesson, tmp_path, "Which unit?")


def test_sections_hold_their_blocks_and_their_code(tmp_path):
    lesson = good_lesson.lesson(tmp_path)
    titles = [section.title for section in lesson.sections]
    assert titles[0] == "The visits"
    assert titles[-4:] == ["Check yourself", "Key points", "Sources", "What next"]
    first = lesson.sections[0]
    assert [cell.number for cell in first.code] == [4]
    assert [b.label for b in first.blocks if b.label] == [
        "Reading.",
        "Decision.",
        "Where this stops being true.",
    ]
    assert [block.kind for block in source_blocks(lesson)] == ["item"]


def test_outputs_come_from_the_notebook_beside_the_text(tmp_path):
    lesson = good_lesson.lesson(tmp_path)
    assert lesson.size == (tmp_path / f"{lesson.name}.ipynb").stat().st_size
    assert lesson.code[1].outputs[0]["data"]["text/plain"] == "once 1,411\nmore 946"
    bare = good_lesson.lesson(tmp_path / "bare", built=False)
    assert bare.size is None
    assert not any(cell.outputs for cell in bare.cells)


def test_code_that_python_cannot_read_has_no_tree(tmp_path):
    lesson = good_lesson.lesson(tmp_path, ("wrong = visits", "wrong = = visits"))
    assert [cell.number for cell in lesson.code if cell.tree is None] == [13]


def test_a_text_without_cells_is_refused(tmp_path):
    path = tmp_path / "1_a.py"
    path.touch()
    with pytest.raises(NotebookError, match="has no cells"):
        read_lesson(path, name="1_a")
