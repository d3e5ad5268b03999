"""Get a data set from its publisher, or from a file placed by hand, and keep it as parquet."""

import logging
import math
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from customer_insight.data.catalog import FETCHED_FOLDER, DataSet, data_set
from customer_insight.data.download import ResumingDownloader
from customer_insight.data.errors import DataSetError

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True)
class Fetched:
    """What `fetch` did.

    ``checksum`` is "equal" or "differs" from the one in the catalogue, or "not compared" where the
    catalogue has none for this file. The content decides, so a file may differ and be genuine.
    """

    name: str
    path: Path
    rows: int
    origin: str
    sha256: str
    checksum: str


def fetch(
    name: str,
    *,
    source: str | Path | None = None,
    folder: str | Path | None = None,
    timeout: float = 30.0,
    progress: bool = True,
) -> Fetched:
    """Get a published data set and keep it as ``<name>.parquet``, once its content is right.

    The publisher's file is downloaded (a broken download goes on where it broke off), unpacked,
    read, given the catalogue's types, and checked against the catalogue's counts and totals. Only
    then is anything kept. A genuine copy that is already there is not downloaded again.

    Parameters
    ----------
    name : str
        A name of the catalogue, ``datasets/README.md``.
    source : str or pathlib.Path, optional
        Instead of the publisher's address: another http(s) address, or a file placed by hand. A zip
        archive, an Excel workbook, text as published (or csv) and parquet are told apart by their
        content.
    folder : str or pathlib.Path, optional
        Where to keep it; by default ``datasets/fetched`` of the project, where `load` looks.
    timeout : float, default 30.0
        Seconds without a byte after which the server counts as stalled, above 0.
    progress : bool, default True
        Show on standard error what goes on. A large workbook takes some minutes to read.

    Returns
    -------
    Fetched

    Raises
    ------
    DataSetError
        If there is no such name, it is taken by hand only, the download fails, or the file is not
        the published table. A broken download leaves ``<name>.part`` to go on from, nothing else.

    Examples
    --------
    >>> fetch("ecsi_mobile_satisfaction", folder="nowhere")
    Traceback (most recent call last):
    ...
    customer_insight.data.errors.DataSetError: ecsi_mobile_satisfaction is taken by hand only. The \
table lives in an R data file of the archived package semPLS. In R, with that package installed, \
run data(mobi, package = "semPLS"), then write.csv(mobi, "mobi.csv", row.names = FALSE). Then give \
the file: course data fetch ecsi_mobile_satisfaction --from FILE
    """
    entry = data_set(name)
    if entry.simulated:
        raise DataSetError(
            f"{entry.name} is a table of the simulated company: it has no publisher and is made "
            "here. Make it with: course company build"
        )
    folder = FETCHED_FOLDER if folder is None else Path(folder)
    target = folder / f"{entry.name}.parquet"
    present = _already_there(target, entry) if source is None else None
    if present is not None:
        return present
    origin = _origin(entry, source, timeout)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{entry.name}-", dir=folder) as made:
        work = Path(made)
        if isinstance(origin, str):
            part = folder / f"{entry.name}.part"
            file = _download(origin, ResumingDownloader(part, timeout, progress), work)
        else:
            file = origin
        if progress:
            print(f"Reading and checking {entry.name} ...", file=sys.stderr)
        table, sha256, checksum = _read_and_check(file, origin, entry, work)
        _keep(table, work, target)
    return Fetched(entry.name, target, table.num_rows, str(origin), sha256, checksum)


def _already_there(target: Path, entry: DataSet) -> Fetched | None:
    """Return the copy that is there if it is genuine; one that is not will be replaced."""
    if not target.is_file():
        return None
    try:
        table = _checked(target, entry)
    except DataSetError:
        return None
    return Fetched(entry.name, target, table.num_rows, "already there", "", "not compared")


def _origin(entry: DataSet, source: str | Path | None, timeout: float) -> str | Path:
    """Return the address or file to take; refuse what cannot work before anything is written."""
    if not (math.isfinite(timeout) and timeout > 0):
        raise DataSetError(f"timeout is {timeout!r}, and must be a number of seconds above 0.")
    if source is None and entry.source is None:
        raise DataSetError(
            f"{entry.name} is taken by hand only. {entry.by_hand} Then give the file: course data "
            f"fetch {entry.name} --from FILE"
        )
    if source is None:
        return entry.source.address
    if isinstance(source, str) and "://" in source:
        return source
    if not Path(source).is_file():
        raise DataSetError(f"There is no file {source} to take {entry.name} from.")
    return Path(source)


def _download(address: str, downloader: "ResumingDownloader", work: Path) -> Path:
    """Return the publisher's file, downloaded whole."""
    import pooch

    logger = pooch.get_logger()
    level = logger.level
    logger.setLevel(logging.WARNING)  # the catalogue has the checksum that pooch would announce
    try:
        file = pooch.retrieve(address, None, "downloaded", work, downloader=downloader)
    finally:
        logger.setLevel(level)
    return Path(file)


def _read_and_check(
    file: Path, origin: str | Path, entry: DataSet, work: Path
) -> "tuple[pa.Table, str, str]":
    """Return the table with the file's checksum and how that compares; the content decides."""
    of_member = entry.source is not None and entry.source.sha256_of == "member"
    sha256, checksum = _compare(file, entry) if not of_member else ("", "not compared")
    try:
        member = _unpacked(file, entry, work)
        if of_member:
            sha256, checksum = _compare(member, entry)
        return _checked(member, entry, slow=True), sha256, checksum
    except DataSetError as error:
        compared = f"\n  SHA-256 {sha256}, with the catalogue: {checksum}" if sha256 else ""
        raise DataSetError(
            f"{error}\n  Taken from: {origin}{compared}\n  Nothing was kept."
        ) from None


def _compare(file: Path, entry: DataSet) -> tuple[str, str]:
    """Return the SHA-256 of a file and how it compares with the catalogue's."""
    import pooch

    sha256 = pooch.file_hash(str(file))
    published = entry.source.sha256 if entry.source else ""
    if not published:
        return sha256, "not compared"
    return sha256, "equal" if sha256 == published else "differs"


def _unpacked(file: Path, entry: DataSet, work: Path) -> Path:
    """Return the file that holds the table; a workbook is a zip too, but is read as it is."""
    from customer_insight.data.archive import extract_member
    from customer_insight.data.read_file import kind_of

    if kind_of(file) != "zip" or _is_workbook(file):
        return file
    member = entry.source.member if entry.source else ""
    return extract_member(file, member or f"{entry.name}.csv", work)


def _is_workbook(file: Path) -> bool:
    try:
        with zipfile.ZipFile(file) as opened:
            return "xl/workbook.xml" in opened.namelist()
    except zipfile.BadZipFile:
        return False


def _checked(file: Path, entry: DataSet, *, slow: bool = False) -> "pa.Table":
    from customer_insight.data.load import check_table
    from customer_insight.data.read_file import read_file
    from customer_insight.data.settle import settle

    table = settle(read_file(file, entry), entry)
    check_table(table, entry, slow=slow)
    return table


def _keep(table: "pa.Table", work: Path, target: Path) -> None:
    """Write beside the target and rename, so that no half-written file is ever found."""
    import pyarrow.parquet as pq

    written = work / target.name
    pq.write_table(table, written, compression="zstd")
    written.replace(target)
