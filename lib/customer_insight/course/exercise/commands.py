"""The commands for exercises: `course progress`, `reset`, `grade` and `judge`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from customer_insight.course.commands import Json, calls, show

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
    app.command(
        **calls(
            "Enter the points that a person gives to an answer, in the folder of the grades.",
            "course judge grades ann t5 4",
        )
    )(judge)


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
    from customer_insight.course.exercise import by_hand, class_table
    from customer_insight.course.exercise import grade as grading
    from customer_insight.course.exercise.catalogue import places_of
    from customer_insight.course.house import find_house
    from customer_insight.course.supervise import Limits

    house = find_house()
    typer.echo(grading.TRUSTED, err=True)
    with screen.progress("Grading") as report:
        graded = grading.grade_submissions(
            house,
            submissions,
            out,
            exercise=exercise,
            limits=Limits(jobs=jobs, cell_seconds=cell_seconds),
            report=report,
        )
    asked = by_hand.asked_of(graded, out)
    rubric = places_of(house, graded[0].exercise).solution
    rows = {
        "trusted": grading.TRUSTED,
        "students": grading.as_json(graded),
        "tasks": class_table.as_json(class_table.by_task(graded)),
        "rubric": str(rubric),
        "to_judge": by_hand.as_json(asked),
    }
    words = by_hand.in_words(asked, rubric)
    show(json_, rows, lambda: (class_table.print_class(graded), typer.echo(words)))
    raise typer.Exit(0 if all(one.was_graded for one in graded) else 1)


def judge(
    out: Annotated[Path, typer.Argument(metavar="OUT", help="Where `course grade` wrote to.")],
    student: Annotated[str, typer.Argument(metavar="STUDENT", help="As in the class table.")],
    task: Annotated[str, typer.Argument(metavar="TASK", help="Such as t5.")],
    points: Annotated[float, typer.Argument(metavar="POINTS", help="From 0 to what is possible.")],
    exercise: Annotated[
        str | None,
        typer.Option("--exercise", metavar="NAME", help="Which one, if there are several."),
    ] = None,
) -> None:
    """Enter the points that a person gives to an answer, in the folder of the grades."""
    from customer_insight.course.exercise.gradebook import enter_points

    possible = enter_points(out / "gradebook.db", student, task, points, exercise=exercise)
    typer.echo(f"{student}, {task}: {points:g} of {possible} points. Call course grade again.")
