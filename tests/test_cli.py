import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from customer_insight import cli
from customer_insight.course.build import build_lessons
from customer_insight.course.exercise.build import BuiltExercise
from customer_insight.course.exercise.catalogue import lessons_and_exercises
from customer_insight.course.house import choose_lessons, find_house
from customer_insight.course.notebook import read_text
from customer_insight.course.parameters import defaults
from customer_insight.data import load
from customer_insight.data.catalog import COMPANY_FOLDER, catalog

from .course import lessons

ROOT = typer.main.get_command(cli.app)


def commands(group=ROOT, above=("course",)):
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, (*above, name))
        else:
            yield (*above, name), command


def help_of(*words):
    done = CliRunner().invoke(cli.app, [*words, "--help"])
    assert done.exit_code == 0
    return done.output


def examples(text):
    """Return the calls in a help text, without what is said about them."""
    found = re.findall(r"^    (course .*)$", text, flags=re.MULTILINE)
    return [re.split(r"\s{2,}", call)[0] for call in found]


EVERY = {
    call: (words, command)
    for words, command in commands()
    for call in examples(help_of(*words[1:])) + [c for c in examples(help_of()) if words[1] in c]
}


@pytest.fixture
def course(tmp_path, monkeypatch):
    """Make the command line work on a course in a temporary folder."""

    def make(**texts):
        house = lessons.house_with(tmp_path, **texts)
        monkeypatch.setattr("customer_insight.course.house.find_house", lambda: house)
        return house

    return make


def call(*words):
    done = CliRunner().invoke(cli.app, list(words))
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done


@pytest.mark.parametrize(("words", "command"), list(commands()), ids=str)
def test_every_command_has_an_example_and_says_what_it_does_and_takes(words, command):
    text = help_of(*words[1:])
    lines = [line for line in text.splitlines() if line.strip()]
    assert lines[0].startswith(f"Usage: {' '.join(words)}")
    assert lines[1].startswith(f"    {' '.join(words)}"), "help opens with a real call"
    assert command.short_help.endswith(".")
    for parameter in command.params:
        assert parameter.help, f"{words} does not say what {parameter.name} is"
        assert len(parameter.help) > 10


def test_the_help_opens_with_real_calls_and_names_the_exit_codes():
    text = help_of()
    assert text.splitlines()[2] == "    course run" + " " * 40 + "run every lesson"
    flat = " ".join(text.split())
    assert "0 fine, 1 the data or a check failed, 2 wrong usage, 3 our fault" in flat
    named = {tuple(shlex.split(one)[1:2]) for one in examples(text)}
    assert named == {words[1:2] for words, _ in commands()}


@pytest.mark.parametrize("example", sorted(EVERY))
def test_every_example_in_the_help_is_understood(example):
    group, context, words = ROOT, None, shlex.split(example)
    assert words.pop(0) == "course"
    while hasattr(group, "commands"):
        context = group.make_context(group.name or "course", words, parent=context)
        name, group, words = group.resolve_command(
            context, [*context._protected_args, *context.args]
        )
    parsed = group.make_context(name, words, parent=context).params
    house = find_house()
    if name == "build" and "lessons" in parsed:
        lessons_and_exercises(house, parsed["lessons"] or ())
    texts = choose_lessons(house, parsed.get("lessons") or ()) if name != "build" else []
    for pair in parsed.get("parameter") or ():
        assert all(pair.split("=")[0] in defaults(read_text(text)) for text in texts)
    if name == "fetch":
        assert parsed["name"] in catalog()


def test_help_comes_in_a_moment_because_nothing_heavy_is_imported():
    code = "import sys; from customer_insight import cli; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    heavy = {"pandas", "numpy", "papermill", "nbformat", "jupytext", "scipy", "polars", "duckdb"}
    assert not heavy & set(done.stdout.split())


def test_a_run_prints_a_table_and_progress_goes_to_standard_error(course):
    house = course(**{"1_a": lessons.lesson("print(1)"), "2_b": lessons.lesson("1 / 0")})
    lessons.unrun(house)
    done = call("run")
    assert done.exit_code == 1
    assert re.search(r"^1_a +ran +\d+\.\d +\d+ *$", done.stdout, flags=re.MULTILINE)
    assert re.search(r"^2_b +raised +\d+\.\d +\d+ *$", done.stdout, flags=re.MULTILINE)
    assert "2_b, section 'Section 1', code cell 1 (1 / 0), raised:" in done.stdout
    assert "  ZeroDivisionError: division by zero" in done.stdout
    assert re.search(r"1_a: ran in \d+\.\d s", done.stderr)
    assert " in " not in done.stdout


def test_a_run_as_json_is_json_alone(course):
    lessons.unrun(course(**{"1_a": lessons.lesson("1 / 0")}))
    done = call("run", "1_a", "--json", "--jobs", "1")
    (row,) = json.loads(done.stdout)
    assert done.exit_code == 1
    assert (row["lesson"], row["ran"], row["failure"]["kind"]) == ("1_a", False, "raised")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["run", "nosuch"], "No lesson is called 'nosuch'"),
        (["run", "-p", "weeks", "1"], "Lesson 1_a has no settings"),
        (["run", "-p", "weeks"], "has no value"),
        (["run", "--jobs", "0"], "jobs must be 1 or more"),
        (["run", "--jobs", "many"], "Invalid value for '--jobs'"),
        (["build", "nosuch"], "No lesson or exercise is called 'nosuch'"),
        (["nosuch"], "No such command"),
        (["run", "--nosuch"], "No such option"),
    ],
)
def test_wrong_usage_ends_with_2_and_says_what_is_wrong(course, words, said):
    lessons.unrun(course(**{"1_a": lessons.lesson("1")}))
    done = call(*words)
    assert done.exit_code == 2
    assert said in " ".join(done.stderr.split())
    assert done.stdout == ""


