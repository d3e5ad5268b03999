"""Read a YAML file that people write by hand, and refuse what YAML itself lets pass in silence."""

from pathlib import Path

import yaml

from customer_insight.data.errors import CatalogError


class _StrictLoader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
    """YAML's safe loader, which refuses a key that stands twice instead of dropping the first."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict:
        """Return the mapping; a repeated key raises CatalogError with its line."""
        seen = set()
        for key_node, _ in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                continue
            if key_node.value in seen:
                line = key_node.start_mark.line + 1
                raise CatalogError(f"line {line}: the key {key_node.value!r} stands twice.")
            seen.add(key_node.value)
        return super().construct_mapping(node, deep=deep)


def read_mapping(path: Path, what: str) -> dict:
    """Return the mapping that a YAML file holds.

    Parameters
    ----------
    path : pathlib.Path
        A file in UTF-8.
    what : str
        What is mapped to what, for the error message.

    Returns
    -------
    dict
        With at least one key.

    Raises
    ------
    CatalogError
        If the file is no YAML, holds no mapping or an empty one, or has a key twice. The message
        names the file.
    """
    try:
        with path.open(encoding="utf-8") as stream:
            content = yaml.load(stream, Loader=_StrictLoader)  # noqa: S506 - a safe loader
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise CatalogError(f"{path} is not readable as YAML: {error}") from error
    except CatalogError as error:
        raise CatalogError(f"{path}: {error}") from None
    if not isinstance(content, dict) or not content:
        raise CatalogError(f"{path}: it must be a mapping from {what}.")
    return content


def read_mappings(path: Path, what: str) -> dict:
    """Return what the YAML files of a folder hold together, in the order of their names.

    Parameters
    ----------
    path : pathlib.Path
        A folder of ``.yml`` files.
    what : str
        As for `read_mapping`.

    Returns
    -------
    dict

    Raises
    ------
    CatalogError
        If there is no such file, one cannot be read, or two hold the same key.
    """
    files = sorted(path.glob("*.yml"))
    if not files:
        raise CatalogError(f"{path}: no .yml file is there.")
    together: dict = {}
    for file in files:
        content = read_mapping(file, what)
        twice = sorted(together.keys() & content.keys())
        if twice:
            raise CatalogError(f"{file}: {twice[0]!r} stands in another file of its folder, too.")
        together |= content
    return together
