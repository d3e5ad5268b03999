import pytest
from nbformat import v4

from customer_insight.course.export import export_lesson, export_page
from customer_insight.course.house import HouseError
from customer_insight.course.mathml import FormulaError
from customer_insight.course.notebook import NotebookError

from . import lessons


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


def test_a_lesson_is_written_below_build_or_where_it_is_asked_for(tmp_path):
    texts = {"05_clv__1_a": lessons.lesson("1"), "05_clv__2_b": lessons.lesson("2")}
    house = lessons.unrun(lessons.house_with(tmp_path / "house", **texts))
    page = export_lesson(house, "05_clv/1_a")
    assert page == house.build / "pages" / "05_clv" / "1_a.html"
    assert "<title>05_clv/1_a</title>" in page.read_text()
    other = export_lesson(house, "05_clv/1_a", tmp_path / "a.html", theme="dark")
    assert other.read_text() != page.read_text()
    with pytest.raises(HouseError, match=r"stands for 2 lessons \(05_clv/1_a, 05_clv/2_b\)"):
        export_lesson(house, "05_clv")


def test_a_lesson_that_is_not_built_makes_no_page(tmp_path):
    house = lessons.house_with(tmp_path / "house", **{"1_a": lessons.lesson("1")})
    with pytest.raises(NotebookError):
        export_lesson(house, "1_a")
    assert not house.build.exists()
