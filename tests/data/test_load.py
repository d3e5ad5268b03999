import gc
import sys
from datetime import date, datetime

import duckdb
import pandas as pd
import polars as pl
import pytest

from customer_insight import data
from customer_insight.data.catalog import catalog, published
from customer_insight.data.errors import DataSetError, DataSetMissingError
from customer_insight.data.fetch import fetch
from customer_insight.data.load import ENGINES, load, places


@pytest.fixture
def cdnow_bundled(monkeypatch, tmp_path):
    """Leave nothing to load from but the installed packages."""
    monkeypatch.delenv("CUSTOMER_INSIGHT_DATA", raising=False)
    monkeypatch.setattr(sys.modules["customer_insight.data.load"], "FETCHED_FOLDER", tmp_path)


@pytest.fixture
def placed(tiny, tiny_csv, tmp_path, monkeypatch):
    """Put a genuine copy into the folder that the environment names; give its path."""
    folder = tmp_path / "own"
    path = fetch("tiny", source=tiny_csv, folder=folder).path
    monkeypatch.setenv("CUSTOMER_INSIGHT_DATA", str(folder))
    return path


def test_cdnow_comes_out_of_the_installed_package(cdnow_bundled):
    frame = load("cdnow_sample")
    assert frame.shape == (6919, 5)
    assert list(frame.columns) == [
        "master_id",
        "sample_id",
        "date",
        "number_of_cds",
        "dollar_value",
    ]
    assert frame.iloc[0].tolist() == ["00004", "0001", pd.Timestamp("1997-01-01"), 2, 29.33]
    assert frame["dollar_value"].sum() == pytest.approx(244_091.94)


def test_the_copy_with_a_header_is_read_alike(cdnow_bundled):
    frame = load("cdnow_master")
    assert frame.shape == (69_659, 4)
    assert frame["customer_id"].nunique() == 23_570


def test_the_package_that_holds_a_copy_is_not_imported(cdnow_bundled, monkeypatch):
    for name in [name for name in sys.modules if name.split(".")[0] == "lifetimes"]:
        monkeypatch.delitem(sys.modules, name)
    load("cdnow_sample")
    assert "lifetimes" not in sys.modules


