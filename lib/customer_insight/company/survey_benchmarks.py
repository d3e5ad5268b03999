"""Published satisfaction with Qinghe, its rivals and the industry."""

import numpy as np
import polars as pl

from customer_insight.company import calendar
from customer_insight.company.content import content
from customer_insight.company.draws import Draws
from customer_insight.data.mechanisms import mechanism

MEASURES = ("satisfaction", "loyalty")
INDUSTRY = "industry"
_YEARS = calendar.YEARS[:-1]


def satisfaction_benchmarks(draws: Draws) -> pl.DataFrame:
    """Return the yearly indices of a consumer panel.

    Parameters
    ----------
    draws : Draws
        Of the company.

    Returns
    -------
    polars.DataFrame
        One row a year, family of goods, firm and measure: ``year``, ``family``, ``firm_id``
        ("industry" for the mean of all firms of the family), ``measure``, ``score`` (0 to 100),
        ``answers`` (people asked).
    """
    firms = content("competitors").select("family", "firm_id", "quality_index")
    facts, size = mechanism("benchmarks"), firms.height
    quality = firms["quality_index"].to_numpy()
    low, high = facts["answers"]
    rows = []
    for number, year in enumerate(_YEARS):
        own = draws.within(year)
        answers = own.of("satisfaction_benchmarks", "answers").whole(low, high, size)
        for measure in MEASURES:
            start, slope = facts[measure]
            noise = own.of("satisfaction_benchmarks", measure).normal(size)
            exact = start + slope * quality + number * facts["yearly"]
            score = exact + facts["chance"] / np.sqrt(answers) * noise
            rows.append(_year(firms, year, measure, np.rint(score).astype(np.int64), answers))
    return pl.concat(rows)


def _year(
    firms: pl.DataFrame, year: int, measure: str, score: np.ndarray, answers: np.ndarray
) -> pl.DataFrame:
    """Return one year's rows of one measure, the industry behind the firms of each family."""
    frame = firms.select("family", "firm_id").with_columns(
        score=pl.Series(score), answers=pl.Series(answers)
    )
    total = (pl.col("score") * pl.col("answers")).sum()
    count = pl.col("answers").sum()
    industry = frame.group_by("family", maintain_order=True).agg(
        firm_id=pl.lit(INDUSTRY), score=(2 * total + count) // (2 * count), answers=count
    )
    return pl.concat([frame, industry]).select(
        pl.lit(year, dtype=pl.Int64).alias("year"),
        "family",
        "firm_id",
        pl.lit(measure).alias("measure"),
        "score",
        "answers",
    )
