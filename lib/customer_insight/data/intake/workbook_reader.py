"""The process that reads a workbook: ``workbook_reader FILE TARGET SHEET``, facts as JSON."""

import contextlib
import csv
import datetime as dt
import decimal
import io
import json
import resource
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import python_calamine

MEMORY = 2_000_000_000
MOST_CELLS = 60_000_000
_EXACT, _LARGEST = 10**15, 1e300  # a spreadsheet keeps 15 digits


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
    except (python_calamine.CalamineError, OSError, ValueError):
        reason = "damaged"
    return {"reason": reason} if reason else {"sheet": chosen[0], **facts}


def _unfit(sheet: "python_calamine.CalamineSheet") -> str:
    """Return why a sheet is not read, empty if it is."""
    if sheet.height * sheet.width > MOST_CELLS:
        return "memory"
    return "empty" if sheet.height < 2 else ""


def _write(rows: Iterable[list], out: "csv.writer") -> dict:
    errors = long = 0
    for row in rows:
        texts = []
        for cell in row:
            text = _text(cell)
            if text.startswith("#") and text in _ERRORS:
                errors, text = errors + 1, ""
            long += isinstance(cell, int | float) and abs(cell) >= _EXACT
            texts.append(text)
        out.writerow(texts)
    return {"errors": errors, "long": long}


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
