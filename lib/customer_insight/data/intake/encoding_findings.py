"""What is said about the bytes of a text file that cannot be read as they are."""

import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path

from customer_insight.data.intake.findings import IntakeError, refuse
from customer_insight.data.intake.roles import SURE_HEADER

_CANDIDATES = ("gb18030", "big5", "cp1252", "shift_jis", "euc_kr", "cp1251")


def unknown_encoding(path: Path, knows: Callable[[str], int], *, show_values: bool) -> IntakeError:
    """Return the error that shows the header as each fitting encoding would read it.

    Only a line of which two names are known is surely a header, and no customer's row.
    """
    with path.open("rb") as stream:
        start = stream.read(200_000)
    complete = start[: start.rfind(b"\n") + 1] or start
    heads = {name: complete.decode(name).splitlines()[:20] for name in _candidates(complete)}
    known = {name: [knows(line) for line in lines] for name, lines in heads.items()}
    ranked = sorted(heads, key=lambda name: -max(known[name], default=0))
    best = ranked[0] if ranked else "cp1252"
    said = f"It could be {', '.join(ranked[:3])}." if ranked else "No encoding fits."
    most = max(known[best], default=0) if ranked else 0
    if show_values or most >= SURE_HEADER:
        where = known[best].index(most) if ranked else 0
        readings = (f'{n}: "{_printable("".join(heads[n][where:][:1]))}"' for n in ranked[:3])
        said = f"Line {where + 1} would read {'; '.join(readings)}."
    return refuse(
        "encoding-unclear",
        path.name,
        f"it is not UTF-8 and has no byte-order mark. {said}",
        "in the wrong encoding, names and ids become other names and ids, and nothing says so.",
        f'if that reading is right: read_transactions("{path.name}", encoding="{best}").',
    )


def contradicted(path: Path, stated: str, marked: str) -> IntakeError:
    """Return the refusal of an encoding that the byte-order mark contradicts."""
    return refuse(
        "encoding-contradicted",
        path.name,
        f"{stated} is stated, and its byte-order mark says {marked}.",
        "decoded all the same, names and ids would be other names and ids.",
        "leave out encoding=...; the mark is read.",
    )


def _candidates(start: bytes) -> Iterator[str]:
    if start.count(0) * 3 > len(start):
        even = start[: len(start) // 2 * 2]
        yield from ("utf-16-le",) if even[1::2].count(0) > even[::2].count(0) else ("utf-16-be",)
        return
    for name in _CANDIDATES:
        try:
            start.decode(name)
        except UnicodeDecodeError:
            continue
        yield name


def _printable(text: str) -> str:
    plain = "".join(c for c in text[:200] if unicodedata.category(c)[0] != "C")
    return plain[:80]


def long_line(path: Path, longest: int) -> IntakeError:
    """Return the refusal of a line that no order has."""
    return refuse(
        "line-too-long",
        path.name,
        f"a line has more than {longest:,} bytes.",
        "no order has: a quotation mark is not closed, or the file is made to fill the memory.",
        "look at the file's longest line and export it again.",
    )


def nul_bytes(path: Path) -> IntakeError:
    """Return the refusal of NUL bytes in a text."""
    return refuse(
        "nul-bytes",
        path.name,
        "NUL bytes stand in the text.",
        "programs cut texts at them in different places, so that ids would differ.",
        'if it is UTF-16, pass encoding="utf-16-le"; else export it again, it is damaged.',
    )
