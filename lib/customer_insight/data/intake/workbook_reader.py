"""The process that reads a workbook: ``workbook_reader FILE TARGET SHEET``, facts as JSON."""

import contextlib
import csv
import datetime as dt
import decimal
import heapq
import io
import json
import posixpath
import re
import resource
import sys
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import python_calamine

MEMORY = 2_000_000_000
MOST_CELLS = 60_000_000
_EXACT, _LARGEST = 10**15, 1e300  # a spreadsheet keeps 15 digits
_FEW = 5
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError)
_CHUNK = 1_000_000
_ERROR_CELL = re.compile(rb"""<(?:\w+:)?c\s[^<>]*\bt=["']e["'][^<>]*>""")
_ROW = re.compile(rb"""\br=["'][A-Z]+([0-9]+)["']""")
_TAG = re.compile(r"<(?:\w+:)?(sheet|Relationship)\s[^<>]*>")
_ATTRIBUTE = re.compile(r"""([\w:]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")


def main(path: str, target: str, wanted: str) -> dict:
    """Write the sheet as CSV and return what was found, or the reason why not."""
    import python_calamine

    try:
        with open(path, "rb") as stream:  # by a stream, so that the name does not decide the kind
            book = python_calamine.CalamineWorkbook.from_filelike(stream)
        filled = [n for n in book.sheet_names if book.get_sheet_by_name(n).height]
        names = list(book.sheet_names) if wanted else filled
        chosen = [name for name in names if name == wanted] if wanted else filled
        if len(chosen) != 1:
            return {"sheets": names} if names else {"reason": "empty"}
        sheet = book.get_sheet_by_name(chosen[0])
        reason = _unfit(sheet)
        if not reason:
            with open(target, "w", encoding="utf-8", newline="") as out:
                facts = _write(sheet.iter_rows(), csv.writer(out, lineterminator="\n"))
            facts = _with_error_cells(facts, path, book.sheet_names.index(chosen[0]))
    except (python_calamine.CalamineError, OSError, ValueError, *_BROKEN):
        reason = "damaged"
    return {"reason": reason} if reason else {"sheet": chosen[0], **facts}


def _unfit(sheet: "python_calamine.CalamineSheet") -> str:
    """Return why a sheet is not read, empty if it is."""
    if sheet.height * sheet.width > MOST_CELLS:
        return "memory"
    return "empty" if sheet.height < 2 else ""


def _write(rows: Iterable[list], out: "csv.writer") -> dict:
    errors, long, places = 0, 0, []
    for place, row in enumerate(rows, 1):
        texts = []
        for cell in row:
            text = _text(cell)
            if text.startswith("#") and text in _ERRORS:
                errors, text = errors + 1, ""
                places += [place] * (len(places) < _FEW and place not in places)
            long += isinstance(cell, int | float) and abs(cell) >= _EXACT
            texts.append(text)
        out.writerow(texts)
    return {"errors": errors, "error_rows": places, "long": long}


def _with_error_cells(facts: dict, path: str, position: int) -> dict:
    """Add the cells of type error, which the parser gives as empty ones, to those that are text."""
    errors, places = facts["errors"], facts["error_rows"]
    for place in _error_cells(path, position):
        errors += 1
        places = heapq.nsmallest(_FEW, {*places, place} - {0})
    return {**facts, "errors": errors, "error_rows": places}


def _error_cells(path: str, position: int) -> Iterator[int]:
    """Give the row of each cell of type error in a sheet, by the sheet's position; 0 if untold."""
    with zipfile.ZipFile(path) as archive:
        member = _sheet_member(archive, position)
        if member is None:
            return
        with archive.open(member) as stream:
            rest = b""
            while chunk := stream.read(_CHUNK):
                whole, sign, rest = (rest + chunk).rpartition(b"<")
                rest = (sign + rest)[:_CHUNK]
                for cell in _ERROR_CELL.finditer(whole):
                    row = _ROW.search(cell.group())
                    yield int(row.group(1)) if row else 0


def _sheet_member(archive: zipfile.ZipFile, position: int) -> str | None:
    """Return the name of a sheet's member, None in a workbook of another form than .xlsx."""
    named = set(archive.namelist())
    if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= named:
        return None
    sheets = _tags(archive, "xl/workbook.xml", "sheet")
    targets = _tags(archive, "xl/_rels/workbook.xml.rels", "Relationship")
    chosen = sheets[position] if position < len(sheets) else {}
    key = next((value for name, value in chosen.items() if name.endswith(":id")), None)
    found = [tag.get("Target", "") for tag in targets if key and tag.get("Id") == key]
    members = [posixpath.normpath(posixpath.join("/xl", target))[1:] for target in found]
    return next((member for member in members if member in named), None)


def _tags(archive: zipfile.ZipFile, member: str, name: str) -> list[dict[str, str]]:
    text = archive.read(member).decode("utf-8", "replace")
    return [
        {key: one or other for key, one, other in _ATTRIBUTE.findall(tag.group())}
        for tag in _TAG.finditer(text)
        if tag.group(1) == name
    ]


_ERRORS = {"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!"}


def _text(cell: object) -> str:
    if isinstance(cell, bool):
        return str(cell)
    if isinstance(cell, float):
        if not cell.is_integer() or abs(cell) >= _LARGEST:
            return repr(cell)
        return f"{decimal.Decimal(f'{cell:.15g}'):f}" if abs(cell) >= _EXACT else str(int(cell))
    if isinstance(cell, dt.datetime):
        return cell.isoformat(sep=" ")
    if isinstance(cell, dt.date | dt.time):
        return cell.isoformat()
    return "" if cell is None else str(cell).replace("\x00", "")


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    answer = {"reason": "memory"}
    with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(MemoryError):
        answer = main(*sys.argv[1:4])
    print(json.dumps(answer))
