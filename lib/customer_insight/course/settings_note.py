"""The note in an executed lesson that says with which other settings it ran."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nbformat import NotebookNode


def changes(given: Mapping[str, Any], offered: Mapping[str, Any]) -> list[str]:
    """Say which settings differ from the lesson's own.

    Parameters
    ----------
    given : mapping
        Typed values, as `parameters.values` makes them.
    offered : mapping
        The lesson's defaults, as `parameters.defaults` reads them.

    Returns
    -------
    list of str
        Name, value and stored value of each that differs, in the order given.

    Examples
    --------
    >>> changes({"weeks": 26, "rate": 0.1}, {"weeks": 39, "rate": 0.1})
    ['weeks = 26, stored 39']
    """
    return [
        f"{name} = {_shown(value)}, stored {_shown(offered[name])}"
        for name, value in given.items()
        if name in offered and value != offered[name]
    ]


def with_note(notebook: NotebookNode, changed: Iterable[str]) -> NotebookNode:
    r"""Return an executed lesson that says under its title with which other settings it ran.

    Parameters
    ----------
    notebook : NotebookNode
        The executed lesson.
    changed : iterable of str
        From `changes`; where nothing changed, the notebook comes back as it is.

    Examples
    --------
    >>> from nbformat import v4
    >>> lesson = v4.new_notebook(cells=[v4.new_markdown_cell("# Worth\n\nWho pays?")])
    >>> print(with_note(lesson, ["weeks = 26, stored 39"]).cells[0].source)
    # Worth
    <BLANKLINE>
    > **Settings differ from the stored ones (`weeks = 26, stored 39`).** Sentences that cells print
    > are true here; fixed Reading texts speak of the stored settings.
    <BLANKLINE>
    Who pays?
    """
    changed = list(changed)
    if not changed:
        return notebook
    listed = ", ".join(f"`{one}`" for one in changed)
    note = (
        f"> **Settings differ from the stored ones ({listed}).** Sentences that cells print\n"
        "> are true here; fixed Reading texts speak of the stored settings."
    )
    made = copy.deepcopy(notebook)
    title, _, rest = made.cells[0].source.partition("\n")
    if made.cells[0].cell_type == "markdown" and title.startswith("# "):
        made.cells[0].source = "\n\n".join(filter(None, [title, note, rest.strip("\n")]))
    else:
        from nbformat import v4

        made.cells.insert(0, v4.new_markdown_cell(note, id="settings"))
    return made


def _shown(value: Any) -> str:
    """Write a setting on one line, as code in a text can hold it."""
    return repr(value).replace("`", "'")[:80]
