"""The `course` command: a few lines a command; the work is done in the rooms below."""

from __future__ import annotations

import shlex
import signal
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from customer_insight.course import data_commands, intake_command
from customer_insight.course.commands import PAIRS, Group, Json, PairCommand, calls, pairs, show
from customer_insight.course.exercise import commands as exercise_commands
from customer_insight.workbook import command as report_command

CALLS = """\b
  course run                                        run every lesson
  course run 05_clv/3_buy_till_you_die              run one lesson
  course run 05_clv/3_buy_till_you_die -p horizon_weeks 26  with another setting
  course build                                      bring notebooks up to their texts
  course build solutions/05_clv                     the chapter's exercises alone
  course build --check                              say which differ
  course progress                                   say which tasks are answered
  course reset t2 --exercise 3_buy_till_you_die     give a task back fresh
  course handout STUDENTS                           a copy for students, without solutions
  course grade SUBMISSIONS --out grades             score submissions: trusted code only
  course judge grades ann t5 4                      enter the points of a written answer
  course book                                       make the book from the last run
  course all                                        run all, then make the book
  course export 05_clv/3_buy_till_you_die           write a lesson as one page of HTML
  course coverage                                   say which topics run
  course writing                                    say what lessons lack
  course company build --customers 100000 --out big  draw a company of another size
  course data list                                  list the data sets
  course data fetch hillstrom_email                 get one from its publisher
  course intake orders.csv --out orders.parquet     read a file of your own, or say why not
  course report orders.csv --currency CNY           a report on its customers

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
exercise_commands.add_to(app)
data_commands.add_to(app)
intake_command.add_to(app)
report_command.add_to(app)
company = typer.Typer(help="Draw the simulated company.", no_args_is_help=True)
app.add_typer(company, name="company")

Lessons = Annotated[
    list[str] | None,
    typer.Argument(metavar="[LESSON]...", help="Lessons, chapters or paths; nothing means all."),
]
Jobs = Annotated[
    int | None, typer.Option("--jobs", help="Lessons at once; default: one for each processor.")
]
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
        "Bring the notebooks of lessons and exercises up to their texts; run those whose code "
        "changed.",
        "course build",
        "course build 05_clv/3_buy_till_you_die --force",
        "course build solutions/05_clv/3_buy_till_you_die.py",
        "course build --check",
    )
)
def build(
    lessons: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[NAME]...",
            help="Lessons and exercises by name, chapter or path (notebooks/, solutions/, "
            "exercises/); nothing means all.",
        ),
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; say which notebooks differ.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Run those whose text did not change, too.")
    ] = False,
    jobs: Jobs = None,
    json_: Json = False,
) -> None:
    """Bring the notebooks of lessons and exercises up to their texts."""
    from customer_insight.course import build as builder
    from customer_insight.course import screen
    from customer_insight.course.exercise import build as exercises
    from customer_insight.course.house import find_house

    house = find_house()
    if check:
        differing = exercises.differences_of_both(house, lessons or ())
        show(json_, differing, lambda: typer.echo("\n".join(differing or ["All are alike."])))
        raise typer.Exit(1 if differing else 0)
    with screen.progress("Building") as report:
        built, done = exercises.build_both(
            house, lessons or (), force=force, limits=_limits(jobs), report=report
        )
    rows = builder.as_json(built) + exercises.as_json(done)
    show(json_, rows, lambda: _print_built(built, done))
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

    limits = _limits(jobs, cell_seconds)
    runs = _run(find_house(), lessons or (), limits, settings=pairs(parameter or []))
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

    house = find_house()
    runs = _run(house, (), _limits(jobs))
    screen.print_runs(runs)
    typer.echo(build_book(house))
    raise typer.Exit(0 if all(one.ran for one in runs) else 1)


@app.command(
    **calls(
        "Write a lesson with its outputs as one page of HTML that needs nothing else.",
        "course export 05_clv/3_buy_till_you_die",
        "course export 05_clv/3_buy_till_you_die --out page.html --theme dark",
    )
)
def export(
    lesson: Annotated[str, typer.Argument(metavar="LESSON", help="Its name or its path.")],
    out: Annotated[
        Path | None, typer.Option("--out", help="Where to; default: build/pages.")
    ] = None,
    theme: Annotated[str, typer.Option("--theme", help="Colours: light or dark.")] = "light",
) -> None:
    """Write a lesson with its outputs as one page of HTML that needs nothing else."""
    from customer_insight.course.export import export_lesson
    from customer_insight.course.house import find_house

    typer.echo(export_lesson(find_house(), lesson, out, theme=theme))


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


@company.command(
    name="build",
    **calls(
        "Draw the simulated company and write its tables and its truth.",
        "course company build",
        "course company build --customers 100000 --seed 7 --out my_company",
    ),
)
def build_company(
    customers: Annotated[
        int, typer.Option("--customers", help="People; an organisation comes on every 25 of them.")
    ] = 6_000,
    seed: Annotated[
        int, typer.Option("--seed", help="Another seed is another company.")
    ] = 20_220_101,
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder; default: datasets/company.")
    ] = None,
    business_only: Annotated[
        bool,
        typer.Option("--business-only", help="Orders and all they rest on; no texts, service ..."),
    ] = False,
    json_: Json = False,
) -> None:
    """Draw the simulated company and write its tables and its truth."""
    from customer_insight.company.build import build_company as draw
    from customer_insight.course import screen
    from customer_insight.data.catalog import COMPANY_FOLDER

    with screen.counting("Drawing") as report:
        built = draw(
            out or COMPANY_FOLDER,
            people=customers,
            seed=seed,
            business_only=business_only,
            report=report,
        )
    rows = [{"table": name, **facts} for name, facts in built.tables.items()]
    lines = [f"{row['table']}: {row['rows']:,} rows" for row in rows]
    words = [*lines, str(built.folder), *_how_to_load(built.folder)]
    show(json_, rows, lambda: typer.echo("\n".join(words)))


def main() -> None:
    """Run the command line; being told to end is the same as being interrupted."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    app(prog_name="course")


def _run(house: Any, lessons: Sequence[str], limits: Any, **options: Any) -> list[Any]:
    """Run lessons with progress on standard error."""
    from customer_insight.course import screen
    from customer_insight.course.run import run_lessons

    with screen.progress("Running") as report:
        return run_lessons(house, lessons, limits=limits, report=report, **options)


def _print_built(lessons: Sequence[Any], exercises: Sequence[Any]) -> None:
    """Print what became of lessons and exercises; of neither kind an empty table."""
    from customer_insight.course import screen
    from customer_insight.course.exercise.screen import print_built

    if lessons:
        screen.print_built(lessons)
    print_built(exercises)


def _how_to_load(folder: Path) -> list[str]:
    """Say how a company that was drawn is loaded; the shipped one needs no words."""
    from customer_insight.data.catalog import COMPANY_FOLDER, COMPANY_VARIABLE

    if folder.resolve() == COMPANY_FOLDER.resolve():
        return []
    setting = f"{COMPANY_VARIABLE}={shlex.quote(str(folder.resolve()))}"
    return [
        'To load it (`data.load("company_orders")`), set the variable for what shall run:',
        f"  {setting} .venv/bin/course run",
        f"  {setting} .venv/bin/python",
    ]


def _limits(jobs: int | None, cell_seconds: int = 120) -> Any:
    from customer_insight.course.supervise import Limits, processors

    return Limits(jobs=processors() if jobs is None else jobs, cell_seconds=cell_seconds)


if __name__ == "__main__":
    main()
