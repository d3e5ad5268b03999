"""The cards of the simulated company: its tables, and the mechanisms that draw them."""

from collections.abc import Iterable, Mapping

import yaml

from customer_insight.data.catalog import DataSet
from customer_insight.data.markdown import column_table, table
from customer_insight.data.mechanisms import Mechanism, Parameter

_HEAD = """\
## The company

Qinghe (清禾) is a fictitious trader of bottled herbal tea and outdoor gear, simulated so that every
method can be marked: what the company sees lies in `datasets/company`, what only its maker knows in
`datasets/company/truth`. `customer_insight.data.load("company_orders")` loads a table and checks
that it is the shipped one. No person, firm, address or number in it is real; cities and surnames
are. `course company build --customers N --seed S --out FOLDER` draws another company by the same
mechanisms. To load that one, set the environment variable `CUSTOMER_INSIGHT_COMPANY` to FOLDER, for
the lessons or before Python's first load; without it, the shipped company is loaded.

From orders to the transactions that features and models take, people alone:

```python
from customer_insight import data

transactions = data.company_transactions(side="person")  # a row an order, amounts in fen
```

Returned goods are still in these amounts; `company_returns` takes them off.
"""
_MECHANISMS = """\
## How the company is drawn

What is drawn depends on a seed and on these mechanisms, whose parameters the code reads from
`datasets/company/mechanisms/`. Every table and purpose has random numbers of its own, named by
it, so that a new table changes no other. No logarithm, exponential or sum whose last bit depends on
the machine decides a row: the same seed gives the same tables everywhere, by the hashes in
`datasets/company/manifest.json`.
"""


def render_company(entries: Iterable[DataSet], mechanisms: Mapping[str, Mechanism]) -> str:
    """Return the company's tables and mechanisms as Markdown.

    Parameters
    ----------
    entries : iterable of DataSet
        Of the catalogue, those that are simulated.
    mechanisms : mapping of str to Mechanism
        As `customer_insight.data.mechanisms.mechanisms` gives them.

    Returns
    -------
    str
        Ends with a line end.
    """
    entries = list(entries)
    contents = table(
        ("Table", "What it is", "Rows"),
        [(f"[{e.name}](#{e.name})", e.title, f"{e.rows:,}") for e in entries],
    )
    cards = [_card(entry) for entry in entries]
    drawn = [_mechanism(one) for one in mechanisms.values()]
    return "\n".join([_HEAD, contents, *cards, _MECHANISMS, *drawn])


def _card(entry: DataSet) -> str:
    file = f"datasets/company/{entry.simulated.path}"
    parts = [
        f"### {entry.name}\n\n{entry.title}.\n",
        f"- **One row:** {entry.row}; {entry.rows:,} rows in `{file}`\n",
        column_table(entry.columns),
        "What holds in every draw:\n",
        *[f"- {check.what}: {check.equals}" for check in entry.checks],
        "\nWhat misleads:\n",
        *[f"- {trap}" for trap in entry.traps],
        "",
    ]
    return "\n".join(parts)


def _mechanism(mechanism: Mechanism) -> str:
    rows = [
        (f"`{name}`", _value(parameter), parameter.unit, parameter.reason)
        for name, parameter in mechanism.parameters.items()
    ]
    shown = table(("Parameter", "Value", "Unit", "Reason"), rows)
    return f"### {mechanism.title}\n\n{mechanism.what}\n\n{shown}"


def _value(parameter: Parameter) -> str:
    """Return a value on one line, as it stands in the file."""
    text = yaml.safe_dump(
        parameter.value,
        default_flow_style=True,
        allow_unicode=True,
        sort_keys=False,
        width=float("inf"),
    )
    return f"`{text.removesuffix(chr(10)).removesuffix(chr(10) + '...')}`"
