"""Read a data set's file, whatever kind it is, into a table whose values are not yet settled."""

from pathlib import Path
from typing import TYPE_CHECKING

from customer_insight.data.archive import LARGEST_UNPACKED
from customer_insight.data.catalog import DataSet
from customer_insight.data.errors import DataSetError

if TYPE_CHECKING:
    import pyarrow as pa


def read_file(path: Path, entry: DataSet) -> "pa.Table":
    """Return the table in a file, its kind told by the content and not by the name.

    Parquet keeps its types; everything else comes back as text, with empty cells missing.

    Parameters
    ----------
    path : pathlib.Path
        A parquet, xlsx or text file; not an archive.
    entry : DataSet
        Says how the text is laid out and which columns are wanted.

    Returns
    -------
    pyarrow.Table

    Raises
    ------
    DataSetError
        If the file is a web page, too large, or cannot be read as what it seems to be.
    """
    from customer_insight.data.read_text import read_text
    from customer_insight.data.read_workbook import read_workbook

    kind = kind_of(path)
    if kind == "parquet":
        return _read_parquet(path, entry)
    if kind == "zip":
        return read_workbook(path, entry)
    if kind == "web page":
        raise DataSetError(
            f"{path.name} is a web page and not the data set {entry.name}: the publisher answered "
            "with an error or a form. Open the address in a browser to see what it says."
        )
    if path.stat().st_size > LARGEST_UNPACKED:
        raise DataSetError(
            f"{path.name} has {path.stat().st_size:,} bytes; no data set of the course has more "
            f"than {LARGEST_UNPACKED:,}."
        )
    return read_text(path, entry)


def kind_of(path: Path) -> str:
    """Return "parquet", "zip" (an xlsx file is one), "web page" or "text", by a file's first bytes.

    Parameters
    ----------
    path : pathlib.Path
        Any file.

    Returns
    -------
    str
    """
    with path.open("rb") as stream:
        start = stream.read(512)
    if start.startswith(b"PAR1"):
        return "parquet"
    if start.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "zip"
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    return "web page" if text.startswith((b"<!doctype", b"<html", b"<?xml", b"<head")) else "text"


def _read_parquet(path: Path, entry: DataSet) -> "pa.Table":
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path) as opened:
            if opened.metadata.num_rows != entry.rows:
                raise DataSetError(
                    f"{entry.name} is not the published table: {opened.metadata.num_rows:,} rows, "
                    f"published {entry.rows:,}."
                )
            return opened.read()
    except (pa.ArrowException, OSError) as error:
        raise DataSetError(
            f"{path.name} cannot be read as parquet, though it begins like it: it is damaged or "
            f"cut short ({type(error).__name__})."
        ) from None
