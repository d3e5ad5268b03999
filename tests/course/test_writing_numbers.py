import pytest

from customer_insight.course.writing import of_lesson
from customer_insight.course.writing_numbers import numbers, typed_numbers

from . import good_lesson

OLD = "The tea house wrote down each visit"


@pytest.mark.parametrize(
    ("typed", "named", "cell"),
    [
        ("1,411 customers came once, and it wrote", "1,411", 4),
        ("About 8 % of them left, and it wrote", "8 %", 10),
        ("About 8.3 per cent of them left, and it wrote", "8.3 per cent", 10),
        ("Losing -8% of them hurts, and it wrote", "-8%", 10),
        ("It is 946 who came again, and it wrote", "946", 4),
        ("They paid $1,411 for it, and it wrote", "$1,411", 4),
        ("The total of 9,877 (as weeks) is wrong. It wrote", "9,877", 13),
    ],
)
def test_a_typed_number_is_found_with_the_cell_that_could_say_it(tmp_path, typed, named, cell):
    lesson = good_lesson.lesson(tmp_path, (OLD, f"{typed} down each visit"))
    (problem,) = typed_numbers(lesson)
    assert problem.what.startswith(f"{named!r} is typed, and cell {cell} computes it")
    assert "show.say" in problem.what
    assert problem.section == "The visits"
    assert problem in of_lesson(lesson)


@pytest.mark.parametrize(
    "typed",
    [
        "Two coins and 3 teas are not 9-fold",
        "On 1997-09-30 and in 1,41 it",
        "The authors published 1,411 customers, and it",
        "The package prints 8 % here, and it",
        "In formulas $n = 1,411$ and code `946` it",
        "A 30 % margin, or 0.30, is a setting, and it",
        "An 8 % confidence level is never used, and it",
        "It had 7,777 cups in 39 weeks, and it",
        "Version 8.3.1 of 1996/97 and it",
    ],
)
def test_what_may_be_typed_passes(tmp_path, typed):
    lesson = good_lesson.lesson(tmp_path, (OLD, f"{typed} wrote down each visit"))
    assert not list(typed_numbers(lesson))


def test_the_line_is_that_of_the_number(tmp_path):
    lesson = good_lesson.lesson(
        tmp_path, ("and shows how many customers came once", "and shows how 1,411 came once")
    )
    (problem,) = typed_numbers(lesson)
    assert problem.line == good_lesson.line_of(lesson, tmp_path, "how 1,411 came once")


def test_a_number_in_a_table_typed_by_hand_is_found(tmp_path):
    table = "# | visits | customers |\n# |---|---|\n# | once | 1,411 |\n#\n"
    lesson = good_lesson.lesson(tmp_path, ("# " + OLD, table + "# " + OLD))
    (problem,) = typed_numbers(lesson)
    assert problem.line == good_lesson.line_of(lesson, tmp_path, "| once | 1,411 |")


def test_years_dates_versions_and_round_numbers_are_not_suspect():
    text = "In 1997, 1000 of 2357 (8 %), 12.5 on 2024-02-29, 0.11.3, 3/4, 275–284, 10:30, $5, 100"
    found = {number.written: number.suspect for number in numbers(text)}
    suspects = {"2357", "8 %", "12.5", "$5"}
    assert {written for written, suspect in found.items() if suspect} == suspects
    assert set(found) == suspects | {"1997", "1000", "100"}


def test_short_decimals_are_compared_exactly(tmp_path):
    outputs = {"show.say(": good_lesson.shown("0.2426 and 0.91")}
    lesson = good_lesson.lesson(
        tmp_path, (OLD, "Of 0.2, 0.24, 0.243 and 0.91 it wrote down each visit"), outputs=outputs
    )
    found = [problem.what.split("'")[1] for problem in typed_numbers(lesson)]
    assert found == ["0.243", "0.91"]


@pytest.mark.parametrize(
    ("old", "new", "count"),
    [
        ('title="Most came once"', 'title="1,411 came once"', 1),
        ("customers ({0.083:.1%}) came once", "of 946 customers ({0.083:.1%}) came once", 1),
        ('"Who comes back?"', '"Do 1,411 come back?"', 0),
    ],
)
def test_a_number_typed_into_a_title_or_a_sentence_that_is_shown_is_found(
    tmp_path, old, new, count
):
    lesson = good_lesson.lesson(tmp_path, (old, new))
    lines = [problem.line for problem in typed_numbers(lesson)]
    assert lines == [good_lesson.line_of(lesson, tmp_path, new)] * count
