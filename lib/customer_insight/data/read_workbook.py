"""Read one sheet of an Excel workbook, row by row, all values as text."""

import datetime as dt
import itertools
import warnings
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from customer_insight.data.archive import check_sizes
from customer_insight.data.catalog import Column, DataSet
from customer_insight.data.errors import DataSetError

if TYPE_CHECKING:
    import pyarrow as pa

_ROWS_AT_A_TIME = 50_000
_MOST_COLUMNS = 200


def read_workbook(path: Path, entry: DataSet) -> "pa.Table":
    """Return one sheet of an xlsx file, with the catalogue's columns as text.

    Whole numbers lose the ".0" that Excel gives them, so that an invoice 536365 is "536365" whether
    its cell is a number or a text. Dates are written in the column's format.

    Parameters
    ----------
    path : pathlib.Path
        An xlsx file. The first row is the header.
    entry : DataSet
        Names the sheet (a set published as csv: the first sheet) and the columns.

    Returns
    -------
    pyarrow.Table

    Raises
    ------
    DataSetError
        If the file is no workbook, is made to fill the memory, or lacks sheet or columns.
    """
    import openpyxl

    try:
        with zipfile.ZipFile(path) as opened:
            check_sizes(opened, path.name)
        # as a stream, since openpyxl refuses a path by its ending
        with path.open("rb") as stream, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of styles and filters it does not keep
            book = openpyxl.load_workbook(stream, read_only=True, data_only=True, keep_links=False)
            try:
                return _read_sheet(_sheet(book, entry), entry)
            finally:
                book.close()
    except DataSetError:
        raise
    except Exception as error:  # openpyxl lets whatever its parsers raise pass through
        raise DataSetError(
            f"{path.name} cannot be read as an Excel workbook ({type(error).__name__}): damaged, "
            "cut short, or another kind of archive."
        ) from None


def _sheet(book: Any, entry: DataSet) -> Any:
    name = entry.reader.sheet or book.sheetnames[0]
    if name not in book.sheetnames:
        raise DataSetError(f"{entry.name}: the workbook has no sheet {name!r}.")
    sheet = book[name]
    sheet.reset_dimensions()  # the size that a file declares can be anything
    return sheet


def _read_sheet(sheet: Any, entry: DataSet) -> "pa.Table":
    import pyarrow as pa

    rows = sheet.iter_rows(values_only=True, max_col=_MOST_COLUMNS)
    header = list(next(rows, ()))
    columns = [column for column in entry.columns if column.name in header]
    if not columns:
        raise DataSetError(f"{entry.name}: the first row of the sheet names none of its columns.")
    where = [header.index(column.name) for column in columns]
    schema = pa.schema([(column.name, pa.string()) for column in columns])
    chunks = list(_chunks(rows, columns, where, schema, entry))
    return pa.Table.from_batches(chunks, schema)


def _chunks(
    rows: Iterator[tuple],
    columns: list[Column],
    where: list[int],
    schema: "pa.Schema",
    entry: DataSet,
) -> Iterator["pa.RecordBatch"]:
    """Give the sheet in pieces, so that its cells never stand in memory all at once."""
    import pyarrow as pa

    total = 0
    filled = (row for row in rows if any(cell is not None for cell in row))
    while chunk := list(itertools.islice(filled, _ROWS_AT_A_TIME)):
        total += len(chunk)
        if total > entry.rows:
            raise DataSetError(
                f"{entry.name}: the sheet has more than the {entry.rows:,} rows published."
            )
        arrays = [
            pa.array(
                [_text(row[i], column) if i < len(row) else None for row in chunk], pa.string()
            )
            for column, i in zip(columns, where, strict=True)
        ]
        yield pa.RecordBatch.from_arrays(arrays, schema=schema)


def _text(cell: Any, column: Column) -> str | None:
    if cell is None or cell == "":
        return None
    if isinstance(cell, dt.datetime | dt.date):
        return cell.strftime(column.format or "%Y-%m-%d %H:%M:%S")
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
