"""What a user may state about a file and decide about its rows; saved and loaded as YAML."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from customer_insight.data.files import write_whole
from customer_insight.data.intake.findings import NOTE, WARNING, Finding, refuse
from customer_insight.data.intake.roles import ROLES
from customer_insight.data.strict_yaml import read_mapping

_HEAD = (
    "# How a file of orders is read: customer_insight.data.read_transactions(path, mapping=this).\n"
)
_SHARES = ("max_without_customer", "max_set_aside")
_TEXTS = ("date_format", "timezone", "decimal", "currency", "encoding", "delimiter", "sheet")


@dataclass(frozen=True)
class Options:
    """How a file is written, and what is done with rows; see `read_transactions`."""

    date_format: str | None = None
    pivot_year: int | None = None
    timezone: str | None = None
    decimal: str | None = None
    currency: str | None = None
    decimals: int | None = None
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    names: Sequence[str] | None = None
    missing_ids: Sequence[str] = ()
    duplicates: str = "keep"
    max_without_customer: float = 0.5
    max_set_aside: float = 0.05

    def __post_init__(self) -> None:
        wrong = self._of_wrong_kind()
        if wrong:
            raise ValueError("; ".join(wrong) + ".")
        if self.duplicates not in ("keep", "drop"):
            wrong.append('duplicates must be "keep" or "drop"')
        if self.decimal not in (None, ".", ","):
            wrong.append('decimal must be "." or ","')
        if self.decimals is not None and self.decimals not in range(5):
            wrong.append("decimals must be 0 to 4")
        if self.pivot_year is not None and not 1900 <= self.pivot_year <= 2100:
            wrong.append("pivot_year must be a year from 1900 to 2100")
        wrong += [f"{name} must be 0 to 1" for name in _SHARES if not 0 <= getattr(self, name) <= 1]
        if wrong:
            raise ValueError("; ".join(wrong) + ".")

    def _of_wrong_kind(self) -> list[str]:
        wrong = [
            f"{name} must be {kind}"
            for names, type_, kind in (
                (_SHARES, int | float, "a number"),
                (("pivot_year", "decimals"), int | None, "a whole number"),
                (_TEXTS, str | None, "a text"),
            )
            for name in names
            if not isinstance(getattr(self, name), type_) or isinstance(getattr(self, name), bool)
        ]
        wrong += [
            f"{name} must be a list of texts"
            for name in ("missing_ids", "names")
            if isinstance(getattr(self, name), str)
            or not all(isinstance(text, str) for text in getattr(self, name) or ())
        ]
        return wrong


@dataclass(frozen=True)
class SavedMapping:
    """A mapping as saved: the columns by role, the options, and how the file looked then."""

    columns: Mapping[str, str]
    options: Mapping[str, Any]
    seen: Mapping[str, Any] = field(default_factory=dict)


def save_mapping(path: Path, saved: SavedMapping) -> None:
    """Write a mapping for next month's file.

    Parameters
    ----------
    path : pathlib.Path
    saved : SavedMapping

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp(), "orders.yml")
    >>> save_mapping(path, SavedMapping({"customer": "member"}, {"decimal": ","}))
    >>> load_mapping(path).columns
    {'customer': 'member'}
    """
    import yaml

    content = {key: dict(value) for key, value in asdict(saved).items()}
    text = yaml.safe_dump(content, allow_unicode=True, sort_keys=False)
    write_whole(path, (_HEAD + text).encode())


def load_mapping(path: Path) -> SavedMapping:
    """Read a mapping, strictly: unknown keys are errors.

    Parameters
    ----------
    path : pathlib.Path

    Returns
    -------
    SavedMapping

    Raises
    ------
    IntakeError
        If the file cannot be read or says something unknown.
    """
    try:
        content = read_mapping(path, "the mapping")
    except (ValueError, OSError):
        raise _bad_mapping(path, "it is no YAML mapping that can be read") from None
    parts = {key: content.get(key) or {} for key in ("columns", "options", "seen")}
    if not all(isinstance(part, dict) for part in parts.values()):
        raise _bad_mapping(path, "columns, options and seen are no mappings")
    unknown = [str(key) for key in content if key not in parts]
    unknown += [str(role) for role in parts["columns"] if role not in ROLES]
    known = {option.name for option in fields(Options)}
    unknown += [str(option) for option in parts["options"] if option not in known]
    if unknown:
        raise _bad_mapping(path, f"it names unknown keys: {', '.join(unknown[:5])}"[:200])
    if not all(isinstance(name, str) for name in parts["columns"].values()):
        raise _bad_mapping(path, "a column is named by something that is no text")
    try:
        Options(**parts["options"])
    except (ValueError, TypeError) as error:
        raise _bad_mapping(path, f"among its options, {str(error).rstrip('.')}") from None
    return SavedMapping(**parts)


def _bad_mapping(path: Path, what: str) -> ValueError:
    return refuse(
        "mapping-unreadable",
        path.name,
        f"{what}.",
        "a setting that is not understood would be left out in silence.",
        f"columns: {', '.join(ROLES)}; options: those of read_transactions.",
    )


def changes(saved: SavedMapping, now: Mapping[str, Any], shown: str) -> list[Finding]:
    """Return what is different from when the mapping was saved.

    Parameters
    ----------
    saved : SavedMapping
    now : mapping
        As ``saved.seen`` would be for this file.
    shown : str
        The file's name in messages.

    Returns
    -------
    list of Finding
    """
    before, after = saved.seen.get("names", []), list(now.get("names", []))
    found = []
    if before and before != after:
        new = [f'"{n[:40]}"' for n in after if n not in before]
        gone = [f'"{n[:40]}"' for n in before if n not in after]
        told = [f"new: {', '.join(new)}"] * bool(new) + [f"gone: {', '.join(gone)}"] * bool(gone)
        found.append(_changed(shown, f"columns: {'; '.join(told) or 'another order'}"))
    for key in ("kind", "encoding", "delimiter", "sheet", "decimal", "currency", "dates"):
        old, new_ = saved.seen.get(key), now.get(key)
        if key in saved.seen and old != new_:
            found.append(_changed(shown, f"{key}: {old or 'none'} then, {new_ or 'none'} now"))
    if saved.seen and not found:
        found.append(
            Finding("mapping-same", NOTE, shown, "it looks as when the mapping was saved.")
        )
    return found


def _changed(shown: str, what: str) -> Finding:
    return Finding(
        "mapping-changed",
        WARNING,
        shown,
        f"since the mapping was saved, something changed: {what}.",
        "an export that changed may mean another program, period or rule behind the numbers.",
        "look whether it is meant; save the mapping again if it is.",
    )
