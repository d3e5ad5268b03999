"""The `course` command: a few lines a command; the work is done in the rooms below."""

from __future__ import annotations

import signal
from typing import Annotated, Any

import typer

from customer_insight.course.commands import PAIRS, Group, PairCommand, calls, pairs, show
from customer_insight.course.exercise import commands as exercise_commands

CALLS = """\b
  course run                                        run every lesson
  course run 05_clv/3_buy_till_you_die              run one lesson
  course run 05_clv -p horizon_weeks 26 --jobs 1    with another setting
  course build                                      bring notebooks up to their texts
  course build --check                              say which differ
  course progress                                   say which tasks are answered
  course reset t2 --exercise 3_buy_till_you_die     give a task back fresh
  course grade SUBMISSIONS --out grades             score submissions: trusted code only
  course book                                       make the book from the last run
  course all                                        run all, then make the book
  course coverage                                   say which topics run
  course writing                                    say what lessons lack
  course data list                                  list the data sets
  course data fetch hillstrom_email                 get one from its publisher

Build, run and read the course on knowing one's customers. Results go to standard output, progress
to standard error. Exit codes: 0 fine, 1 the data or a check failed, 2 wrong usage, 3 our fault, 130
stopped with Ctrl-C.
"""


app = typer.Typer(
    name="course",
    cls=Group,
    help=CALLS,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
data = typer.Typer(help="List, get and describe the data sets.", no_args_is_help=True)
app.add_typer(data, name="data")
exercise_commands.add_to(app)

Lessons = Annotated[
    list[str] | None,
    typer.Argument(metavar="[LESSON]...", help="Lessons, chapters or paths; nothing means all."),
]
Jobs = Annotated[
    int | None, typer.Option("--jobs", help="Lessons at once; default: one for each processor.")
]
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
Seconds = Annotated[int, typer.Option("--cell-seconds", help="Longest time that a cell may take.")]


@app.callback()
def course(
    debug: Annotated[
        bool, typer.Option("--debug", help="Show where an error came from, with its values.")
    ] = False,
) -> None:
    """Take the options that every command has."""


@app.command(
    **calls(
        "Bring the notebooks up to their texts; run those whose code changed.",
        "course build",
        "course build 05_clv/3_buy_till_you_die --force",
        "course build --check",
    )
)
def build(
    lessons: Lessons = None,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; say which notebooks differ.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Run lessons whose text did not change, too.")
    ] = False,
    jobs: Jobs = None,
    json_: Json = False,
) -> None:
    """Bring the notebooks up to their texts; run those whose code changed."""
    from customer_insight.course import build as builder
    from customer_insight.course import screen
    from customer_insight.course.exercise import build as exercises
    from customer_insight.course.exercise.catalogue import exercises_of
    from customer_insight.course.exercise.screen import print_built
    from customer_insight.course.house import find_house

    house = find_house()
    if check:
        differing = builder.differences(house, lessons or ())
        differing += exercises.differences_of(house, lessons or ())
        show(json_, differing, lambda: typer.echo("\n".join(differing or ["All are alike."])))
        raise typer.Exit(1 if differing else 0)
    with screen.progress("Building") as report:
        built = builder.build_lessons(
            house, lessons or (), force=force, limits=_limits(jobs), report=report
        )
        names = exercises_of(house, lessons or ())
        done = exercises.build_exercises(house, names, force=force, report=report) if names else []
    rows = builder.as_json(built) + exercises.as_json(done)
    show(json_, rows, lambda: (screen.print_built(built), print_built(done)))
    raise typer.Exit(0 if all(one.fine for one in [*built, *done]) else 1)


@app.command(
    cls=PairCommand,
    **calls(
        "Run lessons, each in a process of its own; keep the executed copies for the book.",
        "course run",
        "course run 05_clv/3_buy_till_you_die -p horizon_weeks 26",
        "course run 05_clv --jobs 1 --json",
    ),
)
def run(
    lessons: Lessons = None,
    parameter: Annotated[
        list[str] | None,
        typer.Option(*PAIRS, metavar="NAME VALUE", help="A setting of the lessons; repeatable."),
    ] = None,
    jobs: Jobs = None,
    cell_seconds: Seconds = 120,
    json_: Json = False,
) -> None:
    """Run lessons, each in a process of its own; keep the executed copies for the book."""
    from customer_insight.course import results, screen
    from customer_insight.course.house import find_house
    from customer_insight.course.run import run_lessons

    with screen.progress("Running") as report:
        runs = run_lessons(
            find_house(),
            lessons or (),
            settings=pairs(parameter or []),
            limits=_limits(jobs, cell_seconds),
            report=report,
        )
    show(json_, results.as_json(runs), lambda: screen.print_runs(runs))
    raise typer.Exit(0 if all(one.ran for one in runs) else 1)


