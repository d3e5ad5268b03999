"""What a person sees of building exercises."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from customer_insight.course.build import CODE, SAME, WORDS
from customer_insight.course.exercise.build import BuiltExercise

_DONE = {SAME: "as its text", WORDS: "words written", CODE: "run and written"}


def print_built(built: Sequence[BuiltExercise], console: Any = None) -> None:
    """Print what became of each exercise; below it notes, and what failed and where."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from customer_insight.course.screen import failure_text

    console = console or Console(highlight=False)
    table = Table("Exercise", "Files", box=None, pad_edge=False)
    for one in built:
        table.add_row(Text(one.exercise), _DONE[one.change] if one.fine else "not written")
    if built:
        console.print(table)
    for one in built:
        for note in one.notes:
            console.print(Text(f"{one.exercise}: {note}"), soft_wrap=True)
        if one.run is not None and one.run.failure is not None:
            console.print(failure_text(one.exercise, one.run.failure), soft_wrap=True)
