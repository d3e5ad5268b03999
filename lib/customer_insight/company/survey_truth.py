"""What moves answers to surveys: rows of the truth's effects."""

import polars as pl

from customer_insight.company.survey_content import statements_of
from customer_insight.data.mechanisms import mechanism

SUS_POINTS = 2.5  # of 100 for a point of one statement


def effect_table() -> pl.DataFrame:
    """Return what the new checkout and an interviewer's voice do, rows of ``truth_effects``.

    Returns
    -------
    polars.DataFrame
        One row a cause and outcome: ``cause``, ``outcome``, ``group_name``, ``effect``, ``unit``,
        ``why``. Effects are those before answers are cut to the ends of their scale.

    Examples
    --------
    >>> effect_table().select("cause", "outcome", "effect").row(0)
    ('new_checkout', 'sus', 10.0)
    """
    usability = mechanism("statements")["usability"]
    tone, facts = mechanism("survey_answering")["phone_tone"], mechanism("survey_satisfaction")
    checkout = statements_of("sus").height * SUS_POINTS * (usability["after"] - usability["before"])
    redesign = "The checkout on phones was redesigned between the two waves."
    courtesy = "People tell an interviewer kinder things than they feel."
    rows = [
        ("new_checkout", "sus", checkout, "points of 100", redesign),
        (
            "phone_interview",
            "satisfaction",
            tone * facts["satisfaction"][1],
            "points of 5",
            courtesy,
        ),
        ("phone_interview", "recommend", tone * facts["recommend"][1], "points of 10", courtesy),
    ]
    return pl.DataFrame(
        [(cause, outcome, "all", round(size, 6), *rest) for cause, outcome, size, *rest in rows],
        schema=["cause", "outcome", "group_name", "effect", "unit", "why"],
        orient="row",
    )
