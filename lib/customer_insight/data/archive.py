"""Take one file out of a zip archive that somebody else made."""

import shutil
import stat
import zipfile
from pathlib import Path, PurePosixPath

from customer_insight.data.errors import DataSetError

LARGEST_UNPACKED = 2**30
_MOST_MEMBERS = 1000


def extract_member(archive: Path, member: str, folder: Path) -> Path:
    """Extract one member of a zip archive into a folder, under a name of our own.

    The member is found by its name without folders; where the archive has none of that name but
    exactly one of the same kind, that one is taken, since publishers rename and the content decides
    anyway. Names inside the archive never become paths on the disk.

    Parameters
    ----------
    archive : pathlib.Path
        A zip file.
    member : str
        Name of the file wanted, such as "Online Retail.xlsx".
    folder : pathlib.Path
        Where the extracted file goes.

    Returns
    -------
    pathlib.Path
        The extracted file, ``member`` with the ending of the name wanted.

    Raises
    ------
    DataSetError
        If the archive is broken or encrypted, lacks the member, or would unpack to over 1 GiB.
    """
    target = folder / f"member{PurePosixPath(member).suffix}"
    try:
        with zipfile.ZipFile(archive) as opened:
            check_sizes(opened, archive.name)
            chosen = _choose(opened, member, archive.name)
            with opened.open(chosen) as packed, target.open("xb") as unpacked:
                shutil.copyfileobj(packed, unpacked, 2**20)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise DataSetError(
            f"The archive {archive.name} cannot be unpacked ({error}): it is broken, cut "
            "short, encrypted or packed in an unknown way."
        ) from None
    return target


def check_sizes(opened: zipfile.ZipFile, name: str) -> None:
    """Refuse an archive that would unpack to more than any data set of the course needs.

    A member never unpacks to more than it declares: `zipfile` stops there and compares checksums.

    Parameters
    ----------
    opened : zipfile.ZipFile
        The archive.
    name : str
        How a message calls it.

    Raises
    ------
    DataSetError
        If it has over 1,000 members or declares over 1 GiB in all.
    """
    members = opened.infolist()
    declared = sum(info.file_size for info in members)
    if len(members) > _MOST_MEMBERS or declared > LARGEST_UNPACKED:
        raise DataSetError(
            f"The archive {name} holds {len(members):,} files and would unpack to {declared:,} "
            f"bytes; at most {_MOST_MEMBERS:,} files and {LARGEST_UNPACKED:,} bytes are accepted, "
            "because an archive made to fill the disk looks like that. Nothing was unpacked."
        )


def _choose(opened: zipfile.ZipFile, member: str, archive: str) -> zipfile.ZipInfo:
    files = [info for info in opened.infolist() if stat.S_ISREG(_mode(info)) and not info.is_dir()]
    named = [info for info in files if _bare(info).casefold() == member.casefold()]
    suffix = PurePosixPath(member).suffix.casefold()
    alike = [info for info in files if PurePosixPath(_bare(info)).suffix.casefold() == suffix]
    for candidates in (named, alike):
        if len(candidates) == 1:
            return candidates[0]
    raise DataSetError(
        f"The archive {archive} holds no single file {member!r} and no single {suffix} file "
        f"({len(files)} files, {len(alike)} of that kind)."
    )


def _mode(info: zipfile.ZipInfo) -> int:
    """Return the Unix mode of a member; archives made elsewhere carry none and hold plain files."""
    mode = info.external_attr >> 16
    return mode if stat.S_IFMT(mode) else stat.S_IFREG


def _bare(info: zipfile.ZipInfo) -> str:
    return info.filename.replace("\\", "/").rsplit("/", 1)[-1]
