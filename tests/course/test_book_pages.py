import pytest

from customer_insight.course.book_pages import (
    LessonPage,
    chapter_page,
    chapter_title,
    front_page,
    topics_page,
)
from customer_insight.course.curriculum import Chapter, Curriculum, Lesson, Topic
from customer_insight.course.sections import Section
from customer_insight.course.topic_tags import Coverage, Place

TOPICS = (
    Topic("A1.1", "甲", "first | *one*", "runs_this"),
    Topic("A1.2", "乙", "second", "x"),
    Topic("A1.3", "丙", "third", "x"),
)
LESSON = Lesson("2_two", "课", "Which?", TOPICS, "05_clv/2_two")
CURRICULUM = Curriculum((Chapter("05_clv", "客户终身价值", (LESSON,)),))
PAGES = [
    LessonPage("00_start_here", "Start here"),
    LessonPage("05_clv/2_two", "Which?"),
    LessonPage("08_cases/1_shop", "A shop"),
]
OWN = Place("05_clv/2_two", Section("The data", 2, "the-data"), 4)
OTHER = Place("08_cases/1_shop", Section("Value", 2, "value"), 9)
COVERAGE = Coverage(
    CURRICULUM, {"A1.1": (OWN, OTHER), "A1.2": (OTHER,), "A1.3": ()}, frozenset({"A1.1"}), ()
)


@pytest.mark.parametrize(
    ("name", "title", "label"),
    [
        ("05_clv/3_buy", "What?", "5.3 What?"),
        ("00_start_here", "Start here", "Start here"),
        ("05_clv/3_buy", "3 ways", "3 ways"),
        ("08_cases/shop", "A shop", "A shop"),
    ],
)
def test_a_lesson_is_numbered_by_its_chapter_and_its_file(name, title, label):
    assert LessonPage(name, title).label == label


def test_a_chapter_has_its_chinese_name_beside_the_english_one_where_it_has_one():
    assert chapter_title("05_clv", CURRICULUM) == "5 Lifetime value 客户终身价值"
    assert chapter_title("08_cases", CURRICULUM) == "8 Cases on real data"
    assert chapter_title("00_start_here", CURRICULUM) == "0 Start here 从这里开始"


def test_the_front_page_lists_each_chapter_once_and_counts_the_topics():
    text = front_page(PAGES, COVERAGE, ["topics", "terms"])
    assert "1 of the 3 topics" in text
    assert "[Start here](00_start_here.ipynb)" in text
    assert "\nStart here <00_start_here>\n05_clv/index\n08_cases/index\n```" in text
    assert "\ntopics\nterms\n```" in text
    assert "$" not in text


def test_a_chapters_page_lists_its_own_lessons():
    text = chapter_page("05_clv", PAGES, CURRICULUM)
    assert "\n\n5.2 Which? </05_clv/2_two>\n```" in text
    assert "A shop" not in text


def test_a_topic_is_linked_to_the_section_that_runs_it():
    lines = topics_page(COVERAGE, PAGES).splitlines()
    (first,) = [line for line in lines if line.startswith("| A1.1 ")]
    assert first == (
        r"| A1.1 | 甲 · first \| \*one\* | runs\_this | "
        "[The data](</05_clv/2_two.ipynb#the-data>), also in 8.1 A shop: "
        "[Value](</08_cases/1_shop.ipynb#value>) |"
    )


def test_a_topic_that_runs_elsewhere_or_nowhere_is_not_yet_there():
    lines = topics_page(COVERAGE, PAGES).splitlines()
    (second,) = [line for line in lines if line.startswith("| A1.2 ")]
    assert second.endswith(
        "| not yet; also in 8.1 A shop: [Value](</08_cases/1_shop.ipynb#value>) |"
    )
    (third,) = [line for line in lines if line.startswith("| A1.3 ")]
    assert third.endswith("| not yet |")
