"""The catalogue of the simulated company."""

import json

import pytest

from customer_insight.data.catalog import COMPANY_FOLDER
from customer_insight.data.company_catalog import read_company_catalog, table_facts, table_file
from customer_insight.data.errors import CatalogError

TABLE = """
pets:
  title: Pets
  row: one pet
  columns:
    pet_id: {type: text, meaning: Pet}
  checks:
    - {what: pets twice, sql: count(*) - count(DISTINCT pet_id), equals: 0}
  traps:
    - Some are cats.
"""


def folder_of(tmp_path, catalog=TABLE, tables=None):
    (tmp_path / "catalog").mkdir()
    (tmp_path / "catalog" / "animals.yml").write_text(catalog)
    if tables is not None:
        manifest = {"people": 1, "organisations": 1, "seed": 1, "tables": tables}
        (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    return tmp_path


def test_a_table_has_its_rows_and_hash_from_the_manifest(tmp_path):
    drawn = {"pets": {"rows": 3, "sha256": "0" * 64}}
    entry = read_company_catalog(folder_of(tmp_path, tables=drawn))["company_pets"]
    assert (entry.rows, entry.simulated.path) == (3, "pets.parquet")
    assert entry.simulated.content_sha256 == "0" * 64


def test_without_a_draw_there_are_no_tables(tmp_path):
    assert read_company_catalog(folder_of(tmp_path)) == {}


def test_a_table_that_is_not_described_is_refused(tmp_path):
    drawn = {"toys": {"rows": 3, "sha256": "0" * 64}}
    with pytest.raises(CatalogError, match=r"the tables toys are not in catalog/"):
        read_company_catalog(folder_of(tmp_path, tables=drawn))


def test_an_unknown_key_is_refused(tmp_path):
    folder = folder_of(tmp_path, TABLE.replace("row:", "rowe:"))
    with pytest.raises(CatalogError, match="pets: unknown key 'rowe'"):
        table_facts(folder / "catalog")


def test_truth_lies_in_a_folder_of_its_own():
    assert table_file("truth_people") == "truth/people.parquet"
    assert table_file("orders") == "orders.parquet"


def test_every_table_says_what_misleads_and_what_holds():
    for name, facts in table_facts(COMPANY_FOLDER / "catalog").items():
        assert facts["checks"], name
        assert facts["traps"], name
