"""The catalogue of data sets: what each table holds, where it is from, what proves it."""

import difflib
import functools
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from customer_insight.data.errors import CatalogError, DataSetError

PROJECT = Path(__file__).resolve().parents[3]
CATALOG_FILE = PROJECT / "datasets" / "catalog.yml"
COMPANY_FOLDER = PROJECT / "datasets" / "company"
COMPANY_VARIABLE = "CUSTOMER_INSIGHT_COMPANY"
FETCHED_FOLDER = PROJECT / "datasets" / "fetched"
_SHOWN_CHARACTERS = 60


@dataclass(frozen=True)
class Column:
    """A column: its type, what its values mean, and which values are possible."""

    name: str
    type: str
    meaning: str
    unit: str = ""
    format: str = ""
    optional: bool = False
    values: tuple[str, ...] = ()
    low: int | None = None
    high: int | None = None


@dataclass(frozen=True)
class Check:
    """An SQL aggregate over the table ``data`` and what it must come to."""

    what: str
    sql: str
    equals: int | float | str
    decimals: int = 0
    slow: bool = False


@dataclass(frozen=True)
class Reader:
    """How the publisher's file is read."""

    kind: str
    sheet: str = ""
    encoding: str = "utf-8"


@dataclass(frozen=True)
class Source:
    """Where the publisher keeps the file; ``verified`` once the address was seen to answer."""

    address: str
    verified: bool
    member: str = ""
    sha256: str = ""
    sha256_of: str = ""


@dataclass(frozen=True)
class Bundled:
    """A copy inside an installed package."""

    package: str
    path: str


@dataclass(frozen=True)
class Simulated:
    """A table of the simulated company: its file, and the hash of what is in it."""

    path: str
    content_sha256: str


@dataclass(frozen=True)
class DataSet:
    """One table of the catalogue."""

    name: str
    title: str
    row: str
    publisher: str
    licence: str
    use: str
    citation: str
    reader: Reader
    columns: tuple[Column, ...]
    rows: int
    checks: tuple[Check, ...] = ()
    traps: tuple[str, ...] = ()
    source: Source | None = None
    bundled: Bundled | None = None
    by_hand: str = ""
    missing_marks: tuple[str, ...] = ()
    simulated: Simulated | None = None


def catalog(path: Path | None = None) -> Mapping[str, DataSet]:
    """Return every data set of the catalogue by its name, in the catalogue's order.

    Parameters
    ----------
    path : pathlib.Path, optional
        A catalogue of published tables other than the project's ``datasets/catalog.yml``; the
        project's own comes with the tables of the simulated company.

    Returns
    -------
    mapping of str to DataSet
        Read once per process; it cannot be changed.

    Raises
    ------
    CatalogError
        If the file is missing or does not say what it must, or no company is in the folder that
        CUSTOMER_INSIGHT_COMPANY names.

    Examples
    --------
    >>> catalog()["cdnow_sample"].rows
    6919
    """
    if path is not None:
        return _read_once(Path(path), None)
    return _read_once(CATALOG_FILE, company_folder())


def published() -> Mapping[str, DataSet]:
    """Return the data sets of the catalogue that have a publisher, without the company's tables."""
    return MappingProxyType({k: entry for k, entry in catalog().items() if not entry.simulated})


def company_folder() -> Path:
    """Return where the simulated company lies.

    Returns
    -------
    pathlib.Path
        The folder that the environment variable CUSTOMER_INSIGHT_COMPANY names, for a company of
        another seed or size; ``datasets/company`` without it.

    Raises
    ------
    CatalogError
        If the variable is set and no company is in its folder.
    """
    from customer_insight.data.company_catalog import MANIFEST_NAME

    named = os.environ.get(COMPANY_VARIABLE)
    if not named:
        return COMPANY_FOLDER
    folder = Path(named).expanduser().absolute()
    if not (folder / MANIFEST_NAME).is_file():
        raise CatalogError(
            f"{COMPANY_VARIABLE} names {folder}, where there is no {MANIFEST_NAME}, so no company "
            "is there to load. Name the folder that `course company build --out FOLDER` printed, "
            "or unset the variable for the shipped company."
        )
    return folder


@functools.cache
def _read_once(path: Path, company: Path | None) -> Mapping[str, DataSet]:
    from customer_insight.data.catalog_file import read_catalog
    from customer_insight.data.company_catalog import read_company_catalog

    if not path.is_file():
        raise CatalogError(
            f"There is no catalogue of data sets at {path}. The library is used from its project "
            "folder, where datasets/catalog.yml lies: install it with `pip install -e .` there."
        )
    published = read_catalog(path)
    if company is None:
        return published
    return MappingProxyType({**published, **read_company_catalog(company)})


def data_set(name: str) -> DataSet:
    """Return the catalogue's entry for one data set.

    A name is looked up in the catalogue and nowhere else, so that nothing on the disk is touched
    for a name that the catalogue does not have.

    Parameters
    ----------
    name : str
        A name of the catalogue, such as "cdnow_sample".

    Returns
    -------
    DataSet

    Raises
    ------
    DataSetError
        If the catalogue has no such name. The message lists the names and the closest one.

    Examples
    --------
    >>> data_set("cdnow_sample").columns[0].name
    'master_id'
    """
    known = catalog()
    if isinstance(name, str) and name in known:
        return known[name]
    shown = repr(name) if len(repr(name)) <= _SHOWN_CHARACTERS else f"{repr(name)[:50]}..."
    close = difflib.get_close_matches(str(name)[:_SHOWN_CHARACTERS], known, n=1)
    hint = f"Did you mean {close[0]!r}? " if close else ""
    raise DataSetError(
        f"There is no data set {shown}. {hint}A data set is asked for by its name in the "
        f"catalogue, not by a path. The names are {', '.join(published())}, and those of the "
        "company's tables, such as company_orders: course data list."
    )