def test_build_check_names_what_differs_and_a_build_mends_it(course):
    house = course(**{"1_a": lessons.lesson("print(1)")})
    done = call("build", "--check")
    assert (done.exit_code, done.stdout) == (
        1,
        "1_a: notebook is not built yet from its text. Mend it with: course build 1_a\n",
    )
    done = call("build", "1_a")
    assert done.exit_code == 0
    assert re.search(r"^1_a +run and written *$", done.stdout, flags=re.MULTILINE)
    assert call("build", "--check").stdout == "All are alike.\n"
    assert json.loads(call("build", "--json").stdout)[0]["change"] == "same"
    assert json.loads(call("build", "--check", "--json").stdout) == []
    lessons.write_lesson(house, "1_a", lessons.lesson("1 / 0"))
    done = call("build")
    assert done.exit_code == 1
    assert "1_a" in done.stdout
    assert "not written" in done.stdout


def test_all_ends_with_the_books_path(course, monkeypatch):
    house = course(**{"1_a": lessons.lesson("print(1)")})
    build_lessons(house)
    made = []

    def build_book(where):
        made.extend(path.name for path in where.executed.rglob("*.ipynb"))
        return where.book / "index.html"

    monkeypatch.setattr("customer_insight.course.book.build", build_book)
    done = call("all", "--jobs", "1")
    assert done.exit_code == 0
    assert done.stdout.splitlines()[-1] == str(house.book / "index.html")
    assert made == ["1_a.ipynb"]
    assert call("book").stdout == f"{house.book / 'index.html'}\n"


def test_all_fails_when_a_lesson_does(course, monkeypatch):
    lessons.unrun(course(**{"1_a": lessons.lesson("1 / 0"), "2_b": lessons.lesson("1")}))
    monkeypatch.setattr("customer_insight.course.book.build", lambda _: Path("index.html"))
    done = call("all")
    assert done.exit_code == 1
    assert done.stdout.splitlines()[-1] == "index.html"


def test_our_fault_ends_with_3_and_shows_no_value_unless_asked(course, monkeypatch, tmp_path):
    course(**{"1_a": lessons.lesson("1")})

    def fail(*_, **__):
        raise KeyError("customer 4711")

    monkeypatch.setattr("customer_insight.course.run.run_lessons", fail)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    done = call("run")
    assert done.exit_code == 3
    assert "KeyError" in done.stderr
    assert "4711" not in done.stdout + done.stderr
    (report,) = tmp_path.glob("course-error-*.txt")
    assert str(report) in done.stderr
    assert "customer 4711" in report.read_text()
    assert report.stat().st_mode & 0o077 == 0
    shown = CliRunner().invoke(cli.app, ["--debug", "run"])
    assert isinstance(shown.exception, KeyError)


def test_ctrl_c_ends_with_130_and_a_sentence(course, monkeypatch):
    course(**{"1_a": lessons.lesson("1")})

    def stop(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("customer_insight.course.run.run_lessons", stop)
    done = call("run")
    assert done.exit_code == 130
    assert done.stderr == "Stopped. Nothing half-written was left behind.\n"


def test_coverage_names_where_each_topic_runs_and_counts():
    done = call("coverage")
    *places, count = done.stdout.splitlines()
    assert re.fullmatch(r"(\d+) of 140 topics run in their lesson\.", count)
    assert any(re.match(r"C1\.2f .*05_clv/3_buy_till_you_die, section ", line) for line in places)
    assert len(json.loads(call("coverage", "--json").stdout)) == 140


def test_the_installed_command_works_from_anywhere(tmp_path):
    command = Path(sys.executable).with_name("course")
    done = subprocess.run(
        [command, "build", "--check", "nosuch"],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env=os.environ | {"COLUMNS": "80"},
    )
    assert done.returncode == 2
    assert done.stderr.startswith("No lesson or exercise is called 'nosuch'")


def test_the_module_runs_as_a_program():
    done = subprocess.run(
        [sys.executable, "-m", "customer_insight.cli", "--help"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith("Usage: course")


def test_a_lesson_is_exported_and_its_page_named(course):
    house = lessons.unrun(course(**{"1_a": lessons.lesson("1")}))
    done = call("export", "1_a")
    assert (done.exit_code, done.stdout) == (0, f"{house.build / 'pages' / '1_a.html'}\n")
    assert call("export", "nosuch").exit_code == 2
    done = call("export", "1_a", "--theme", "blue")
    assert done.exit_code == 1
    assert "one of light, dark; it is 'blue'" in done.stderr


def test_a_company_that_was_drawn_ends_with_how_to_load_it(tmp_path, monkeypatch):
    folder = tmp_path / "my company"
    done = call("company", "build", "--customers", "60", "--seed", "7", "--out", str(folder))
    assert done.exit_code == 0
    setting, *_ = re.findall(r"^  (CUSTOMER_INSIGHT_COMPANY=.*) \.venv/bin/course run$",
                             done.stdout, flags=re.MULTILINE)  # fmt: skip
    monkeypatch.setenv(*shlex.split(setting)[0].split("=", 1))
    (drawn,) = re.findall(r"^orders: ([\d,]+) rows$", done.stdout, flags=re.MULTILINE)
    assert f"{len(load('company_orders')):,}" == drawn


def test_the_shipped_company_needs_no_words_on_how_to_load_it():
    assert cli._how_to_load(COMPANY_FOLDER) == []


def test_a_table_of_lessons_is_not_printed_where_none_was_built(capsys):
    cli._print_built([], [BuiltExercise("1_small", "same")])
    shown = capsys.readouterr().out
    assert shown.startswith("Exercise")
    assert "Lesson" not in shown
