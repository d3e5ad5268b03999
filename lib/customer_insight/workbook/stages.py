"""The finished steps of an unfinished run, kept so that a second run goes on from there."""

import hashlib
import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from customer_insight.data.files import write_whole

if TYPE_CHECKING:
    import polars as pl

_KEY = "key.json"


class Stages:
    """Keeps tables and small facts in a folder under a key; another key empties the folder.

    What is in the folder are the user's own customers, by their ids: it is readable for its owner
    alone, and `clear` removes it when the run has come to its end.

    Parameters
    ----------
    folder : pathlib.Path
        Made if it is not there.
    key : mapping
        All that the steps depend on, such as the file's hash and the options, as JSON.

    Examples
    --------
    >>> import tempfile
    >>> import polars
    >>> folder = Path(tempfile.mkdtemp(), "orders.unfinished")
    >>> stages = Stages(folder, {"file": "a1"})
    >>> stages.table("numbers", lambda: polars.DataFrame({"x": [1, 2]})).height
    2
    >>> again = Stages(folder, {"file": "a1"})
    >>> again.table("numbers", lambda: 1 / 0).height, again.resumed
    (2, 1)
    """

    def __init__(self, folder: Path, key: Mapping[str, Any]) -> None:
        self.folder, self.resumed = folder, 0
        mark = json.dumps({"key": key, "code": _code_mark()}, sort_keys=True, indent=1).encode()
        if folder.exists() and _read(folder / _KEY) != mark:
            if any(folder.iterdir()) and not (folder / _KEY).exists():
                raise ValueError(
                    f"{folder.name} is there and is not of a report that was broken off. Nothing "
                    "in it was touched: move it away, or write the report somewhere else."
                )
            shutil.rmtree(folder)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_whole(folder / _KEY, mark)

    def table(self, name: str, make: "Callable[[], pl.DataFrame]") -> "pl.DataFrame":
        """Return a table that was kept, or make and keep it."""
        import polars as pl

        path = self.path(name)
        if path.exists():
            self.resumed += 1
            return pl.read_parquet(path)
        frame = make()
        self.keep(name, frame)
        return frame

    def read(self, name: str) -> "pl.DataFrame":
        """Return a table that was kept."""
        import polars as pl

        return pl.read_parquet(self.path(name))

    def keep(self, name: str, frame: "pl.DataFrame") -> None:
        """Keep a table; it takes its name when it is complete."""
        part = self.folder / f".{name}.part"
        frame.write_parquet(part)
        part.replace(self.path(name))

    def facts(self, name: str, make: Callable[[], Any]) -> Any:
        """Return what was kept as JSON, or make and keep it."""
        path = self.folder / f"{name}.json"
        if path.exists():
            self.resumed += 1
            return json.loads(path.read_bytes())
        content = make()
        write_whole(path, json.dumps(content).encode())
        return content

    def path(self, name: str) -> Path:
        """Return where a table is kept."""
        return self.folder / f"{name}.parquet"

    def clear(self) -> None:
        """Remove the folder: the run is done."""
        shutil.rmtree(self.folder)


def _read(path: Path) -> bytes:
    return path.read_bytes() if path.exists() else b""


def _code_mark() -> str:
    """Return a mark of the library's own code: another version begins anew."""
    import customer_insight

    root = Path(customer_insight.__file__).parent
    digest = hashlib.sha256()
    for path in sorted(root.rglob("*.py")):
        digest.update(path.relative_to(root).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()
