"""What prospects object and what they are answered: the table ``objections`` and its truth."""

import numpy as np
import polars as pl

from customer_insight.company import calendar
from customer_insight.company.draws import Draws
from customer_insight.company.ids import block_ids
from customer_insight.company.prospects import ANSWERS, NO_OBJECTION, OBJECTIONS, Prospects
from customer_insight.company.prospects_stages import Way
from customer_insight.company.sales_team import WORKDAY, SalesTeam
from customer_insight.company.text_times import MINUTES, timestamps
from customer_insight.data.mechanisms import mechanism

LANGUAGES = ("zh", "en")


def objection_tables(
    prospects: Prospects, way: Way, team: SalesTeam, *, ids: pl.Series, draws: Draws
) -> dict[str, pl.DataFrame]:
    """Return the objections of qualified prospects.

    Parameters
    ----------
    prospects, way, team : Prospects, Way, SalesTeam
        Of the block.
    ids : polars.Series
        Of the prospects.
    draws : Draws
        Of the block.

    Returns
    -------
    dict of str to polars.DataFrame
        ``objections``, one row an objection by the last day in the order of prospects:
        ``objection_id``, ``prospect_id``, ``staff_id``, ``raised_at``, ``language``, ``text``,
        ``answer_kind``, ``answer``, ``overcome``; and ``truth_objections``: ``objection_id``,
        ``kind``, ``best_answer``.
    """
    size, facts = len(prospects), mechanism("objections")
    share = draws.of("objections", "day").uniform(size)
    low, width = facts["day"]
    span = prospects.ends - way.qualified
    day = way.qualified + np.floor(span * (low + width * share)).astype(np.int64)
    minute = draws.of("objections", "minute").whole(*WORKDAY, size)
    english = ~draws.of("objections", "language").chance(facts["chinese"], size=size)
    lot = draws.of("objections", "text").uniform(size)
    raised = prospects.qualified & (prospects.objection != NO_OBJECTION) & (day < calendar.DAYS)
    at = np.flatnonzero(raised)
    kind = [OBJECTIONS[place] for place in prospects.objection[at]]
    answer = [ANSWERS[place] for place in prospects.answer[at]]
    language = english[at].astype(np.int64)
    own = block_ids("OB", team.number, np.arange(len(at)))
    table = pl.DataFrame(
        {
            "objection_id": own,
            "prospect_id": ids.gather(at),
            "staff_id": team.ids(prospects.seat[at], day[at]),
            "raised_at": timestamps(day[at] * MINUTES + minute[at]),
            "language": pl.Series(LANGUAGES).gather(language),
            "text": pl.Series(
                [
                    _one(facts["texts"][name], u)[tongue]
                    for name, u, tongue in zip(kind, lot[at], language, strict=True)
                ],
                dtype=pl.String,
            ),
            "answer_kind": pl.Series(answer, dtype=pl.String),
            "answer": pl.Series(
                [facts["replies"][a][tongue] for a, tongue in zip(answer, language, strict=True)],
                dtype=pl.String,
            ),
            "overcome": prospects.overcome[at],
        }
    )
    best = [facts["best"][name] for name in kind]
    truth = pl.DataFrame(
        {
            "objection_id": own,
            "kind": pl.Series(kind, dtype=pl.String),
            "best_answer": pl.Series(best, dtype=pl.String),
        }
    )
    return {"objections": table, "truth_objections": truth}


def _one(texts: list, u: float) -> list:
    return texts[int(u * len(texts))]
