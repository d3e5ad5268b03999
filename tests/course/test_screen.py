import io

import pytest
from rich.console import Console

from customer_insight.course.build import CODE, SAME, Built
from customer_insight.course.results import Failure, LessonRun
from customer_insight.course.screen import print_built, print_runs, progress

FAILED = LessonRun("2_b", 1.25, 0, None, Failure("raised", "E: [red]no[/red]", "Fit", 3, "f(x)"))
FINE = LessonRun("1_a", 61.04, 250_000_000)


@pytest.fixture
def console():
    return Console(file=io.StringIO(), width=80, highlight=False)


def test_runs_are_shown_with_seconds_memory_and_failures(console):
    print_runs([FINE, FAILED], console)
    lines = [line.rstrip() for line in console.file.getvalue().splitlines()]
    assert lines[0].split() == ["Lesson", "Ended", "Seconds", "Peak", "MB"]
    assert lines[1].split() == ["1_a", "ran", "61.0", "250"]
    assert lines[2].split() == ["2_b", "raised", "1.2", "-"]
    assert lines[4:] == ["2_b, section 'Fit', code cell 3 (f(x)), raised:", "  E: [red]no[/red]"]


@pytest.mark.parametrize(
    ("names", "words"), [(["1_a"], "copy: {0}/1_a.ipynb"), (["1_a", "2_b"], "copies: {0}")]
)
def test_where_the_executed_copies_lie_is_said_on_one_line(console, tmp_path, names, words):
    folder = tmp_path / ("long" * 30)
    runs = [LessonRun(name, 1.0, 0, folder / f"{name}.ipynb") for name in names]
    print_runs(runs, console)
    assert console.file.getvalue().splitlines()[-1] == f"Executed {words.format(folder)}"


def test_what_was_built_is_shown_in_words(console, tmp_path):
    path = tmp_path / "a.ipynb"
    print_built([Built("1_a", path, SAME), Built("2_b", path, CODE, FAILED)], console)
    lines = [line.rstrip() for line in console.file.getvalue().splitlines()]
    assert lines[1].split(maxsplit=1) == ["1_a", "as its text"]
    assert lines[2].split(maxsplit=1) == ["2_b", "not written"]
    assert "raised" in lines[4]


def test_progress_without_a_terminal_is_a_line_a_lesson_on_standard_error(capsys):
    with progress("Running") as report:
        report(FINE)
        report(FAILED)
    seen = capsys.readouterr()
    assert seen.out == ""
    assert seen.err == "1_a: ran in 61.0 s\n2_b: raised in 1.2 s\n"