def test_without_the_package_the_set_is_missing(cdnow_bundled, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(DataSetMissingError, match="course data fetch cdnow_sample"):
        load("cdnow_sample")


def test_dtypes_on_pandas_are_those_of_the_catalogue(placed):
    assert load("tiny").dtypes.astype(str).to_dict() == {
        "id": "str",
        "day": "datetime64[us]",
        "at": "datetime64[us]",
        "pieces": "int64",
        "price": "float64",
        "paid": "bool",
        "kind": "str",
    }


def test_types_on_polars_and_duckdb_are_those_of_the_catalogue(placed):
    assert load("tiny", engine="polars").schema == pl.Schema(
        {
            "id": pl.String,
            "day": pl.Date,
            "at": pl.Datetime("us"),
            "pieces": pl.Int64,
            "price": pl.Float64,
            "paid": pl.Boolean,
            "kind": pl.String,
        }
    )
    types = [str(kind) for kind in load("tiny", engine="duckdb").types]
    assert types == ["VARCHAR", "DATE", "TIMESTAMP", "BIGINT", "DOUBLE", "BOOLEAN", "VARCHAR"]


def test_polars_and_duckdb_have_the_same_rows_in_the_same_order(placed):
    expected = [
        ("007", date(2024, 2, 1), datetime(2024, 2, 1, 9, 30), 1, 2.5, True, "new"),
        ("008", date(2024, 2, 2), None, 2, None, False, None),
        ("9,5", date(2024, 2, 3), datetime(2024, 2, 3, 23, 59), 3, 10.25, True, "old"),
    ]
    assert load("tiny", engine="polars").rows() == expected
    assert load("tiny", engine="duckdb").fetchall() == expected


def test_pandas_has_the_same_values(placed):
    frame = load("tiny")
    assert frame["id"].tolist() == ["007", "008", "9,5"]
    assert frame["at"].isna().tolist() == [False, True, False]
    assert frame["price"].isna().tolist() == [False, True, False]
    assert frame["day"].tolist() == [pd.Timestamp(2024, 2, day) for day in (1, 2, 3)]


def test_a_pandas_table_can_be_changed_and_the_next_load_is_whole(placed):
    frame = load("tiny")
    frame.loc[:, "pieces"] = 0
    assert load("tiny")["pieces"].tolist() == [1, 2, 3]


def test_a_relation_outlives_everything_but_itself(placed):
    relation = load("tiny", engine="duckdb").filter("pieces > 1")
    placed.unlink()
    gc.collect()
    assert relation.aggregate("sum(pieces)").fetchall() == [(5,)]


def test_two_relations_can_be_joined(placed):
    left, right = (load("tiny", engine="duckdb").set_alias(alias) for alias in ("a", "b"))
    assert left.join(right, "a.id = b.id").count("*").fetchall() == [(3,)]


def test_a_relation_lives_in_the_connection_given(placed):
    with duckdb.connect() as connection:
        connection.sql("CREATE TABLE rates AS SELECT 2 AS rate")
        tiny = load("tiny", engine="duckdb", connection=connection)
        joined = tiny.set_alias("t").join(connection.table("rates"), "true")
        assert joined.aggregate("sum(pieces * rate)").fetchall() == [(12,)]


def test_a_connection_without_duckdb_is_refused(placed):
    with pytest.raises(DataSetError, match=r"connection is for engine 'duckdb'; .* is 'pandas'"):
        load("tiny", connection=duckdb.default_connection())


@pytest.mark.parametrize("engine", ["spark", "", None, "Pandas"])
def test_an_unknown_engine_gets_the_list(engine, placed):
    with pytest.raises(DataSetError, match="must be one of 'pandas', 'polars', 'duckdb'"):
        load("tiny", engine=engine)


def test_the_folder_of_the_environment_comes_before_the_fetched_one(placed, tiny, tiny_csv):
    fetched = fetch("tiny", source=tiny_csv).path
    assert [place.path for place in places(tiny)] == [placed, fetched]
    fetched.write_bytes(b"broken")
    assert load("tiny").shape == (3, 7)


def test_the_fetched_folder_is_used_without_the_variable(tiny, tiny_csv):
    fetch("tiny", source=tiny_csv)
    assert load("tiny").shape == (3, 7)


def test_an_empty_variable_counts_as_not_set(tiny, tmp_path, monkeypatch):
    monkeypatch.setenv("CUSTOMER_INSIGHT_DATA", "")
    assert [place.what for place in places(tiny)] == ["fetched"]


def test_a_missing_set_names_itself_the_places_and_the_command(tiny, tmp_path):
    with pytest.raises(DataSetMissingError) as error:
        load("tiny")
    message = str(error.value)
    assert "The data set tiny (Three orders) is not there" in message
    assert str(tmp_path / "fetched" / "tiny.parquet") in message
    assert "CUSTOMER_INSIGHT_DATA is not set" in message
    assert "course data fetch tiny" in message


def test_a_missing_set_names_the_folder_of_the_environment(tiny, tmp_path, monkeypatch):
    monkeypatch.setenv("CUSTOMER_INSIGHT_DATA", str(tmp_path / "nowhere"))
    with pytest.raises(
        DataSetMissingError, match=r"nowhere.tiny.parquet \(CUSTOMER_INSIGHT_DATA\)"
    ):
        load("tiny")


def test_a_set_taken_by_hand_says_how(tiny):
    with pytest.raises(DataSetMissingError) as error:
        load("tiny_by_hand")
    assert "taken by hand: Ask nobody for it." in str(error.value)
    assert "course data fetch tiny_by_hand --from FILE" in str(error.value)


@pytest.mark.parametrize("engine", ENGINES)
def test_an_altered_set_is_refused_on_every_engine(engine, placed):
    altered = pd.read_parquet(placed).assign(pieces=[1, 2, 4])
    altered.to_parquet(placed)
    with pytest.raises(DataSetError) as error:
        load("tiny", engine=engine)
    message = str(error.value)
    assert "tiny is not the published table" in message
    assert "pieces: 7, published 6" in message
    assert f"Found: {placed} (CUSTOMER_INSIGHT_DATA)" in message
    assert "course data fetch tiny" in message


@pytest.mark.parametrize("engine", ENGINES)
def test_a_value_against_the_rules_is_refused_on_every_engine(engine, placed):
    pd.read_parquet(placed).assign(kind=["new", None, "SECRET"]).to_parquet(placed)
    with pytest.raises(DataSetError, match="column 'kind', rule isin") as error:
        load("tiny", engine=engine)
    assert "SECRET" not in str(error.value).replace(str(placed), "")


def test_another_number_of_rows_is_refused_before_the_rows_are_read(placed, monkeypatch):
    frame = pd.read_parquet(placed)
    pd.concat([frame, frame]).to_parquet(placed)
    monkeypatch.setattr("pyarrow.parquet.ParquetFile.read", lambda *_: pytest.fail("was read"))
    with pytest.raises(DataSetError, match="6 rows, published 3"):
        load("tiny")


def test_a_truncated_file_is_refused(placed):
    placed.write_bytes(placed.read_bytes()[:-20])
    with pytest.raises(DataSetError, match="it is damaged or cut short"):
        load("tiny")


def test_the_public_names_of_the_room():
    assert data.load is load
    assert data.fetch is fetch
    assert data.__all__ == sorted(data.__all__)
    with pytest.raises(AttributeError, match="no attribute 'lode'"):
        _ = data.lode


@pytest.mark.parametrize("name", ["cdnow_sample", "cdnow_master"])
def test_the_bundled_copy_equals_the_given_one(name, real_folder, monkeypatch):
    assert places(catalog()[name])[0].path.is_file()
    given = load(name)
    monkeypatch.delenv("CUSTOMER_INSIGHT_DATA")
    pd.testing.assert_frame_equal(load(name), given)


@pytest.mark.parametrize("name", list(published()))
def test_every_real_set_loads_alike_on_every_engine(name, real_folder):
    if not (real_folder / f"{name}.parquet").is_file():
        pytest.skip(f"{real_folder} has no {name}.parquet")
    loads_alike(name)


@pytest.mark.parametrize("name", [n for n, entry in catalog().items() if entry.simulated])
def test_every_table_of_the_company_loads_alike_on_every_engine(name):
    loads_alike(name)


def loads_alike(name):
    polars = load(name, engine="polars")
    assert polars.height == catalog()[name].rows
    assert load(name, engine="duckdb").pl().equals(polars)
    frame = load(name)
    assert list(frame.columns) == polars.columns
    nulls = polars.null_count().row(0)
    assert tuple(frame.isna().sum()) == nulls
