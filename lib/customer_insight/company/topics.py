"""Which tables and columns feed each topic of the curriculum."""

import difflib
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from customer_insight.data.catalog import COMPANY_FOLDER
from customer_insight.data.errors import CatalogError
from customer_insight.data.strict_yaml import read_mapping

TOPICS_FILE = COMPANY_FOLDER / "topics.yml"


def topics(path: Path = TOPICS_FILE) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """Return the tables and columns that feed each topic.

    Parameters
    ----------
    path : pathlib.Path, optional
        By default ``datasets/company/topics.yml``.

    Returns
    -------
    mapping of str to mapping of str to tuple of str
        From a topic's id to its tables, and from a table to its columns, in the file's order. The
        company's tables have their own names, such as "orders".

    Raises
    ------
    CatalogError
        If the file is missing or is no YAML, if a topic has no table or a table no column, or if a
        column stands twice or is no text. The message names topic and table.

    Examples
    --------
    >>> topics()["D5.4"]["hillstrom_email"][:2]
    ('recency', 'history_segment')
    """
    _check_there(path)
    content = read_mapping(path, "the ids of topics to their tables")
    return MappingProxyType(
        {topic: _tables(f"{path}, topic {topic}", tables) for topic, tables in content.items()}
    )


def topic_problems(
    fed: Mapping[str, Mapping[str, tuple[str, ...]]],
    *,
    curriculum: Iterable[str],
    columns: Mapping[str, Iterable[str]],
) -> list[str]:
    """Return in words what is wrong between topics and tables.

    Parameters
    ----------
    fed : mapping
        From topics to tables to columns, as `topics` returns it.
    curriculum : iterable of str
        The ids of all topics.
    columns : mapping of str to iterable of str
        The columns of every table that is there, the company's and the published ones.

    Returns
    -------
    list of str
        One sentence a problem, with what mends it. Empty when the topics are those of the
        curriculum, every table and column is there, and every table feeds some topic.

    Examples
    --------
    >>> tables = {"orders": ["order_id"]}
    >>> fed = {"A1": {"orders": ("order_id",)}}
    >>> topic_problems(fed, curriculum=["A1"], columns=tables)
    []
    """
    wanted = list(curriculum)
    named = dict.fromkeys(table for tables in fed.values() for table in tables)
    problems = [f"{t} is no topic of the curriculum; take it out." for t in fed if t not in wanted]
    problems += [f"No table feeds topic {t}; name one." for t in wanted if t not in fed]
    problems += [
        f"{topic}: {table} has no column {column!r}.{_closest(column, columns[table])}"
        for topic, tables in fed.items()
        for table, names in tables.items()
        for column in names
        if table in columns and column not in columns[table]
    ]
    problems += [
        f"{table} is in no catalogue.{_closest(table, columns)}"
        for table in named
        if table not in columns
    ]
    problems += [
        f"{t} feeds no topic; take it out, or name its topic." for t in columns if t not in named
    ]
    return problems


def _check_there(path: Path) -> None:
    if not path.is_file():
        raise CatalogError(
            f"There is no {path.name} in {path.parent}. Without it nobody sees a topic without "
            f"data; take it back: git checkout -- datasets/company/{path.name}"
        )


def _tables(where: str, tables: Any) -> Mapping[str, tuple[str, ...]]:
    if not isinstance(tables, dict) or not tables:
        raise CatalogError(
            f"{where}: it must map tables to lists of columns; a topic without a table cannot run."
        )
    return MappingProxyType(
        {table: _columns(f"{where}, {table}", names) for table, names in tables.items()}
    )


def _columns(where: str, names: Any) -> tuple[str, ...]:
    if not isinstance(names, list) or not names:
        raise CatalogError(f"{where}: a list of columns is wanted here, as [order_id, amount].")
    for name in names:
        if not isinstance(name, str):
            raise CatalogError(f"{where}: column {name!r} is no text; put it in quotes.")
        if names.count(name) > 1:
            raise CatalogError(f"{where}: column {name!r} stands twice; take one out.")
    return tuple(names)


def _closest(name: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(name, list(known), n=1)
    return f" Did you mean {close[0]!r}?" if close else ""
