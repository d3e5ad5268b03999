"""From which code an answer was made: what a kernel ran, beside what the notebook holds."""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterable, Mapping


def codes_run() -> list[str]:
    """Return the code of the cells that this kernel has run, in order; none outside of a kernel."""
    from IPython import get_ipython

    shell = get_ipython()
    return [] if shell is None else list(shell.history_manager.input_hist_raw)


def makers(codes: Iterable[str], names: Iterable[str]) -> dict[str, list[str]]:
    """Return which codes give each name its value.

    Parameters
    ----------
    codes : iterable of str
        Cells' code, in the order in which they run.
    names : iterable of str
        Answers' names, such as "t1".

    Returns
    -------
    dict of list of str
        For each name a hash of every code that assigns or defines it, in the order of their last
        run.

    Examples
    --------
    >>> made = makers(["t1 = 1", "t2 = t1", "t1 = 2", "t1 = 1"], ["t1", "t2"])
    >>> [len(hashes) for hashes in made.values()]
    [2, 1]
    """
    codes = list(codes)
    return {name: _last([_hash(code) for code in codes if _gives(code, name)]) for name in names}


def as_run(saved: Mapping[str, list[str]], run: Mapping[str, list[str]]) -> bool:
    """Whether a notebook's cells are those that last gave the names their values.

    A name that no cell gives any more is as run only where none gave it then.

    Parameters
    ----------
    saved, run : mapping of str to list of str
        From `makers`: of the notebook's cells, and of what the kernel ran.

    Examples
    --------
    >>> as_run({"t1": ["a"]}, {"t1": ["b", "a"]}), as_run({"t1": ["b"]}, {"t1": ["b", "a"]})
    (True, False)
    """
    return all(
        run.get(name, [])[-len(made) :] == made if made else not run.get(name)
        for name, made in saved.items()
    )


def _last(hashes: list[str]) -> list[str]:
    """Keep the last of equal ones."""
    return list(dict.fromkeys(reversed(hashes)))[::-1]


def _hash(code: str) -> str:
    return hashlib.sha256(code.strip().encode()).hexdigest()[:16]


def _gives(code: str, name: str) -> bool:
    if name not in code:
        return False
    from IPython.core.inputtransformer2 import TransformerManager

    try:
        steps = ast.walk(ast.parse(TransformerManager().transform_cell(code)))
    except SyntaxError:
        return False
    return any(
        (isinstance(step, ast.Name) and isinstance(step.ctx, ast.Store) and step.id == name)
        or (isinstance(step, ast.FunctionDef) and step.name == name)
        for step in steps
    )
