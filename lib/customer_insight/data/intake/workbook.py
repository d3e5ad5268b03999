"""Read one sheet of an Excel workbook in a process of its own, with little memory."""

import json
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

from customer_insight.data.intake.findings import (
    NOTE,
    WARNING,
    Finding,
    IntakeError,
    refuse,
)

MOST_UNPACKED = 1_500_000_000
MOST_RATIO = 200
_RATIO_FROM = 20_000_000
_SECONDS = 300
_REASONS = {
    "damaged": (
        "workbook-damaged",
        "it cannot be read as an Excel workbook.",
        "it is damaged, cut short or protected by a password.",
        "open it in a spreadsheet program and save it again as .xlsx or CSV UTF-8.",
    ),
    "memory": (
        "workbook-too-large",
        "its sheet does not fit the memory set apart for reading.",
        "one cell far from the others, or millions of styled empty cells, make a sheet so large.",
        "delete empty rows and columns and save it again, or export it as CSV UTF-8.",
    ),
    "empty": (
        "no-rows",
        "the sheet has no row under its header.",
        "a filter that kept nothing looks like this, or the table is on another sheet.",
        'name the sheet: read_transactions(..., sheet="...").',
    ),
}


@dataclass(frozen=True)
class Sheet:
    """A sheet written out as CSV: ``path``, its name, and what was noticed on the way.

    Places of ``findings`` count the sheet's rows from its first one.
    """

    path: Path
    sheet: str
    findings: tuple[Finding, ...]


def read_workbook(path: Path, folder: Path, *, sheet: str | None = None) -> Sheet:
    """Write one sheet of a workbook as CSV in which dates and numbers stand unambiguously.

    Sizes are looked at before anything is unpacked; the sheet is parsed in another process with
    2 GB of memory, so that a hostile workbook ends that process and nothing else. Cells that hold
    dates become 2024-01-31, whole numbers lose Excel's ".0".

    Parameters
    ----------
    path : pathlib.Path
        A zip archive, as an xlsx file is.
    folder : pathlib.Path
        Where the CSV may be written.
    sheet : str, optional
        Name of the sheet. Without it the workbook must have one sheet with a table.

    Returns
    -------
    Sheet

    Raises
    ------
    IntakeError
        If it is no workbook or a damaged one, made to fill the memory, has several tables and none
        was named, or holds numbers that Excel has already rounded where ids stand.
    """
    _check_archive(path)
    target = folder / "sheet.csv"
    call = [sys.executable, "-I", str(Path(__file__).with_name("workbook_reader.py"))]
    try:
        done = subprocess.run(
            [*call, str(path.resolve()), str(target), sheet or ""],
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=False,
        )
        facts = json.loads(done.stdout.splitlines()[-1])
    except (IndexError, ValueError, subprocess.TimeoutExpired):
        facts = {"reason": "memory"}
    if facts.get("reason") in _REASONS:
        code, what, why, fix = _REASONS[facts["reason"]]
        raise refuse(code, path.name, what, why, fix)
    if "sheets" in facts:
        raise _which_sheet(path.name, facts["sheets"], sheet)
    return Sheet(target, facts["sheet"], tuple(_noticed(path.name, facts)))


def _check_archive(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        code, what, why, fix = _REASONS["damaged"]
        raise refuse(code, path.name, what, why, fix) from None
    names = {member.filename for member in members}
    if not any(name.startswith("xl/workbook") for name in names):
        raise refuse(
            "file-kind",
            path.name,
            "by its content it is a zip archive and no Excel workbook, whatever its name says.",
            "only delimited text, .xlsx and parquet are read.",
            "unpack it and read the file inside.",
        )
    unpacked = sum(member.file_size for member in members)
    packed = max(1, sum(member.compress_size for member in members))
    if unpacked > MOST_UNPACKED or (unpacked > _RATIO_FROM and unpacked > MOST_RATIO * packed):
        raise refuse(
            "workbook-too-large",
            path.name,
            f"unpacked it would have {unpacked:,} bytes, {unpacked // packed:,} times its size.",
            "archives like that are made to fill a machine's memory or disk.",
            "export the sheet as CSV UTF-8.",
        )


def _which_sheet(shown: str, sheets: list[str], wanted: str | None) -> IntakeError:
    listed = ", ".join(f'"{name[:40]}"' for name in sheets[:8])
    what = (
        f"it has no sheet of the name asked for; it has {listed}."
        if wanted
        else f"it has {len(sheets)} sheets that are not empty: {listed}."
    )
    return refuse(
        "sheet-unclear",
        shown,
        what,
        "the wrong sheet is another year or another table.",
        f'read_transactions("{shown}", sheet="{sheets[0][:40]}").',
    )


def _noticed(shown: str, facts: dict) -> list[Finding]:
    found = [Finding("sheet-read", NOTE, shown, f'the sheet "{facts["sheet"][:40]}" was read.')]
    if facts["errors"]:
        found.append(
            Finding(
                "cell-errors",
                WARNING,
                shown,
                f"{facts['errors']:,} cells hold an error of Excel (#N/A, #REF! ...) and were "
                "read as missing.",
                "a broken formula is no value.",
                "mend the formulas, or say that these rows may be set aside.",
                rows=facts["errors"],
                places=tuple(facts["error_rows"]),
            )
        )
    if facts["long"]:
        found.append(
            Finding(
                "number-rounded",
                WARNING,
                shown,
                f"{facts['long']:,} cells hold whole numbers of more than 15 digits, of which "
                "Excel keeps 15: the rest had become zeros before this file was saved.",
                "two customers whose ids differ in the last digits have become one.",
                "format the column as text in the program that the numbers came from.",
                rows=facts["long"],
            )
        )
    return found
