"""What a stranger's file is, told by its first bytes and never by its name."""

import re
from pathlib import Path

from customer_insight.data.intake.findings import IntakeError, refuse

_START = 4096
_SIGNS = (
    (b"PAR1", "parquet"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Excel or Office file"),
    (b"\x1f\x8b", "gzip archive"),
    (b"BZh", "bzip2 archive"),
    (b"\xfd7zXZ\x00", "xz archive"),
    (b"\x28\xb5\x2f\xfd", "zstd archive"),
    (b"7z\xbc\xaf\x27\x1c", "7z archive"),
    (b"Rar!", "rar archive"),
    (b"SQLite format 3\x00", "SQLite database"),
    (b"%PDF", "PDF document"),
    (b"ARROW1", "Arrow file"),
    (b"\x89HDF", "HDF5 file"),
    (b"\x89PNG", "picture"),
    (b"\xff\xd8\xff", "picture"),
    (b"$FL2", "SPSS file"),
    (b"{\\rtf", "RTF document"),
)
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_JSON = re.compile(rb'\{|\[\s*[{\["]')
_FORMS = {
    "old Excel or Office file": "In Excel, save it as .xlsx or as CSV UTF-8.",
    "web page or XML": "Open it in a browser: it may be a log-in page, or a table that only looks "
    "like a file of Excel. Save the table as .xlsx or CSV.",
}


def file_kind(path: Path) -> str:
    """Return what kind of file this is.

    Parameters
    ----------
    path : pathlib.Path
        Any existing file. Only its first bytes are read.

    Returns
    -------
    str
        "text", "parquet" or "zip" (which an xlsx file is).

    Raises
    ------
    IntakeError
        If it is empty, or of a kind that is not read: an archive, a web page, a pickle (which
        could run any program when opened), a database, a picture ...

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp(), "orders.xlsx")
    >>> _ = path.write_text("customer,date,amount")
    >>> file_kind(path)
    'text'
    """
    with path.open("rb") as stream:
        start = stream.read(_START)
    if not start.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise refuse(
            "file-empty",
            path.name,
            "it is empty, or holds blanks alone.",
            "an export that failed looks like this; no orders is another answer than no file.",
            "export it again and look at its size.",
        )
    kind = next((name for sign, name in _SIGNS if start.startswith(sign)), None)
    if kind in ("parquet", "zip"):
        return kind
    if kind is None and _is_pickle(start):
        kind = "Python pickle"
    text = start.removeprefix(_MARKS[0]).lstrip()
    if kind is None and text.startswith(b"<"):
        kind = "web page or XML"
    if kind is None and _JSON.match(text):
        kind = "JSON file"
    if kind is not None:
        raise _unread(path, kind)
    if not start.startswith(_MARKS) and _is_binary(start):
        raise _unread(path, "binary file of a kind not known here")
    return "text"


def _is_pickle(start: bytes) -> bool:
    return len(start) > 1 and start[0] == 0x80 and 2 <= start[1] <= 5  # protocols 2 to 5


def _is_binary(start: bytes) -> bool:
    """Return whether control bytes stand where text has none; UTF-16 without a mark is text."""
    if start.count(0) * 3 > len(start):
        return False
    strange = sum(byte < 9 or 13 < byte < 27 or 27 < byte < 32 for byte in start)
    return strange * 20 > len(start)


def _unread(path: Path, kind: str) -> IntakeError:
    return refuse(
        "file-kind",
        path.name,
        f"by its content it is a {kind}, whatever its name says.",
        "only delimited text, .xlsx and parquet are read; a guess at anything else would be "
        "a wrong table, and some kinds can run programs when they are opened.",
        _FORMS.get(kind, "unpack or export it as CSV, .xlsx or parquet."),
    )
