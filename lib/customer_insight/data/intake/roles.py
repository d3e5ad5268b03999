"""Which column of a file plays which role: by a stated mapping, else by known names."""

import difflib
import functools
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path

from customer_insight.data.intake.findings import (
    NOTE,
    REFUSED,
    WARNING,
    Finding,
    IntakeError,
)
from customer_insight.data.strict_yaml import read_mapping

NAMES_FILE = Path(__file__).with_name("column_names.yml")
ROLES = (
    "customer",
    "date",
    "amount",
    "quantity",
    "unit_price",
    "order",
    "sku",
    "channel",
    "region",
    "cost",
    "currency",
)
SURE_HEADER = 2  # a line with so many known names is a header, and no customer's row
_NEEDED = ("customer", "date", "amount", "order", "currency")
_PRICED = ("quantity", "unit_price")
_WHY = "a column that is guessed is a wrong table that looks right."


def plain(name: str) -> str:
    """Return a column's name as names are compared.

    Examples
    --------
    >>> plain(" Customer_ID"), plain("ＩＤ（会员）")
    ('customerid', 'id会员')
    """
    text = unicodedata.normalize("NFKC", name).casefold()
    return "".join(c for c in text if c.isalnum())


@functools.cache
def _names_file() -> dict:
    return read_mapping(NAMES_FILE, "the list of column names")


@functools.cache
def _roles_by_name() -> dict[str, str]:
    roles: dict[str, str] = {}
    for role in ROLES:
        for name in _names_file()[role]:
            roles.setdefault(plain(name), role)
    return roles


@functools.cache
def _weak_names() -> frozenset[str]:
    return frozenset(map(plain, _names_file()["gives_way"]))


def known_names(names: Sequence[str]) -> int:
    """Return how many of the names are known as some role's.

    Examples
    --------
    >>> known_names(["客户编号", "Order Date", "金额", "colour"])
    3
    """
    return sum(plain(name) in _roles_by_name() for name in names)


def find_columns(
    names: Sequence[str], stated: Mapping[str, str], shown: str, *, show_names: bool = True
) -> tuple[dict[str, int], list[Finding]]:
    """Return which column plays which role.

    Parameters
    ----------
    names : sequence of str
        Columns of the file as they stand.
    stated : mapping of str to str
        Role to column, as the user says. A stated column is compared exactly, then without case
        and marks.
    shown : str
        The file's name in messages.
    show_names : bool, default True
        Whether messages may list the names: what stands for them may be values.

    Returns
    -------
    columns : dict of str to int
        Role to position.
    findings : list of Finding

    Raises
    ------
    IntakeError
        If a needed role has no column or several, a stated one is not there, or a column that is
        used stands twice. All such reasons at once.
    """
    problems: list[Finding] = []
    columns: dict[str, int] = {}
    seen = names if show_names else ()
    for role, wanted in stated.items():
        where = _named(names, wanted)
        if len(where) == 1:
            columns[role] = where[0]
        elif where:
            problems.append(_twice(role, wanted, shown))
        else:
            problems.append(_not_there(role, wanted, seen, shown))
    for role in ROLES:
        if role in stated:
            continue
        fits = _fitting(role, names, taken=set(columns.values()))
        if len(fits) == 1:
            columns[role] = fits[0]
        elif fits:
            problems.append(_several(role, [names[i] for i in fits], shown, columns))
    problems += _missing(columns, seen, shown, problems)
    if any(problem.level == REFUSED for problem in problems):
        raise IntakeError(problems)
    return columns, [*problems, *_told(columns, names, stated, shown)]


def _fitting(role: str, names: Sequence[str], taken: set[int]) -> list[int]:
    """Return the columns whose names are the role's; a weak name only where no other is."""
    roles = _roles_by_name()
    fits = [i for i, name in enumerate(names) if roles.get(plain(name)) == role and i not in taken]
    strong = [i for i in fits if plain(names[i]) not in _weak_names()]
    return strong or fits


def _named(names: Sequence[str], wanted: str) -> list[int]:
    exact = [i for i, name in enumerate(names) if name == wanted]
    return exact or [i for i, name in enumerate(names) if plain(name) == plain(wanted)]


