"""The tables of the simulated company: what each holds, and the draw that is there."""

import json
from pathlib import Path

from customer_insight.data.catalog import DataSet
from customer_insight.data.errors import CatalogError
from customer_insight.data.strict_yaml import read_mappings

CATALOG_NAME = "catalog"
MANIFEST_NAME = "manifest.json"
PREFIX = "company_"
_TRUTH = "truth_"
_ORIGIN = {
    "publisher": "this project; simulated by `course company build`",
    "licence": "CC BY 4.0",
    "use": "May be used, changed and passed on. No real person, firm or address is in it.",
    "citation": "Customer Insight, the simulated company Qinghe (清禾)",
    "reader": {"kind": "parquet"},
}
_KEYS = ("title", "row", "columns", "checks", "traps")


def read_company_catalog(folder: Path) -> dict[str, DataSet]:
    """Return the tables of the company in a folder, by their names in the catalogue.

    Parameters
    ----------
    folder : pathlib.Path
        With ``catalog/``, whose files say what each table holds, and ``manifest.json``, which says
        how many rows the draw has and what they hash to.

    Returns
    -------
    dict of str to DataSet
        "company_orders" is ``orders.parquet``, "company_truth_people" ``truth/people.parquet``.
        Empty where there is no draw.

    Raises
    ------
    CatalogError
        If a table of the manifest is not in the catalogue, or the catalogue is not well-formed.
    """
    manifest_file = folder / MANIFEST_NAME
    if not manifest_file.is_file():
        return {}
    described = table_facts(folder / CATALOG_NAME)
    drawn = json.loads(manifest_file.read_text(encoding="utf-8"))["tables"]
    unknown = sorted(set(drawn) - set(described))
    if unknown:
        raise CatalogError(
            f"{manifest_file}: the tables {', '.join(unknown)} are not in {CATALOG_NAME}/."
        )
    return {PREFIX + name: _entry(name, described[name], drawn[name]) for name in drawn}


def table_facts(path: Path) -> dict[str, dict]:
    """Return what the company's catalogue says of each table.

    Parameters
    ----------
    path : pathlib.Path
        ``datasets/company/catalog``, a folder of YAML files.

    Returns
    -------
    dict of str to dict
        By the table's own name, such as "orders".

    Raises
    ------
    CatalogError
        If a table has an unknown key. What the keys hold is checked with the entry.
    """
    content = read_mappings(path, "the names of tables to their facts")
    for name, facts in content.items():
        unknown = sorted(set(facts) - set(_KEYS)) if isinstance(facts, dict) else ["no mapping"]
        if unknown:
            raise CatalogError(
                f"{path}: {name}: unknown key {unknown[0]!r}. Known: {', '.join(_KEYS)}."
            )
    return content


def table_file(name: str) -> str:
    """Return where a table lies in the company's folder, as "orders.parquet"."""
    truth = name.startswith(_TRUTH)
    return f"truth/{name.removeprefix(_TRUTH)}.parquet" if truth else f"{name}.parquet"


def _entry(name: str, facts: dict, drawn: dict) -> DataSet:
    from customer_insight.data.catalog_file import build_entry

    simulated = {"path": table_file(name), "content_sha256": drawn["sha256"]}
    rest = {"rows": drawn["rows"], "simulated": simulated}
    return build_entry(PREFIX + name, {**facts, **_ORIGIN, **rest})
