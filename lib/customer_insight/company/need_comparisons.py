"""Needs compared two by two by staff, on Saaty's scale: the table ``need_comparisons``."""

import itertools

import numpy as np
import polars as pl

from customer_insight.company.draws import Draws
from customer_insight.data.mechanisms import mechanism

CRITERIA = ("value", "ease")
STRONGEST = 9


def need_comparisons(staff: pl.Series, draws: Draws) -> pl.DataFrame:
    """Return what members of staff hold for more important, need against need.

    Parameters
    ----------
    staff : polars.Series of String, shape (people,)
        Ids of those who judge.
    draws : Draws
        Of the company.

    Returns
    -------
    polars.DataFrame
        One row a judgement: ``staff_id``, ``criterion`` ("value" to the customer or "ease" of
        doing), ``first`` and ``second`` (needs), ``judgement``: 1 equal; 2 to 9 the first is so
        many times as important; -2 to -9 the second is.

    References
    ----------
    Saaty, T. L. (1980). The Analytic Hierarchy Process. McGraw-Hill.

    Examples
    --------
    >>> table = need_comparisons(pl.Series(["T01", "T02"]), Draws(1))
    >>> table.height, table.columns[-1]
    (60, 'judgement')
    """
    facts = mechanism("need_comparisons")
    first, second = np.array(list(itertools.combinations(range(len(facts["needs"])), 2))).T
    needs, size = pl.Series(facts["needs"]), len(first)
    parts = []
    for criterion in CRITERIA:
        mind = np.array(facts[criterion])
        noise = draws.of("need_comparisons", criterion).normal(len(staff) * size)
        steps = np.tile(facts["steps"] * (mind[first] - mind[second]), len(staff))
        parts.append(
            pl.DataFrame(
                {
                    "staff_id": staff.gather(np.repeat(np.arange(len(staff)), size)),
                    "criterion": [criterion] * (len(staff) * size),
                    "first": needs.gather(np.tile(first, len(staff))),
                    "second": needs.gather(np.tile(second, len(staff))),
                    "judgement": _saaty(steps + facts["chance"] * noise),
                }
            )
        )
    return pl.concat(parts)


def _saaty(steps: np.ndarray) -> np.ndarray:
    """Return steps over equal as judgements: 1 for none, 2 or -2 for one, and so on."""
    whole = np.clip(np.rint(steps), 1 - STRONGEST, STRONGEST - 1).astype(np.int64)
    return np.where(whole >= 0, whole + 1, whole - 1)
