"""The four engines: one table in, the same rows out."""

import importlib.util
import os
import shutil
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import narwhals as nw
import pyarrow as pa
import pytest

from .browsing import chromium


@dataclass(frozen=True)
class Engine:
    """An engine by name; `frame` makes its kind of table, `rows` reads one back, sorted."""

    name: str
    session: Any = None

    @property
    def lazy(self) -> bool:
        return self.name in {"polars-lazy", "duckdb", "pyspark"}

    @property
    def ordered(self) -> bool:
        return self.name in {"pandas", "polars", "polars-lazy"}

    def frame(self, table: pa.Table) -> Any:
        if self.name == "pandas":
            return table.to_pandas(date_as_object=False)
        if self.name == "duckdb":
            return self.session.from_arrow(table)
        if self.name == "pyspark":
            return self.session.createDataFrame(table)
        frame = nw.from_dict(
            {name: table[name].combine_chunks() for name in table.column_names}, backend="polars"
        )
        return frame.lazy().to_native() if self.lazy else frame.to_native()

    def kind(self) -> type:
        if self.name == "pandas":
            import pandas

            return pandas.DataFrame
        if self.name == "duckdb":
            import duckdb

            return duckdb.DuckDBPyRelation
        if self.name == "pyspark":
            from pyspark.sql import DataFrame

            return DataFrame
        import polars

        return polars.LazyFrame if self.lazy else polars.DataFrame

    @staticmethod
    def columns(frame: Any) -> dict[str, nw.dtypes.DType]:
        return dict(nw.from_native(frame).collect_schema())

    @staticmethod
    def rows(frame: Any) -> list[dict[str, Any]]:
        table = nw.from_native(frame)
        if isinstance(table, nw.LazyFrame):
            table = table.collect("pyarrow")
        return sorted(table.rows(named=True), key=lambda row: tuple(map(str, row.values())))


@pytest.fixture(scope="session")
def spark():
    """Return the one Spark session of the run: two threads, no web page, another zone than ours."""
    if importlib.util.find_spec("pyspark") is None:
        pytest.skip("pyspark is not installed (pip install -r requirements-spark.lock)")
    java_home = os.environ.get("JAVA_HOME")
    if not (shutil.which("java") or (java_home and Path(java_home, "bin", "java").exists())):
        pytest.skip("PySpark needs a Java runtime, and there is no java on PATH or in JAVA_HOME")
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    with warnings.catch_warnings():
        # PySpark warns of pandas 3; the project hands it Arrow tables, never pandas frames.
        warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas")
        from pyspark.sql import SparkSession
    settings = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.log.level": "ERROR",
        "spark.sql.shuffle.partitions": "2",
        "spark.sql.session.timeZone": "Asia/Shanghai",
        "spark.driver.memory": "1g",
        "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1",
    }
    builder = SparkSession.builder.master("local[2]").appName("customer_insight tests")
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    yield session
    session.stop()


ENGINES = ["pandas", "polars", "polars-lazy", "duckdb"]


@pytest.fixture(params=[*ENGINES, pytest.param("pyspark", marks=pytest.mark.spark)])
def engine(request):
    """Return each of the engines in turn."""
    return _engine(request.param, request)


@pytest.fixture(params=ENGINES)
def local_engine(request):
    """Return each engine that needs no Java, for tests that would take minutes on Spark."""
    return _engine(request.param, request)


def _engine(name, request):
    if name == "pyspark":
        return Engine(name, request.getfixturevalue("spark"))
    if name == "duckdb":
        import duckdb

        connection = duckdb.connect(config={"threads": 2})
        request.addfinalizer(connection.close)
        return Engine(name, connection)
    return Engine(name)


@pytest.fixture(scope="module")
def browser():
    """Return a Chromium for one module; while it lives, no other event loop can run."""
    with chromium() as started:
        yield started


@pytest.fixture(scope="session")
def cdnow():
    """Return the CDNOW sample, an Arrow table of customer, date and dollars."""
    from customer_insight import data

    table = data.load("cdnow_sample", engine="polars").to_arrow()
    columns = {"customer": "master_id", "date": "date", "dollars": "dollar_value"}
    return pa.table({name: table[source] for name, source in columns.items()})
