"""The command for a file of one's own: `course intake`."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from customer_insight.course.commands import Json, calls, show

_OPTIONS_HINT = (
    'On the command line an option such as date_format="%d/%m/%Y" is written '
    '--date-format "%d/%m/%Y".'
)


def _column(role: str, what: str) -> Any:
    name = f"--{role.replace('_', '-')}"
    return typer.Option(name, metavar="COLUMN", help=f"Column of {what}.")


def add_to(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command(
        **calls(
            "Read a file of orders (text, .xlsx, parquet), say what was read, changed and set "
            "aside, or refuse it with the reason.",
            "course intake orders.csv",
            'course intake orders.csv --date-format "%d/%m/%Y" --out orders.parquet',
            "course intake may.xlsx --customer Member --save-mapping orders.yml",
            "course intake june.xlsx --mapping orders.yml --rejected-to rejected.csv --json",
        )
    )(intake)


def intake(  # noqa: PLR0917 - each is an option of the command line
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE", help="A file of orders."),
    ],
    mapping: Annotated[
        Path | None,
        typer.Option("--mapping", help="Read as --save-mapping wrote down."),
    ] = None,
    save_mapping: Annotated[
        Path | None, typer.Option("--save-mapping", help="Write how to read the next file.")
    ] = None,
    as_of: Annotated[
        dt.datetime | None,
        typer.Option("--as-of", formats=["%Y-%m-%d"], help="Last day that counts; default: today."),
    ] = None,
    rejected_to: Annotated[
        Path | None, typer.Option("--rejected-to", help="Write the rows set aside to this CSV.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="Write purchases to FILE.parquet, returns beside it."),
    ] = None,
    customer: Annotated[str | None, _column("customer", "the customer's id")] = None,
    date: Annotated[str | None, _column("date", "the day of the order")] = None,
    amount: Annotated[str | None, _column("amount", "the money")] = None,
    quantity: Annotated[str | None, _column("quantity", "the pieces")] = None,
    unit_price: Annotated[str | None, _column("unit_price", "the price of a piece")] = None,
    order: Annotated[str | None, _column("order", "the order's id")] = None,
    sku: Annotated[str | None, _column("sku", "the product's id")] = None,
    channel: Annotated[str | None, _column("channel", "the sales channel")] = None,
    region: Annotated[str | None, _column("region", "the region")] = None,
    cost: Annotated[str | None, _column("cost", "what it cost the seller")] = None,
    currency_column: Annotated[
        str | None, _column("currency_column", "the currency, which must be one")
    ] = None,
    date_format: Annotated[
        str | None, typer.Option("--date-format", help='How dates are written: "%d/%m/%Y".')
    ] = None,
    pivot_year: Annotated[
        int | None, typer.Option("--pivot-year", help="First year that two digits can mean.")
    ] = None,
    timezone: Annotated[
        str | None, typer.Option("--timezone", help="The business's own, such as Asia/Shanghai.")
    ] = None,
    decimal: Annotated[
        str | None, typer.Option("--decimal", help='The decimal sign, "." or ",".')
    ] = None,
    currency: Annotated[
        str | None, typer.Option("--currency", help="Code of the one currency, such as CNY.")
    ] = None,
    decimals: Annotated[
        int | None, typer.Option("--decimals", help="How many decimals the currency has.")
    ] = None,
    encoding: Annotated[
        str | None, typer.Option("--encoding", help="Of a text, such as gb18030.")
    ] = None,
    delimiter: Annotated[
        str | None, typer.Option("--delimiter", help='Of a text: ",", ";", "|" or "tab".')
    ] = None,
    sheet: Annotated[
        str | None, typer.Option("--sheet", help="Of a workbook with several tables.")
    ] = None,
    name: Annotated[
        list[str] | None,
        typer.Option("--name", help="A column of a file without header; once for each, in order."),
    ] = None,
    missing_id: Annotated[
        list[str] | None,
        typer.Option("--missing-id", help="An id that stands for nobody; repeatable."),
    ] = None,
    duplicates: Annotated[
        str | None,
        typer.Option("--duplicates", help='Rows that repeat in full: "keep" (default) or "drop".'),
    ] = None,
    max_without_customer: Annotated[
        float | None,
        typer.Option("--max-without-customer", help="Largest share of such rows; default: 0.5."),
    ] = None,
    max_set_aside: Annotated[
        float | None,
        typer.Option("--max-set-aside", help="Largest share of unreadable rows; default: 0.05."),
    ] = None,
    show_values: Annotated[
        bool, typer.Option("--show-values", help="Let messages show values of the file.")
    ] = False,
    json_: Json = False,
) -> None:
    """Read a file of orders and say what was read, or refuse it with the reason."""
    given = dict(locals())
    for key in ("file", "json_", "name", "missing_id"):
        del given[key]
    given |= {
        "as_of": as_of.date() if as_of else None,
        "delimiter": "\t" if delimiter == "tab" else delimiter,
        "names": name or None,
        "missing_ids": missing_id or None,
    }
    _read_and_show(file, given, as_json=json_)


def _read_and_show(file: Path, given: dict[str, Any], *, as_json: bool) -> None:
    from customer_insight.course import exits, screen
    from customer_insight.data.intake import IntakeError
    from customer_insight.data.intake.command import read_to_files

    for path in (file, given["mapping"]):
        if path is not None and not path.exists():
            raise typer.BadParameter(f"There is no file {path}.")
    try:
        with screen.counting("Reading") as report:
            came, written = read_to_files(
                file, progress=lambda _, done, of: report(done, of), **given
            )
    except IntakeError as error:
        if as_json:
            rows = [asdict(finding) for finding in error.findings]
            show(True, {"file": file.name, "refused": rows}, lambda: None)
        else:
            typer.echo(f"{error}\n{_OPTIONS_HINT}", err=True)
        raise typer.Exit(exits.FAILED) from None
    except ValueError as error:
        if exits.code_of(error) != exits.FAILED:
            raise
        raise typer.BadParameter(str(error)) from None
    content = {**asdict(came.report), "written": [str(target) for target in written]}
    words = [str(came.report), *(f"Written: {target}" for target in written)]
    show(as_json, content, lambda: typer.echo("\n".join(words)))
