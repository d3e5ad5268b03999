"""What all commands share: how help is laid out, pairs are read, errors and results are shown."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

PAIRS = ("-p", "--parameter")
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]


def calls(does: str, *examples: str) -> dict[str, str]:
    """Return a command's help: examples first, then what it does."""
    listed = "\n".join(f"  {example}" for example in examples)
    return {"help": f"\b\n{listed}\n\n{does}", "short_help": does}


class Group(TyperGroup):
    """Ends a command that failed with the exit code and the words its error asks for."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command; turn what it raises into words and a code."""
        from customer_insight.course import exits

        try:
            return super().invoke(ctx)
        except (Exception, KeyboardInterrupt) as error:
            if type(error).__module__.startswith("typer") or ctx.find_root().params.get("debug"):
                raise
            typer.echo(exits.say(error), err=True)
            raise typer.Exit(exits.code_of(error)) from None


class PairCommand(TyperCommand):
    """A command whose ``-p`` takes a name and a value, as papermill's does."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Join each name with its value before the options are read."""
        return super().parse_args(ctx, join_pairs(args))


def join_pairs(words: list[str]) -> list[str]:
    """Write ``-p name value`` as ``-p name=value``.

    Examples
    --------
    >>> join_pairs(["05_clv", "-p", "rate", "-0.1"])
    ['05_clv', '-p', 'rate=-0.1']
    """
    joined, rest = [], list(words)
    while rest:
        word = rest.pop(0)
        joined.append(word)
        if word in PAIRS and rest:
            name = rest.pop(0)
            joined.append(f"{name}={rest.pop(0)}" if rest and "=" not in name else name)
    return joined


def pairs(joined: list[str]) -> list[tuple[str, str]]:
    """Split what `join_pairs` joined; a name without a value is wrong usage.

    Examples
    --------
    >>> pairs(["rate=-0.1", "title=a=b"])
    [('rate', '-0.1'), ('title', 'a=b')]
    """
    for pair in joined:
        if "=" not in pair:
            raise typer.BadParameter(f"{pair!r} has no value. Write: -p NAME VALUE")
    return [tuple(pair.split("=", 1)) for pair in joined]


def show(as_json: bool, content: Any, otherwise: Callable[[], None]) -> None:
    """Print a result as JSON, or else for people."""
    if as_json:
        typer.echo(json.dumps(content, ensure_ascii=False, indent=1))
    else:
        otherwise()