def _missing(
    columns: Mapping[str, int], names: Sequence[str], shown: str, problems: Sequence[Finding]
) -> list[Finding]:
    told = {problem.where for problem in problems}
    missing = [role for role in ("customer", "date") if role not in columns]
    if "amount" not in columns and not {"quantity", "unit_price"} <= columns.keys():
        missing.append("amount")
    return [
        _unnamed(role, names, shown) for role in missing if f'{shown}, role "{role}"' not in told
    ]


def _unnamed(role: str, names: Sequence[str], shown: str) -> Finding:
    close = _closest(role, names)
    meant = f' Did you mean "{close}"?' if close else ""
    either = " (nor quantity and unit price)" if role == "amount" else ""
    option = role
    return Finding(
        "column-missing",
        REFUSED,
        f'{shown}, role "{role}"',
        f"no column has a known name for it{either}; {_listed(names)}.{meant}",
        _WHY,
        f'read_transactions("{shown}", {option}="{close or "..."}").',
    )


def _listed(names: Sequence[str]) -> str:
    if not names:
        return "its first line may be no header and is shown with show_values=True alone"
    return "the file has " + ", ".join(f'"{name[:40]}"' for name in names[:12] if name)


def _closest(role: str, names: Sequence[str]) -> str:
    roles = _roles_by_name()
    known = [name for name, its in roles.items() if its == role]
    scored = [
        (max(difflib.SequenceMatcher(None, plain(name), k).ratio() for k in known), name[:40])
        for name in names
        if plain(name) and plain(name) not in roles
    ]
    best = max(scored, default=(0.0, ""))
    return best[1] if best[0] >= 0.6 else ""


def _not_there(role: str, wanted: str, names: Sequence[str], shown: str) -> Finding:
    close = difflib.get_close_matches(plain(wanted), map(plain, names), n=1, cutoff=0.6)
    meant = next((name for name in names if close and plain(name) == close[0]), "")
    return Finding(
        "column-missing",
        REFUSED,
        f'{shown}, role "{role}"',
        f'there is no column "{wanted[:40]}"; {_listed(names)}.'
        + (f' Did you mean "{meant[:40]}"?' if meant else ""),
        _WHY,
        f"name the column of this role: {role}=...",
    )


def _several(role: str, fits: Sequence[str], shown: str, columns: Mapping[str, int]) -> Finding:
    """Refuse where the role is needed; elsewhere leave the columns unused, and say so."""
    needed = role in _NEEDED or (role in _PRICED and "amount" not in columns)
    if needed and len(set(fits)) == 1:
        return _twice(role, fits[0], shown)
    listed = ", ".join(f'"{name[:40]}"' for name in fits)
    return Finding(
        "column-unclear",
        REFUSED if needed else WARNING,
        f'{shown}, role "{role}"',
        f"several columns could be it: {listed}{'' if needed else '; none was used'}.",
        _WHY,
        f'say which: read_transactions("{shown}", {role}="{fits[0][:40]}").',
    )


def _twice(role: str, name: str, shown: str) -> Finding:
    return Finding(
        "column-twice",
        REFUSED,
        f'{shown}, role "{role}"',
        f'the column "{name[:40]}" stands more than once in the header.',
        "which of them is meant cannot be told, and readers rename or drop one in silence.",
        "give the columns names of their own in the file.",
    )


def _told(
    columns: Mapping[str, int], names: Sequence[str], stated: Mapping[str, str], shown: str
) -> list[Finding]:
    pairs = ", ".join(f'{role} = "{names[i][:40]}"' for role, i in columns.items())
    left = [names[i] for i in range(len(names)) if i not in columns.values() and names[i]]
    found = [
        Finding(
            "columns-used",
            NOTE,
            shown,
            f"{pairs}; {len(left)} column{'s' * (len(left) != 1)} not used.",
        )
    ]
    if "amount" in columns and "unit_price" in columns and "amount" not in stated:
        found.append(
            Finding(
                "amount-and-price",
                NOTE,
                shown,
                f'the amount is taken from "{names[columns["amount"]][:40]}", not from quantity '
                "and price.",
            )
        )
    if "order" not in columns:
        found.append(
            Finding(
                "order-missing",
                WARNING,
                shown,
                "no column names the order: all that a customer bought on one day counts as one.",
                "two orders on a day become one, and the lines of one order stay together.",
                "name the column if there is one: order=...",
            )
        )
    return found
