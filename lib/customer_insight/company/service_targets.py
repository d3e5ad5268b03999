"""Within what time service is to answer and to solve: the table ``service_targets``."""

import itertools

import polars as pl

from customer_insight.data.mechanisms import mechanism


def target_table() -> pl.DataFrame:
    """Return the targets by priority and level, from each day on.

    Returns
    -------
    polars.DataFrame
        One row a priority, level and first day: ``priority``, ``level``, ``answer_minutes`` (of
        the desk's hours), ``solve_minutes`` (from opening), ``team``, ``valid_from``.
    """
    facts = mechanism("service_targets")
    rows = [
        {
            "priority": priority,
            "level": level,
            "answer_minutes": facts["answer"][priority] * times * then // 10_000,
            "solve_minutes": facts["solve"][priority] * times * then // 10_000,
            "team": facts["team"][priority],
            "valid_from": since,
        }
        for (since, then), priority, (level, times) in itertools.product(
            facts["since"].items(), facts["answer"], facts["level"].items()
        )
    ]
    return pl.DataFrame(rows)
