"""The commands for data sets: `course data list`, `course data fetch`, `course data cards`."""

from __future__ import annotations

from typing import Annotated

import typer

from customer_insight.course.commands import Json, calls, show


def add_to(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    data = typer.Typer(help="List, get and describe the data sets.", no_args_is_help=True)
    app.add_typer(data, name="data")
    data.command(
        name="list",
        **calls("List the data sets and say which are there.", "course data list --json"),
    )(list_)
    data.command(
        **calls(
            "Get a data set from its publisher, or from a file placed by hand, and check it.",
            "course data fetch online_retail_2010_2011",
            "course data fetch online_retail_2010_2011 --from 'Online Retail.xlsx'",
        )
    )(fetch)
    data.command(
        **calls(
            "Write datasets/README.md from the catalogue.",
            "course data cards",
            "course data cards --check",
        )
    )(cards)


def list_(json_: Json = False) -> None:
    """List the data sets and say which are there."""
    from dataclasses import asdict

    from customer_insight.course import screen
    from customer_insight.data.overview import overview

    found = overview()
    show(json_, [asdict(one) for one in found], lambda: screen.print_data_sets(found))


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
