"""Pseudonyms of customers, made with a key that stays with the user."""

import contextlib
import hashlib
import hmac
import os
import re
import secrets
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

PREFIX, LENGTH = "c-", 16
_KEY_BYTES = 32
_KEY = re.compile(rb"[0-9a-f]{64}\n?")


class KeyFileError(ValueError):
    """A key file is missing, or holds something else than a key."""


def default_key_path() -> Path:
    """Return where a user's key is kept: in the folder for settings of the system they work on.

    That is ``%APPDATA%`` on Windows, ``~/Library/Application Support`` on macOS, and elsewhere
    ``$XDG_CONFIG_HOME`` where it names a folder from the root, else ``~/.config``.

    Examples
    --------
    >>> default_key_path().parts[-2:]
    ('customer-insight', 'pseudonyms.key')
    """
    home = Path.home()
    if sys.platform == "win32":
        settings, usual = os.environ.get("APPDATA", ""), home / "AppData" / "Roaming"
    elif sys.platform == "darwin":
        settings, usual = "", home / "Library" / "Application Support"
    else:
        settings, usual = os.environ.get("XDG_CONFIG_HOME", ""), home / ".config"
    folder = Path(settings) if Path(settings).is_absolute() else usual
    return folder / "customer-insight" / "pseudonyms.key"


def read_or_make_key(path: Path) -> bytes:
    """Return the key of a file, or make a new one there if there is no file.

    A new file is readable by its owner alone and never seen half-written. Where two runs make one
    at once, the first stays and both use it.

    Parameters
    ----------
    path : pathlib.Path
        Key file: 32 random bytes as 64 hex digits.

    Returns
    -------
    bytes, shape (32,)

    Raises
    ------
    KeyFileError
        If what is there is no key.

    Examples
    --------
    >>> path = Path(tempfile.mkdtemp(), "new", "pseudonyms.key")
    >>> read_or_make_key(path) == read_or_make_key(path)
    True
    """
    if not os.path.lexists(path):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
        try:
            with os.fdopen(handle, "w", encoding="ascii") as file:
                file.write(secrets.token_hex(_KEY_BYTES) + "\n")
                file.flush()
                os.fsync(file.fileno())
            with contextlib.suppress(FileExistsError):
                os.link(name, path)  # unlike a rename, it takes no other's place
        finally:
            Path(name).unlink()
    return read_key(path)


def read_key(path: Path) -> bytes:
    """Return the key of a file that is there.

    Parameters
    ----------
    path : pathlib.Path

    Returns
    -------
    bytes, shape (32,)

    Raises
    ------
    KeyFileError
        If there is no file, or what is there is no key.

    Examples
    --------
    >>> read_key(Path("nowhere.key"))
    Traceback (most recent call last):
    ...
    customer_insight.workbook.pseudonyms.KeyFileError: there is no key file nowhere.key. ...
    """
    if not os.path.lexists(path):
        raise KeyFileError(
            f"there is no key file {path}. Without the key that made them, pseudonyms cannot be "
            "made again: name the file that the report was made with, or put back a copy of it."
        )
    content = b""
    if path.is_file():
        with path.open("rb") as file:
            content = file.read(2 * _KEY_BYTES + 2)
    if not _KEY.fullmatch(content):
        raise KeyFileError(
            f"{path} is not a key file: it has to hold {2 * _KEY_BYTES} hex digits and nothing "
            "else. Another key gives every customer another pseudonym, so that reports cannot be "
            "compared: put back a copy of it. If there is none, remove it, and a new key is made."
        )
    return bytes.fromhex(content.decode("ascii"))


def pseudonyms(ids: "pl.Series", key: bytes) -> "pl.Series":
    """Return a pseudonym for each customer id, the same for equal ids, of no use without the key.

    "c-" and the first 16 hex digits of the HMAC-SHA256 of the id in UTF-8.

    Parameters
    ----------
    ids : polars.Series of text, shape (n,)
        Customer ids, none missing; they may repeat.
    key : bytes, shape (32,)

    Returns
    -------
    polars.Series of text, shape (n,)
        Of the same name.

    Raises
    ------
    ValueError
        If ids are not text or one is missing, the key is not of 32 bytes, or two ids get the same
        pseudonym.

    Notes
    -----
    Pseudonyms are personal data still: who has the key and a list of ids finds each customer, and
    a rare history gives a customer away without it. Two of 10 million ids share the first 16 digits
    once in 370,000 keys.

    References
    ----------
    Krawczyk, H., Bellare, M. and Canetti, R. (1997). HMAC: Keyed-Hashing for Message
    Authentication. RFC 2104.

    Examples
    --------
    >>> import polars as pl
    >>> pseudonyms(pl.Series("customer", ["00042", "00077", "00042"]), bytes(32)).to_list()
    ['c-aa688b1e55bc6498', 'c-...', 'c-aa688b1e55bc6498']
    """
    import polars as pl

    _check(ids, key)
    distinct = ids.unique(maintain_order=True)
    keyed = hmac.new(key, digestmod="sha256")
    made = [_pseudonym(keyed, text) for text in distinct.to_list()]
    shared = len(made) - len(set(made))
    if shared:
        raise ValueError(
            f"{shared} of {len(made):,} customers would get the pseudonym of another, and their "
            "purchases would be added up. It is a rare chance of this key: use another key file, "
            "or plain ids."
        )
    return ids.replace_strict(distinct, pl.Series(made, dtype=pl.String), return_dtype=pl.String)


def key_mark(key: bytes) -> str:
    """Return a short mark of a key, from which neither the key nor a pseudonym can be had.

    Reports with equal marks have equal pseudonyms for equal ids.

    Parameters
    ----------
    key : bytes, shape (32,)

    Returns
    -------
    str
        Eight hex digits.

    Examples
    --------
    >>> key_mark(bytes(32)) == key_mark(bytes(32)) != key_mark(bytes([1] * 32))
    True
    """
    return hashlib.blake2s(key, digest_size=4, person=b"key mark").hexdigest()


def _pseudonym(keyed: hmac.HMAC, text: str) -> str:
    started = keyed.copy()  # reads the key once, not once an id
    started.update(text.encode())
    return PREFIX + started.hexdigest()[:LENGTH]


def _check(ids: "pl.Series", key: bytes) -> None:
    import polars as pl

    if len(key) != _KEY_BYTES:
        raise ValueError(
            f"the key has {len(key)} bytes and must have {_KEY_BYTES}: with a short one, ids could "
            "be found by trying. Take it from read_or_make_key."
        )
    if ids.dtype != pl.String:
        raise ValueError(
            f"the customer ids are {ids.dtype}, not text. 42 and 42.0 would get other pseudonyms "
            'than "42": take them from a table of the transaction contract.'
        )
    if ids.null_count():
        raise ValueError(
            f"{ids.null_count():,} of {len(ids):,} customer ids are missing. One pseudonym for all "
            "of them would make them one customer: leave these rows out and say how many."
        )
