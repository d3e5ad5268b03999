"""The company is the same wherever it is built, and is written whole or not at all."""

import json
import os
import subprocess
import sys

import numpy as np
import pytest

from customer_insight.company import build as builder
from customer_insight.company.build import SHIPPED_PEOPLE, SHIPPED_SEED, build_company
from customer_insight.data import load
from customer_insight.data.catalog import COMPANY_FOLDER, catalog
from customer_insight.data.company_catalog import MANIFEST_NAME, table_file

OTHER_PYTHON = os.environ.get("CUSTOMER_INSIGHT_OTHER_PYTHON")
BUILD = (
    "import json, pathlib, sys; from customer_insight.company.build import build_company; "
    "b = build_company(pathlib.Path(sys.argv[1]), people=int(sys.argv[2]), seed=int(sys.argv[3])); "
    "print(json.dumps(b.tables))"
)


def built_elsewhere(folder, *, people=1500, seed=3, python=sys.executable, **environment):
    """Return rows and hashes of a company that another process builds."""
    done = subprocess.run(
        [python, "-c", BUILD, str(folder), str(people), str(seed)],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def vector_units():
    """Return the features of this processor that NumPy uses beyond its baseline."""
    found = np.show_config(mode="dicts")["SIMD Extensions"].get("found", [])
    return " ".join(found)


def test_the_shipped_company_is_what_its_seed_gives(tmp_path):
    shipped = json.loads((COMPANY_FOLDER / MANIFEST_NAME).read_text(encoding="utf-8"))
    assert (shipped["people"], shipped["seed"]) == (SHIPPED_PEOPLE, SHIPPED_SEED)
    built = build_company(tmp_path / "company")
    assert built.tables == shipped["tables"], "Run `course company build` and commit the tables."


def test_the_shipped_company_is_small():
    files = [COMPANY_FOLDER / table_file(name) for name in _shipped_tables()]
    assert sum(file.stat().st_size for file in files) < 12_000_000


def test_every_shipped_table_is_described_and_loads():
    for name in _shipped_tables():
        assert len(load(f"company_{name}")) == _shipped_tables()[name]["rows"]


def test_only_the_truth_has_numbers_that_are_not_whole():
    for name in _shipped_tables():
        entry = catalog()[f"company_{name}"]
        numbers = [column.name for column in entry.columns if column.type == "number"]
        if numbers and not name.startswith("truth_"):
            table = load(f"company_{name}")
            for column in numbers:
                assert (table[column].dropna() % 1 == 0).all(), (name, column)


def test_business_alone_has_the_same_bytes(tmp_path):
    whole = build_company(tmp_path / "whole", people=300, seed=3).tables
    part = build_company(tmp_path / "part", people=300, seed=3, business_only=True).tables
    assert {"orders", "invoices", "truth_future", "acquisition_spend"} <= part.keys()
    assert not {"reviews", "tickets", "surveys", "web_events", "prospects"} & part.keys()
    own = [name for name in part if name not in ("staff", "truth_effects", "truth_errors")]
    assert all(part[name] == whole[name] for name in own)
    assert len(own) == len(part)


def test_other_seeds_are_other_companies(tmp_path):
    first = build_company(tmp_path / "a", people=300, seed=1)
    again = build_company(tmp_path / "b", people=300, seed=1)
    other = build_company(tmp_path / "c", people=300, seed=2)
    assert first.tables == again.tables
    assert first.tables["orders"]["sha256"] != other.tables["orders"]["sha256"]
    assert first.tables["cities"] == other.tables["cities"]


def test_blocks_are_the_same_whatever_comes_after_them(tmp_path, monkeypatch):
    """Half the people in smaller blocks: the first block's people do not change."""
    import polars as pl

    monkeypatch.setattr(builder, "PEOPLE", 200)
    build_company(tmp_path / "one", people=200, seed=1)
    build_company(tmp_path / "two", people=400, seed=1)
    one, two = (pl.read_parquet(tmp_path / name / "customers.parquet") for name in ("one", "two"))
    assert two.head(200).equals(one)


@pytest.mark.parametrize("threads", [1, 3])
def test_threads_make_no_difference(tmp_path, monkeypatch, threads):
    monkeypatch.setattr(builder, "PEOPLE", 150)
    expected = build_company(tmp_path / "two", people=600, seed=1).tables
    monkeypatch.setattr(builder, "THREADS", threads)
    assert build_company(tmp_path / "other", people=600, seed=1).tables == expected


def test_a_failure_leaves_the_old_company_as_it_was(tmp_path, monkeypatch):
    build_company(tmp_path / "company", people=100, seed=1)
    before = {file: file.read_bytes() for file in (tmp_path / "company").rglob("*.*")}

    def fail(done, of):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build_company(tmp_path / "company", people=100, seed=2, report=fail)
    after = {file: file.read_bytes() for file in (tmp_path / "company").rglob("*.*")}
    assert after == before
    assert [path.name for path in tmp_path.iterdir()] == ["company"]


@pytest.mark.parametrize("bad", [{"people": 0}, {"people": 10**8}, {"seed": -1}])
def test_numbers_out_of_range_are_refused_before_anything_is_written(tmp_path, bad):
    with pytest.raises(ValueError, match=r"people is .*; seed is"):
        build_company(tmp_path / "company", **bad)
    assert not list(tmp_path.iterdir())


@pytest.mark.evidence
def test_vector_units_threads_and_hash_seeds_make_no_difference(tmp_path):
    assert vector_units(), "NumPy names no vector units here, so that there is nothing to turn off"
    usual = built_elsewhere(tmp_path / "usual")
    plain = built_elsewhere(
        tmp_path / "plain",
        NPY_DISABLE_CPU_FEATURES=vector_units(),
        POLARS_MAX_THREADS="1",
        PYTHONHASHSEED="7",
    )
    assert plain == usual


@pytest.mark.evidence
@pytest.mark.skipif(not OTHER_PYTHON, reason="CUSTOMER_INSIGHT_OTHER_PYTHON names no other Python")
def test_another_python_makes_no_difference(tmp_path):
    usual = built_elsewhere(tmp_path / "usual")
    assert built_elsewhere(tmp_path / "other", python=OTHER_PYTHON) == usual


def _shipped_tables():
    return json.loads((COMPANY_FOLDER / MANIFEST_NAME).read_text(encoding="utf-8"))["tables"]
