import pytest
from nbformat import v4

from customer_insight.course.settings_note import changes, with_note

OFFERED = {"weeks": 39, "day": "1997-09-30"}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, []),
        ({"weeks": 39}, []),
        ({"weeks": 26, "day": "1997-09-30"}, ["weeks = 26, stored 39"]),
        ({"day": "1997-06-30"}, ["day = '1997-06-30', stored '1997-09-30'"]),
    ],
)
def test_only_settings_that_differ_are_said(given, said):
    assert changes(given, OFFERED) == said


def test_a_long_value_and_a_back_quote_cannot_break_the_note():
    (said,) = changes({"day": "`" * 200}, OFFERED)
    assert "`" not in said
    assert len(said) < 200


def test_a_lesson_without_changes_comes_back_as_it_is():
    lesson = v4.new_notebook(cells=[v4.new_markdown_cell("# Worth")])
    assert with_note(lesson, []) is lesson


def test_the_note_stands_under_the_title_and_the_lesson_given_is_not_changed():
    lesson = v4.new_notebook(cells=[v4.new_markdown_cell("# Worth"), v4.new_code_cell("1")])
    made = with_note(lesson, ["weeks = 26, stored 39"])
    assert made.cells[0].source.startswith("# Worth\n\n> **Settings differ from the stored ones")
    assert len(made.cells) == 2
    assert lesson.cells[0].source == "# Worth"


def test_without_a_title_the_note_is_a_cell_of_its_own():
    lesson = v4.new_notebook(cells=[v4.new_code_cell("1")])
    made = with_note(lesson, ["weeks = 26, stored 39"])
    assert [cell.cell_type for cell in made.cells] == ["markdown", "code"]
    assert made.cells[0].source.startswith("> **Settings differ")
