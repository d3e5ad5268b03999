"""Service expected and received: the table ``survey_servqual``."""

import numpy as np
import polars as pl

from customer_insight.company.draws import Draws
from customer_insight.company.pains import KINDS
from customer_insight.company.survey_content import statements_of
from customer_insight.company.survey_invitations import Asked
from customer_insight.company.survey_scales import long_table, on_scale, planted
from customer_insight.company.survey_statements import tick_one_box
from customer_insight.data.mechanisms import mechanism

SCALE = (1, 7)


def servqual_tables(asked: Asked, draws: Draws) -> dict[str, pl.DataFrame]:
    """Return what people expect of good service and what they get, 1 to 7.

    Parameters
    ----------
    asked : Asked
        Who was asked in all surveys.
    draws : Draws
        Of the block.

    Returns
    -------
    dict of str to polars.DataFrame
        ``survey_servqual``: one row a person and statement, ``expectation`` and ``perception``;
        ``truth_errors``: who ticked one box throughout.

    References
    ----------
    Parasuraman, A., Zeithaml, V. A. and Berry, L. L. (1988). SERVQUAL: a multiple-item scale for
    measuring consumer perceptions of service quality. Journal of Retailing 64(1), 12-40.
    """
    facts, at = mechanism("servqual"), asked.who("servqual")
    ids, statements = asked.ids.gather(at), statements_of("servqual")
    dimension = list(statements["dimension"])
    shape = (len(at), len(dimension))

    def said(name: str, middle: np.ndarray) -> np.ndarray:
        person = draws.of("survey_servqual", f"{name}_person").normal(len(at))
        noise = draws.of("survey_servqual", name).normal(shape[0] * shape[1]).reshape(shape)
        exact = middle + facts["person"] * person[:, None] + facts["chance"] * noise
        return on_scale(exact, *SCALE)

    expected = np.array([facts["expected"][name] for name in dimension])
    received = np.array([facts["received"][name] for name in dimension])
    received = (
        received + facts["mood"] * asked.tone[at][:, None] - _losses(asked.hurt[at], dimension)
    )
    perception, careless = tick_one_box(said("received", received), ids, "survey_servqual", draws)
    flat = ids.filter(pl.Series(careless))
    kind = "one box ticked throughout"
    return {
        "survey_servqual": long_table(
            ids,
            {"statement_id": statements["statement_id"]},
            expectation=said("expected", expected[None, :]),
            perception=perception,
        ),
        "truth_errors": planted("survey_servqual", flat, "perception", kind, [None] * len(flat)),
    }


def _losses(hurt: np.ndarray, dimension: list[str]) -> np.ndarray:
    """Return points off for pains of the year before, shape (people, statements)."""
    facts = mechanism("servqual")["hurt"]
    lost = np.zeros((len(hurt), len(dimension)))
    for place, kind in enumerate(KINDS):
        each = np.array([facts[kind].get(name, 0.0) for name in dimension])
        lost = lost + hurt[:, place, None] * each[None, :]
    return lost
