"""Satisfaction, effort and recommendation: the table ``survey_satisfaction`` and its truth."""

import numpy as np
import polars as pl

from customer_insight.company.draws import Draws
from customer_insight.company.feelings import Feelings
from customer_insight.company.pains import KINDS
from customer_insight.company.survey_content import survey_content
from customer_insight.company.survey_invitations import CHANNELS, Asked
from customer_insight.company.survey_scales import on_scale, planted, thousandths
from customer_insight.company.survey_waves import waves_of
from customer_insight.data.mechanisms import mechanism

SATISFACTION, EFFORT, RECOMMEND = (1, 5), (1, 7), (0, 10)


def satisfaction_tables(asked: Asked, feelings: Feelings, draws: Draws) -> dict[str, pl.DataFrame]:
    """Return what people answered, and the errors planted in it.

    Parameters
    ----------
    asked : Asked
        Who was asked in all surveys.
    feelings : Feelings
        Of the block.
    draws : Draws
        Of the block.

    Returns
    -------
    dict of str to polars.DataFrame
        ``survey_satisfaction``: ``satisfaction`` (1 to 5), ``effort`` (1 little to 7 much),
        ``recommend`` (0 to 10), ``language`` and ``comment`` where one was left;
        ``truth_errors``.
    """
    at = asked.who("satisfaction")
    facts = mechanism("survey_satisfaction")
    satisfaction, recommend = true_scores(asked.tone[at], feelings.care[asked.person[at]])
    noise = {
        name: draws.of("survey_satisfaction", name).normal(len(at)) * spread
        for name, spread in facts["chance"].items()
    }
    middle, mood, wrong = facts["effort"]
    trouble = asked.hurt[at][:, [KINDS.index("process"), KINDS.index("service")]].any(axis=1)
    effort = middle + mood * asked.tone[at] + wrong * trouble + noise["effort"]
    said = on_scale(recommend + noise["recommend"], *RECOMMEND)
    turned = _turned(asked, at, draws)
    frame = pl.DataFrame(
        {
            "invitation_id": asked.ids.gather(at),
            "satisfaction": on_scale(satisfaction + noise["satisfaction"], *SATISFACTION),
            "effort": on_scale(effort, *EFFORT),
            "recommend": np.where(turned, RECOMMEND[1] - said, said),
            **_comments(asked, at, draws),
        }
    )
    ids = frame["invitation_id"].filter(pl.Series(turned))
    errors = planted("survey_satisfaction", ids, "recommend", "scale reversed", list(said[turned]))
    return {"survey_satisfaction": frame, "truth_errors": errors}


def true_scores(mood: np.ndarray, care: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return satisfaction and recommendation as felt, of mood and care, within their scales."""
    facts = mechanism("survey_satisfaction")
    middle, slope = facts["satisfaction"]
    usual, lean, cares = facts["recommend"]
    care = care - mechanism("survey_answering")["usual_care"]
    return (
        np.clip(middle + slope * mood, *SATISFACTION),
        np.clip(usual + lean * mood + cares * care, *RECOMMEND),
    )


def invitation_truth(asked: Asked, feelings: Feelings) -> pl.DataFrame:
    """Return what everybody asked feels, and the chance of an answer: ``truth_invitations``.

    Parameters
    ----------
    asked : Asked
        Who was asked in all surveys.
    feelings : Feelings
        Of the block.

    Returns
    -------
    polars.DataFrame
        ``invitation_id``, ``answer_chance`` (0 to 1), ``satisfaction`` (1 to 5) and ``recommend``
        (0 to 10) as felt, without courtesy or chance; three decimals.
    """
    satisfaction, recommend = true_scores(asked.mood, feelings.care[asked.person])
    return pl.DataFrame(
        {
            "invitation_id": asked.ids,
            "answer_chance": thousandths(asked.chance),
            "satisfaction": thousandths(satisfaction),
            "recommend": thousandths(recommend),
        }
    )


def _turned(asked: Asked, at: np.ndarray, draws: Draws) -> np.ndarray:
    """Return whose scale was read from the wrong end: some on the phone in one wave."""
    facts = mechanism("survey_satisfaction")
    wave = next(wave for wave in waves_of("satisfaction") if wave.name == facts["reversed_wave"])
    phone = asked.channel[at] == CHANNELS.index("phone")
    lot = draws.of("survey_satisfaction", "reversed").chance(facts["reversed"], size=len(at))
    return (asked.wave[at] == wave.place) & phone & lot


def _comments(asked: Asked, at: np.ndarray, draws: Draws) -> dict[str, pl.Series]:
    """Return language and text of the comments, null where none was left."""
    facts, texts = mechanism("survey_satisfaction"), survey_content("comments")
    tone, hurt = asked.tone[at], asked.hurt[at]
    usual, more = facts["comment"]
    lot = draws.of("survey_satisfaction", "comment")
    left = lot.chance(usual + more * np.minimum(np.abs(tone), 3.0))
    english = draws.of("survey_satisfaction", "language").chance(facts["english"], size=len(at))
    glad = tone > facts["glad"]
    weight = np.where(glad[:, None], 0.0, hurt) * draws.of("survey_satisfaction", "pain").uniform(
        hurt.shape
    )
    theme = np.where(glad, "praise", "fine")
    theme = np.where(weight.any(axis=1), np.array(KINDS)[np.argmax(weight, axis=1)], theme)
    drawn = draws.of("survey_satisfaction", "text").uniform(len(at))
    text = np.zeros(len(at), dtype=np.int64)
    for name in set(texts["theme"]):
        pool = np.flatnonzero((texts["theme"] == name).to_numpy())
        own = theme == name
        text[own] = pool[(drawn[own] * len(pool)).astype(np.int64)]
    frame = pl.DataFrame(
        {
            "en": texts["comment"].gather(text),
            "zh": texts["comment_zh"].gather(text),
            "english": english,
            "left": left,
        }
    )
    language = pl.when("english").then(pl.lit("en")).otherwise(pl.lit("zh"))
    comment = pl.when("english").then("en").otherwise("zh")
    return frame.select(
        language=pl.when("left").then(language), comment=pl.when("left").then(comment)
    ).to_dict()
