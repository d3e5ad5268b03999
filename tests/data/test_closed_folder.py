import duckdb
import pytest

from customer_insight.data.closed_folder import closed_folder


@pytest.fixture
def folder(tmp_path):
    for name in ("work", "beside"):
        (tmp_path / name).mkdir()
    for name in ("input.csv", "other.csv"):
        (tmp_path / "beside" / name).write_text("a\n1\n")
    return tmp_path


def test_the_folder_and_the_named_file_can_be_read(folder):
    file = folder / "beside" / "input.csv"
    with closed_folder(folder / "work", [file]) as connection:
        assert connection.execute(f"SELECT * FROM read_csv('{file}')").fetchall() == [(1,)]
        connection.execute(f"COPY (SELECT 5 AS x) TO '{folder}/work/x.parquet' (FORMAT parquet)")
        query = f"SELECT x FROM read_parquet('{folder}/work/x.parquet')"
        assert connection.execute(query).fetchall() == [(5,)]


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM read_csv('{0}/beside/other.csv')",
        "SELECT * FROM read_csv('{0}/beside/*.csv')",
        "SELECT * FROM read_csv('{0}/work/../beside/other.csv')",
        "SELECT * FROM read_csv('/etc/hosts')",
        "SELECT * FROM read_text('{0}/beside/other.csv')",
        "SELECT * FROM glob('{0}/beside/*')",
        "SELECT * FROM read_csv('http://127.0.0.1:9/x.csv')",
        "COPY (SELECT 1) TO '{0}/out.csv'",
        "ATTACH '{0}/other.db'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET enable_external_access = true",
        "SET allowed_directories = ['/']",
        "SET lock_configuration = false",
        "SELECT * FROM secret",
    ],
)
def test_nothing_else_can_be_reached(folder, query):
    secret = duckdb.connect().sql("SELECT 42")  # noqa: F841 - what a query must not see
    before = sorted(folder.rglob("*"))
    with (
        closed_folder(folder / "work", [folder / "beside" / "input.csv"]) as connection,
        pytest.raises(duckdb.Error),
    ):
        connection.execute(query.format(folder)).fetchall()
    assert sorted(folder.rglob("*")) == before


def test_the_connection_is_closed_at_the_end(folder):
    with closed_folder(folder / "work") as connection:
        pass
    with pytest.raises(duckdb.Error, match="closed"):
        connection.execute("SELECT 1")
