"""Kano pairs and best-worst choices: the tables ``survey_kano`` and ``survey_best_worst``."""

import numpy as np
import polars as pl

from customer_insight.company.arithmetic import ln
from customer_insight.company.draws import Draws, row_edges
from customer_insight.company.needs import KANO_CLASSES, Needs, kano_classes
from customer_insight.company.people_block import PeopleBlock
from customer_insight.company.survey_content import need_ids
from customer_insight.company.survey_invitations import Asked
from customer_insight.company.survey_scales import long_table
from customer_insight.data.mechanisms import mechanism

ANSWERS = ("like", "expect", "neutral", "tolerate", "dislike")
CHOICES = ("none", "best", "worst")
_DIFFERENCES = (0, 1, 3, 9)  # every difference but 0 once, modulo 13


def best_worst_sets() -> np.ndarray:
    """Return the places of the needs in each set.

    Returns
    -------
    numpy.ndarray of int, shape (13, 4)
        The lines of the projective plane of order 3: each need stands in four sets, each pair of
        needs in one.

    References
    ----------
    Singer, J. (1938). A theorem in finite projective geometry and some applications to number
    theory. Transactions of the American Mathematical Society 43, 377-385.

    Examples
    --------
    >>> best_worst_sets()[0].tolist()
    [0, 1, 3, 9]
    """
    size = len(need_ids())
    return (np.array(_DIFFERENCES)[None, :] + np.arange(size)[:, None]) % size


def kano_table(asked: Asked, block: PeopleBlock, draws: Draws) -> pl.DataFrame:
    """Return how people feel with and without each need met.

    Parameters
    ----------
    asked : Asked
        Who was asked in all surveys.
    block : PeopleBlock
        The people.
    draws : Draws
        Of the block.

    Returns
    -------
    polars.DataFrame
        One row a person and need: ``functional`` and ``dysfunctional``, of `ANSWERS`.
    """
    facts, at = mechanism("kano"), asked.who("kano")
    usual = kano_classes()[block.habits.segment[asked.person[at]]]
    other = draws.of("survey_kano", "any").pick(facts["any"], usual.size).reshape(usual.shape)
    keeps = draws.of("survey_kano", "own").chance(facts["own"], size=usual.shape)
    own = np.where(keeps, usual, other)
    lot = draws.of("survey_kano", "questionable")
    own = np.where(
        lot.chance(facts["questionable"], size=own.shape), len(KANO_CLASSES), own
    ).ravel()
    answers = {
        side: np.array(ANSWERS)[
            draws.of("survey_kano", side).pick_by_row(
                row_edges([facts["pairs"][name][side] for name in (*KANO_CLASSES, "questionable")]),
                own,
            )
        ]
        for side in ("functional", "dysfunctional")
    }
    return long_table(asked.ids.gather(at), {"need_id": pl.Series(need_ids())}, **answers)


def best_worst_table(asked: Asked, needs: Needs, draws: Draws) -> pl.DataFrame:
    """Return which needs people named the most and the least important of each set.

    Parameters
    ----------
    asked : Asked
        Who was asked in all surveys.
    needs : Needs
        Of all people of the block.
    draws : Draws
        Of the block.

    Returns
    -------
    polars.DataFrame
        One row a person, set and need in it: ``set_number`` (from 1), ``need_id``, ``choice`` (one
        best and one worst in each set, none for the others).
    """
    at, sets = asked.who("kano"), best_worst_sets()
    scaled = mechanism("kano")["best_worst"] * needs.importance[asked.person[at]][:, sets]
    best = np.argmax(scaled + _gumbel("best", scaled.shape, draws), axis=2)[:, :, None]
    against = -scaled + _gumbel("worst", scaled.shape, draws)
    place = np.arange(sets.shape[1])[None, None, :]
    worst = np.argmax(np.where(place == best, -np.inf, against), axis=2)[:, :, None]
    choice = np.where(place == best, 1, np.where(place == worst, 2, 0))
    return long_table(
        asked.ids.gather(at),
        {
            "set_number": pl.Series(np.repeat(np.arange(1, len(sets) + 1), sets.shape[1])),
            "need_id": pl.Series(need_ids()).gather(sets.ravel()),
        },
        choice=np.array(CHOICES)[choice],
    )


def _gumbel(what: str, shape: tuple[int, ...], draws: Draws) -> np.ndarray:
    """Return the chance in a choice of the multinomial logit model."""
    drawn = draws.of("survey_best_worst", what).exponential(shape)
    return -ln(np.maximum(drawn, 1e-300))
