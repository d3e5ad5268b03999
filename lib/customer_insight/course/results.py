"""What a run of the lessons gives: times, memory, and where something failed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

_ANSI = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
# A cell's own frame in a traceback; code that a cell hands to exec has no cell's name.
_FRAME = re.compile(r'(?:Cell In\s?\[\d+\], line |File <string>:|File "<string>", line )(\d+)')
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
LONGEST_LINE, LONGEST_TRACEBACK = 300, 12


@dataclass(frozen=True)
class Failure:
    """Why a lesson did not run to its end, and where.

    ``kind`` is one of ``raised``, ``timed out``, ``kernel died``, ``flooded``, ``worker died``,
    ``unreadable``, ``unstable``; ``section`` is the nearest heading above the cell, ``cell`` its
    place among the code cells, from 1 (0 where no cell is to blame), and ``code`` its first line;
    ``line`` is the last line of the cell that was at work, from 1 (0 where it is not known).
    """

    kind: str
    error: str
    section: str = ""
    cell: int = 0
    code: str = ""
    line: int = 0
    traceback: tuple[str, ...] = ()


@dataclass(frozen=True)
class LessonRun:
    """One lesson's run: seconds from start to end, and the kernel's peak memory in bytes."""

    lesson: str
    seconds: float
    peak_bytes: int
    executed: Path | None = None
    failure: Failure | None = None

    @property
    def ran(self) -> bool:
        """Whether the lesson ran to its end."""
        return self.failure is None


def as_json(runs: Iterable[LessonRun]) -> list[dict[str, Any]]:
    """Return the runs as lists and dictionaries that JSON can hold.

    Examples
    --------
    >>> as_json([LessonRun("05_clv/1_worth", 2.0, 1000, Path("a.ipynb"))])[0]["executed"]
    'a.ipynb'
    """
    return [
        asdict(run) | {"executed": str(run.executed) if run.executed else None, "ran": run.ran}
        for run in runs
    ]


def plain(text: str, longest: int = LONGEST_LINE) -> str:
    r"""Return a text without colours and control characters, its lines cut to so many characters.

    Examples
    --------
    >>> plain("\x1b[31mred\x1b[0m")
    'red'
    """
    bare = _CONTROL.sub("", _ANSI.sub("", text))
    return "\n".join(line[:longest] for line in bare.split("\n"))


def cell_line(lines: Iterable[str]) -> int:
    r"""Return the last line of a cell that a traceback names, or 0.

    Examples
    --------
    >>> cell_line(["Cell In[3], line 2\\n  f(1)", "File lib.py:90, in f(x)"])
    2
    """
    found = _FRAME.findall(plain("\n".join(lines)))
    return int(found[-1]) if found else 0


def short_traceback(lines: Iterable[str]) -> tuple[str, ...]:
    """Return the last twelve lines of a traceback, without colours."""
    whole = [line for part in lines for line in plain(part[-20_000:]).split("\n")]
    return tuple(line for line in whole if line.strip())[-LONGEST_TRACEBACK:]
