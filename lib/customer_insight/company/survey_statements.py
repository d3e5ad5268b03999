"""Agreement with statements on motives, attitudes and ease of use: ``survey_answers``."""

import numpy as np
import polars as pl

from customer_insight.company.draws import Draws
from customer_insight.company.habits import SEGMENTS
from customer_insight.company.ids import customer_ids
from customer_insight.company.people_block import PeopleBlock
from customer_insight.company.survey_content import statements_of
from customer_insight.company.survey_invitations import Asked
from customer_insight.company.survey_scales import long_table, on_scale, planted, thousandths
from customer_insight.company.survey_waves import waves_of
from customer_insight.data.mechanisms import mechanism

SCALE, MIDDLE = (1, 5), 3
MOTIVES = tuple(mechanism("statements")["motives"])


def draw_motives(block: PeopleBlock, profile: dict[str, np.ndarray], draws: Draws) -> np.ndarray:
    """Return everybody's motives in standard deviations, of segment, attitudes and person.

    Parameters
    ----------
    block : PeopleBlock
        The people.
    profile : dict of str to numpy.ndarray
        Everybody's attitudes, as `attitudes` gives them.
    draws : Draws
        Of the block.

    Returns
    -------
    numpy.ndarray of float, shape (people, 3)
        In the order of `MOTIVES`, to three decimals.
    """
    facts = mechanism("statements")
    columns = []
    for name in MOTIVES:
        motive = np.array([facts["motives"][name][part] for part in SEGMENTS])[block.habits.segment]
        for attitude, slope in facts["attitude"][name].items():
            motive = motive + slope * (profile[attitude] - MIDDLE)
        person = draws.of("survey_answers", f"motive_{name}").normal(len(block))
        columns.append(motive + facts["person"] * person)
    return thousandths(np.column_stack(columns))


def motive_truth(block: PeopleBlock, motives: np.ndarray) -> pl.DataFrame:
    """Return everybody's motives: ``truth_motives``.

    Parameters
    ----------
    block : PeopleBlock
        The people.
    motives : numpy.ndarray of float, shape (people, 3)
        As `draw_motives` gives them.

    Returns
    -------
    polars.DataFrame
        ``customer_id``, ``practical``, ``enjoyment``, ``social`` (standard deviations).
    """
    ids = customer_ids(block.number, np.arange(len(block)))
    return pl.DataFrame({"customer_id": ids, **dict(zip(MOTIVES, motives.T, strict=True))})


def statement_tables(
    asked: Asked, profile: dict[str, np.ndarray], motives: np.ndarray, draws: Draws
) -> dict[str, pl.DataFrame]:
    """Return answers to the statements, 1 (disagree) to 5 (agree), and who ticked without reading.

    Parameters
    ----------
    asked : Asked
        Who was asked in all surveys.
    profile : dict of str to numpy.ndarray
        Everybody's attitudes, as `attitudes` gives them.
    motives : numpy.ndarray of float, shape (people, 3)
        As `draw_motives` gives them.
    draws : Draws
        Of the block.

    Returns
    -------
    dict of str to polars.DataFrame
        ``survey_answers``: one row a person and statement, ``answer``; ``truth_errors``.
    """
    parts = [
        _answers(
            asked, ("motives", "attitudes"), _motive_survey(asked, profile, motives, draws), draws
        ),
        _answers(asked, ("sus",), _usability(asked, draws), draws),
    ]
    return {
        "survey_answers": pl.concat(part[0] for part in parts),
        "truth_errors": pl.concat(part[1] for part in parts),
    }


def tick_one_box(
    answers: np.ndarray, ids: pl.Series, stream: str, draws: Draws
) -> tuple[np.ndarray, np.ndarray]:
    """Return answers with those of careless people set to their first one, and who they are.

    Parameters
    ----------
    answers : numpy.ndarray of int, shape (people, statements)
        As they were meant.
    ids : polars.Series, shape (people,)
        Of the invitations.
    stream : str
        Names the streams.
    draws : Draws
        Of the block.

    Returns
    -------
    answers : numpy.ndarray of int, shape (people, statements)
    careless : numpy.ndarray of bool, shape (people,)
    """
    lot = draws.of(stream, "careless").chance(mechanism("statements")["careless"], size=len(ids))
    return np.where(lot[:, None], answers[:, :1], answers), lot


def _answers(
    asked: Asked, instruments: tuple[str, ...], exact: np.ndarray, draws: Draws
) -> tuple[pl.DataFrame, pl.DataFrame]:
    kind = instruments[0]
    ids = asked.ids.gather(asked.who(kind))
    names = pl.concat(statements_of(name)["statement_id"] for name in instruments)
    said, careless = tick_one_box(on_scale(exact, *SCALE), ids, f"survey_answers_{kind}", draws)
    flat = ids.filter(pl.Series(careless))
    errors = planted(
        "survey_answers", flat, "answer", "one box ticked throughout", [None] * len(flat)
    )
    return long_table(ids, {"statement_id": names}, answer=said), errors


def _motive_survey(
    asked: Asked, profile: dict[str, np.ndarray], motives: np.ndarray, draws: Draws
) -> np.ndarray:
    """Return exact answers on motives, then on attitudes, shape (people, statements)."""
    facts = mechanism("statements")
    who = asked.person[asked.who("motives")]
    statements = statements_of("motives")
    place = [MOTIVES.index(name) for name in statements["dimension"]]
    turned = np.where(statements["reversed"].to_numpy(), -1, 1)
    style = draws.of("survey_answers", "style").normal(len(motives))[who] * facts["style"]
    shape = (len(who), len(place))
    noise = draws.of("survey_answers", "chance").normal(shape[0] * shape[1]).reshape(shape)
    exact = facts["middle"] + facts["loading"] * motives[who][:, place] * turned[None, :]
    exact = exact + style[:, None] + facts["chance"] * noise
    retest = [
        profile[name][who]
        + facts["retest"] * draws.of("survey_answers", f"retest_{name}").normal(len(who))
        for name in statements_of("attitudes")["dimension"]
    ]
    return np.column_stack([exact, *retest])


def _usability(asked: Asked, draws: Draws) -> np.ndarray:
    """Return exact answers to the System Usability Scale, shape (people, 10)."""
    facts, at = mechanism("statements"), asked.who("sus")
    level = {wave.place: facts["usability"][wave.name] for wave in waves_of("sus")}
    usable = np.array([level[place] for place in asked.wave[at]], dtype=float)
    person = draws.of("survey_answers", "usability").normal(len(at))
    usable = usable + facts["usability_mood"] * asked.tone[at]
    usable = usable + facts["usability_person"] * person
    turned = np.where(statements_of("sus")["reversed"].to_numpy(), -1, 1)
    shape = (len(at), len(turned))
    noise = draws.of("survey_answers", "sus_chance").normal(shape[0] * shape[1]).reshape(shape)
    return MIDDLE + usable[:, None] * turned[None, :] + facts["chance"] * noise
