"""The commands for exercises: `course progress`, `reset`, `handout`, `grade` and `judge`."""

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
            "Write a copy of the course for students: no solutions, tests or history, and checked.",
            "course handout STUDENTS",
            "course handout STUDENTS 05_clv/3_buy_till_you_die",
        )
    )(handout)
    app.command(
        **calls(
            _TRUSTED,
            "course grade SUBMISSIONS --out grades",
            "course grade SUBMISSIONS --out grades --json",
        )
    )(grade)
    app.command(
        **calls(
            "Enter the points that a person gives to an answer, or take them back.",
            "course judge grades ann t5 4",
            "course judge grades ann t5 --withdraw",
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


def handout(
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="A new folder, outside of here.")
    ],
    exercises: Annotated[
        list[str] | None,
        typer.Argument(metavar="[EXERCISE]...", help="Names or chapters; nothing means all."),
    ] = None,
    json_: Json = False,
) -> None:
    """Write a copy of the course for students: no solutions, tests or history, and checked."""
    from customer_insight.course.exercise.handout import hand_out
    from customer_insight.course.house import find_house

    made = hand_out(find_house(), folder, exercises or ())
    row = {"folder": str(made.folder), "exercises": made.exercises, "files": made.files}
    words = (
        f"{made.files} files and {len(made.exercises)} exercises ({', '.join(made.exercises)}), in "
        f"which no solution and no answer was found:\n{made.folder}"
    )
    show(json_, row, lambda: typer.echo(words))


def grade(  # noqa: PLR0917 - each is an option of the command line
    submissions: Annotated[
        Path, typer.Argument(metavar="SUBMISSIONS", help="A folder with a folder a student.")
    ],
    out: Annotated[
        Path, typer.Option("--out", help="For gradebook.db, grades.json and to_read.md.")
    ],
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
    from customer_insight.course.exercise import by_hand, class_table, to_read
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
    rubric, page = places_of(house, graded[0].exercise).solution, out / to_read.FILE
    rows = {
        "trusted": grading.TRUSTED,
        "students": grading.as_json(graded),
        "tasks": class_table.as_json(class_table.by_task(graded)),
        "rubric": str(rubric),
        "to_read": str(page),
        "to_judge": by_hand.as_json(asked),
    }
    words = by_hand.in_words(asked, page, rubric)
    show(json_, rows, lambda: (class_table.print_class(graded), typer.echo(words)))
    raise typer.Exit(0 if all(one.was_graded for one in graded) else 1)


def judge(  # noqa: PLR0917 - each is an option of the command line
    out: Annotated[Path, typer.Argument(metavar="OUT", help="Where `course grade` wrote to.")],
    student: Annotated[str, typer.Argument(metavar="STUDENT", help="As in the class table.")],
    task: Annotated[str, typer.Argument(metavar="TASK", help="Such as t5.")],
    points: Annotated[
        float | None,
        typer.Argument(metavar="[POINTS]", help="From 0 to what is possible."),
    ] = None,
    exercise: Annotated[
        str | None,
        typer.Option("--exercise", metavar="NAME", help="Which one, if there are several."),
    ] = None,
    even_if_empty: Annotated[
        bool, typer.Option("--even-if-empty", help="Enter points where nothing was answered.")
    ] = False,
    withdraw: Annotated[
        bool, typer.Option("--withdraw", help="Take back the points entered before.")
    ] = False,
) -> None:
    """Enter the points that a person gives to an answer, or take them back."""
    from customer_insight.course.exercise import judge as judging

    if withdraw == (points is not None):
        raise typer.BadParameter("Give either POINTS or --withdraw.")
    if withdraw:
        judging.withdraw(out, student, task, exercise=exercise)
        typer.echo(f"{student}, {task}: points by hand are taken back. Call course grade again.")
        return
    possible = judging.enter(
        out, student, task, points, exercise=exercise, even_if_empty=even_if_empty
    )
    typer.echo(f"{student}, {task}: {points:g} of {possible} points. Call course grade again.")
