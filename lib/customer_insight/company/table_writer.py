"""Write tables to parquet part by part, and hash what is in them on the way."""

from pathlib import Path
from types import TracebackType

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from customer_insight.data.company_catalog import table_file
from customer_insight.data.content_hash import ContentHash

_TYPES = {
    "text": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("us"),
}


class TableWriter:
    """Parquet files of a company's tables, one a table, a row group a part.

    Parameters
    ----------
    folder : pathlib.Path
        An existing folder.
    facts : dict
        What the catalogue says of each table: names, order and types of the columns, as
        `customer_insight.data.company_catalog.table_facts` gives them.
    """

    def __init__(self, folder: Path, facts: dict[str, dict]):
        self._folder, self._facts = folder, facts
        self._open: dict[str, tuple[pq.ParquetWriter, ContentHash]] = {}
        self._rows: dict[str, int] = {}

    def __enter__(self) -> "TableWriter":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for writer, _ in self._open.values():
            writer.close()

    def write(self, name: str, frame: pl.DataFrame) -> None:
        """Append the rows of a frame to a table.

        Parameters
        ----------
        name : str
            Of the table, as in the catalogue.
        frame : polars.DataFrame
            Exactly the catalogue's columns, in any order; no missing value in a column that is not
            optional.

        Raises
        ------
        ValueError
            If a column is missing, unknown, of another type, or has missing values where there
            must be none.
        """
        table = self._arrow(name, frame)
        if name not in self._open:
            path = self._folder / table_file(name)
            path.parent.mkdir(parents=True, exist_ok=True)
            writer = pq.ParquetWriter(
                path, table.schema, compression="zstd", compression_level=9, store_schema=False
            )
            self._open[name] = (writer, ContentHash(table.schema))
        writer, hashed = self._open[name]
        writer.write_table(table)
        hashed.update(table)
        self._rows[name] = self._rows.get(name, 0) + table.num_rows

    def summary(self) -> dict[str, dict]:
        """Return rows and content hash of each table written so far, by name."""
        return {
            name: {"rows": self._rows[name], "sha256": self._open[name][1].hexdigest()}
            for name in sorted(self._open)
        }

    def _arrow(self, name: str, frame: pl.DataFrame) -> pa.Table:
        if name not in self._facts:
            raise ValueError(f"The catalogue has no table {name!r}.")
        columns = self._facts[name]["columns"]
        if set(frame.columns) != set(columns):
            wrong = sorted(set(frame.columns) ^ set(columns))
            raise ValueError(f"Table {name!r} and the catalogue differ in {', '.join(wrong)}.")
        schema = pa.schema(
            [pa.field(column, _TYPES[facts["type"]]) for column, facts in columns.items()]
        )
        table = frame.select(list(columns)).to_arrow().cast(schema)
        for column, facts in columns.items():
            missing = table[column].null_count
            if missing and not facts.get("optional"):
                raise ValueError(f"Table {name!r}, column {column!r}: {missing:,} missing values.")
        return table
