"""The command for the analyst: `course report`."""

from __future__ import annotations

import datetime as dt
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from customer_insight.course.commands import Json, calls, show

if TYPE_CHECKING:
    from customer_insight.data.intake import IntakeError


def add_to(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command(
        **calls(
            "Read a file of orders and write a report on its customers: page, workbook, tables, "
            "notebook.",
            "course report orders.csv",
            "course report orders.csv --currency CNY --as-of 2024-12-31 --out may",
            "course report june.xlsx --mapping orders.yml --compare may --out june",
        )
    )(report)


def report(  # noqa: PLR0917 - each is an option of the command line
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A file of orders.")],
    mapping: Annotated[
        Path | None,
        typer.Option("--mapping", help="How to read it, from course intake --save-mapping."),
    ] = None,
    as_of: Annotated[
        dt.datetime | None,
        typer.Option(
            "--as-of",
            formats=["%Y-%m-%d"],
            help="Last day that counts; default: the last day in the file.",
        ),
    ] = None,
    currency: Annotated[
        str | None, typer.Option("--currency", help="ISO code, such as CNY.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder to write; default: NAME-report, here.")
    ] = None,
    engine: Annotated[str, typer.Option("--engine", help="duckdb or spark.")] = "duckdb",
    ids: Annotated[
        str, typer.Option("--ids", help="Customers as pseudonyms, or plain as in the file.")
    ] = "pseudonyms",
    key: Annotated[
        Path | None, typer.Option("--key", help="Key file of the pseudonyms; default: your own.")
    ] = None,
    compare: Annotated[
        Path | None, typer.Option("--compare", help="Folder of an earlier report.")
    ] = None,
    margin: Annotated[
        float | None, typer.Option("--margin", help="Share of sales that stays, such as 0.3.")
    ] = None,
    contact_cost: Annotated[
        float | None, typer.Option("--contact-cost", help="What one contact costs.")
    ] = None,
    discount: Annotated[
        float | None,
        typer.Option(
            "--discount", help="Share a year that money to come counts less, such as 0.1."
        ),
    ] = None,
    json_: Json = False,
) -> None:
    """Read a file of orders and write a report on its customers."""
    from customer_insight.course import screen
    from customer_insight.data.intake import IntakeError
    from customer_insight.workbook.build import as_json, build_report
    from customer_insight.workbook.options import Options

    for path in (file, mapping, compare):
        if path is not None and not path.exists():
            raise typer.BadParameter(f"There is no {path}.")
    target = out or Path(f"{file.stem}-report")
    try:
        options = Options(
            mapping=mapping,
            as_of=as_of.date() if as_of else None,
            currency=currency,
            engine=engine,
            ids=ids,
            key=key,
            compare=compare,
            margin=margin,
            contact_cost=contact_cost,
            discount=discount,
        )
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    try:
        with screen.counting("Reporting") as count:
            made = build_report(file, target, options, progress=lambda _, done, of: count(done, of))
    except KeyboardInterrupt:
        typer.echo(
            f"Stopped. {target.name} is as it was; the same call goes on from "
            f"{target.name}.unfinished.",
            err=True,
        )
        raise typer.Exit(130) from None
    except IntakeError as error:
        raise ValueError(f"{error}\n{_way_out(error, file)}") from None
    verdict = made.section("verdict")
    words = [
        verdict.answer,
        *(f"{at}. {one.do}" for at, one in enumerate(verdict.decisions, start=1)),
        *([verdict.refusal] if verdict.refusal else []),
        f"Written: {target / 'report.html'} (report.xlsx, report.ipynb, report.json, tables)",
    ]
    show(json_, as_json(made, target), lambda: typer.echo("\n".join(words)))


def _way_out(error: IntakeError, file: Path) -> str:
    """Return what to call next, where a statement of the user can settle the refusal."""
    if "read_transactions(" not in str(error):
        return "Mend the file, then call course report again."
    name = shlex.quote(str(file))
    return (
        "A report needs a line for each order or article, with a customer, a date and an amount. "
        'State once what the fixes above say, with read_transactions(file, amount="Paid") '
        "written as:\n"
        f"  course intake {name} --amount Paid --save-mapping orders.yml\n"
        f"  course report {name} --mapping orders.yml\n"
        f"To see the columns of the file: course intake {name} --show-values"
    )
