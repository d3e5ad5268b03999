"""Write datasets/README.md, the data cards, from the catalogue."""

from collections.abc import Mapping
from pathlib import Path

from customer_insight.data.catalog import CATALOG_FILE, Check, DataSet, catalog
from customer_insight.data.company_cards import render_company
from customer_insight.data.files import write_whole
from customer_insight.data.markdown import column_table, table
from customer_insight.data.mechanisms import mechanisms

CARDS_FILE = CATALOG_FILE.with_name("README.md")
_HEAD = """\
# The data sets of the course

This page is written from `catalog.yml`, `company/catalog/` and `company/mechanisms/` by
`course data cards`. Change these, not this page.

There are published data sets, and the tables of a [simulated company](#the-company).

The project holds no published data. `course data fetch NAME` gets a data set from its publisher and
keeps it in `datasets/fetched`; `course data fetch NAME --from FILE` takes a file that you placed by
hand. Both check the content: a table whose counts and totals are not those below is refused.
`customer_insight.data.load(NAME)` looks first in the folder that the environment variable
`CUSTOMER_INSIGHT_DATA` names, then in `datasets/fetched`, then inside the installed packages.

An address marked "not yet verified" was taken from public code and not seen to answer with this
table when it was written down.
"""


def render_cards(data_sets: Mapping[str, DataSet]) -> str:
    """Return the data cards as Markdown: a table of contents and one section a data set.

    Tables of the simulated company come last, with the mechanisms that draw them.

    Parameters
    ----------
    data_sets : mapping of str to DataSet
        As `customer_insight.data.catalog.catalog` gives it.

    Returns
    -------
    str
        Ends with a line end. Equal catalogues give equal text.

    Examples
    --------
    >>> render_cards(catalog()).startswith("# The data sets of the course")
    True
    """
    listed = [entry for entry in data_sets.values() if not entry.simulated]
    simulated = [entry for entry in data_sets.values() if entry.simulated]
    contents = table(
        ("Data set", "What it is", "Rows", "Licence"),
        [(f"[{e.name}](#{e.name})", e.title, f"{e.rows:,}", e.licence) for e in listed],
    )
    parts = [_HEAD, contents, *(_card(entry) for entry in listed)]
    if simulated:
        parts.append(render_company(simulated, mechanisms()))
    return "\n".join(parts)


def write_cards(path: Path = CARDS_FILE) -> bool:
    """Write the data cards of the project's catalogue; return whether the file changed.

    Parameters
    ----------
    path : pathlib.Path, optional
        By default ``datasets/README.md``.

    Returns
    -------
    bool
        False if it already said the same and was left alone.
    """
    content = render_cards(catalog()).encode()
    if path.is_file() and path.read_bytes() == content:
        return False
    write_whole(path, content)
    return True


def _card(entry: DataSet) -> str:
    facts = [
        f"- **One row:** {entry.row}; {entry.rows:,} rows",
        f"- **Publisher:** {entry.publisher}",
        f"- **Licence:** {entry.licence}. {entry.use}",
        f"- **Cite as:** {entry.citation}",
        f"- **How to get it:** {_how(entry)}",
    ]
    columns = column_table(entry.columns)
    checks = [f"- {check.what}: {_published(check)}" for check in entry.checks]
    traps = [f"- {trap}" for trap in entry.traps]
    parts = [f"## {entry.name}\n\n{entry.title}.\n", *facts, "", columns]
    parts += ["What makes it genuine:\n", *checks, "", "What misleads:\n", *traps, ""]
    return "\n".join(parts)


def _how(entry: DataSet) -> str:
    command = f"`course data fetch {entry.name}`"
    if entry.by_hand:
        return f"{entry.by_hand} Then {command[:-1]} --from FILE`."
    state = "verified" if entry.source.verified else "not yet verified"
    member = f", in it `{entry.source.member}`" if entry.source.member else ""
    text = f"{command}, from <{entry.source.address}> ({state}){member}."
    if entry.source.sha256:
        which = "the archive" if entry.source.member else "the file"
        if entry.source.sha256_of == "member":
            which = "the file in it"
        text += f" SHA-256 of {which}: `{entry.source.sha256}`."
    if entry.bundled:
        text = f"It is there at once, inside the package {entry.bundled.package}. Otherwise {text}"
    return text


def _published(check: Check) -> str:
    if isinstance(check.equals, str):
        return check.equals
    return f"{check.equals:,.{check.decimals}f}"
