"""How a command ends: which exit code an error stands for, and what is said about it."""

from __future__ import annotations

import tempfile
import traceback
from collections.abc import Iterable
from pathlib import Path

FINE, FAILED, USAGE, OURS, INTERRUPTED = 0, 1, 2, 3, 130
_USAGE = {"HouseError", "ParameterError", "LimitError"}


def code_of(error: BaseException) -> int:
    """Return the exit code that an error stands for.

    A name or a setting that does not exist is wrong usage (2). Another refusal of ours, a
    ``ValueError`` that this package raised on purpose, means that the data or a check failed (1).
    Anything else is our fault (3); being stopped with Ctrl-C is 130, as in every shell.

    Examples
    --------
    >>> code_of(KeyError("total")), code_of(KeyboardInterrupt())
    (3, 130)
    """
    if isinstance(error, KeyboardInterrupt):
        return INTERRUPTED
    if not isinstance(error, ValueError) or not _raised_here(error):
        return OURS
    return USAGE if type(error).__name__ in _USAGE else FAILED


def say(error: BaseException) -> str:
    """Say in words what stopped a command.

    A refusal of ours speaks for itself. For an error that is our fault only its kind is shown, for
    its words could hold a customer's values; the whole report goes to a file of the person's own.
    """
    code = code_of(error)
    if code == INTERRUPTED:
        return "Stopped. Nothing half-written was left behind."
    if code != OURS:
        return str(error)
    return (
        f"The command failed in a way that it should not ({type(error).__name__}), and nothing in "
        f"your data or your call is to blame. The report is in {_report(error)} - look for values "
        "of your customers in it before you send it to anybody. To see it here, call the command "
        "again as: course --debug ..."
    )


def _raised_here(error: BaseException) -> bool:
    """Whether this package raised the error itself, and not a library below it."""
    steps = list(traceback.walk_tb(error.__traceback__))
    return bool(steps) and _ours(steps[-1][0].f_globals.get("__name__", ""))


def _ours(module: str) -> bool:
    return module.split(".", maxsplit=1)[0] == "customer_insight"


def _report(error: BaseException) -> Path:
    """Write the traceback to a file that only this person can read."""
    lines: Iterable[str] = traceback.format_exception(error)
    with tempfile.NamedTemporaryFile(
        "w", prefix="course-error-", suffix=".txt", delete=False, encoding="utf-8"
    ) as file:
        file.writelines(lines)
    return Path(file.name)
