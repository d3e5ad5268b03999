import pytest
from nbformat import v4

from customer_insight.course.export import export_page
from customer_insight.course.mathml import FormulaError


def notebook(text="# Lesson\n\nThe rate $\\lambda$, and\n\n$$x^2$$"):
    return v4.new_notebook(cells=[v4.new_markdown_cell(text), v4.new_code_cell("1")])


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_page_has_its_formulas_and_loads_nothing(theme):
    page = export_page(notebook(), title="Lesson", theme=theme)
    assert page.count("<math") == 2
    assert 'src="http' not in page
    assert "<title>Lesson</title>" in page


def test_a_formula_that_cannot_be_shown_is_refused():
    with pytest.raises(FormulaError, match="foo"):
        export_page(notebook("# A\n\n$\\foo{x}$"), title="A")


def test_an_unknown_theme_is_refused():
    with pytest.raises(ValueError, match="one of light, dark; it is 'blue'"):
        export_page(notebook(), title="A", theme="blue")