@app.command(**calls("Make the book from the lessons as last run; print its path.", "course book"))
def book() -> None:
    """Make the book from the lessons as last run; print its path."""
    from customer_insight.course.book import build as build_book
    from customer_insight.course.house import find_house

    typer.echo(build_book(find_house()))


@app.command(
    name="all",
    **calls(
        "Run every lesson and make the book; its path is the last line.",
        "course all",
        "course all --jobs 1",
    ),
)
def all_(jobs: Jobs = None) -> None:
    """Run every lesson and make the book; its path is the last line."""
    from customer_insight.course import screen
    from customer_insight.course.book import build as build_book
    from customer_insight.course.house import find_house
    from customer_insight.course.run import run_lessons

    house = find_house()
    with screen.progress("Running") as report:
        runs = run_lessons(house, limits=_limits(jobs), report=report)
    screen.print_runs(runs)
    typer.echo(build_book(house))
    raise typer.Exit(0 if all(one.ran for one in runs) else 1)


@app.command(
    **calls(
        "Say which topics of the curriculum run in which lesson.",
        "course coverage",
        "course coverage --update",
        "course coverage --json",
    )
)
def coverage(
    update: Annotated[
        bool, typer.Option("--update", help="Take the topics that run by now off the list.")
    ] = False,
    json_: Json = False,
) -> None:
    """Say which topics of the curriculum run in which lesson."""
    from customer_insight.course.coverage import report
    from customer_insight.course.house import find_house

    found = report(find_house(), update=update)
    show(json_, found.coverage.rows(), lambda: typer.echo(found))
    raise typer.Exit(1 if found.problems else 0)


@app.command(
    **calls(
        "Say in which lesson, section and line the writing lacks something, and what.",
        "course writing",
        "course writing 05_clv/3_buy_till_you_die",
        "course writing 05_clv --json",
    )
)
def writing(lessons: Lessons = None, json_: Json = False) -> None:
    """Say in which lesson, section and line the writing lacks something, and what."""
    from customer_insight.course import writing as gate
    from customer_insight.course.house import find_house

    problems = gate.check(find_house(), lessons or ())
    lines = [str(problem) for problem in problems] or ["Nothing is missing."]
    show(json_, gate.as_json(problems), lambda: typer.echo("\n".join(lines)))
    raise typer.Exit(1 if problems else 0)


@data.command(
    name="list",
    **calls("List the data sets and say which are there.", "course data list --json"),
)
def list_(json_: Json = False) -> None:
    """List the data sets and say which are there."""
    from dataclasses import asdict

    from customer_insight.course import screen
    from customer_insight.data.overview import overview

    found = overview()
    show(json_, [asdict(one) for one in found], lambda: screen.print_data_sets(found))


@data.command(
    **calls(
        "Get a data set from its publisher, or from a file placed by hand, and check it.",
        "course data fetch online_retail_2010_2011",
        "course data fetch online_retail_2010_2011 --from 'Online Retail.xlsx'",
    )
)
def fetch(
    name: Annotated[str, typer.Argument(metavar="NAME", help="As in `course data list`.")],
    source: Annotated[
        str | None, typer.Option("--from", metavar="FILE", help="A file or another address.")
    ] = None,
    json_: Json = False,
) -> None:
    """Get a data set from its publisher, or from a file placed by hand, and check it."""
    from dataclasses import asdict

    from customer_insight.data import fetch as fetch_data_set

    got = fetch_data_set(name, source=source)
    row = asdict(got) | {"path": str(got.path)}
    show(json_, row, lambda: typer.echo(f"{got.name}: {got.rows:,} rows in {got.path}"))


@data.command(
    **calls(
        "Write datasets/README.md from the catalogue.",
        "course data cards",
        "course data cards --check",
    )
)
def cards(
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; say whether the page is stale.")
    ] = False,
) -> None:
    """Write datasets/README.md from the catalogue."""
    from customer_insight.data import cards as pages
    from customer_insight.data.catalog import catalog

    page = pages.CARDS_FILE
    if not check:
        pages.write_cards()
    elif not page.is_file() or page.read_text(encoding="utf-8") != pages.render_cards(catalog()):
        typer.echo(f"{page} differs from the catalogue. Mend it with: course data cards")
        raise typer.Exit(1)
    typer.echo(page)


def main() -> None:
    """Run the command line; being told to end is the same as being interrupted."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    app(prog_name="course")


def _limits(jobs: int | None, cell_seconds: int = 120) -> Any:
    from customer_insight.course.supervise import Limits, processors

    return Limits(jobs=processors() if jobs is None else jobs, cell_seconds=cell_seconds)
