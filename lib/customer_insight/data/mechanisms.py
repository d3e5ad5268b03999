"""The mechanisms of the simulated company and their parameters: data with units and reasons."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from customer_insight.data.catalog import COMPANY_FOLDER
from customer_insight.data.errors import CatalogError
from customer_insight.data.strict_yaml import read_mappings

MECHANISMS_FOLDER = COMPANY_FOLDER / "mechanisms"


@dataclass(frozen=True)
class Parameter:
    """A value, its unit and why it is what it is."""

    value: Any
    unit: str
    reason: str


@dataclass(frozen=True)
class Mechanism:
    """One mechanism of the company: what it does, and with which parameters.

    ``mechanism["rate"]`` is the value of the parameter named "rate".
    """

    name: str
    title: str
    what: str
    parameters: Mapping[str, Parameter]

    def __getitem__(self, parameter: str) -> Any:
        return self.parameters[parameter].value


def mechanisms(path: Path = MECHANISMS_FOLDER) -> Mapping[str, Mechanism]:
    """Return every mechanism of the company by its name.

    Parameters
    ----------
    path : pathlib.Path, optional
        A folder of YAML files; by default ``datasets/company/mechanisms``.

    Returns
    -------
    mapping of str to Mechanism
        In the order of the files; read once per process.

    Raises
    ------
    CatalogError
        If a mechanism or parameter lacks a key, has an unknown one, or an empty text.

    Examples
    --------
    >>> mechanisms()["steady"].title
    'Steady buyers'
    """
    return _read_once(Path(path))


def mechanism(name: str) -> Mechanism:
    """Return one mechanism; a name that no file has raises KeyError."""
    return mechanisms()[name]


@functools.cache
def _read_once(path: Path) -> Mapping[str, Mechanism]:
    content = read_mappings(path, "the names of mechanisms to their facts")
    return MappingProxyType(
        {name: _mechanism(path, name, facts) for name, facts in content.items()}
    )


def _mechanism(path: Path, name: str, facts: Any) -> Mechanism:
    where = f"{path}, {name}"
    _check_keys(where, facts, ("title", "what", "parameters"))
    parameters = {}
    for key, given in (facts["parameters"] or {}).items():
        _check_keys(f"{where}, {key}", given, ("value", "unit", "reason"))
        parameters[key] = Parameter(**given)
    return Mechanism(name, facts["title"], facts["what"], MappingProxyType(parameters))


def _check_keys(where: str, facts: Any, keys: tuple[str, ...]) -> None:
    if not isinstance(facts, dict) or set(facts) != set(keys):
        found = ", ".join(facts) if isinstance(facts, dict) else type(facts).__name__
        raise CatalogError(f"{where}: needs exactly {', '.join(keys)}, and has {found}.")
    for key in keys:
        if facts[key] == "":
            raise CatalogError(f"{where}: {key} is empty.")
