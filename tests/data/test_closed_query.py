import duckdb
import pyarrow as pa
import pytest

from customer_insight.data.closed_query import closed_connection, literal, quoted

SECRET = pa.table({"x": [42]})


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM read_csv('/etc/hosts')",
        "SELECT * FROM '/etc/hosts'",
        "SELECT * FROM SECRET",
        "COPY data TO 'out.csv'",
        "ATTACH 'other.db'",
        "INSTALL httpfs",
        "SET enable_external_access = true",
        "SET lock_configuration = false",
    ],
)
def test_nothing_but_the_table_can_be_reached(query, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with closed_connection(pa.table({"x": [1]})) as connection, pytest.raises(duckdb.Error):
        connection.sql(query).fetchall()
    assert list(tmp_path.iterdir()) == []


def test_the_connection_is_closed_at_the_end():
    with closed_connection(pa.table({"x": [1]})) as connection:
        pass
    with pytest.raises(duckdb.Error, match="closed"):
        connection.sql("SELECT 1").fetchall()


@pytest.mark.parametrize("name", ['a"b', "a'b", 'x"; DROP VIEW data; --', "日期", "Customer ID"])
def test_any_name_and_any_text_is_quoted(name):
    with closed_connection(pa.table({name: [1]})) as connection:
        query = f"SELECT {quoted(name)}, {literal(name)} FROM data"
        assert connection.sql(query).fetchall() == [(1, name)]
