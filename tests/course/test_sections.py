import pytest
from nbformat import v4

from customer_insight.course.sections import HeadingError, lesson_title, sections_of_cells


def notebook(*sources):
    return v4.new_notebook(
        cells=[
            v4.new_code_cell(source[1:]) if source.startswith("!") else v4.new_markdown_cell(source)
            for source in sources
        ]
    )


def anchors(*sources):
    return [found and found.anchor for found in sections_of_cells(notebook(*sources))]


def test_a_cell_stands_in_the_last_section_above_it():
    assert anchors("text", "# Title", "!1", "## One\n\ntext\n\n### Two", "!2") == [
        None, "title", "title", "two", "two",
    ]  # fmt: skip


def test_equal_headings_have_anchors_of_their_own():
    assert anchors("# A", "## Reading", "## Reading", "## Reading") == [
        "a", "reading", "reading-1", "reading-2",
    ]  # fmt: skip


def test_code_is_no_heading_and_markup_is_no_part_of_a_title():
    cells = notebook(
        "# The `weeks` of *each* customer 客户", "```\n# code\n```", "!# comment", "> # q"
    )
    found = sections_of_cells(cells)
    assert {section.title for section in found} == {"The weeks of each customer 客户"}
    assert found[0].anchor == "the-weeks-of-each-customer-客户"


def test_a_formula_is_no_part_of_an_anchor():
    (found,) = sections_of_cells(notebook("## Rate $\\lambda$"))
    assert (found.title, found.anchor) == ("Rate", "rate-")


def test_the_title_is_the_first_heading():
    assert lesson_title(notebook("# What now?\n\ntext", "## Then"), "05_clv/1_x") == "What now?"


@pytest.mark.parametrize(
    ("sources", "count"),
    [(["text"], 0), (["## Section", "# Title"], 1), (["# Title", "# Another"], 2)],
)
def test_a_notebook_without_one_first_title_is_refused(sources, count):
    message = f"05_clv/1_x has {count} headings of level 1 .*must have one, before all others"
    with pytest.raises(HeadingError, match=message):
        lesson_title(notebook(*sources), "05_clv/1_x")
