"""Which data sets there are, which of them can be loaded at once, and how to get the others."""

from dataclasses import dataclass

from customer_insight.data.catalog import DataSet, catalog
from customer_insight.data.load import places


@dataclass(frozen=True)
class Status:
    """One data set: ``found`` says where `load` would take it from, empty if it is nowhere."""

    name: str
    title: str
    rows: int
    licence: str
    found: str
    get: str


def overview() -> tuple[Status, ...]:
    """Return the state of every data set of the catalogue, in its order.

    Returns
    -------
    tuple of Status
        ``get`` is the command that gets a data set. Files are looked for, not opened.

    Examples
    --------
    >>> [status.found != "" for status in overview() if status.name == "cdnow_sample"]
    [True]
    """
    return tuple(
        Status(
            name=entry.name,
            title=entry.title,
            rows=entry.rows,
            licence=entry.licence,
            found=next((place.what for place in places(entry) if place.path.is_file()), ""),
            get=_command(entry),
        )
        for entry in catalog().values()
    )


def _command(entry: DataSet) -> str:
    if entry.simulated:
        return "course company build"
    return f"course data fetch {entry.name}" + (" --from FILE" if entry.by_hand else "")
