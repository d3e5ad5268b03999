"""Read the catalogue's YAML strictly: every key known, none missing, every value of its type."""

import difflib
import re
import types
from collections.abc import Mapping
from dataclasses import MISSING, fields
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import Any, get_args, get_origin

from customer_insight.data.catalog import (
    Bundled,
    Check,
    Column,
    DataSet,
    Reader,
    Simulated,
    Source,
)
from customer_insight.data.errors import CatalogError
from customer_insight.data.strict_yaml import read_mapping

COLUMN_TYPES = ("text", "integer", "number", "boolean", "date", "timestamp")
READER_KINDS = ("csv", "xlsx", "fixed_width", "baskets")
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_SHA256 = re.compile(r"[0-9a-f]{64}")


def read_catalog(path: Path) -> Mapping[str, DataSet]:
    """Return the data sets that a catalogue file describes, by name.

    Parameters
    ----------
    path : pathlib.Path
        A YAML file as explained at the head of ``datasets/catalog.yml``.

    Returns
    -------
    mapping of str to DataSet
        In the file's order.

    Raises
    ------
    CatalogError
        If the file is no YAML mapping, or an entry has an unknown, missing or repeated key, a value
        of another type, or facts that contradict each other. The message names file and place.
    """
    content = read_mapping(path, "the names of data sets to their facts")
    try:
        return MappingProxyType({name: _entry(name, facts) for name, facts in content.items()})
    except CatalogError as error:
        raise CatalogError(f"{path}: {error}") from None


def _entry(name: Any, facts: Any) -> DataSet:
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise CatalogError(
            f"the name {name!r} must be lower-case letters, digits and underscores, "
            "because a file is named after it."
        )
    entry = build_entry(name, facts)
    _check_entry(entry)
    return entry


def build_entry(name: str, facts: dict) -> DataSet:
    """Return an entry whose keys and columns are right; where it is from is not looked at.

    Parameters
    ----------
    name : str
        Of the data set.
    facts : dict
        As the file has them.

    Returns
    -------
    DataSet

    Raises
    ------
    CatalogError
        If a key is unknown or missing, a value of another type, or a column contradicts itself.
    """
    entry = _build(DataSet, name, facts, name)
    for column in entry.columns:
        _check_column(f"{name}, column {column.name!r}", column)
    return entry


def _build(kind: type, where: str, facts: Any, name: str | None = None) -> Any:
    """Build a dataclass from a mapping whose keys are exactly its fields."""
    if not isinstance(facts, dict):
        raise CatalogError(f"{where} must be a mapping, and is {type(facts).__name__}.")
    known = {field.name: field for field in fields(kind) if field.name != "name" or name is None}
    unknown = [key for key in facts if key not in known]
    if unknown:
        close = difflib.get_close_matches(str(unknown[0]), known, n=1)
        hint = f" Did you mean {close[0]!r}?" if close else ""
        raise CatalogError(f"{where}: unknown key {unknown[0]!r}.{hint} Known: {', '.join(known)}.")
    missing = [key for key in known if key not in facts and known[key].default is MISSING]
    if missing:
        raise CatalogError(f"{where}: missing key {', '.join(map(repr, missing))}.")
    values = {key: _value(known[key].type, f"{where}, {key}", facts[key]) for key in facts}
    return kind(**values) if name is None else kind(name=name, **values)


def _value(wanted: Any, where: str, value: Any) -> Any:
    """Return a value of the YAML file as the type that the dataclass states."""
    if get_origin(wanted) is tuple:
        return _sequence(get_args(wanted)[0], where, value)
    choices = get_args(wanted) if isinstance(wanted, types.UnionType) else (wanted,)
    nested = [kind for kind in choices if kind in (Reader, Source, Bundled, Simulated)]
    if nested:
        return _build(nested[0], where, value)
    if type(value) not in choices or value is None or value == "":
        names = " or ".join(kind.__name__ for kind in choices if kind is not types.NoneType)
        raise CatalogError(f"{where} must be {names}, and is {value!r}.")
    return value


def _sequence(kind: type, where: str, value: Any) -> tuple:
    if kind is Column:
        if not isinstance(value, dict) or not value:
            raise CatalogError(f"{where} must be a mapping from names of columns to their facts.")
        return tuple(
            _build(Column, f"{where}, {name}", facts, _value(str, where, name))
            for name, facts in value.items()
        )
    if not isinstance(value, list) or not value:
        raise CatalogError(f"{where} must be a list with at least one item.")
    build = _build if kind is Check else _value
    return tuple(build(kind, f"{where}, item {i}", item) for i, item in enumerate(value, 1))


def _check_column(where: str, column: Column) -> None:
    """Refuse facts of a column that contradict each other."""
    if column.type not in COLUMN_TYPES:
        raise CatalogError(f"{where}: type is {column.type!r}, not one of {_listed(COLUMN_TYPES)}.")
    is_time = column.type in ("date", "timestamp")
    if is_time != bool(column.format):
        needs = "needs" if is_time else "cannot have"
        raise CatalogError(f"{where}: a column of type {column.type} {needs} a format.")
    if column.optional and column.type in ("integer", "boolean"):
        raise CatalogError(
            f"{where}: an optional {column.type} would turn into a float in pandas where a value "
            "is missing; make it a number or a text."
        )
    if column.values and column.type != "text":
        raise CatalogError(f"{where}: values can be listed for text only.")
    if (column.low, column.high) != (None, None) and column.type not in ("integer", "number"):
        raise CatalogError(f"{where}: low and high are for integers and numbers only.")


def _check_entry(entry: DataSet) -> None:
    """Refuse an entry that could not be read or obtained."""
    if entry.reader.kind not in READER_KINDS:
        known = _listed(READER_KINDS)
        raise CatalogError(
            f"{entry.name}: reader kind is {entry.reader.kind!r}, not one of {known}."
        )
    if (entry.reader.kind == "xlsx") != bool(entry.reader.sheet):
        raise CatalogError(f"{entry.name}: a reader names a sheet if, and only if, it is xlsx.")
    if not entry.checks or not entry.traps:
        raise CatalogError(f"{entry.name}: missing key 'checks' or 'traps'.")
    if (entry.source is None) == (not entry.by_hand):
        raise CatalogError(f"{entry.name}: give either a source or by_hand, not both or neither.")
    if entry.bundled and ".." in PurePosixPath(entry.bundled.path).parts:
        raise CatalogError(f"{entry.name}: the bundled path must stay inside the package.")
    if entry.source:
        _check_source(f"{entry.name}, source", entry.source)


def _check_source(where: str, source: Source) -> None:
    if not source.address.startswith(("https://", "http://")):
        raise CatalogError(f"{where}: the address must begin with https:// or http://.")
    if bool(source.sha256) != bool(source.sha256_of):
        raise CatalogError(f"{where}: sha256 and sha256_of come together.")
    if source.sha256 and not _SHA256.fullmatch(source.sha256):
        raise CatalogError(f"{where}: sha256 must be 64 lower-case hexadecimal digits.")
    if source.sha256_of not in ("", "archive", "member"):
        raise CatalogError(
            f"{where}: sha256_of is {source.sha256_of!r}, not 'archive' or 'member'."
        )


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(map(repr, names))
