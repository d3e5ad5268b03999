import pytest

from customer_insight.course.writing import between
from customer_insight.course.writing_terms import differing_terms

from . import good_lesson


@pytest.mark.parametrize(
    ("old", "new", "what", "other"),
    [
        ("| 消费潜力 |", "| 潜力 |", "Chinese '消费潜力'", "'潜力' in 05_clv/2_again, line 20"),
        (
            "| what may still be spent |",
            "| money |",
            "meaning 'what may",
            "'money' in 05_clv/2_again",
        ),
    ],
)
def test_a_term_that_two_lessons_explain_differently_is_reported(tmp_path, old, new, what, other):
    first = good_lesson.lesson(tmp_path)
    second = good_lesson.lesson(tmp_path, (old, new), name="05_clv/2_again")
    found = list(differing_terms([first, second]))
    assert [problem.lesson for problem in found] == ["05_clv/1_visits", "05_clv/2_again"]
    assert f"term 'potential' has the {what}" in found[0].what
    assert other in found[0].what
    assert set(found) <= set(between([first, second]))


def test_a_term_explained_alike_passes(tmp_path):
    first = good_lesson.lesson(tmp_path)
    second = good_lesson.lesson(
        tmp_path,
        ("| potential |", "| Potential |"),
        ("be spent |", "be spent. |"),
        name="05_clv/2_b",
    )
    assert not list(differing_terms([first, second]))


def test_a_term_twice_in_one_lesson_is_reported(tmp_path):
    twice = good_lesson.lesson(tmp_path, ("| potential |", "| purchase frequency |"))
    assert {p.what.partition(" has")[0] for p in differing_terms([twice])} == {
        "term 'purchase frequency'"
    }
