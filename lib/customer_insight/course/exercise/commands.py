"""The commands for exercises: `course progress`, `course reset`, `course grade`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from customer_insight.course.commands import calls, show

Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
_TRUSTED = (
    "FOR TRUSTED CODE ONLY: run submissions, score their answers, say where the class is stuck."
)


def add_to(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command(
        **calls(
            "Say which tasks are answered and checked, and what is next.",
            "course progress",
            "course progress 05_clv/3_buy_till_you_die --json",
        )
    )(progress)
    app.command(
        **calls(
            "Give a task back fresh; the old answer is kept beside the notebook.",
            "course reset t2 --exercise 05_clv/3_buy_till_you_die",
        )
    )(reset)
    app.command(
        **calls(
            _TRUSTED,
            "course grade SUBMISSIONS --out grades",
            "course grade SUBMISSIONS --out grades --json",
        )
    )(grade)


def progress(
    exercises: Annotated[
        list[str] | None,
        typer.Argument(metavar="[EXERCISE]...", help="Names or notebooks; nothing means all."),
    ] = None,
    json_: Json = False,
) -> None:
    """Say which tasks are answered and checked, and what is next."""
    from customer_insight.course.exercise import progress as reader
    from customer_insight.course.house import find_house

    found = reader.read_progress(find_house(), exercises or ())
    words = [reader.in_words(one) for one in found] or ["There are no exercises here."]
    show(json_, reader.as_json(found), lambda: typer.echo("\n\n".join(words)))


def reset(
    task: Annotated[str, typer.Argument(metavar="TASK", help="Such as t2.")],
    exercise: Annotated[
        str | None, typer.Option("--exercise", metavar="NAME", help="Its name or its notebook.")
    ] = None,
    json_: Json = False,
) -> None:
    """Give a task back fresh; the old answer is kept beside the notebook."""
    from customer_insight.course.exercise.reset import reset_task
    from customer_insight.course.house import find_house

    done = reset_task(find_house(), task, exercise)
    kept = f" Your old answer is in {done.kept}." if done.kept else " It held no answer."
    row = {"task": task, "notebook": str(done.notebook), "kept": done.kept and str(done.kept)}
    words = f"{task} in {done.notebook} is fresh.{kept} If the notebook is open, load it again."
    show(json_, row, lambda: typer.echo(words))


def grade(  # noqa: PLR0917 - each is an option of the command line
    submissions: Annotated[
        Path, typer.Argument(metavar="SUBMISSIONS", help="A folder with a folder a student.")
    ],
    out: Annotated[Path, typer.Option("--out", help="Where gradebook.db and grades.json go.")],
    exercise: Annotated[
        str | None,
        typer.Option("--exercise", metavar="NAME", help="Which one, if it is not clear."),
    ] = None,
    jobs: Annotated[int, typer.Option("--jobs", help="Submissions at once.")] = 2,
    cell_seconds: Annotated[
        int, typer.Option("--cell-seconds", help="Longest time that a cell may take.")
    ] = 120,
    json_: Json = False,
) -> None:
    """Run submissions that you trust, score their answers, say where the class is stuck."""
    from customer_insight.course import screen
    from customer_insight.course.exercise import class_table
    from customer_insight.course.exercise import grade as grading
    from customer_insight.course.house import find_house
    from customer_insight.course.supervise import Limits

    typer.echo(grading.TRUSTED, err=True)
    with screen.progress("Grading") as report:
        graded = grading.grade_submissions(
            find_house(),
            submissions,
            out,
            exercise=exercise,
            limits=Limits(jobs=jobs, cell_seconds=cell_seconds),
            report=report,
        )
    rows = {
        "trusted": grading.TRUSTED,
        "students": grading.as_json(graded),
        "tasks": class_table.as_json(class_table.by_task(graded)),
    }
    show(json_, rows, lambda: class_table.print_class(graded))
