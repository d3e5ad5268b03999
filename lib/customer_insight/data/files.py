"""Write a file whole or not at all."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path


def write_whole(path: Path, content: bytes) -> None:
    """Write ``content`` to ``path`` so that nobody ever sees half of it.

    The bytes go to a temporary file beside the target, which then takes the target's name in one
    step. If anything fails, the temporary file is removed and the target is as it was.

    Examples
    --------
    >>> folder = tempfile.mkdtemp()
    >>> write_whole(Path(folder, "new", "a.txt"), b"text")
    >>> Path(folder, "new", "a.txt").read_text()
    'text'
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        part.chmod(_usual_mode())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def digest(path: Path) -> str:
    """Return the SHA-256 of a file as hex digits, read piece by piece."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _usual_mode() -> int:
    """Return the mode that a new file has here: mkstemp's own is private to its owner."""
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
