"""Read the text formats in which publishers offer their tables."""

import codecs
from pathlib import Path
from typing import TYPE_CHECKING

from customer_insight.data.catalog import DataSet
from customer_insight.data.errors import DataSetError

if TYPE_CHECKING:
    import pyarrow as pa


def read_text(path: Path, entry: DataSet) -> "pa.Table":
    """Return the table of a text file, all values as text.

    Parameters
    ----------
    path : pathlib.Path
        "csv": commas and a header. "fixed_width": fields between blanks, with or without a header.
        "baskets": one basket a line without a header, numbered from 1.
    entry : DataSet
        Its reader says which; a set that is published as a workbook is expected as csv here.

    Returns
    -------
    pyarrow.Table
        csv: the catalogue's columns, others left out.

    Raises
    ------
    DataSetError
        If the text is in another encoding, or its lines do not have the columns of the data set.
    """
    if entry.reader.kind == "fixed_width":
        return _read_fixed_width(_lines(path, entry), entry)
    if entry.reader.kind == "baskets":
        return _read_baskets(_lines(path, entry), entry)
    return _read_csv(path, entry)


def _lines(path: Path, entry: DataSet) -> list[str]:
    try:
        text = path.read_bytes().removeprefix(codecs.BOM_UTF8).decode(entry.reader.encoding)
    except UnicodeDecodeError as error:
        raise _wrong_encoding(path, entry) from error
    return [line for line in text.replace("\r\n", "\n").split("\n") if line.strip()]


def _read_fixed_width(lines: list[str], entry: DataSet) -> "pa.Table":
    """Split at blanks: no value has one, and published copies differ in their margins."""
    import pyarrow as pa

    rows = [line.split() for line in lines]
    names = [column.name for column in entry.columns]
    if rows and rows[0] == names:
        rows = rows[1:]
    wrong = sum(len(row) != len(names) for row in rows)
    if wrong or not rows:
        raise DataSetError(
            f"{entry.name}: {wrong:,} of {len(rows):,} lines do not have the {len(names)} fields "
            f"{', '.join(map(repr, names))}."
        )
    return pa.table(dict(zip(names, map(list, zip(*rows, strict=True)), strict=True)))


def _read_baskets(lines: list[str], entry: DataSet) -> "pa.Table":
    import pyarrow as pa

    number, items = (column.name for column in entry.columns)
    numbers = [str(i) for i in range(1, len(lines) + 1)]
    return pa.table({number: pa.array(numbers, pa.string()), items: pa.array(lines, pa.string())})


def _read_csv(path: Path, entry: DataSet) -> "pa.Table":
    import pyarrow as pa
    import pyarrow.csv as pc

    names = [column.name for column in entry.columns]
    convert = pc.ConvertOptions(
        column_types=dict.fromkeys(names, pa.string()),
        null_values=[""],
        strings_can_be_null=True,
    )
    try:
        table = pc.read_csv(
            path,
            read_options=pc.ReadOptions(encoding=entry.reader.encoding),
            parse_options=pc.ParseOptions(newlines_in_values=True),
            convert_options=convert,
        )
    except (pa.ArrowException, UnicodeDecodeError) as error:
        if "utf8" in str(error).lower() or isinstance(error, UnicodeDecodeError):
            raise _wrong_encoding(path, entry) from None
        raise DataSetError(
            f"{path.name} cannot be read as the csv of {entry.name}: a line has more or fewer "
            "fields than the header, or a quotation mark is not closed."
        ) from None
    return table.select([name for name in table.column_names if name in names])


def _wrong_encoding(path: Path, entry: DataSet) -> DataSetError:
    return DataSetError(
        f"{path.name} is not text in {entry.reader.encoding}, as {entry.name} is published. Saved "
        "by another program, it may be in another encoding; take the publisher's file."
    )
