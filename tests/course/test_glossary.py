import nbformat
import pytest
from nbformat import v4

from customer_insight.course import glossary
from customer_insight.course.book import build, pages
from customer_insight.course.book_pages import LessonPage, glossary_page
from customer_insight.course.curriculum import Curriculum
from customer_insight.course.glossary import Term
from customer_insight.course.house import House, find_house
from customer_insight.course.topic_tags import Coverage

from . import good_lesson

PAGES = [LessonPage("05_clv/1_visits", "How | often?"), LessonPage("05_clv/2_again", "Again")]
CHURN = Term("churn", "流失", "to leave | for *good*", ("05_clv/1_visits", "05_clv/2_again"))


def house(folder, *extra):
    course = House(folder)
    good_lesson.lesson(course.notebooks, built=False)
    good_lesson.lesson(course.notebooks, *extra, name="05_clv/2_again", built=False)
    return course


def test_terms_are_read_in_alphabetical_order_with_their_lessons(tmp_path):
    changed = ("| potential | 消费潜力 | what may still", "| Churn | 流失 | what may still")
    found = glossary.terms(house(tmp_path, changed))
    assert [(term.en, term.zh, term.lessons) for term in found] == [
        ("Churn", "流失", ("05_clv/2_again",)),
        ("potential", "消费潜力", ("05_clv/1_visits",)),
        ("purchase frequency", "客户购买频率", ("05_clv/1_visits", "05_clv/2_again")),
    ]
    assert found[1].meaning == "what may still be spent"


def test_a_term_explained_in_two_ways_stands_twice_until_it_is_mended(tmp_path):
    found = glossary.terms(house(tmp_path, ("| 消费潜力 |", "| 潜力 |")))
    assert [(term.zh, term.lessons) for term in found if term.en == "potential"] == [
        ("消费潜力", ("05_clv/1_visits",)),
        ("潜力", ("05_clv/2_again",)),
    ]


def test_other_tables_and_rows_that_lack_a_column_are_no_terms():
    other = v4.new_markdown_cell("| a | b | c |\n|---|---|---|\n| 1 | 2 | 3 |")
    lacking = "| term | 中文 | what it means here |\n|---|---|---|\n| churn | | to leave |"
    late = [v4.new_markdown_cell("# Title"), v4.new_markdown_cell(lacking.replace("| |", "| 流 |"))]
    books = {
        "1_a": v4.new_notebook(cells=[other]),
        "2_b": v4.new_notebook(cells=[v4.new_markdown_cell(lacking)]),
        "3_c": v4.new_notebook(cells=late),
        "4_d": v4.new_notebook(cells=[v4.new_code_cell("1")]),
    }
    assert glossary.terms_of(books) == []


def test_the_page_links_each_term_to_its_lessons_and_escapes_markup():
    text = glossary_page([CHURN], PAGES)
    assert text.startswith("# Glossary 术语表\n")
    assert "各课引入的术语" in text
    assert (
        r"| churn | 流失 | to leave \| for \*good\* | "
        r"[5.1 How \| often?](</05_clv/1_visits.ipynb>), [5.2 Again](</05_clv/2_again.ipynb>) |"
    ) in text


def test_only_lessons_in_the_book_are_linked_and_without_any_there_is_no_page():
    text = glossary_page([CHURN], PAGES[1:])
    assert "1_visits" not in text
    assert "2_again" in text
    assert glossary_page([CHURN], []) == ""


@pytest.mark.parametrize(("terms", "there"), [((CHURN,), True), ((), False)])
def test_the_book_lists_the_glossary_where_there_are_terms(terms, there):
    curriculum = Curriculum(())
    found = pages(PAGES, Coverage(curriculum, {}, frozenset(), ()), curriculum, terms)
    assert ("glossary" in found) is there
    assert ("\nglossary\n" in found["index"]) is there


def test_the_built_book_holds_the_glossary(tmp_path):
    course = house(tmp_path)
    (course.notebooks / "curriculum.yml").write_bytes(
        (find_house().notebooks / "curriculum.yml").read_bytes()
    )
    for name in ("05_clv/1_visits", "05_clv/2_again"):
        path = course.executed / f"{name}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        table = "| term | 中文 | what it means here |\n|---|---|---|\n| churn | 流失 | to leave |"
        cells = [v4.new_markdown_cell(f"# Lesson\n\n{table}")]
        nbformat.write(v4.new_notebook(cells=cells), path)
    build(course)
    page = (course.book / "glossary.html").read_text(encoding="utf-8")
    assert "Glossary 术语表" in page
    assert "<td><p>流失</p></td>" in page
    for name in ("1_visits", "2_again"):
        assert f'href="05_clv/{name}.html"' in page
    assert "glossary.html" in (course.book / "index.html").read_text(encoding="utf-8")
