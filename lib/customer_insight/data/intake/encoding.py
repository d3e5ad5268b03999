"""Make a stranger's text file clean UTF-8, or say which encodings it could be in."""

import codecs
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from customer_insight.data.intake.encoding_findings import (
    contradicted,
    long_line,
    nul_bytes,
    unknown_encoding,
)
from customer_insight.data.intake.findings import refuse

LONGEST_LINE = 1_000_000
_CHUNK = 4_000_000
_BY_MARK = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True)
class CleanText:
    """A text file in UTF-8 whose line ends are of one kind.

    ``encoding`` is the one that it came in, ``lines`` how many it has; ``doubtful`` if an encoding
    was stated and the bytes are UTF-8 too.
    """

    path: Path
    encoding: str
    lines: int
    doubtful: bool = False


def clean_text(
    path: Path,
    folder: Path,
    *,
    encoding: str | None = None,
    knows: Callable[[str], int] = lambda line: 0,
    show_values: bool = False,
) -> CleanText:
    """Return the file as UTF-8 text: itself where it is that already, else a copy.

    A byte-order mark decides; else it is UTF-8 if every byte fits. Nothing else is guessed: the
    error says what the header would read in each encoding that fits. An encoding that is stated
    goes before all but a byte-order mark.

    Parameters
    ----------
    path : pathlib.Path
        A text file.
    folder : pathlib.Path
        Where a copy may be written.
    encoding : str, optional
        As stated by the user.
    knows : callable, optional
        Takes a line, returns how many column names it knows; ranks the encodings that fit.
    show_values : bool, default False
        Whether the error may show a line that may be no header.

    Returns
    -------
    CleanText

    Raises
    ------
    IntakeError
        If the bytes do not fit the encoding, a line is longer than a million bytes, or NUL bytes
        stand in the text.
    """
    with path.open("rb") as stream:
        start = stream.read(4)
    marked = next((name for mark, name in _BY_MARK if start.startswith(mark)), None)
    stated = _checked(encoding, path)
    if stated and marked and stated[:5] != marked[:5]:
        raise contradicted(path, stated, marked.removesuffix("-sig"))
    encoding = marked or stated or "utf-8"
    look = _look(path, single=not encoding.startswith("utf-16") and encoding != "utf-32")
    if encoding == "utf-8":
        if not look.utf8:
            raise unknown_encoding(path, knows, show_values=show_values)
        if look.one_line_end:
            return CleanText(path, "UTF-8", look.lines)
    copy = folder / "text.csv"
    lines = _rewrite(path, copy, encoding)
    doubtful = bool(stated) and not marked and encoding != "utf-8" and look.utf8 and not look.ascii
    return CleanText(copy, encoding.upper().removesuffix("-SIG"), lines, doubtful)


def _checked(encoding: str | None, path: Path) -> str | None:
    if encoding is None:
        return None
    try:
        name = codecs.lookup(encoding).name
        "a".encode(name)
    except (LookupError, UnicodeError, TypeError):
        raise refuse(
            "encoding-unknown",
            path.name,
            f"no text encoding is called {encoding[:40]!r}.",
            "the text cannot be decoded without one.",
            'name one, such as encoding="gb18030", "big5", "cp1252" or "utf-8".',
        ) from None
    return name


@dataclass(frozen=True)
class _Look:
    lines: int
    one_line_end: bool  # line feeds alone, or each behind a carriage return
    utf8: bool
    ascii: bool


def _look(path: Path, *, single: bool) -> _Look:
    """Look at all bytes; ``single`` if signs of ASCII are one byte each."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    feeds = returns = pairs = run = 0
    utf8, plain, last = single, True, b""
    for chunk in _chunks(path):
        if not single:
            break
        signs = np.frombuffer(chunk, np.uint8)
        ends = np.flatnonzero((signs == ord("\n")) | (signs == ord("\r")))
        if np.diff(np.concatenate(([-run - 1], ends, [len(chunk)]))).max() > LONGEST_LINE + 1:
            raise long_line(path, LONGEST_LINE)
        run = len(chunk) - (int(ends[-1]) + 1) if ends.size else run + len(chunk)
        if b"\x00" in chunk:
            raise nul_bytes(path)
        feeds += chunk.count(b"\n")
        returns += chunk.count(b"\r")
        pairs += chunk.count(b"\r\n") + (last == b"\r" and chunk[:1] == b"\n")
        last = chunk[-1:]
        plain = plain and chunk.isascii()
        utf8 = utf8 and _decodes(decoder, chunk)
    utf8 = utf8 and _decodes(decoder, b"", final=True)
    return _Look(feeds, returns == pairs and pairs in (0, feeds), utf8, plain)


def _decodes(decoder: codecs.IncrementalDecoder, chunk: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
    return True


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            yield chunk


def _rewrite(path: Path, copy: Path, encoding: str) -> int:
    """Write the text as UTF-8 with line feeds; return its lines."""
    lines, run = 0, 0
    try:
        # newline=None turns every kind of line end into a line feed
        with path.open(encoding=encoding, newline=None) as text, copy.open("wb") as out:
            while chunk := text.read(_CHUNK):
                if "\x00" in chunk:
                    raise nul_bytes(path)
                pieces = chunk.split("\n")
                lines += len(pieces) - 1
                run = run + len(pieces[0]) if len(pieces) == 1 else len(pieces[-1])
                if max(run, *map(len, pieces)) > LONGEST_LINE:
                    raise long_line(path, LONGEST_LINE)
                out.write(chunk.encode())
    except UnicodeError:
        raise refuse(
            "encoding-wrong",
            path.name,
            f"its bytes are not text in {encoding}.",
            "decoded all the same, names and ids would be other names and ids.",
            "pass the encoding that the exporting program uses, or export it as UTF-8.",
        ) from None
    return lines
