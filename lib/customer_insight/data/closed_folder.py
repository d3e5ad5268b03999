"""SQL over the files of one folder, on a DuckDB connection that can see nothing else."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from customer_insight.data.closed_query import literal

if TYPE_CHECKING:
    import duckdb

MEMORY = "700MB"


@contextmanager
def closed_folder(folder: Path, also: Sequence[Path] = ()) -> Iterator["duckdb.DuckDBPyConnection"]:
    """Give a connection that can read and write in one folder, and read some files beside it.

    No query on it can reach other files, the network, extensions or the variables of the program,
    and none can lift these limits. What does not fit the memory goes to the folder.

    Parameters
    ----------
    folder : pathlib.Path
        Work in here; remove it afterwards.
    also : sequence of pathlib.Path
        Files to be read where they lie.

    Yields
    ------
    duckdb.DuckDBPyConnection

    Examples
    --------
    >>> import tempfile
    >>> with closed_folder(Path(tempfile.mkdtemp())) as connection:
    ...     connection.sql("SELECT 1 + 1").fetchall()
    [(2,)]
    """
    import duckdb

    real = [str(path.resolve()) for path in also]
    settings = {
        "allowed_directories": _listed([str(folder), str(folder.resolve())]),
        "allowed_paths": _listed(real),
        "temp_directory": literal(str(folder)),
        "memory_limit": literal(MEMORY),
        "threads": "2",
        "timezone": "'UTC'",  # the text of a moment hangs on no machine's zone
        "enable_external_access": "false",
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        "python_enable_replacements": "false",
        "enable_progress_bar": "false",
        "lock_configuration": "true",
    }
    connection = duckdb.connect(":memory:")
    try:
        for name, value in settings.items():
            connection.execute(f"SET {name} = {value}")
        yield connection
    finally:
        connection.close()


def _listed(texts: list[str]) -> str:
    return f"[{', '.join(map(literal, texts))}]"
