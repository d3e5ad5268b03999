import pytest

from customer_insight.course.writing import of_lesson
from customer_insight.course.writing_words import fillers, shared_sentences

from . import good_lesson

OLD = "The tea house wrote down"


@pytest.mark.parametrize(
    ("word", "named"),
    [
        ("Simply,", "Simply"),
        ("It is just so.", "just"),
        ("Obviously", "Obviously"),
        ("As we\n# all know,", "As we all know"),
        ("Of course", "Of course"),
        ("Clearly:", "Clearly"),
        ("🎉", "🎉"),
        ("✅", "✅"),
    ],
)
def test_filler_words_and_emoji_are_found(tmp_path, word, named):
    lesson = good_lesson.lesson(tmp_path, (OLD, f"{word} the tea house wrote down"))
    (problem,) = fillers(lesson)
    assert f"leave out {named!r}" in problem.what
    assert problem in of_lesson(lesson)


def test_filler_words_are_found_in_what_code_shows(tmp_path):
    lesson = good_lesson.lesson(tmp_path, ('"Most came once."', '"You just forgot the unit."'))
    (problem,) = fillers(lesson)
    assert problem.line == good_lesson.line_of(lesson, tmp_path, "You just forgot")


@pytest.mark.parametrize(
    "word", ["Adjust it; justice.", "A simple rule.", "Unclearly → so", "`just`"]
)
def test_words_that_only_hold_a_filler_pass(tmp_path, word):
    lesson = good_lesson.lesson(tmp_path, (OLD, f"{word} The tea house wrote down"))
    assert not list(fillers(lesson))


def test_a_sentence_of_two_lessons_is_reported_in_both(tmp_path):
    first = good_lesson.lesson(tmp_path)
    second = good_lesson.lesson(tmp_path, name="05_clv/2_again")
    found = list(shared_sentences([first, second]))
    assert {problem.lesson for problem in found} == {first.name, second.name}
    line = good_lesson.line_of(first, tmp_path, "The tea house wrote")
    here, there = [p for p in found if "the tea house wrote down each visit" in p.what]
    assert (here.line, there.line) == (line, line)
    assert f"stands in 05_clv/2_again, line {line}, too" in here.what
    assert f"stands in 05_clv/1_visits, line {line}, too" in there.what


def test_case_breaks_punctuation_and_labels_do_not_hide_a_shared_sentence(tmp_path):
    first = good_lesson.lesson(tmp_path, ("The first column", "A table: the first column"))
    second = good_lesson.lesson(
        tmp_path / "b",
        (
            "**Reading.** The first column falls",
            "**Reading.** a *Table*, the first\n# column falls",
        ),
        name="05_clv/2_again",
    )
    said = {problem.what.split("'")[1] for problem in shared_sentences([first, second])}
    assert "a table the first column falls from left to right without a jump" in said


def test_short_sentences_headings_tables_sources_and_minutes_may_be_shared(tmp_path):
    first = good_lesson.lesson(tmp_path)
    second = good_lesson.lesson(tmp_path, name="05_clv/2_again")
    said = " ".join(problem.what for problem in shared_sentences([first, second]))
    for part in (
        "the owner once in every season",
        "two coins that nobody sees",
        "fader",
        "中文",
        "minutes to read",
    ):
        assert part not in said
    assert not list(shared_sentences([first]))
