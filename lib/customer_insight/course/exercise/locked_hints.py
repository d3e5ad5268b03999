"""Hints that open only for the wrong answer they belong to.

A student's notebook must help with known mistakes and hold neither the answer nor the wrong
answers. So each hint, its name included, is encrypted with a key made from the wrong answer. Who
makes the mistake holds the key; who reads the file sees noise. Nothing in the file is made from
the right answer: who tries all numbers, slowly, finds mistakes and no more. A mistake from which
the answer follows by a common factor gets no hint of this kind (see `gates`).
"""

from __future__ import annotations

import base64
import hashlib
import math
from collections.abc import Iterable, Mapping

STEP = 1e-3  # a hint opens for numbers within about this share of the wrong answer
_PADDED = 64
_TAG = 8


def seal(place: str, key: str, hint: str) -> str:
    """Encrypt a hint so that only its wrong answer opens it.

    Parameters
    ----------
    place : str
        Exercise and task; the same mistake elsewhere gives another text.
    key : str
        The wrong answer in words, the first of `number_keys`, or `content_key`.
    hint : str
        The mistake's name, a line break, and what to say about it.

    Returns
    -------
    str
        Letters and digits (base64); padded, so that its length does not tell the hint's.

    Examples
    --------
    >>> sealed = seal("e/t1", "42", "orders, not days")
    >>> unseal("e/t1", ["41", "42"], [sealed]), unseal("e/t1", ["43"], [sealed])
    ('orders, not days', None)
    """
    plain = hint.encode()
    plain += b" " * (-len(plain) % _PADDED)
    secret = _secret(place, key)
    return base64.b64encode(_tag(secret) + _mixed(secret, plain)).decode()


def unseal(place: str, keys: Iterable[str], sealed: Iterable[str]) -> str | None:
    """Return the first hint that one of the keys opens, or None."""
    known = [base64.b64decode(text) for text in sealed]
    for key in keys if known else ():
        secret = _secret(place, key)
        for text in known:
            if text[:_TAG] == _tag(secret):
                return _mixed(secret, text[_TAG:]).decode().rstrip(" ")
    return None


def number_keys(value: float, *, whole: bool) -> list[str]:
    """Write a number as keys: its own first, then those of its neighbours.

    A whole number has one key. Another number is put on a grid of relative steps, with the
    neighbouring places as further keys, so that differences in the last digits do not matter.

    Examples
    --------
    >>> number_keys(42.0, whole=True)
    ['42']
    >>> number_keys(1.2345678, whole=False)[0] in number_keys(1.2345679, whole=False)
    True
    """
    if whole:
        return [str(round(value))]
    if value == 0:
        return ["0"]
    place = round(math.log(abs(value)) / math.log1p(STEP))
    sign = "-" if value < 0 else ""
    return [f"{sign}grid {near}" for near in (place, place - 1, place + 1)]


def content_key(content: Mapping[str, Iterable]) -> str:
    """Write columns or outputs as one key: numbers to four significant digits.

    Examples
    --------
    >>> content_key({"rule": ["model"], "off": [-0.123456]})
    '[["off", ["-0.1235"]], ["rule", ["model"]]]'
    """
    import json

    written = sorted(
        (name, [_short(value) for value in column]) for name, column in content.items()
    )
    return json.dumps(written, ensure_ascii=False)


def slip_key(called: str) -> str:
    """Return the key of a slip of units, which the check finds by a number's size.

    Examples
    --------
    >>> slip_key("cents, not dollars")
    'slip cents, not dollars'
    """
    return f"slip {called}"


def _short(value: object) -> str:
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return f"{value:.4g}" if number else str(value)


def _secret(place: str, key: str) -> bytes:
    # A slow key: trying a hundred thousand numbers takes an hour, one number takes no time.
    return hashlib.scrypt(key.encode(), salt=place.encode(), n=2**13, r=8, p=1, dklen=32)


def _tag(secret: bytes) -> bytes:
    return hashlib.sha256(secret + b"tag").digest()[:_TAG]


def _mixed(secret: bytes, text: bytes) -> bytes:
    stream = hashlib.shake_256(secret + b"text").digest(len(text))
    return bytes(a ^ b for a, b in zip(text, stream, strict=True))
