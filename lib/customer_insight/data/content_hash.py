"""A hash of what is in a table, whatever file, engine or row grouping it came through."""

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa


class ContentHash:
    """The hash of a table that may come in parts: names, types, values and what is missing.

    Two tables have the same hash exactly if they have the same columns in the same order, of the
    same kinds, with the same values in the same order of rows.

    Parameters
    ----------
    schema : pyarrow.Schema
        With columns of text, int64, float64, bool, date32 and timestamp[us].

    Examples
    --------
    >>> import pyarrow
    >>> table = pyarrow.table({"a": [1, 2, None]})
    >>> whole, parts = ContentHash(table.schema), ContentHash(table.schema)
    >>> whole.update(table)
    >>> for start in range(3):
    ...     parts.update(table.slice(start, 1))
    >>> whole.hexdigest() == parts.hexdigest()
    True
    """

    def __init__(self, schema: "pa.Schema"):
        self._schema = schema
        self._columns = [[hashlib.sha256() for _ in range(3)] for _ in schema]

    def update(self, table: "pa.Table") -> None:
        """Take in more rows.

        Parameters
        ----------
        table : pyarrow.Table
            Of the schema.

        Raises
        ------
        ValueError
            If it has another schema.
        """
        if table.schema.remove_metadata() != self._schema.remove_metadata():
            raise ValueError("The rows have other columns than those hashed before.")
        for hashes, column in zip(self._columns, table.columns, strict=True):
            for chunk in column.chunks:
                for one, part in zip(hashes, _parts(chunk), strict=True):
                    one.update(part)

    def hexdigest(self) -> str:
        """Return the hash, 64 hexadecimal digits."""
        total = hashlib.sha256()
        for field, hashes in zip(self._schema, self._columns, strict=True):
            total.update(f"{field.name}\0{field.type}\0".encode())
            for one in hashes:
                total.update(one.digest())
        return total.hexdigest()


def content_hash(table: "pa.Table") -> str:
    """Return the hash of a whole table.

    Parameters
    ----------
    table : pyarrow.Table
        As `ContentHash` takes it.

    Returns
    -------
    str
        64 hexadecimal digits.
    """
    hashed = ContentHash(table.schema)
    hashed.update(table)
    return hashed.hexdigest()


def _parts(chunk: "pa.Array") -> tuple[bytes, bytes, bytes]:
    """Return which values are there, the values, and of texts their lengths."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    there = chunk.is_valid().to_numpy(zero_copy_only=False).astype(np.uint8).tobytes()
    if pa.types.is_string(chunk.type) or pa.types.is_large_string(chunk.type):
        filled = pc.fill_null(chunk, "")
        lengths = pc.binary_length(filled).to_numpy(zero_copy_only=False)
        text = filled.cast(pa.large_string())
        offsets = np.frombuffer(text.buffers()[1], dtype=np.int64)
        begin, end = offsets[text.offset], offsets[text.offset + len(text)]
        return there, memoryview(text.buffers()[2] or b"")[begin:end].tobytes(), _numbers(lengths)
    kind = chunk.type
    if pa.types.is_date32(kind):
        chunk, kind = chunk.cast(pa.int32()), pa.int32()
    elif pa.types.is_timestamp(kind):
        chunk, kind = chunk.cast(pa.int64()), pa.int64()
    filled = pc.fill_null(chunk, False if pa.types.is_boolean(kind) else 0)
    values = filled.to_numpy(zero_copy_only=False)
    return there, values.tobytes() if values.dtype.kind == "f" else _numbers(values), b""


def _numbers(values: "np.ndarray") -> bytes:
    """Return whole numbers as 64 bits each, the low byte first."""
    return values.astype("<i8").tobytes()
