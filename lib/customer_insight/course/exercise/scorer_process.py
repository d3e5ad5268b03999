"""Run one scorer in a process of its own; started by `scoring`, never by hand.

The job arrives as JSON on standard input: the scorer's source, the answer, what is expected, the
limits. It goes back as JSON on standard output. The process sees the answer alone: no student's
code, no notebook, no folder of theirs.
"""

from __future__ import annotations

import json
import math
import os
import resource
import sys
import traceback
from typing import Any

_NAME, _LONGEST = "scorer", 200


def main() -> None:
    """Read the job, run the scorer, write the result."""
    out = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    # What the scorer prints must not be taken for its result.
    sys.stdout = sys.stderr
    job = json.loads(sys.stdin.buffer.read())
    limit(job["seconds"], job["bytes"])
    json.dump(score(job["source"], job["answer"], job["expected"]), out)
    out.flush()


def limit(seconds: int, size: int) -> None:
    """Take from this process the right to more time, memory, or any file."""
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (size, size))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def score(source: str, answer: Any, expected: Any) -> dict[str, Any]:
    r"""Run a scorer's source and call its ``score``.

    Returns
    -------
    dict
        ``share`` of the points, 0 to 1, and what the scorer ``said``; or, where the scorer itself
        failed, ``share`` None, and how and in which line it failed.

    Examples
    --------
    >>> score("def score(answer, expected):\n    return answer == expected", 2, 2)
    {'share': 1.0, 'said': ''}
    """
    names: dict[str, Any] = {"__name__": "scorer"}
    try:
        exec(compile(source, _NAME, "exec"), names)  # noqa: S102 - our own text
        result = names["score"](answer, expected)
        share, said = result if isinstance(result, tuple) else (result, "")
        share = float(share)
        if not math.isfinite(share) or not 0 <= share <= 1:
            raise ValueError(f"a share between 0 and 1 is wanted, and it is {share}")
    except MemoryError:
        return {"share": None, "said": "The scorer needed more memory than it may have."}
    except Exception as error:
        return {"share": None, "said": _failed(error, source)}
    return {"share": share, "said": str(said)}


def _failed(error: Exception, source: str) -> str:
    """Say how a scorer failed, and in which of its lines."""
    at = [
        step.lineno for step in traceback.extract_tb(error.__traceback__) if step.filename == _NAME
    ]
    number = error.lineno if isinstance(error, SyntaxError) else (at or [0])[-1]
    lines = source.split("\n")
    line = lines[number - 1].strip() if number and number <= len(lines) else ""
    where = f", in its line `{line[:_LONGEST]}`" if line else ""
    said = error.msg if isinstance(error, SyntaxError) else str(error)
    return f"The scorer failed ({type(error).__name__}: {said[:_LONGEST]}{where})."
